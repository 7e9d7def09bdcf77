"""A text's hashed words without its residue; read by dedup.compare, decide and index."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup.shingle import MARKED, SPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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

TEXTS_TOGETHER = 32
"""Texts whose words are in one array: a call of numpy costs more than what it does to the words of one."""

_ODD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD],
    dtype=np.uint64,
)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SLOT = np.uint64(0x5555555555555554)
_AROUND, _SIDE = (-2, -1, 1, 2), 2
"""Two items before and two after."""


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
        if not len(self.tokens):
            return self.tokens, self.tokens
        return _slots(self.tokens, np.array([len(self.tokens)]))[0]


def prepare(texts: Iterable[Words]) -> None:
    """Make the shingles of texts that have none yet, at a third of what each by itself costs."""
    fresh = [each for each in texts if "shingles" not in vars(each)]
    for group in _groups([each for each in fresh if len(each.tokens) >= SHINGLE]):
        tokens = np.concatenate([each.tokens for each in group] + [_ODD[1:]])
        hashes = _runs(tokens & ~MARKED, SHINGLE)
        ends = np.cumsum([len(each.tokens) for each in group])
        starts = ends - [len(each.tokens) for each in group]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            hashes[start : end - SHINGLE + 1].sort()
        is_first = np.not_equal(hashes, np.roll(hashes, 1))
        is_first[starts] = True
        is_first[(ends[:, None] - np.arange(1, SHINGLE)).ravel()] = False  # these run on into the next text
        counts = np.add.reduceat(is_first, starts, dtype=np.intp)
        for each, shingles in zip(group, np.split(hashes[is_first], np.cumsum(counts)[:-1]), strict=True):
            each.shingles = shingles.copy()  # or a text that is kept would keep the whole group


def prepare_to_compare(texts: Iterable[Words]) -> None:
    """Make what a comparison asks for beside the shingles."""
    fresh = [each for each in texts if "slots" not in vars(each)]
    for group in _groups([each for each in fresh if len(each.tokens)]):
        tokens = np.concatenate([each.tokens for each in group])
        found = _slots(tokens, np.array([len(each.tokens) for each in group]))
        for each, slots in zip(group, found, strict=True):
            each.slots = slots


def _groups(texts: Sequence[Words]) -> Iterator[Sequence[Words]]:
    """Yield the texts in groups of which the arrays fit into a processor's memory."""
    for at in range(0, len(texts), TEXTS_TOGETHER):
        yield texts[at : at + TEXTS_TOGETHER]


def paragraph_keys(signature: Signature, bits: int = 63) -> Sequence[int]:
    """Return a hash of each paragraph's words, of so many bits."""
    return paragraphs_of((signature,), bits)[0]


def paragraphs_of(signatures: Sequence[Signature], bits: int = 63) -> list[Sequence[int]]:
    """Return the keys of the paragraphs of each text, at a lower cost than one by one."""
    tokens, lengths = _joined(signatures)
    if not len(lengths):
        return [[] for _ in signatures]
    starts = np.cumsum(lengths) - lengths
    places = (np.arange(len(tokens)) - np.repeat(starts, lengths)).astype(np.uint64)
    sums = np.add.reduceat(_mixed((tokens & ~MARKED) + places * _ODD[0]), starts)
    keys: list[int] = (_mixed(sums) >> np.uint64(64 - bits)).tolist()
    ends = np.cumsum([len(each.paragraphs) // 4 for each in signatures]).tolist()
    return [keys[begin:end] for begin, end in pairwise([0, *ends])]


def shares_of_names(*signatures: Signature) -> NDArray[np.float32]:
    """Return the share of names and numbers in each paragraph of the texts."""
    tokens, lengths = _joined(signatures)
    if not len(lengths):
        return np.empty(0, np.float32)
    marked = (tokens & MARKED).astype(np.float32)
    sums = np.add.reduceat(marked, np.cumsum(lengths) - lengths)
    return (sums / lengths).astype(np.float32)


def _joined(signatures: Sequence[Signature]) -> tuple[Hashes, NDArray[np.int64]]:
    """Return the words of several texts and the lengths of their paragraphs."""
    tokens = b"".join([each.tokens for each in signatures])
    lengths = b"".join([each.paragraphs for each in signatures])
    return np.frombuffer(tokens, "<u8"), np.frombuffer(lengths, "<u4").astype(np.int64)


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


def _slots(tokens: Hashes, lengths: NDArray[np.int64]) -> list[tuple[Hashes, Hashes]]:
    """Return for each of several texts the contexts that it has once, ascending, and what is in them.

    A context is two items on each side of a run of marked words; none of the texts is empty.
    """
    marked = (tokens & MARKED).astype(np.bool_)
    begins = np.cumsum(lengths) - lengths
    starts = ~marked
    starts[1:] |= ~marked[:-1]
    starts[begins] = True
    first = starts.nonzero()[0]
    contents = np.add.reduceat(_mixed(tokens & ~MARKED), first)
    is_slot = marked[first]
    ends = np.append(first.searchsorted(begins[1:]), len(first))
    texts = np.repeat(np.arange(len(lengths)), np.diff(ends, prepend=0))
    at, contexts = _contexts(np.where(is_slot, _SLOT, contents), is_slot, texts, ends)
    order = np.lexsort((contexts, texts[at]))
    at, contexts = at[order], contexts[order]
    again = (contexts[1:] == contexts[:-1]) & (texts[at[1:]] == texts[at[:-1]])
    once = np.ones(len(at), dtype=np.bool_)
    once[1:] &= ~again
    once[:-1] &= ~again
    at, contexts = at[once], contexts[once]
    contents = contents[at]
    bounds = texts[at].searchsorted(np.arange(len(lengths) + 1)).tolist()
    return [(contexts[begin:end].copy(), contents[begin:end].copy()) for begin, end in pairwise(bounds)]


def _contexts(
    items: Hashes, is_slot: Mask, texts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Hashes]:
    """Return the slots with words around them, and a hash of what is around each.

    Each text stands between two items that no text has before it, and two behind it.
    """
    at = np.arange(len(items)) + 2 * _SIDE * texts + _SIDE
    padded, slots = (np.zeros(at[-1] + _SIDE + 1, kind) for kind in (np.uint64, np.int8))
    padded[at], slots[at] = items, is_slot
    last = at[ends - 1]
    begins = at[np.append(0, ends[:-1])]
    for side, odd in zip((begins - 2, begins - 1, last + 1, last + 2), _ODD, strict=False):
        padded[side] = odd
    here = is_slot.nonzero()[0]
    here = here[sum(slots[at[here] + place] for place in _AROUND) <= len(_AROUND) // 2]
    sums = np.zeros(len(here), np.uint64)
    for place, odd in zip(_AROUND, _ODD, strict=False):
        sums += padded[at[here] + place] * odd
    return here, _mixed(sums)
