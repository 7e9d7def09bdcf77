"""Copies of the visible text that a page keeps hidden, such as the one that is printed.

Read by page.document, which takes them out of the tree. What is hidden and says anything else stays: scripts
show panels, and walls hide the only text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from scraper.extraction.page.elsewhere import is_prose
from scraper.extraction.page.reading import names_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Segments

_REPEATED = 2 / 3
"""Of the prose in a hidden element, what the page shows too has at least: a print copy says whence it is,
and a text behind a wall goes on after the paragraph that is shown."""


def hidden_copies(segments: Segments) -> list[HtmlElement]:
    """Return the outermost hidden elements whose prose the page shows too, in its order."""
    prose: dict[HtmlElement, list[int]] = defaultdict(list)
    shown: list[int] = []
    for block, span in zip(segments.blocks, segments.spans, strict=True):
        if not segments.containers[span.container].hidden:
            shown.append(block.index)
        elif is_prose(block, span) and block.element is not None:
            prose[_outermost(block.element)].append(block.index)
    if not prose or not shown:
        return []
    visible = sorted(segments.folded[index] for index in shown)
    return [
        element
        for element, indices in prose.items()
        if not _is_gallery(element, indices) and _repeats(segments, indices, visible)
    ]


def _outermost(element: HtmlElement) -> HtmlElement:
    around = [each for each in (element, *element.iterancestors()) if names_of(each.items())[2]]
    return around[-1]


def _is_gallery(element: HtmlElement, indices: list[int]) -> bool:
    """Tell whether an element has more pictures than paragraphs, which are captions then."""
    return sum(1 for _ in element.iter("img")) > len(indices)


def _repeats(segments: Segments, indices: list[int], visible: list[str]) -> bool:
    """Tell whether most of some blocks are, or begin, a block of the sorted visible ones."""
    texts = [segments.folded[index] for index in indices]
    same = sum(len(text) for text in texts if _begins_one(text, visible))
    return same >= _REPEATED * sum(map(len, texts))


def _begins_one(text: str, visible: list[str]) -> bool:
    at = bisect_left(visible, text)
    return at < len(visible) and visible[at].startswith(text)
