"""RSS 0.9 to 2.0, RDF and Atom feeds, read by feedparser, and JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import html
import json
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.crawl.addresses import belongs, web_address
from scraper.crawl.listings.announced import Announced, Listing
from scraper.errors import InputError
from scraper.model import Hints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Site

_WEB = ("http://", "https://")
_HTML = {"text/html", "application/xhtml+xml", ""}
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")


def read_feed(content: bytes, *, base: str, site: Site) -> Listing:
    """Return the pages of a feed in UTF-8, mended already; the site tells its own addresses from others.

    >>> from scraper.model import Site
    >>> feed = b"<rss><channel><item><link>/a</link><title>A</title></item></channel></rss>"
    >>> read_feed(feed, base="https://a.example/", site=Site(name="a")).pages[0].hints.title
    'A'
    """
    import feedparser  # 60 ms, which only a worker that reads a feed takes

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    feed = feedparser.parse(
        BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    is_atom = str(feed.get("version", "")).startswith("atom")
    language = dict.get(feed.feed, "language")
    found = (_announced(entry, base, site, language, is_atom=is_atom) for entry in feed.entries)
    return Listing(pages=tuple(page for page in found if page is not None))


def _announced(
    entry: Any,  # noqa: ANN401 - feedparser has no types
    base: str,
    site: Site,
    language: str | None,
    *,
    is_atom: bool,
) -> Announced | None:
    found = (web_address(base, address) for address in _addresses(entry))
    urls = [url for url in found if url and url != base]  # an atom:link names the feed itself, rel or not
    if not urls:
        return None
    own_pages = [url for url in urls if belongs(url, site)]
    own = next((url for url in own_pages if not _is_home(url)), next(iter(own_pages), urls[0]))
    fields = {name: dict.get(entry, name) for name in ("title", "published", "updated", "created")}
    published = fields["published"] or fields["created"]
    if not published and not is_atom:  # feedparser calls dc:date an update
        published, fields["updated"] = fields["updated"], None
    detail = dict.get(entry, "title_detail") or {}
    hints = Hints(
        source="feed",
        title=plain_title(fields["title"]),
        published=published or None,
        modified=fields["updated"] or None,
        language=detail.get("language") or language or None,
        authors=tuple(_authors(entry)),
    )
    return Announced(url=own, hints=hints)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _addresses(entry: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what may be the page's: what a feed service replaced, links to HTML, other links, the guid."""
    yield from (value for name, value in dict.items(entry) if name.endswith("_origlink") and value)
    links = [link for link in dict.get(entry, "links") or () if _is_alternate(link.get("rel", "alternate"))]
    for link in sorted(links, key=lambda link: (link.get("type") or "").partition(";")[0] not in _HTML):
        yield link.get("href") or ""
    guid = dict.get(entry, "id") or ""
    yield guid if guid.startswith(_WEB) else ""


def _is_alternate(rel: str) -> bool:
    """Return whether a link's relation is alternate, also by the address that names it."""
    return rel.rpartition("/")[2].lower() == "alternate"


def _authors(entry: Any) -> Iterator[str]:  # noqa: ANN401
    names = (str(author.get("name") or "").strip() for author in dict.get(entry, "authors") or ())
    yield from dict.fromkeys(name for name in names if name and "@" not in name)


def read_json_feed(text: str, *, base: str) -> Listing:
    """Return the pages of a JSON Feed. InputError where it is none.

    >>> read_json_feed('{"items": [{"url": "/a", "title": "A"}]}', base="https://a.example/").pages[0].url
    'https://a.example/a'
    """
    try:
        feed, _ = json.JSONDecoder(strict=False).raw_decode(text)  # comments of caches follow, tabs are bare
    except (ValueError, RecursionError) as error:
        raise InputError(f"{base} looks like JSON and is none: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise InputError(f"{base} is JSON, but no JSON Feed: it has no items")
    found = (_of_json(item, base, _text(feed, "language")) for item in items if isinstance(item, dict))
    return Listing(pages=tuple(page for page in found if page is not None))


def _of_json(item: dict[str, Any], base: str, language: str | None) -> Announced | None:
    address = _text(item, "url") or _text(item, "external_url") or _text(item, "id")
    url = web_address(base, address or "")
    if url is None:
        return None
    authors = item.get("authors") or [item.get("author")]
    names = (_text(author, "name") for author in authors if isinstance(author, dict))
    hints = Hints(
        source="feed",
        title=plain_title(_text(item, "title")),
        published=_text(item, "date_published"),
        modified=_text(item, "date_modified"),
        language=_text(item, "language") or language,
        authors=tuple(name for name in names if name),
    )
    return Announced(url=url, hints=hints)


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def plain_title(title: str | None) -> str | None:
    """Return a title without markup, white space folded; None for an empty one.

    >>> plain_title("Ferry <b>late</b> &amp; cold, 3 < 4")
    'Ferry late & cold, 3 < 4'
    """
    return " ".join(html.unescape(_TAG.sub("", title or "")).split()) or None
