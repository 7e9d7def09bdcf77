"""The numeric features of each block of a page, a row a block; read by body.choice and body.rules."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.body.container_features import container_places
from scraper.extraction.words.wording import ReferenceText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scraper.extraction.body.block_measures import BlockMeasures, Columns

_NEAR = ("chars", "link_share", "tag p", "group kept share")
"""Columns that are told of two blocks before and after, too."""
_NEXT = ("ends", "tag li", "strong_share", "phrase related", "is title", "capitals")
"""Columns that are told of the block before and the block after, too."""
_KEPT = 0.5
"""Share of a block in trafilatura's text above which it counts as kept."""
_LONG = 60
"""Letters of a block that is more than a line."""
_SHORT = 80
"""Characters of a block that is no paragraph."""
_LINKED = 0.9
_LEADS = 0.5
"""Share of a block in links above which it is one, whatever stands before."""
_FAR = 15
_REACHES = (2, 6, _FAR)
"""Blocks before and after that are looked at for kept text."""


_SAYS = {
    "class": "names around it say",
    "phrase": "it has words of",
    "begins": "it begins with words of",
    "tag": "its element is",
    "in": "it stands in",
}
"""First word of a column → what the rest is said after."""
_PLAIN = {
    **dict.fromkeys(("link_share", "links", "link density"), "how much of it is links"),
    **dict.fromkeys(("is title", "title words"), "it has the words of the title"),
    **dict.fromkeys(("chars", "words", "mean chars"), "how long it is"),
    **dict.fromkeys(
        ("depth", "steps to main", "below main", "same container"), "how deep in the page it stands"
    ),
    **dict.fromkeys(
        ("ends", "sentences", "words a sentence", "ends colon"), "whether it is made of sentences"
    ),
    **dict.fromkeys(
        ("relative place", "after h1", "after first long", "before last long"), "its place on the page"
    ),
    "in description": "the page's description says it",
    "in articleBody": "the page's data call it body",
    "body words": "it shares words with the main text",
    "strong_share": "how much of it is bold",
    "function words": "how many common words it has",
    "repeats": "how often it stands on the page",
    "cjk": "its script has no spaces",
    **dict.fromkeys(("blocks", "page chars"), "how much there is on the page"),
    **dict.fromkeys(("capitals", "all capitals"), "how many capitals it has"),
    **dict.fromkeys(("digits", "starts digit"), "its digits"),
    **dict.fromkeys(
        ("commas", "punctuation", "question", "quotes", "starts quote", "bars"), "its signs of punctuation"
    ),
    "starts lower": "it begins in small letters",
    "word length": "how long its words are",
    "address": "it holds an address",
    "date": "it holds a date",
    "hidden": "readers do not see it",
}
"""Column → what it tells a reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The figures of the blocks that are worth a closer look."""

    read: Sequence[int]
    """The indices of these blocks. The others are short, not in trafilatura's text, and links or far from it:
    of 2,560 true blocks of 121 news pages they held 22, and three of four blocks of all."""
    rows: NDArray[np.float32]
    """A row for each; what is unknown is -1."""
    columns: tuple[str, ...]
    lists: NDArray[np.intp]
    """For each the container of the list that it is an item of; -1 for what is no item."""
    leads: NDArray[np.bool_]
    """Whether each says that it leads to another story, and most of it is a link."""
    groups: NDArray[np.intp]
    """For each a number that blocks of the same tag and names, here and one step up, have in common."""


def plain_name(column: str) -> str:
    """Return in words what a column is about: several tell the same of a block and of what stands around it.

    >>> plain_name("branch class related"), plain_name("link_share +1"), plain_name("tag p")
    ('names around it say related', 'its neighbours: how much of it is links', 'its element is p')
    """
    name = re.sub(r"^(?:own|near|branch|any|parent|above|main) ", "", column)
    bare = re.sub(r" [+-][12]$", "", name)
    first, _, rest = bare.partition(" ")
    if bare in _PLAIN:
        plain = _PLAIN[bare]
    elif first in _SAYS and rest:
        plain = f"{_SAYS[first]} {rest}"
    elif "kept" in bare or first == "gap":
        plain = "how much of the main text stands there"
    elif first in {"group", "wide"}:
        plain = "what blocks of its kind hold"
    else:
        plain = bare
    return plain if bare == name else f"its neighbours: {plain}"


def describe(measures: BlockMeasures, kept: Sequence[str]) -> Description:
    """Return the figures of a page's blocks, given the lines of somebody's first choice of them."""
    table = _Table(measures, kept)
    columns = table.columns()
    rows = np.array(list(columns.values()), dtype=np.float32).T
    rows[np.isnan(rows)] = -1.0
    return Description(
        read=table.read.tolist(),
        rows=rows,
        columns=tuple(columns),
        lists=np.array([measures.list_of(row) for row in table.read.tolist()], dtype=np.intp),
        leads=(columns["begins related"] > 0) & (columns["link_share"] > _LEADS),
        groups=measures.near[table.read],
    )


