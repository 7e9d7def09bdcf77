"""A text's hashed words without its residue; read by dedup.compare, decide and index."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup.shingle import MARKED, SPACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scraper.model import Signature

    Hashes = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

SHINGLE = 5
"""Words in a shingle."""
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

_ODD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD],
    dtype=np.uint64,
)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SLOT = np.uint64(0x5555555555555554)
_AROUND = np.array([0, 1, 3, 4])
"""Two items before and two after the one at place 2."""


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
    def names(self) -> float:
        """The share of numbers and words with a capital."""
        return float(np.count_nonzero(self.tokens & MARKED)) / max(1, len(self.tokens))

    @cached_property
    def letters(self) -> float:
        """How many of its words stand for one of a script with spaces: most are letters where it has none."""
        alone = np.count_nonzero((self.tokens & SPACED) == 0)
        return UNSPACED_LETTERS if 2 * alone > len(self.tokens) else 1.0

    @cached_property
    def positions(self) -> Hashes:
        """The hash of the shingle at each place."""
        return _runs(self.tokens & ~MARKED, SHINGLE)

    @cached_property
    def shingles(self) -> Hashes:
        """The distinct hashes, ascending."""
        return _distinct(self.positions)

    @cached_property
    def keys(self) -> list[int]:
        """The numbers by which the text is found."""
        keys: list[int] = (self.shingles[:KEYS] & KEY_BITS).tolist()
        return keys

    @cached_property
    def slots(self) -> tuple[Hashes, Hashes]:
        """What stands around each number or name, ascending, and which number or name it is."""
        return _slots(self.tokens)


def paragraph_keys(signature: Signature, bits: int = 63) -> Sequence[int]:
    """Return a hash of each paragraph's words, of so many bits."""
    lengths = np.frombuffer(signature.paragraphs, "<u4").astype(np.int64)
    if not len(lengths):
        return []
    tokens = np.frombuffer(signature.tokens, "<u8") & ~MARKED
    starts = np.cumsum(lengths) - lengths
    places = (np.arange(len(tokens)) - np.repeat(starts, lengths)).astype(np.uint64)
    sums = np.add.reduceat(_mixed(tokens + places * _ODD[0]), starts)
    keys: list[int] = (_mixed(sums) >> np.uint64(64 - bits)).tolist()
    return keys


def shares_of_names(signature: Signature) -> NDArray[np.float32]:
    """Return the share of names and numbers in each paragraph."""
    lengths = np.frombuffer(signature.paragraphs, "<u4").astype(np.int64)
    if not len(lengths):
        return np.empty(0, np.float32)
    marked = (np.frombuffer(signature.tokens, "<u8") & MARKED).astype(np.float32)
    sums = np.add.reduceat(marked, np.cumsum(lengths) - lengths)
    return (sums / lengths).astype(np.float32)


def shared(one: Hashes, other: Hashes) -> int:
    """Return how many hashes two ascending arrays of distinct ones have in common."""
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # merges the two runs, at a third of what a search for each hash costs
    return int(np.count_nonzero(both[1:] == both[:-1]))


def distinct_runs(words: Hashes, size: int) -> Hashes:
    """Return the distinct hashes of the runs of so many words, ascending."""
    return _distinct(_runs(words, size))


def is_in(hashes: Hashes, ascending: Hashes) -> Mask:
    """Return for each hash whether the ascending array holds it."""
    if not len(ascending):
        return np.zeros(len(hashes), dtype=np.bool_)
    places = np.searchsorted(ascending, hashes)
    places[places == len(ascending)] = 0
    found: Mask = ascending[places] == hashes
    return found


def _mixed(hashes: Hashes) -> Hashes:
    """Return the hashes with every bit depending on every other."""
    hashes = (hashes ^ (hashes >> np.uint64(31))) * _MIX
    return hashes ^ (hashes >> np.uint64(29))


def _runs(words: Hashes, size: int) -> Hashes:
    """Return one hash for each run of so many words, five at most; a shorter text is one run."""
    size = min(size, len(words))
    if not size:
        return words
    count = len(words) - size + 1
    sums = words[:count] * _ODD[0]
    for place in range(1, size):
        sums += words[place : place + count] * _ODD[place]
    return _mixed(sums)


def _distinct(hashes: Hashes) -> Hashes:
    """Return the distinct hashes, ascending; np.unique takes three times as long."""
    if not len(hashes):
        return hashes
    ascending = np.sort(hashes)
    fresh = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=fresh[1:])
    return ascending[fresh]


def _slots(tokens: Hashes) -> tuple[Hashes, Hashes]:
    """Return the contexts that occur once (two items each side of a run of marked words) and the runs."""
    marked = (tokens & MARKED).astype(np.bool_)
    starts = ~marked
    starts[:1] = True
    starts[1:] |= ~marked[:-1]
    first = starts.nonzero()[0]
    if not len(first):
        return tokens, tokens
    contents = np.add.reduceat(_mixed(tokens & ~MARKED), first)
    is_slot = marked[first]
    items = np.concatenate((_ODD[:2], np.where(is_slot, _SLOT, contents), _ODD[2:4]))
    places = is_slot.nonzero()[0]
    around = items[places[:, None] + _AROUND]
    usable = np.count_nonzero(around == _SLOT, axis=1) <= len(_AROUND) // 2
    contexts = _mixed((around * _ODD[: len(_AROUND)]).sum(axis=1))[usable]
    order = np.argsort(contexts, kind="stable")
    contexts, contents = contexts[order], contents[places[usable]][order]
    once = np.ones(len(contexts), dtype=np.bool_)
    once[1:] &= contexts[1:] != contexts[:-1]
    once[:-1] &= contexts[1:] != contexts[:-1]
    return contexts[once], contents[once]
