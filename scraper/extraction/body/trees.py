"""Boosted decision trees, read from JSON and evaluated for all rows at once: a probability a row.

Read by body.choice for blocks, by dumps.decide for lines; made by bench/train_body.py and bench/dumps.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

MODEL_VERSION = 2
"""Of the model file's format and of what the columns mean."""
_LEAVES = 16
"""The most leaves of a tree: the bits of a mask."""
_ROWS = 64
"""Rows evaluated together: their matrices stay in the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One tree: inner node 0 is the root, and a negative child -1, -2 … is leaf 0, 1 and so on."""

    feature: Sequence[int]
    """Of each inner node: the column that it asks."""
    limit: Sequence[float]
    """A row whose column is at most this goes left."""
    left: Sequence[int]
    right: Sequence[int]
    value: Sequence[float]
    """Of each inner node: the mean of what is below it."""
    leaf: Sequence[float]
    """Of each leaf: what it adds to the log-odds."""


class RefereeBounds(NamedTuple):
    """Expected word F1 of a choice and its agreement with another text below which that text is taken."""

    expected: float
    agreement: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Trees whose leaves add up to the log-odds of a row.

    All nodes of all trees are asked at once. A node whose answer is no rules out the leaves on its left; the
    first leaf of a tree that nothing rules out is where the row ends (Lucchese et al., QuickScorer, 2015).
    """

    columns: tuple[str, ...]
    """The names of the columns that it was trained on."""
    threshold: float
    """The score above which a row is kept."""
    referee: RefereeBounds
    """Where another text is taken instead of what is kept; nowhere where nothing was fitted."""
    trees: tuple[Tree, ...]
    feature: NDArray[np.intp]
    """Inner nodes × trees: the column that is asked."""
    limit: NDArray[np.float32]
    passed: NDArray[np.uint16]
    """The leaves that are ruled out when the answer is no."""
    leaf: NDArray[np.float64]
    """Trees × leaves, from left to right."""

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of each row, from 0 to 1."""
        first, leaf = _first_leaves(), self.leaf.ravel()
        feature, limit, passed = self.feature.ravel(), self.limit.reshape(-1, 1), self.passed.reshape(-1, 1)
        starts = np.arange(0, leaf.size, _LEAVES)[:, np.newaxis]
        margins = np.empty(len(rows))
        for start in range(0, len(rows), _ROWS):
            part = np.ascontiguousarray(rows[start : start + _ROWS].T)
            no = part.take(feature, axis=0) > limit
            masks = np.bitwise_or.reduce((no * passed).reshape(*self.feature.shape, -1), axis=0)
            margins[start : start + _ROWS] = leaf.take(starts + first.take(masks)).sum(axis=0)
        return np.asarray(1.0 / (1.0 + np.exp(-margins)))

    def contributions(self, row: NDArray[np.float32]) -> dict[str, float]:
        """Return by how much each column moved the log-odds of a row away from the mean of all rows.

        Each step of the path through a tree changes the mean of what is below; the change belongs to the
        column that was asked (Saabas, Interpreting random forests, 2014).
        """
        values = row.tolist()
        moved: dict[str, float] = {}
        for tree in self.trees:
            node = 0
            while node >= 0:
                feature = tree.feature[node]
                child = tree.left[node] if values[feature] <= tree.limit[node] else tree.right[node]
                after = tree.value[child] if child >= 0 else tree.leaf[-child - 1]
                name = self.columns[feature]
                moved[name] = moved.get(name, 0.0) + after - tree.value[node]
                node = child
        return moved


def read_model(raw: Mapping[str, Any]) -> Model:
    """Return the model that a file's JSON holds; ValueError if it was made for another version."""
    if raw.get("version") != MODEL_VERSION:
        found = raw.get("version")
        message = f"the model has version {found!r}, this program reads {MODEL_VERSION}: train it again"
        raise ValueError(message)
    trees = tuple(Tree(**tree) for tree in raw["trees"])
    size = (_LEAVES - 1, len(trees))
    feature = np.zeros(size, dtype=np.intp)
    limit = np.full(size, np.inf, dtype=np.float32)  # what is never exceeded rules nothing out
    passed = np.zeros(size, dtype=np.uint16)
    leaf = np.zeros((len(trees), _LEAVES))
    for at, tree in enumerate(trees):
        inner = len(tree.feature)
        feature[:inner, at] = tree.feature
        limit[:inner, at] = tree.limit
        for node, (first, last) in _left_leaves(tree, leaf[at]).items():
            passed[node, at] = (1 << last) - (1 << first)
    return Model(
        columns=tuple(raw["columns"]),
        threshold=raw["threshold"],
        referee=RefereeBounds(*raw.get("referee", (0.0, 0.0))),
        trees=trees,
        feature=feature,
        limit=limit,
        passed=passed,
        leaf=leaf,
    )


def _left_leaves(tree: Tree, ordered: NDArray[np.float64]) -> dict[int, tuple[int, int]]:
    """Return for each inner node the span of the leaves on its left; fill in the leaves in order."""
    spans: dict[int, tuple[int, int]] = {}
    count = 0

    def visit(node: int) -> None:
        nonlocal count
        if node < 0:
            ordered[count] = tree.leaf[-node - 1]
            count += 1
            return
        first = count
        visit(tree.left[node])
        spans[node] = (first, count)
        visit(tree.right[node])

    visit(0)
    return spans


@cache
def _first_leaves() -> NDArray[np.uint8]:
    """Return for each set of leaves that are ruled out, as bits, the first one that is not."""
    left = ~np.arange(1 << _LEAVES)
    return np.asarray((np.log2(left & -left).astype(np.intp) % _LEAVES).astype(np.uint8))


@cache
def load_model(room: str) -> Model:
    """Return the model that lies in this folder of scraper/extraction, read once."""
    return read_model(
        json.loads(files("scraper.extraction").joinpath(room, "model.json").read_text(encoding="utf-8"))
    )


def body_model() -> Model:
    """Return the model that tells the blocks of an article's body."""
    return load_model("body")


def line_model() -> Model:
    """Return the model that tells the lines of an article's body in a page text dump."""
    return load_model("dumps")
