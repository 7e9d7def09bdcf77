"""The pictures of an article: the lead image first, with caption and credit apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extraction.fields.candidates import Finding, finding
from scraper.extraction.page import jsonld
from scraper.model import Image
from scraper.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.blocks import Decision

_MAX = 20
_CREDIT = re.compile(
    r"(?:\A|(?<=[.!?)»”\"]))\s*[|(\[]?\s*(?:(?:photos?|foto(?:s|grafie)?|bild(?:er)?|image|picture|"
    r"crédits?(?: photo)?|credit|quelle|source|fuente|"
    r"fotografía|kuva|copyright|фото|photograph(?: by)?)\s*(?:credit|by|courtesy(?: of)?)?\s*[::/]|©|"
    r"\(c\))\s*(?P<credit>[^\n]{2,100}?)\s*[)\]]?\s*\Z"
    r"|[(\[](?P<bracketed>[^()\[\]]{2,80}(?:/|via|photo|images|foto)[^()\[\]]{0,60})[)\]]\s*\Z",
    re.IGNORECASE,
)
_SIZES = re.compile(r"[-_]?\d+x\d+|[-_@]\d+[wx]?(?=\.)|\.\w{3,4}$")
PIXEL = re.compile(
    r"\.svg(?:$|\?)|/(?:logo|icon|sprite|spacer|pixel|avatar|placeholder)s?[./_-]|^data:", re.IGNORECASE
)


def find_images(context: FieldContext, decisions: Sequence[Decision]) -> tuple[Finding, ...]:
    """Return one finding that holds every picture, or none."""
    found: dict[str, tuple[str, Image]] = {}
    base = context.document.page.url or ""
    has_figures = any(container.tag == "figure" for container in context.document.segments.containers)
    for source, image in (*_declared(context), *(_figures(decisions) if has_figures else ())):
        url = absolute_url(base, image.url)
        if url is None or not url.startswith(("http://", "https://")) or PIXEL.search(url):
            continue
        key = _key(url)
        known = found.get(key)
        merged = image if known is None else known[1]
        found[key] = (
            known[0] if known else source,
            Image(
                url=known[1].url if known else url,
                caption=merged.caption or image.caption,
                credit=merged.credit or image.credit,
            ),
        )
    if not found:
        return ()
    images = tuple(image for _, image in found.values())[:_MAX]
    source = next(iter(found.values()))[0]
    item = finding(source, images[0].url, images, 0.9)
    return (
        Finding(
            source=item.source,
            raw=item.raw,
            value=item.value,
            score=item.score,
            won=True,
            why="the lead image's source",
        ),
    )


def _key(url: str) -> str:
    """Return what the sizes of one picture have in common: its file's name."""
    name = urlsplit(url).path.rsplit("/", 1)[-1].lower()
    return _SIZES.sub("", name) or url


def _declared(context: FieldContext) -> Iterator[tuple[str, Image]]:
    harvest = context.harvest
    for item in jsonld._items(context.node("image")):  # noqa: SLF001
        if isinstance(item, str):
            yield "json-ld", Image(url=item)
        elif isinstance(item, dict):
            for url in jsonld.texts(item.get("url") or item.get("contentUrl"), ("@id", "url"))[:1]:
                caption = jsonld.text(item.get("caption") or item.get("description"))
                credit = jsonld.text(
                    item.get("creditText") or item.get("creator") or item.get("copyrightHolder")
                )
                yield "json-ld", Image(url=url, caption=caption, credit=credit)
    alt = harvest.meta.get("og:image:alt") or harvest.meta.get("twitter:image:alt") or (None,)
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        for value in harvest.meta.get(name, ())[:3]:
            yield f"meta:{name}", Image(url=value, caption=alt[0])
    for value in harvest.links.get("image_src", ())[:1]:
        yield "html:link[rel=image_src]", Image(url=value)


def _figures(decisions: Sequence[Decision]) -> Iterator[tuple[str, Image]]:
    """Yield the pictures of the figures that stand between the first and the last block of the body."""
    kept = [index for index, decision in enumerate(decisions) if decision.kept]
    if not kept:
        return
    seen: set[HtmlElement] = set()
    for decision in decisions[max(0, kept[0] - 6) : kept[-1] + 1]:
        figure = _figure(decision.block.element)
        if figure is None or figure in seen:
            continue
        seen.add(figure)
        caption, credit = caption_and_credit(" ".join(" ".join(figure.itertext()).split()))
        for picture in figure.iter("img"):
            if url := picture_address(picture):
                yield "html:figure", Image(url=url, caption=caption, credit=credit)
                break


def _figure(element: HtmlElement | None) -> HtmlElement | None:
    for _ in range(6):
        if element is None or element.tag == "figure":
            return element
        element = element.getparent()
    return None


def picture_address(picture: HtmlElement) -> str:
    """Return the address of an img as it stands there, '' for none: that of one which is loaded late too."""
    url: str = picture.get("src") or ""
    if url and not url.startswith("data:"):
        return url
    late = picture.get("data-src") or picture.get("data-lazy-src")
    return late or (picture.get("srcset") or "").split(" ")[0]


def caption_and_credit(text: str) -> tuple[str | None, str | None]:
    """Return a caption without the credit at its end, and the credit without its label.

    >>> caption_and_credit("The bridge at Aville. Photo: Ada Quill/Examiner")
    ('The bridge at Aville.', 'Ada Quill/Examiner')
    """
    text = text[:1000].strip()
    match = _CREDIT.search(text)
    if match is None:
        return text or None, None
    credit = (match["credit"] or match["bracketed"] or "").strip(" .|") or None
    return text[: match.start()].strip(" |–-") or None, credit
