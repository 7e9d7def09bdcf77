"""The loops of dedup.kernel, compiled: importing this fails where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup import _kernel
from scraper.dedup.hashes import SHINGLE, Overlap
from scraper.dedup.letters import alphabet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.dedup.hashes import Hashes, Mask, Slots

_HASHES = np.dtype("<u8")
_MASK = np.dtype(np.bool_)


class CompiledLoops:
    """A Loops."""

    is_compiled = True

    def words(self, texts: Sequence[str]) -> list[tuple[bytes, bytes]]:
        """Return the hashes of each text's words, and how many words each paragraph has."""
        known = alphabet()
        found = []
        for text in texts:
            while (of_text := _kernel.words(text, known.kinds, known.letters)) is None:
                known.learn_all(text)
            found.append(of_text)
        return found

    def paragraph_keys(self, words: Sequence[bytes], lengths: Sequence[bytes], bits: int) -> list[list[int]]:
        """Return a hash of each paragraph of each text."""
        return [_kernel.paragraph_keys(*text, bits) for text in zip(words, lengths, strict=True)]

    def shingles(self, texts: Sequence[Hashes]) -> list[Hashes]:
        """Return the distinct hashes of five words in a row of each text, ascending."""
        return [self.distinct_runs(words, SHINGLE) for words in texts]

    def slots(self, texts: Sequence[Hashes]) -> list[Slots]:
        """Return the contexts that each text has once, and what is in them."""
        found = map(_kernel.slots, texts)
        return [(np.frombuffer(contexts, _HASHES), np.frombuffer(held, _HASHES)) for contexts, held in found]

    def runs(self, words: Hashes, size: int) -> Hashes:
        """Return one hash for each run of so many words."""
        return np.frombuffer(_kernel.runs(words, size), _HASHES)

    def distinct_runs(self, words: Hashes, size: int) -> Hashes:
        """Return the distinct hashes of the runs of so many words, ascending."""
        return np.frombuffer(_kernel.distinct_runs(words, size), _HASHES)

    def shared(self, one: Hashes, other: Hashes) -> int:
        """Return how many hashes two ascending arrays of distinct ones have in common."""
        return _kernel.shared(one, other)

    def is_in(self, hashes: Hashes, ascending: Hashes) -> Mask:
        """Return for each hash whether the ascending array holds it."""
        return np.frombuffer(_kernel.is_in(hashes, ascending), _MASK)

    def differing(self, one: Slots, other: Slots) -> tuple[int, int]:
        """Return how many contexts two texts have in common, and in how many of them other things stand."""
        return _kernel.differing(*one, *other)

    def covered(self, words: Hashes, hits: Mask, size: int) -> Overlap:
        """Return which words stand in a run of so many that is a hit."""
        mask, *counts = _kernel.covered(words, hits, size)
        return Overlap(np.frombuffer(mask, _MASK), *counts)
