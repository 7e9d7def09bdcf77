"""What a page says of its article beside the text: titles, descriptions, the body in its JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extraction.page.blocks import Segments
    from scraper.extraction.page.markup import Harvest

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_MOST_TITLES = 4
"""Of title and h1 elements."""


_PARAGRAPH = 80
"""Length of a block that is prose, where less than half of it is linked."""
_LONGEST = 1_000
"""Characters of a block that count: few paragraphs are longer; a wall of bait is not most of the prose."""
_MAIN = 0.6
"""Share of a page's prose that its main container holds at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceTexts:
    """Texts that tell which blocks are the body, or are not."""

    titles: Sequence[str] = ()
    descriptions: Sequence[str] = ()
    article_body: str = ""
    """Of its JSON-LD; empty where there is none."""


def find_reference_texts(harvest: Harvest) -> ReferenceTexts:
    """Return the references of a page."""
    marked = [mark.text for mark in (*harvest.titles[:1], *harvest.headings)[:_MOST_TITLES]]
    stated = [title for name in _TITLES for title in harvest.meta.get(name, ())]
    return ReferenceTexts(
        titles=[title for title in (*marked, *stated) if title],
        descriptions=[text for name in _DESCRIPTIONS for text in harvest.meta.get(name, ())],
        article_body=harvest.article_body,
    )


def main_prose(segments: Segments) -> list[str]:
    """Return the lines that the innermost container of most of the prose holds, without those of links."""
    prose = list(accumulate(_prose(segments), initial=0))
    if not prose[-1]:
        return []
    least = _MAIN * prose[-1]
    holders = [
        container
        for container in segments.containers
        if prose[container.last] - prose[container.first] >= least
    ]
    main = holders[-1]  # each holds more than half, so that they lie in one another
    return [
        block.text
        for block, span in zip(segments.blocks, segments.spans, strict=True)
        if main.first <= block.index < main.last and span.linked * 2 < len(block.text)
    ]


def _prose(segments: Segments) -> list[int]:
    return [
        min(size, _LONGEST) if size >= _PARAGRAPH and span.linked * 2 < len(block.text) else 0
        for size, block, span in zip(segments.lengths, segments.blocks, segments.spans, strict=True)
    ]
