"""A text's hashed words without its residue; read by dedup.compare, decide and index."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup import kernel
from scraper.dedup.hashes import MARKED, SHINGLE, SPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from scraper.dedup.hashes import Hashes, Mask, Slots
    from scraper.model import Signature

KEYS = 16
"""The lowest shingle hashes of a text by which it is found: 12 lose .002 of pair F1, 24 gain .0015."""
KEY_BITS = np.uint64((1 << 48) - 1)
"""Of a key that the index keeps: six bytes; keys that collide cost a comparison, never a verdict."""
LEAST_TOLD = 12
"""A text of fewer words tells nothing: it is no copy of another, even of the same words."""
LEAST_WORDS = 30
"""A text that would keep fewer words without its residue keeps its residue."""

UNSPACED_LETTERS = 2.5
"""Letters for a word where a script has no spaces."""


class Words:
    """The words of a text that are its own."""

    def __init__(self, signature: Signature, own: Sequence[bool] = ()) -> None:
        """Keep the paragraphs that are the text's own, one flag each, unless too little would remain."""
        tokens = np.frombuffer(signature.tokens, "<u8")
        lengths = np.frombuffer(signature.paragraphs, "<u4").astype(np.int64)
        self.paragraphs = len(lengths)
        """Of the whole text, residue included."""
        if not all(own):
            keep = np.array(own, dtype=np.bool_)
            if lengths[keep].sum() >= LEAST_WORDS:
                tokens, lengths = tokens[np.repeat(keep, lengths)], lengths[keep]
        self.content_hash = signature.content_hash
        self.tokens: Hashes = tokens
        self.lengths: NDArray[np.int64] = lengths

    @property
    def tells(self) -> bool:
        """Whether there are enough words to tell something."""
        return len(self.tokens) >= LEAST_TOLD * self.letters

    @property
    def longest(self) -> int:
        """The words of the longest paragraph."""
        return int(self.lengths.max(initial=0))

    @cached_property
    def marked(self) -> Mask:
        """Whether each word is a number or has a capital."""
        return (self.tokens & MARKED).astype(np.bool_)

    @cached_property
    def named(self) -> int:
        """How many words are a number or have a capital."""
        return int(np.count_nonzero(self.tokens & MARKED))

    @cached_property
    def names(self) -> float:
        """The share of them."""
        return self.named / max(1, len(self.tokens))

    @cached_property
    def letters(self) -> float:
        """How many of its words stand for one of a script with spaces: most are letters where it has none."""
        alone = np.count_nonzero((self.tokens & SPACED) == 0)
        return UNSPACED_LETTERS if 2 * alone > len(self.tokens) else 1.0

    @cached_property
    def positions(self) -> Hashes:
        """The hash of the shingle at each place."""
        return kernel.loops.runs(self.tokens, SHINGLE)

    @cached_property
    def shingles(self) -> Hashes:
        """The distinct hashes, ascending."""
        return kernel.loops.shingles([self.tokens])[0]

    @cached_property
    def keys(self) -> list[int]:
        """The numbers by which the text is found."""
        keys: list[int] = (self.shingles[:KEYS] & KEY_BITS).tolist()
        return keys

    @cached_property
    def slots(self) -> Slots:
        """What stands around each number or name, ascending, and which number or name it is."""
        return kernel.loops.slots([self.tokens])[0]


def prepare(texts: Iterable[Words]) -> None:
    """Make the shingles of texts that have none yet: in numpy at a third of what each by itself costs."""
    fresh = [each for each in texts if "shingles" not in vars(each)]
    for each, shingles in zip(fresh, kernel.loops.shingles([each.tokens for each in fresh]), strict=True):
        each.shingles = shingles


def prepare_to_compare(texts: Iterable[Words]) -> None:
    """Make what a comparison asks for beside the shingles."""
    fresh = [each for each in texts if "slots" not in vars(each)]
    for each, slots in zip(fresh, kernel.loops.slots([each.tokens for each in fresh]), strict=True):
        each.slots = slots


def paragraph_keys(signature: Signature, bits: int = 63) -> Sequence[int]:
    """Return a hash of each paragraph's words, of so many bits."""
    return paragraphs_of((signature,), bits)[0]


def paragraphs_of(signatures: Sequence[Signature], bits: int = 63) -> Sequence[Sequence[int]]:
    """Return the keys of the paragraphs of each text, at a lower cost than one by one."""
    tokens = [each.tokens for each in signatures]
    return kernel.loops.paragraph_keys(tokens, [each.paragraphs for each in signatures], bits)


def shares_of_names(*signatures: Signature) -> NDArray[np.float32]:
    """Return the share of names and numbers in each paragraph of the texts."""
    lengths = np.frombuffer(b"".join([each.paragraphs for each in signatures]), "<u4").astype(np.int64)
    if not len(lengths):
        return np.empty(0, np.float32)
    tokens = np.frombuffer(b"".join([each.tokens for each in signatures]), "<u8")
    marked = (tokens & MARKED).astype(np.float32)
    sums = np.add.reduceat(marked, np.cumsum(lengths) - lengths)
    return (sums / lengths).astype(np.float32)
