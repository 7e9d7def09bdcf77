"""What the hash of a word is, and arrays of hashes; read throughout dedup."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Mask = NDArray[np.bool_]
    Slots = tuple[Hashes, Hashes]
    """What stands around each number or name, ascending, and which number or name it is."""

MARKED, SPACED = np.uint64(1), np.uint64(2)
"""Bits of a word's hash: a number or a capital's word; no letter that is a word of its own."""
SHINGLE = 5
"""Words in a shingle."""
TEXTS_TOGETHER = 32
"""Texts whose words are in one array: a call of numpy costs more than what it does to the words of one."""


class Overlap(NamedTuple):
    """What of a text another one holds."""

    mask: Mask
    """For each word whether it is held."""
    words: int
    """How many are …"""
    marked: int
    """… and how many of these are numbers or have a capital."""
    first: int
    """The first that is; how many words there are where none is."""
