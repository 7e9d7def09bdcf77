"""Pages that link to articles: a home page, a section."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.crawl.addresses import belongs, is_article
from scraper.crawl.listings.announced import Announced, Listing
from scraper.crawl.listings.data_links import data_links
from scraper.extraction.page.document import parse
from scraper.link_header import links_of
from scraper.model import Hints
from scraper.urls import web_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.model import Page, Site

MAX_LINKS = 5_000
"""A page with more is an archive of its own; what stands behind is not read."""
_FEED_TYPE = re.compile(
    r"(?:application|text)/(?:(?:x\.|x-)?(?:rss|atom|rdf)(?:\+xml)?|feed\+json|xml)$", re.IGNORECASE
)
_JSON = "application/json"
"""Of feeds, and of what programs ask for beside a page."""
_XML = re.compile(r"\.xml(?:\?|$)", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:feeds?|rss|atom)(?:[/.?]|$)|[/._-](?:rss|atom|feed)\.(?:xml|json|php|aspx?)$|[?&]feed=|\.(?:rss|rdf|atom)$",
    re.IGNORECASE,
)
_FEED_TEXT = re.compile(r"\b(?:rss|atom|xml[ -]feed|news ?feed)\b", re.IGNORECASE)
_MOST_LINKED_FEEDS = 10
"""Linked from the body of a page whose head names none: pages of feeds list hundreds."""
_FEED_SCHEME = re.compile(r"^feed:(?=//|https?:)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s]+)", re.IGNORECASE)


def read_links(page: Page, site: Site) -> Listing:
    """Return the links of a page with their texts, each address once, and the listings that it names.

    Those are the feeds of its head and its Link headers, else those that it links; and where it sends its
    readers: frames, a refresh.
    """
    tree = parse(page, site).tree
    if tree is None:
        return Listing()
    base = _base(tree, page.url or "")
    texts: dict[str, str] = {}
    linked: dict[str, None] = {}
    is_of_feeds = _FEED_PATH.search(page.url or "") is not None
    for element in tree.iter("a", "area"):
        url = _absolute(base, element.get("href"))
        if url is None or len(texts) == MAX_LINKS:
            continue
        text = " ".join("".join(element.itertext()).split()) or " ".join((element.get("alt") or "").split())
        texts[url] = max(texts.get(url, ""), text, key=len)  # the longest text is the headline
        is_listed = is_of_feeds and _XML.search(url) is not None
        if is_listed or _FEED_PATH.search(url) or _FEED_TEXT.search(text[:60]):
            linked[url] = None
    if not any(is_article(url, site, text=text) for url, text in texts.items()):
        for address, text in islice(data_links(tree), MAX_LINKS):
            if url := _absolute(base, address):
                texts[url] = max(texts.get(url, ""), text, key=len)
    feeds = [*_feeds(tree, base), *_linked_feeds(page, base)]
    own = [url for url in linked if belongs(url, site)][:_MOST_LINKED_FEEDS]
    named = [(url, "feed") for url in dict.fromkeys(feeds or own)]
    frames = ("frame",) if texts else ("frame", "iframe")  # a page that is nothing but another one
    named += [(url, "section") for url in dict.fromkeys(_onward(tree, base, frames))]
    return Listing(
        pages=tuple(Announced(url=url, text=text) for url, text in texts.items()),
        listings=tuple(Announced(url=url, hints=Hints(source=kind)) for url, kind in named),
    )


def _linked_feeds(page: Page, base: str) -> Iterator[str]:
    """Yield the feeds that the Link headers of an answer name."""
    for link in links_of(page.headers):
        kind = link.parameters.get("type", "").strip().lower()
        url = _absolute(base, link.address)
        if url and _FEED_TYPE.match(kind) and "alternate" in link.parameters.get("rel", "").lower().split():
            yield url


def _onward(tree: HtmlElement, base: str, frames: tuple[str, ...]) -> Iterator[str]:
    """Yield the addresses of frames, and of the page that a meta refresh leads to."""
    for element in tree.iter(*frames):
        if (url := _absolute(base, element.get("src"))) is not None:
            yield url
    for element in tree.iter("meta"):
        if (element.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.match(element.get("content") or "")
            if found and (url := _absolute(base, found[1])) and url != base:
                yield url


def _base(tree: HtmlElement, url: str) -> str:
    found = next((element.get("href") for element in tree.iter("base")), None)
    return _absolute(url, found) or url


def _feeds(tree: HtmlElement, base: str) -> Iterator[str]:
    for element in tree.iter("link"):
        if _is_feed(element):
            url = _absolute(base, element.get("href"))
            if url is not None:
                yield url


def _is_feed(link: HtmlElement) -> bool:
    """Return whether a link leads to a feed: by its type, else by its name or address."""
    kind = (link.get("type") or "").partition(";")[0].strip()
    rel = (link.get("rel") or "").lower().split()
    is_called_one = _FEED_TEXT.search(link.get("title") or "") or _FEED_PATH.search(link.get("href") or "")
    if "feed" in rel or ("alternate" in rel and _FEED_TYPE.match(kind)):
        return True
    return "alternate" in rel and not link.get("hreflang") and kind in {"", _JSON} and bool(is_called_one)


def _absolute(base: str, href: str | None) -> str | None:
    """Return the address without its fragment, or None if it is no page of the web.

    >>> _absolute("https://a.example/b/", "../c#d"), _absolute("https://a.example/", "mailto:e@a.example")
    ('https://a.example/c', None)
    """
    address = _FEED_SCHEME.sub("", (href or "").strip())
    address = address.replace("\\", "/") if "\\" in address else address  # as browsers read it
    try:
        parts = urlsplit(urljoin(base, address))
    except ValueError:
        return None
    if not href or parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return web_url(parts._replace(fragment="").geturl())
