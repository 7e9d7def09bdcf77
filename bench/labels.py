"""Which blocks of a page are in the true body: what the model learns."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from scraper.writing import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_SHINGLE = 3
_SHORT = 4
"""Blocks of fewer words are looked for only between their longer neighbours' places."""
_LONG = 8
"""Blocks of at least so many words stand for a place in the text, and may be there in part."""
_IN = 0.5
_REACH = 12
"""Words before the first and after the last long block where a short one may stand."""
_WIDEST = 400


def words(text: str) -> list[str]:
    """Return the words in lower case; a letter of a script without spaces is one."""
    return _WORD.findall(text.lower())


def label_blocks(blocks: Sequence[list[str]], truth: list[str]) -> NDArray[np.float64]:
    """Return for each block of words the share of it, from 0 to 1, that stands in the true body.

    Of blocks with the same text, only as many count as the body has: those nearest to the others in it.
    """
    labels, places = _label_long(blocks, truth)
    _drop_repeats(blocks, truth, labels, places)
    anchors = [row for row, place in enumerate(places) if place and len(blocks[row]) >= _LONG]
    for row, block in enumerate(blocks):
        if 0 < len(block) < _SHORT and _stands_between(block, row, anchors, places, truth):
            labels[row] = 1.0
    return labels


def _label_long(
    blocks: Sequence[list[str]], truth: list[str]
) -> tuple[NDArray[np.float64], list[tuple[int, int] | None]]:
    index: dict[tuple[str, ...], int] = {}
    for at in range(len(truth) - _SHINGLE + 1):
        index.setdefault(tuple(truth[at : at + _SHINGLE]), at)
    labels = np.zeros(len(blocks))
    places: list[tuple[int, int] | None] = [None] * len(blocks)
    for row, block in enumerate(blocks):
        if len(block) < _SHORT:
            continue
        covered = np.zeros(len(block), dtype=bool)
        hits = []
        for at in range(len(block) - _SHINGLE + 1):
            found = index.get(tuple(block[at : at + _SHINGLE]))
            if found is not None:
                covered[at : at + _SHINGLE] = True
                hits.append(found)
        share = float(covered.mean())
        labels[row] = share if len(block) >= _LONG or share == 1 else 0.0
        if labels[row] > _IN:
            places[row] = (min(hits), max(hits) + _SHINGLE)
    return labels, places


def _drop_repeats(
    blocks: Sequence[list[str]],
    truth: list[str],
    labels: NDArray[np.float64],
    places: list[tuple[int, int] | None],
) -> None:
    text = " ".join(truth)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, place in enumerate(places):
        if place:
            rows[" ".join(blocks[row])].append(row)
    for repeated, same in rows.items():
        if len(same) == 1:
            continue
        others = [
            row for row, place in enumerate(places) if place and row not in same and len(blocks[row]) >= _LONG
        ]
        nearest = sorted((min((abs(row - other) for other in others), default=0), row) for row in same)
        for _, row in nearest[max(1, text.count(repeated)) :]:
            labels[row], places[row] = 0.0, None


def _stands_between(
    block: list[str],
    row: int,
    anchors: list[int],
    places: list[tuple[int, int] | None],
    truth: list[str],
) -> bool:
    at = bisect(anchors, row)
    before = places[anchors[at - 1]] if at else None
    after = places[anchors[at]] if at < len(anchors) else None
    if before is None and after is None:
        return False
    low = before[1] - _SHINGLE if before else max(0, after[0] - _REACH if after else 0)
    high = after[0] + _SHINGLE if after else low + _SHINGLE + _REACH
    if high - low > _WIDEST:
        return False
    return f" {' '.join(block)} " in f" {' '.join(truth[max(low, 0) : high])} "
