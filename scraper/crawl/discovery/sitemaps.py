"""Sitemaps and sitemap indexes, the news extension included (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from scraper.crawl.discovery.announced import Announced, Listing
from scraper.model import Hints
from scraper.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_URLS = 50_000
"""The limit of the sitemap protocol; what stands behind it is not read."""


def read_sitemap(content: bytes, *, base: str) -> Listing:
    """Return the pages of a sitemap, or the sitemaps of an index; what is broken in it is passed over.

    >>> read_sitemap(b"<urlset><url><loc>/a</loc></url></urlset>", base="https://a.example/").pages[0].url
    'https://a.example/a'
    """
    pages: list[Announced] = []
    listings: list[Announced] = []
    for element in _entries(content):
        if len(pages) + len(listings) == MAX_URLS:
            break
        found = _announced(element, base)
        if found is not None:
            (pages if _local(element) == "url" else listings).append(found)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return Listing(pages=tuple(pages), listings=tuple(listings))


def read_text_sitemap(content: bytes) -> Listing:
    """Return the pages of a sitemap that is plain text, one address a line."""
    lines = content.decode("utf-8", "replace").splitlines()
    urls = [line.strip() for line in lines if line.startswith(("http://", "https://"))]
    return Listing(pages=tuple(Announced(url=url, hints=Hints(source="sitemap")) for url in urls[:MAX_URLS]))


def _entries(content: bytes) -> Iterator[Any]:
    """Yield the elements of the entries, one at a time, without a tree of the whole; nothing is fetched."""
    parser = etree.iterparse(
        BytesIO(content),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        huge_tree=False,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in parser:
            yield element
    except etree.XMLSyntaxError:  # what came before the damage is good
        return


def _announced(element: Any, base: str) -> Announced | None:  # noqa: ANN401 - lxml's elements have no stubs here
    fields = {name: text for name, text in _texts(element) if text}
    url = absolute_url(base, fields["loc"]) if "loc" in fields else None
    if url is None:
        return None
    hints = Hints(
        source="sitemap",
        title=fields.get("title"),
        published=fields.get("publication_date"),
        modified=fields.get("lastmod"),
        language=fields.get("language"),
    )
    return Announced(url=url, hints=hints)


def _texts(element: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield name and text of the entry's own fields and of its news block, but not of its pictures."""
    for child in element:
        name = _local(child)
        if name in {"news", "publication"}:
            yield from _texts(child)
        elif name in {"loc", "lastmod", "publication_date", "title", "language"}:
            yield name, " ".join((child.text or "").split())


def _local(element: Any) -> str:  # noqa: ANN401
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
