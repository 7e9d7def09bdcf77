"""The loops of dedup.kernel where no compiler was at hand: the letters or words of some texts at once."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup.hashes import MARKED, SHINGLE, SPACED, TEXTS_TOGETHER, Overlap
from scraper.dedup.letters import ALONE, BREAK, CAPITAL, NUMBER, OF_WORD, letters_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scraper.dedup.hashes import Hashes, Mask, Slots

_PLACES = 1 << 14
"""After so many characters the powers begin again; a word across that place counts as another word."""
_BASE = 0x9E3779B97F4A7C15
_ODD = np.array(
    [_BASE, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD], dtype=np.uint64
)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SLOT = np.uint64(0x5555555555555554)
_AROUND, _SIDE = (-2, -1, 1, 2), 2
"""Two items before and two after."""


class NumpyLoops:
    """A Loops."""

    is_compiled = False

    def words(self, texts: Sequence[str]) -> list[tuple[bytes, bytes]]:
        """Return the hashes of each text's words, and how many words each paragraph has."""
        found = []
        for group in _of_places(texts):
            hashes, lengths = _hashed("\n".join(group))
            packed, begin, line = hashes.tobytes(), 0, 0
            for text in group:
                own = lengths[line : line + text.count("\n") + 1]
                line += len(own)
                end = begin + int(own.sum()) * hashes.itemsize
                found.append((packed[begin:end], own[own > 0].astype("<u4").tobytes()))
                begin = end
        return found

    def paragraph_keys(self, words: Sequence[bytes], lengths: Sequence[bytes], bits: int) -> list[list[int]]:
        """Return a hash of each paragraph of each text."""
        counts = np.frombuffer(b"".join(lengths), "<u4").astype(np.int64)
        if not len(counts):
            return [[] for _ in lengths]
        tokens = np.frombuffer(b"".join(words), "<u8")
        starts = np.cumsum(counts) - counts
        places = (np.arange(len(tokens)) - np.repeat(starts, counts)).astype(np.uint64)
        sums = np.add.reduceat(_mixed((tokens & ~MARKED) + places * _ODD[0]), starts)
        keys: list[int] = (_mixed(sums) >> np.uint64(64 - bits)).tolist()
        ends = np.cumsum([len(each) // 4 for each in lengths]).tolist()
        return [keys[begin:end] for begin, end in pairwise([0, *ends])]

    def shingles(self, texts: Sequence[Hashes]) -> list[Hashes]:
        """Return the distinct hashes of five words in a row of each text, ascending."""
        found = [self.distinct_runs(words, SHINGLE) if len(words) < SHINGLE else words for words in texts]
        long = [at for at, words in enumerate(texts) if len(words) >= SHINGLE]
        for group in _groups(long):
            for at, each in zip(group, self._shingles([texts[at] for at in group]), strict=True):
                found[at] = each
        return found

    def slots(self, texts: Sequence[Hashes]) -> list[Slots]:
        """Return the contexts that each text has once, and what is in them."""
        found = [(words, words) for words in texts]
        filled = [at for at, words in enumerate(texts) if len(words)]
        for group in _groups(filled):
            lengths = np.array([len(texts[at]) for at in group])
            of_group = _slots(np.concatenate([texts[at] for at in group]), lengths)
            for at, each in zip(group, of_group, strict=True):
                found[at] = each
        return found

    def runs(self, words: Hashes, size: int) -> Hashes:
        """Return one hash for each run of so many words."""
        size = min(size, len(words))
        if not size:
            return words
        words = words & ~MARKED
        count = len(words) - size + 1
        sums = words[:count] * _ODD[0]
        for place in range(1, size):
            sums += words[place : place + count] * _ODD[place]
        return _mixed(sums)

    def distinct_runs(self, words: Hashes, size: int) -> Hashes:
        """Return the distinct hashes of the runs of so many words, ascending."""
        hashes = self.runs(words, size)  # np.unique takes three times as long
        if not len(hashes):
            return hashes
        ascending = np.sort(hashes)
        fresh = np.ones(len(ascending), dtype=np.bool_)
        np.not_equal(ascending[1:], ascending[:-1], out=fresh[1:])
        return ascending[fresh]

    def shared(self, one: Hashes, other: Hashes) -> int:
        """Return how many hashes two ascending arrays of distinct ones have in common."""
        both = np.concatenate((one, other))
        both.sort(kind="stable")  # merges the two runs, at a third of what a search for each hash costs
        return int(np.count_nonzero(both[1:] == both[:-1]))

    def is_in(self, hashes: Hashes, ascending: Hashes) -> Mask:
        """Return for each hash whether the ascending array holds it."""
        return _found(hashes, ascending)[0]

    def differing(self, one: Slots, other: Slots) -> tuple[int, int]:
        """Return how many contexts two texts have in common, and in how many of them other things stand."""
        common, places = _found(one[0], other[0])
        apart = one[1][common] != other[1][places[common]]
        return int(np.count_nonzero(common)), int(np.count_nonzero(apart))

    def covered(self, words: Hashes, hits: Mask, size: int) -> Overlap:
        """Return which words stand in a run of so many that is a hit."""
        mask = np.concatenate((hits, np.zeros(size - 1, dtype=np.bool_)))
        reach = 1
        while reach < size:
            step = min(reach, size - reach)
            mask[step:] |= mask[:-step].copy()
            reach += step
        mask = mask[: len(words)]
        count = int(np.count_nonzero(mask))
        marked = int(np.count_nonzero((words & MARKED).astype(np.bool_) & mask))
        return Overlap(mask, count, marked, int(mask.argmax()) if count else len(words))

    def _shingles(self, texts: Sequence[Hashes]) -> Sequence[Hashes]:
        hashes = self.runs(np.concatenate([*texts, _ODD[1:]]), SHINGLE)
        ends = np.cumsum([len(words) for words in texts])
        starts = ends - [len(words) for words in texts]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            hashes[start : end - SHINGLE + 1].sort()
        is_first = np.not_equal(hashes, np.roll(hashes, 1))
        is_first[starts] = True
        is_first[(ends[:, None] - np.arange(1, SHINGLE)).ravel()] = False  # these run on into the next text
        counts = np.add.reduceat(is_first, starts, dtype=np.intp)
        # copies, or a text that is kept would keep the whole group
        return [each.copy() for each in np.split(hashes[is_first], np.cumsum(counts)[:-1])]


def _of_places(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield texts that the powers reach over together; a longer one alone."""
    group: list[str] = []
    size = 0
    for text in texts:
        if group and size + len(text) > _PLACES:
            yield group
            group, size = [], 0
        group.append(text)
        size += len(text) + 1
    if group:
        yield group


def _hashed(text: str) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hash of each word, and how many words each line has."""
    kept, kinds = letters_of(text)
    first = _first_letters(kinds)
    bounds = np.empty(text.count("\n") + 2, dtype=np.int64)
    bounds[0], bounds[-1] = 0, len(first)
    bounds[1:-1] = first.searchsorted((kinds == BREAK).nonzero()[0])
    lengths = bounds[1:] - bounds[:-1]
    if not len(first):
        return np.empty(0, "<u8"), lengths
    hashes = np.add.reduceat(_powers(1, len(kept)) * kept, first) * _powers(-1, len(kept))[first]
    hashes = (hashes ^ (hashes >> np.uint64(32))) * _MIX
    numbers = (kinds & NUMBER).nonzero()[0]
    kinds = kinds[first]
    marked = (kinds & CAPITAL) != 0
    marked[first.searchsorted(numbers, "right") - 1] = True
    hashes = (hashes ^ (hashes >> np.uint64(29))) & ~(MARKED | SPACED)
    hashes |= marked * MARKED
    hashes |= ((kinds & ALONE) == 0) * SPACED
    return hashes.astype("<u8", copy=False), lengths


def _first_letters(kinds: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return where words begin: after what is no word, and around each letter that stands alone."""
    is_word = (kinds & OF_WORD).view(np.bool_)
    starts = is_word.copy()
    if (kinds & ALONE).any():
        alone = (kinds & ALONE) != 0
        starts[1:] &= ~is_word[:-1] | alone[1:] | alone[:-1]
    else:
        np.greater(is_word[1:], is_word[:-1], out=starts[1:])
    return starts.nonzero()[0]


def _powers(sign: int, count: int) -> NDArray[np.uint64]:
    """Return the powers of an odd number modulo 2^64, or their inverses: they make a word's sum its own."""
    powers = _places(sign)
    return powers[:count] if count <= _PLACES else np.resize(powers, count)


@cache
def _places(sign: int) -> NDArray[np.uint64]:
    base = np.full(_PLACES, pow(_BASE, sign, 1 << 64), dtype=np.uint64)
    return np.cumprod(base, dtype=np.uint64)


def _groups(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the places in groups of whose texts the arrays fit into a processor's memory."""
    for at in range(0, len(places), TEXTS_TOGETHER):
        yield places[at : at + TEXTS_TOGETHER]


def _slots(tokens: Hashes, lengths: NDArray[np.int64]) -> list[Slots]:
    """Return the same for texts of these lengths, none of which is empty."""
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
    padded, marks = (np.zeros(at[-1] + _SIDE + 1, kind) for kind in (np.uint64, np.int8))
    padded[at], marks[at] = items, is_slot
    last = at[ends - 1]
    begins = at[np.append(0, ends[:-1])]
    for side, odd in zip((begins - 2, begins - 1, last + 1, last + 2), _ODD, strict=False):
        padded[side] = odd
    here = is_slot.nonzero()[0]
    here = here[sum(marks[at[here] + place] for place in _AROUND) <= len(_AROUND) // 2]
    sums = np.zeros(len(here), np.uint64)
    for place, odd in zip(_AROUND, _ODD, strict=False):
        sums += padded[at[here] + place] * odd
    return here, _mixed(sums)


def _found(hashes: Hashes, ascending: Hashes) -> tuple[Mask, NDArray[np.intp]]:
    """Return the same, and where in the array each is."""
    if not len(ascending):
        return np.zeros(len(hashes), dtype=np.bool_), np.zeros(len(hashes), dtype=np.intp)
    places = np.searchsorted(ascending, hashes)
    places[places == len(ascending)] = 0
    return ascending[places] == hashes, places


def _mixed(hashes: Hashes) -> Hashes:
    """Return the hashes with every bit depending on every other."""
    hashes = (hashes ^ (hashes >> np.uint64(31))) * _MIX
    return hashes ^ (hashes >> np.uint64(29))
