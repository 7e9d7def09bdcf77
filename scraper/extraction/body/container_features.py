"""Columns that say where a block stands among the containers around it; read by body.features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.words.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scraper.extraction.body.block_measures import BlockMeasures
    from scraper.extraction.page.blocks import Container

_AROUND = (
    "article", "main", "aside", "nav", "footer", "header", "form", "figure", "ul", "ol", "table",
    "blockquote", "section", "figcaption", "button", "dl",
)  # fmt: skip
_BITS = {tag: 1 << bit for bit, tag in enumerate(_AROUND)}
_FIGURES = ("link density", "kept", "share of kept", "chars", "blocks", "mean chars")
"""Of a container, in the order of the columns."""
_MAIN = 0.6
"""Share of the kept text that the main container holds at least."""


def container_places(
    measures: BlockMeasures, read: NDArray[np.intp], kept: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return columns with a value for each block that is read, given the letters that are kept of all."""
    containers, at = measures.segments.containers, measures.containers[read]
    first = np.array([container.first for container in containers])
    last = np.array([container.last for container in containers])

    def below(values: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(sums[last] - sums[first])

    lengths, blocks = np.maximum(below(measures.size), 1), last - first
    kept_chars, total = below(kept), max(float(kept.sum()), 1.0)
    lineage = _Lineage(containers, {*at.tolist()}, (kept_chars >= _MAIN * total).tolist())
    figures = np.array(
        [
            below(measures.linked_size) / lengths,
            kept_chars / np.maximum(below(measures.chars), 1),
            kept_chars / total,
            lengths,
            blocks,
            lengths / np.maximum(blocks, 1),
        ]
    )
    rows = {"own": at} | {name: np.array(row)[at] for name, row in lineage.rows.items()}
    depth = np.array([container.depth for container in containers], dtype=float)
    columns = {
        "depth": depth[at],
        "hidden": np.array([containers[own].hidden for own in at.tolist()], dtype=float),
        "steps to main": lineage.steps[at],
        "main depth": depth[rows["main"]],
        "below main": depth[at] - depth[rows["main"]],
        "main kept share": figures[2, rows["main"]],
    }
    for name, row in rows.items():
        columns |= {
            f"{name} {figure}": column for figure, column in zip(_FIGURES, figures[:, row], strict=True)
        }
    inline = [measures.segments.spans[row].words for row in read.tolist()]
    return columns | lineage.words(at, np.array(inline, dtype=np.int64))


class _Lineage:
    """What each container that holds one of some has around it, from the outermost inwards.

    Its main container is the nearest around it that holds most of the kept text; its branch is the part of
    that which it belongs to.
    """

    def __init__(self, containers: Sequence[Container], some: set[int], is_main: Sequence[bool]) -> None:
        size = len(containers)
        self.rows = {name: [0] * size for name in ("parent", "above", "branch", "main")}
        parents, aboves, branches, mains = self.rows.values()
        near, branch_words, around, inside, steps = ([0] * size for _ in range(5))
        for index in _with_outer(containers, some):
            container = containers[index]
            parent = parents[index] = max(container.parent, 0)
            above = aboves[index] = parents[parent]
            words = container.words
            near[index] = words | containers[parent].words | containers[above].words
            around[index] = words | around[parent]
            inside[index] = _BITS.get(container.tag, 0) | inside[parent]
            if is_main[index] or container.parent < 0:
                mains[index] = branches[index] = index
            else:
                mains[index] = mains[parent]
                branches[index] = branches[parent] if steps[parent] else index
                steps[index] = steps[parent] + 1
                branch_words[index] = words | branch_words[parent]
        self.near, self.branch, self.any, self.inside = map(np.array, (near, branch_words, around, inside))
        self.steps = np.array(steps, dtype=float)

    def words(self, at: NDArray[np.intp], inline: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Return what the names around each block say, given its container and its inline elements' words."""
        kinds = lexicon().class_kinds
        near, branch, around = (
            _bits(words, len(kinds)) for words in (self.near[at] | inline, self.branch[at], self.any[at])
        )
        columns = {}
        for bit, kind in enumerate(kinds):
            columns[f"near class {kind}"] = near[bit]
            columns[f"branch class {kind}"] = branch[bit]
            columns[f"any class {kind}"] = around[bit]
        inside = _bits(self.inside[at], len(_AROUND))
        return columns | {f"in {tag}": inside[bit] for bit, tag in enumerate(_AROUND)}


def _with_outer(containers: Sequence[Container], some: set[int]) -> list[int]:
    """Return containers and all that are around them, outer ones first."""
    found: set[int] = set()
    for index in some:
        at = index
        while at >= 0 and at not in found:
            found.add(at)
            at = containers[at].parent
    return sorted(found)


def _bits(words: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return a row for each bit, a column for each word."""
    return (words >> np.arange(count)[:, np.newaxis] & 1).astype(float)
