"""Boxes within or below a text that a heading or their names tell from it: comments, paywalls, appeals.

Read by body.rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.page.reading import HEADINGS
from scraper.extraction.words.lexicon import lexicon
from scraper.extraction.words.phrases import PAYWALL, plain

if TYPE_CHECKING:
    from scraper.extraction.body.features import Description
    from scraper.extraction.page.blocks import Segments

    Spans = list[tuple[int, int]]
    """First blocks, and those behind the last ones."""

_SHORT_HEADING = 60
"""Length of a heading that only says what follows."""
_TEXT_ABOVE = 200
"""Length of prose above a box: a page may be nothing but comments."""
_APPEAL_WORDS = 80
_APPEALS = frozenset({"div", "aside", "section", "form"})
_EMBEDDED_POST = "wp-embedded-content"
"""How WordPress names a link that a script turns into a card of another post."""


def find_threads(segments: Segments, described: Description) -> Spans:
    """Return the spans of what follows a heading that says that comments follow."""
    said = described.rows[:, described.columns.index("phrase comment")] > 0
    heads = [described.read[row] for row in np.flatnonzero(said).tolist()]
    return _headed(segments, heads)


def find_walls(segments: Segments, described: Description) -> Spans:
    """Return the spans of boxes whose heading says that the text goes on for those who pay."""
    heads = [
        index
        for index in described.read
        if _is_short_heading(segments, index) and PAYWALL.search(plain(segments.blocks[index].text))
    ]
    return [(first - 1, last) for first, last in _headed(segments, heads, is_beside=False)]


def find_appeals(segments: Segments, described: Description) -> Spans:
    """Return the spans of boxes for a newsletter, by their names and their words, and of cards of posts."""
    asks = described.rows[:, described.columns.index("phrase newsletter")] > 0
    asking = np.zeros(len(segments.blocks) + 1, dtype=bool)
    asking[np.array(described.read, dtype=np.intp)[asks]] = True
    bit = 1 << lexicon().class_kinds.index("newsletter")
    return [
        (container.first, container.last)
        for container in segments.containers
        if _EMBEDDED_POST in container.names
        or (
            container.words & bit
            and container.tag in _APPEALS
            and asking[container.first : container.last].any()
            and sum(segments.words[container.first : container.last]) <= _APPEAL_WORDS
        )
    ]


def _headed(segments: Segments, heads: list[int], *, is_beside: bool = True) -> Spans:
    """Return the spans that begin right behind short headings: the part beside one, or the rest of its own.

    Of the latter the heading must be the first block, and a text must stand above.
    """
    found: Spans = []
    for index in heads:
        if not _is_short_heading(segments, index):
            continue
        heading = segments.containers[segments.spans[index].container]
        beside = next(
            (
                container
                for container in segments.containers
                if container.parent == heading.parent
                and container.first == index + 1
                and container.last - container.first > 1
            ),
            None,
        )
        around = segments.containers[heading.parent] if heading.parent >= 0 else None
        if beside and is_beside:
            found.append((beside.first, beside.last))
        elif around and around.first == index and around.last - index > 1 and _text_above(segments, index):
            found.append((index + 1, around.last))
    return found


def _is_short_heading(segments: Segments, index: int) -> bool:
    return segments.blocks[index].tag in HEADINGS and segments.lengths[index] <= _SHORT_HEADING


def _text_above(segments: Segments, index: int) -> bool:
    """Tell whether a text stands above a block, be it of short paragraphs."""
    sizes = (
        segments.lengths[at]
        for at, span in enumerate(segments.spans[:index])
        if 2 * span.linked < segments.lengths[at]
    )
    return sum(sizes) >= _TEXT_ABOVE
