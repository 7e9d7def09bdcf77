"""Sitemaps and sitemap indexes, the news extension included (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from lxml import etree

from scraper.crawl.addresses import web_address
from scraper.crawl.listings.announced import Announced, Listing
from scraper.model import Hints

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN, _NEWS = frozenset({"loc", "lastmod"}), frozenset({"publication_date", "title", "language"})
"""Fields of an entry, and of its news block."""
_BLOCKS = frozenset({"news", "publication"})
_SITEMAP = re.compile(r"/[^/?]*sitemap[^/?]*\.xml(?:\.gz)?$|\.xml\.gz$", re.IGNORECASE)
"""A sitemap that stands among pages."""
_XML = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)
_INDEX = re.compile(rb"<(?:[\w.-]+:)?sitemapindex[\s>]", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
MAX_URLS = 50_000
"""The limit of the sitemap protocol; what stands behind it is not read."""


def read_sitemap(content: bytes, *, base: str) -> Listing:
    """Return the pages of a sitemap, or the sitemaps of an index; what is broken in it is passed over.

    >>> read_sitemap(b"<urlset><url><loc>/a</loc></url></urlset>", base="https://a.example/").pages[0].url
    'https://a.example/a'
    """
    pages: list[Announced] = []
    listings: list[Announced] = []
    is_index = _INDEX.match(content) is not None
    for element in _entries(content):
        if len(pages) + len(listings) == MAX_URLS:
            break
        found = _announced(element, base)
        if found is not None:
            is_page = not is_index and _local(element) == "url" and not _SITEMAP.search(found.url)
            (pages if is_page else listings).append(found)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    if pages and all(_XML.search(page.url) for page in pages):  # an index that calls itself a sitemap
        pages, listings = [], [*listings, *pages]
    return Listing(pages=tuple(pages), listings=tuple(listings))


def read_text_sitemap(text: str) -> Listing:
    """Return the pages of a sitemap that is plain text, one address a line; other lines are passed over.

    What stands behind white space, such as a date, is no part of the address.
    """
    lines = (line.strip("\ufeff \t\r") for line in text.splitlines())
    urls = list(islice((line.split()[0] for line in lines if _SCHEME.match(line)), MAX_URLS))
    return Listing(pages=tuple(Announced(url=url, hints=Hints(source="sitemap")) for url in urls))


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
    fields: dict[str, str] = {}
    for name, text in _texts(element):
        fields.setdefault(name, text)
    url = web_address(base, fields["loc"]) if "loc" in fields else None
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


def _texts(element: Any, names: frozenset[str] = _OWN) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield name and text of the entry's own fields and of its news block, but not of its pictures."""
    own = _namespace(element)
    for child in element:
        name = _local(child)
        if name in _BLOCKS:
            yield from _texts(child, _NEWS)
        elif name in names and _namespace(child) == own and (text := " ".join((child.text or "").split())):
            yield name, text


def _namespace(element: Any) -> str:  # noqa: ANN401
    tag = element.tag
    return tag.rpartition("}")[0] if isinstance(tag, str) else ""


def _local(element: Any) -> str:  # noqa: ANN401
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
