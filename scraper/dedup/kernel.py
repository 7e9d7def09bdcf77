"""The loops that deduplication spends its time in: compiled where a compiler was at hand, numpy's elsewhere.

Both give the same numbers; read by dedup.shingle, words, compare, stories and frames, and told by `doctor`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.dedup.hashes import Hashes, Mask, Overlap, Slots


class Loops(Protocol):
    """What there is in both forms. Arrays are of 64-bit hashes; bytes hold numbers in little-endian order."""

    is_compiled: bool

    def words(self, texts: Sequence[str], /) -> list[tuple[bytes, bytes]]:
        """Return the hashes of each text's words, and how many words each paragraph has, in 32 bits."""

    def paragraph_keys(
        self, words: Sequence[bytes], lengths: Sequence[bytes], bits: int, /
    ) -> list[list[int]]:
        """Return a hash of each paragraph of each text, of so many bits, from words and their numbers."""

    def shingles(self, texts: Sequence[Hashes], /) -> list[Hashes]:
        """Return the distinct hashes of five words in a row of each text, ascending; one of a short text."""

    def slots(self, texts: Sequence[Hashes], /) -> list[Slots]:
        """Return the contexts that each text has once, and what is in them.

        A context is two items on each side of a run of marked words.
        """

    def runs(self, words: Hashes, size: int, /) -> Hashes:
        """Return one hash for each run of so many words, five at most; a shorter text is one run."""

    def distinct_runs(self, words: Hashes, size: int, /) -> Hashes:
        """Return the distinct hashes of the runs of so many words, ascending."""

    def shared(self, one: Hashes, other: Hashes, /) -> int:
        """Return how many hashes two ascending arrays of distinct ones have in common."""

    def is_in(self, hashes: Hashes, ascending: Hashes, /) -> Mask:
        """Return for each hash whether the ascending array holds it."""

    def differing(self, one: Slots, other: Slots, /) -> tuple[int, int]:
        """Return how many contexts two texts have in common, and in how many of them other things stand."""

    def covered(self, words: Hashes, hits: Mask, size: int, /) -> Overlap:
        """Return which words stand in a run of so many that is a hit; `hits` has a flag for each run."""


def chosen_loops() -> Loops:
    """Return the compiled loops where there are any."""
    try:
        from scraper.dedup.in_c import CompiledLoops
    except ImportError:
        from scraper.dedup.in_numpy import NumpyLoops

        return NumpyLoops()
    return CompiledLoops()


loops = chosen_loops()
