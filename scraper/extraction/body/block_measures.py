"""Measures of each block of a page (words, links, class names) that need no guess at the body.

Taken once a page; read by body.features, which may describe a page twice, from another first choice.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.words.lexicon import lexicon
from scraper.extraction.words.spelling import lowered
from scraper.extraction.words.wording import (
    TEXT_MEASURES,
    ReferenceText,
    letters,
    measure_lengths,
    measure_texts,
    read_words,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from scraper.extraction.body.reference_texts import ReferenceTexts
    from scraper.extraction.page.blocks import Segments

    Columns = dict[str, NDArray[np.float64]]

_TAGS = {
    tag: number
    for number, tag in enumerate(
        ("p", "h1", "h2", "h3", "h4", "li", "div", "tr", "figcaption", "blockquote", "section")
    )
}
_ITEMS = ("li", "tr")
_OPENING = ("related", "caption", "byline")
"""Kinds of phrases that tell more where a block begins with one."""
_LONGEST = 5_000
"""Letters of a block that count: no paragraph is longer, and a wall of bait must not outweigh an article."""
_REFERENCES = ("in articleBody", "is title", "in description", "title words")
_SHORTEST_BODY = 400
"""Letters: a shorter articleBody in JSON-LD is a summary."""
_SHORTEST_PART = 20
"""Letters of a block that may be part of a title."""
_READ = 120
"""Characters at the start of a block where boilerplate says what it is."""


class BlockMeasures:
    """The measures of a page's blocks."""

    def __init__(self, segments: Segments, references: ReferenceTexts) -> None:
        self.segments = segments
        self._references = _References(references)
        self.texts = [block.text for block in segments.blocks]
        self.folded = segments.folded
        self.size = np.array([len(text) for text in self.texts], dtype=float)
        self.lengths = np.array(segments.lengths, dtype=float)
        is_spaced = (self.lengths == self.size).all()  # so are the letters of a text
        lengths = list(map(len, self.folded)) if is_spaced else measure_lengths(self.folded)
        self.chars = np.minimum(np.array(lengths, dtype=float), _LONGEST)
        self.containers = np.array([span.container for span in segments.spans], dtype=np.intp)
        self.linked_size = np.array([span.linked for span in segments.spans], dtype=float)
        self.linked = self.linked_size / self.size
        kinds = _numbered([(container.tag, container.names) for container in segments.containers])
        parents = np.array([max(container.parent, 0) for container in segments.containers], dtype=np.intp)
        above = kinds[parents[self.containers]]
        self.wide = kinds[self.containers]
        self.near = _numbered((self.wide * len(kinds) + above).tolist())
        # of the blocks whose words were read
        self._words: dict[int, AbstractSet[str]] = {}
        self._figures = np.full((len(TEXT_MEASURES), len(self.texts)), np.nan)
        self._counts, self._begins = np.zeros((2, len(lexicon().phrases), len(self.texts)))
        self._shares = np.full((len(_REFERENCES), len(self.texts)), np.nan)

    @cached_property
    def markup(self) -> Columns:
        """What the elements of all blocks tell."""
        spans, repeats = self.segments.spans, Counter(self.folded)
        tags = np.array([_TAGS.get(block.tag, -1) for block in self.segments.blocks])
        return {
            "link_share": self.linked,
            "links": np.array([span.links for span in spans], dtype=float),
            "strong_share": np.array([span.strong for span in spans]) / self.size,
            "repeats": np.array([repeats[folded] for folded in self.folded], dtype=float),
            **{f"tag {tag}": (tags == number).astype(float) for tag, number in _TAGS.items()},
        }

    def list_of(self, row: int) -> int:
        """Return the container of the list that a block is an item of; -1 for what is no item."""
        container = self.segments.containers[self.segments.spans[row].container]
        return container.parent if container.tag in _ITEMS else -1

    def words(self, rows: Sequence[int]) -> list[AbstractSet[str]]:
        """Return the vocabulary of each of these blocks."""
        self._read(rows)
        return [self._words[row] for row in rows]

    def wording_columns(self, rows: NDArray[np.intp]) -> Columns:
        """Return columns of what the words of these blocks tell, with a value for each of them."""
        self._read(rows.tolist())
        counts, begins = self._counts[:, rows], self._begins[:, rows]
        names = tuple(lexicon().phrases)
        columns = dict(zip(TEXT_MEASURES, self._figures[:, rows], strict=True))
        columns["chars"] = self.lengths[rows]
        columns |= {f"phrase {name}": column for name, column in zip(names, counts, strict=True)}
        return columns | {f"begins {name}": begins[names.index(name)] for name in _OPENING}

    def reference_columns(self, rows: NDArray[np.intp]) -> Columns:
        """Return columns of how much of each of these blocks stands in the page's titles and data."""
        self._read(rows.tolist())
        return dict(zip(_REFERENCES, self._shares[:, rows], strict=True))

    def _read(self, rows: Sequence[int]) -> None:
        """Take the figures of the words of these blocks, where that was not done."""
        missing = [row for row in rows if row not in self._words]
        if not missing:
            return
        texts = [self.texts[row] for row in missing]
        words = [read_words(text) for text in texts]
        self._words.update((row, said.vocabulary()) for row, said in zip(missing, words, strict=True))
        self._shares[:, missing] = np.transpose(
            [self._references.shares(self.folded[row], self._words[row]) for row in missing]
        )
        self._figures[:, missing] = measure_texts(texts, words)
        for line, kind, start in lexicon().find([lowered(text[:_READ]) for text in texts]):
            self._counts[kind, missing[line]] += 1
            if start == 0:
                self._begins[kind, missing[line]] = 1.0


class _References:
    """What the page says of its article, folded."""

    def __init__(self, references: ReferenceTexts) -> None:
        self.body = ReferenceText([references.article_body])
        self.descriptions = ReferenceText(references.descriptions)
        self.titles = frozenset(letters(title) for title in references.titles)
        self.all_titles = "\n".join(self.titles)
        self.words = {word for title in references.titles for word in read_words(title).vocabulary()}

    def shares(self, folded: str, words: AbstractSet[str]) -> tuple[float, ...]:
        """Return the values of _REFERENCES of a block."""
        is_part = len(folded) > _SHORTEST_PART
        return (
            self.body.share(folded) if self.body.size > _SHORTEST_BODY else np.nan,
            folded in self.titles or (is_part and folded in self.all_titles),
            self.descriptions.share(folded),
            len(words & self.words) / max(len(words), 1),
        )


def _numbered(keys: Sequence[Hashable]) -> NDArray[np.intp]:
    """Return equal numbers for equal keys."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)
