"""RSS 0.9 to 2.0, RDF and Atom feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from scraper.crawl.discovery.announced import Announced, Listing
from scraper.model import Hints
from scraper.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Iterator

_PUBLISHED = ("pubDate", "published", "issued", "date")
_MODIFIED = ("updated", "modified")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_feed(content: bytes, *, base: str) -> Listing:
    """Return the pages of a feed; damage in it is mended as far as libxml2 can.

    >>> feed = b"<rss><channel><item><link>/a</link><title>A</title></item></channel></rss>"
    >>> read_feed(feed, base="https://a.example/").pages[0].hints.title
    'A'
    """
    parser = etree.XMLParser(
        recover=True, huge_tree=False, resolve_entities=False, no_network=True, load_dtd=False
    )
    root = etree.fromstring(content, parser=parser)
    if root is None:
        return Listing()
    language = root.get(_XML_LANG) or next((text for text in _named(root, "language")), None)
    items = (element for element in root.iter("{*}item", "{*}entry"))
    found = (_announced(item, base, language) for item in items)
    return Listing(pages=tuple(page for page in found if page is not None))


def _announced(item: Any, base: str, language: str | None) -> Announced | None:  # noqa: ANN401 - lxml has no stubs here
    location = _link(item)
    url = absolute_url(base, location) if location else None
    if url is None:
        return None
    published = next((text for name in _PUBLISHED for text in _named(item, name)), None)
    modified = next((text for name in _MODIFIED for text in _named(item, name)), None)
    hints = Hints(
        source="feed",
        title=next(_named(item, "title"), None),
        published=published,
        modified=modified,
        language=item.get(_XML_LANG) or language,
        authors=tuple(_authors(item)),
    )
    return Announced(url=url, hints=hints)


def _link(item: Any) -> str | None:  # noqa: ANN401
    """Return the page's address: the one that a feed service replaced, then link, then a guid that is one."""
    if original := next(_named(item, "origLink"), None):
        return original
    for element in _children(item, "link"):
        if element.get("rel", "alternate") == "alternate":
            text = (element.text or "").strip() or element.get("href", "").strip()
            if text:
                return str(text)
    guids = (guid for guid in _children(item, "guid") if guid.get("isPermaLink", "true") != "false")
    texts = ((guid.text or "").strip() for guid in guids)
    return next((text for text in texts if text.startswith(("http://", "https://"))), None)


def _authors(item: Any) -> Iterator[str]:  # noqa: ANN401
    yield from _named(item, "creator")
    for author in _children(item, "author"):
        yield from _named(author, "name")


def _children(element: Any, name: str) -> Iterator[Any]:  # noqa: ANN401
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname == name:
            yield child


def _named(element: Any, name: str) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts of the children of this name; for the root also those of its channel."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        local = etree.QName(child).localname
        if local == name and (text := " ".join("".join(child.itertext()).split())):
            yield text
        elif local == "channel":
            yield from _named(child, name)
