"""Measures of each block of a page (words, links, class names) that need no guess at the body.

Taken once a page; read by body.features, which may describe a page twice, from another first choice.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scraper.extract.words.lexicon import lexicon
from scraper.extract.words.wording import (
    TEXT_MEASURES,
    letters_of_lines,
    measure_length,
    measure_text,
    tokenize,
    vocabulary,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from scraper.extract.page.blocks import Segments

    Columns = dict[str, NDArray[np.float64]]

_TAGS = ("p", "h1", "h2", "h3", "h4", "li", "div", "tr", "figcaption", "blockquote", "section")
_ITEMS = ("li", "tr")
_OPENING = ("related", "caption", "byline")
"""Kinds of phrases that tell more where a block begins with one."""
_LONGEST = 5_000
"""Letters of a block that count: no paragraph is longer, and a wall of bait must not outweigh an article."""
_READ = 120
"""Characters at the start of a block where boilerplate says what it is."""


class Wording(NamedTuple):
    """What the words of a block tell."""

    figures: Sequence[float]
    """Those of wording.TEXT_MEASURES."""
    counts: Sequence[float]
    """How often each kind of phrase, in the order of the lexicon, stands in its first _READ characters."""
    begins: Sequence[float]
    """1 for each kind of phrase that it begins with."""
    words: AbstractSet[str]


class BlockMeasures:
    """The measures of a page's blocks."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self.texts = [block.text for block in segments.blocks]
        self.folded = letters_of_lines(self.texts)
        self.size = np.array([len(text) for text in self.texts], dtype=float)
        self.lengths = np.array([measure_length(text) for text in self.texts], dtype=float)
        self.chars = np.array([min(measure_length(text), _LONGEST) for text in self.folded], dtype=float)
        self.linked = np.array([span.linked for span in segments.spans]) / self.size
        kinds = [(container.tag, container.names) for container in segments.containers]
        own = [span.container for span in segments.spans]
        above = [max(segments.containers[at].parent, 0) for at in own]
        self.wide = _numbered([kinds[at] for at in own])
        self.near = _numbered([(kinds[at], kinds[up]) for at, up in zip(own, above, strict=True)])
        self._wordings: dict[int, Wording] = {}

    @cached_property
    def markup(self) -> Columns:
        """What the elements of all blocks tell."""
        spans, repeats = self.segments.spans, Counter(self.folded)
        tags = np.array([block.tag for block in self.segments.blocks])
        return {
            "link_share": self.linked,
            "links": np.array([span.links for span in spans], dtype=float),
            "strong_share": np.array([span.strong for span in spans]) / self.size,
            "repeats": np.array([repeats[folded] for folded in self.folded], dtype=float),
            **{f"tag {tag}": (tags == tag).astype(float) for tag in _TAGS},
        }

    def list_of(self, row: int) -> int:
        """Return the container of the list that a block is an item of; -1 for what is no item."""
        container = self.segments.containers[self.segments.spans[row].container]
        return container.parent if container.tag in _ITEMS else -1

    def wording(self, rows: Sequence[int]) -> list[Wording]:
        """Return what the words of these blocks tell."""
        missing = [row for row in rows if row not in self._wordings]
        kinds = len(lexicon().phrases)
        counts, begins = [[0.0] * kinds for _ in missing], [[0.0] * kinds for _ in missing]
        for line, kind, start in lexicon().find([self.texts[row][:_READ].lower() for row in missing]):
            counts[line][kind] += 1
            if start == 0:
                begins[line][kind] = 1.0
        for row, count, begin in zip(missing, counts, begins, strict=True):
            tokens = tokenize(self.texts[row])
            figures = measure_text(self.texts[row], tokens)
            self._wordings[row] = Wording(figures, count, begin, vocabulary(tokens))
        return [self._wordings[row] for row in rows]

    def wording_columns(self, rows: NDArray[np.intp]) -> Columns:
        """Return columns for all blocks of what the words of these tell.

        The others have no figures, and no phrase.
        """
        names, found = tuple(lexicon().phrases), self.wording(rows.tolist())
        figures = np.full((len(TEXT_MEASURES), len(self.texts)), np.nan)
        counts, begins = np.zeros((2, len(names), len(self.texts)))
        figures[:, rows] = np.transpose([said.figures for said in found])
        counts[:, rows] = np.transpose([said.counts for said in found])
        begins[:, rows] = np.transpose([said.begins for said in found])
        columns = dict(zip(TEXT_MEASURES, figures, strict=True)) | {"chars": self.lengths}
        columns |= {f"phrase {name}": column for name, column in zip(names, counts, strict=True)}
        return columns | {f"begins {name}": begins[names.index(name)] for name in _OPENING}


def _numbered(keys: Sequence[Hashable]) -> NDArray[np.intp]:
    """Return equal numbers for equal keys."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)
