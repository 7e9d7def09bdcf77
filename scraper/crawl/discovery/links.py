"""Pages that link to articles: a home page, a section."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.crawl.discovery.announced import Announced, Listing
from scraper.extract.page.document import parse
from scraper.model import Hints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.model import Page, Site

MAX_LINKS = 5_000
"""A page with more is an archive of its own; what stands behind is not read."""
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}


def read_links(page: Page, site: Site) -> Listing:
    """Return the links of a page with their texts, each address once, and the feeds that its head names."""
    tree = parse(page, site).tree
    if tree is None:
        return Listing()
    base = _base(tree, page.url or "")
    texts: dict[str, str] = {}
    for element in tree.iter("a"):
        url = _absolute(base, element.get("href"))
        if url is None or len(texts) == MAX_LINKS:
            continue
        text = " ".join("".join(element.itertext()).split())  # the longest text is the headline
        texts[url] = max(texts.get(url, ""), text, key=len)
    return Listing(
        pages=tuple(Announced(url=url, text=text) for url, text in texts.items()),
        listings=tuple(Announced(url=url, hints=Hints(source="feed")) for url in _feeds(tree, base)),
    )


def _base(tree: HtmlElement, url: str) -> str:
    found = next((element.get("href") for element in tree.iter("base")), None)
    return _absolute(url, found) or url


def _feeds(tree: HtmlElement, base: str) -> Iterator[str]:
    for element in tree.iter("link"):
        kind = (element.get("type") or "").strip().lower()
        if kind in _FEED_TYPES and "alternate" in (element.get("rel") or "").lower().split():
            url = _absolute(base, element.get("href"))
            if url is not None:
                yield url


def _absolute(base: str, href: str | None) -> str | None:
    """Return the address without its fragment, or None if it is no page of the web.

    >>> _absolute("https://a.example/b/", "../c#d"), _absolute("https://a.example/", "mailto:e@a.example")
    ('https://a.example/c', None)
    """
    try:
        parts = urlsplit(urljoin(base, (href or "").strip()))
    except ValueError:
        return None
    if not href or parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return parts._replace(fragment="").geturl()