class _Table:
    """Columns with a value for each block that is read."""

    def __init__(self, measures: BlockMeasures, kept: Sequence[str]) -> None:
        self.measures = measures
        self.chars = measures.chars
        chosen = ReferenceText(kept)
        self.kept = np.array([chosen.share(folded) for folded in measures.folded])
        self.kept_chars = self.kept * self.chars
        self.sums, self.kept_sums = _sums(self.chars), _sums(self.kept_chars)
        far = self._within(_FAR, np.arange(len(self.kept)))
        aside = (measures.linked > _LINKED) | (far == 0)
        self.read = np.flatnonzero((self.kept > 0) | (measures.lengths >= _SHORT) | ~aside)

    def columns(self) -> Columns:
        """Return every column."""
        measures, read = self.measures, self.read
        markup = {name: column[read] for name, column in measures.markup.items()}
        first = measures.wording_columns(read) | markup | self._shares()
        around = container_places(measures, read, self.kept_chars)
        last = self._totals() | self._groups() | self._place()
        return first | around | last | self._neighbours(first)

    def _totals(self) -> Columns:
        size = len(self.read)
        return {
            "kept chars": np.full(size, max(self.kept_chars.sum(), 1)),
            "page chars": np.full(size, self.chars.sum()),
        }

    def _within(self, reach: int, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the share of the text around each of these blocks that the first choice kept."""
        low, high = np.maximum(rows - reach, 0), np.minimum(rows + reach + 1, len(self.kept))
        around = np.maximum(self.sums[high] - self.sums[low] - self.chars[rows], 1)
        return np.asarray((self.kept_sums[high] - self.kept_sums[low] - self.kept_chars[rows]) / around)

    def _shares(self) -> Columns:
        """Return columns of what stands elsewhere too: in the first choice, the page's titles and data."""
        rows = self.read.tolist()
        words = dict(zip(rows, self.measures.words(rows), strict=True))
        kept = set(np.flatnonzero(self.kept > _KEPT).tolist())
        counts = Counter(chain.from_iterable(words[row] for row in kept))
        shared = {True: {word for word, count in counts.items() if count > 1}, False: counts.keys()}
        return {
            "kept": self.kept[self.read],
            **self.measures.reference_columns(self.read),
            "body words": np.array(
                [len(words[row] & shared[row in kept]) / max(len(words[row]), 1) for row in rows]
            ),
        }

    def _groups(self) -> Columns:
        """Blocks of the same tag and names, here and one step up, are usually kept or dropped together."""
        columns = {}
        for name, keys in (("group", self.measures.near), ("wide group", self.measures.wide)):
            chars, kept = np.bincount(keys, self.chars), np.bincount(keys, self.kept_chars)
            counts, of_read = np.bincount(keys), keys[self.read]
            columns[f"{name} kept share"] = kept[of_read] / np.maximum(chars[of_read], 1)
            columns[f"{name} share of kept"] = kept[of_read] / max(self.kept_chars.sum(), 1)
            columns[f"{name} blocks"] = counts[of_read].astype(float)
            columns[f"{name} mean chars"] = chars[of_read] / counts[of_read]
        return columns

    def _place(self) -> Columns:
        size, index = len(self.kept), self.read
        kept = np.flatnonzero(self.kept > _KEPT)
        strong = np.flatnonzero((self.kept > _KEPT) & (self.chars > _LONG))
        first, last = (kept[0], kept[-1]) if len(kept) else (0, size)
        first_long, last_long = (strong[0], strong[-1]) if len(strong) else (first, last)
        head = next((block.index for block in self.measures.segments.blocks if block.tag == "h1"), np.nan)
        distances = {
            "after first kept": index - first,
            "before last kept": last - index,
            "after first long": index - first_long,
            "before last long": last_long - index,
            "after h1": index - head,
        }
        return {
            **{name: np.minimum(np.maximum(distance, -50.0), 200.0) for name, distance in distances.items()},
            "kept before": self.kept_sums[index] / max(self.kept_chars.sum(), 1),
            "relative place": index / size,
            "blocks": np.full(len(index), float(size)),
            "gap before": _gap(kept, index, forward=False),
            "gap after": _gap(kept, index, forward=True),
            **{f"kept within {reach}": self._within(reach, index) for reach in _REACHES},
        }

    def _neighbours(self, columns: Columns) -> Columns:
        """Return columns of the blocks beside each; of those not read the words are not known."""
        measures, groups = self.measures, self.measures.near
        chars, kept = np.bincount(groups, self.chars), np.bincount(groups, self.kept_chars)
        of_all = measures.markup | {
            "chars": measures.lengths,
            "group kept share": (kept / np.maximum(chars, 1))[groups],
            "same container": measures.containers,
        }
        names = (*_NEAR, *_NEXT, "same container")
        values = np.full((len(names), len(groups) + 4), np.nan)  # two at either end for what is beyond it
        for name, row in zip(names, values, strict=True):
            if name in of_all:
                row[2:-2] = of_all[name]
            else:
                row[2:-2] = 0.0 if name.startswith("phrase") else np.nan
                row[self.read + 2] = columns[name]
        beside = {step: values[:, self.read + (step + 2)] for step in (-2, -1, 0, 1, 2)}
        for step in (-1, 1):
            beside[step][-1] = beside[step][-1] == beside[0][-1]
        return {
            f"{name} {step:+d}": beside[step][at]
            for at, name in enumerate(names)
            for step in ((-2, -1, 1, 2) if name in _NEAR else (-1, 1))
        }


def _sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])


def _gap(kept: NDArray[np.int64], index: NDArray[np.int64], *, forward: bool) -> NDArray[np.float64]:
    if not len(kept):
        return np.full(len(index), 99.0)
    if forward:
        at = np.searchsorted(kept, index, side="right")
        gap = np.where(at < len(kept), kept[np.minimum(at, len(kept) - 1)] - index, 99)
    else:
        at = np.searchsorted(kept, index, side="left") - 1
        gap = np.where(at >= 0, index - kept[np.maximum(at, 0)], 99)
    return np.minimum(gap, 99).astype(float)
