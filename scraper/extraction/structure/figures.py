"""Figures and embeds of a text at their place between its blocks; read by article."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from scraper.extraction.fields.images import PIXEL, caption_and_credit, picture_address
from scraper.text_blocks import BlockKind, TextBlock
from scraper.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Decision
    from scraper.model import Image

_EMBEDS = ("iframe", "video", "audio", "embed", "object")
_APART = frozenset(("aside", "nav", "footer", "article", "form", "noscript", "figure"))
"""A picture that one of these parts from the text is none of the text's."""
_AMONG = 3
"""Steps from a picture up to an element that holds paragraphs of the text: a link, its paragraph, that."""
_NO_ENTRIES: Mapping[HtmlElement, TextBlock] = MappingProxyType({})
_LEAST_SIDE = 2
"""Pixels: what is smaller counts readers."""


def with_figures(
    blocks: Sequence[TextBlock],
    decisions: Sequence[Decision],
    images: Sequence[Image],
    base: str | None,
    entries: Mapping[HtmlElement, TextBlock] = _NO_ENTRIES,
) -> tuple[TextBlock, ...]:
    """Return the blocks of a text with the figures, embeds and entries that stand before or between them.

    A picture outside a figure is one of the text's where the page declares it as the article's, or where it
    stands among the paragraphs.
    """
    elements = [
        decision.block.element
        for decision in decisions
        if decision.kept and decision.block.element is not None
    ]
    if not elements or len(elements) < len(blocks):
        return tuple(blocks)
    places = _Places(elements, {image.url: image for image in images}, base or "", entries)
    made = list(places.found())
    if not made:
        return tuple(blocks)
    # a block of the text may be several of the page: those before it tell how far the text had come
    lines = [at for at, block in enumerate(blocks) for _ in range(block.text.count("\n") + 1)]
    result = list(blocks)
    for after, figure in reversed(made):
        result.insert(lines[after - 1] + 1 if after else 0, figure)
    return tuple(result)


class _Places:
    """Where figures stand among the elements of a text."""

    def __init__(
        self,
        elements: Sequence[HtmlElement],
        images: dict[str, Image],
        base: str,
        entries: Mapping[HtmlElement, TextBlock],
    ) -> None:
        self.entries = entries
        self.base = base
        self.images = images
        self.last: dict[HtmlElement, int] = {}
        for count, element in enumerate(elements, start=1):
            self.last[element] = count
        self.total = len(elements)
        self.holders = {parent for element in self.last if (parent := element.getparent()) is not None}
        self.root = _common(self.last)
        self.seen: set[str] = set()

    def found(self) -> Iterator[tuple[int, TextBlock]]:
        """Yield how many elements of the text stand before a figure, and the figure."""
        count = 0
        tags = {element.tag for element in (*self.last, *self.entries)}
        for element in self.root.iter("figure", "img", *_EMBEDS, *tags):
            if element in self.entries and count < self.total:
                yield count, self.entries[element]
            count = max(count, self.last.get(element, 0))
            if element in self.last:
                continue
            made = self._shown(element) if count < self.total else None
            if made is not None and made.url not in self.seen:
                self.seen.add(made.url or "")
                yield count, made

    def _shown(self, element: HtmlElement) -> TextBlock | None:
        match element.tag:
            case "figure":
                return self._figure(element)
            case "img":
                return self._picture(element)
            case tag if tag in _EMBEDS:
                return self._embed(element)
        return None

    def _figure(self, figure: HtmlElement) -> TextBlock | None:
        picture = next(figure.iter("img"), None)
        if picture is None or self._is_apart(figure):
            return None
        made = self._pictured(picture)
        texts = list(figure.iter("figcaption")) or [figure]
        printed = " ".join(" ".join(part for text in texts for part in text.itertext()).split())
        caption, credit = caption_and_credit(printed)
        return made and replace(made, caption=caption or made.caption, credit=credit or made.credit)

    def _picture(self, picture: HtmlElement) -> TextBlock | None:
        made = self._pictured(picture)
        if made is None or self._is_apart(picture):
            return None
        return made if made.url in self.images or self._is_among(picture) else None

    def _pictured(self, picture: HtmlElement) -> TextBlock | None:
        address = picture_address(picture)
        url = absolute_url(self.base, address) if address else None
        if not _is_shown(picture) or not url or not url.startswith(("http://", "https://")):
            return None
        if PIXEL.search(url):
            return None
        known = self.images.get(url)
        return TextBlock(
            kind=BlockKind.FIGURE,
            url=url,
            caption=known.caption if known else None,
            credit=known.credit if known else None,
        )

    def _embed(self, element: HtmlElement) -> TextBlock | None:
        source = next(element.iter("source"), None)
        own = element.get("src") or element.get("data") or element.get("data-src")
        address = own or (source.get("src") if source is not None else None)
        url = absolute_url(self.base, address) if address else None
        if not url or not url.startswith(("http://", "https://")):
            return None
        if not _is_shown(element) or self._is_apart(element):
            return None
        return TextBlock(kind=BlockKind.EMBED, url=url, caption=(element.get("title") or "").strip() or None)

    def _is_apart(self, element: HtmlElement) -> bool:
        for above in element.iterancestors():
            if above is self.root or above in self.entries:
                return False
            if above.tag in _APART and not (above.tag == "figure" and element.tag in _EMBEDS):
                return True
        return False

    def _is_among(self, picture: HtmlElement) -> bool:
        above = picture
        for _ in range(_AMONG):
            parent = above.getparent()
            if parent is None:
                return False
            above = parent
            if above in self.holders or above in self.last:
                return True
        return False


def _common(elements: Iterable[HtmlElement]) -> HtmlElement:
    """Return the innermost element that holds all others."""
    first, *others = elements
    shared = [first, *first.iterancestors()]
    for element in others:
        around = {element, *element.iterancestors()}
        shared = [each for each in shared if each in around]
    return shared[0]


def _is_shown(element: HtmlElement) -> bool:
    sides = (element.get(name) or "" for name in ("width", "height"))
    return element.get("hidden") is None and not any(
        side.isdecimal() and len(side) < len("1000") and int(side) < _LEAST_SIDE for side in sides
    )
