"""Stored articles as feeds that any reader takes: Atom (RFC 4287, pages as RFC 5005) and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lxml import etree

from scraper.export.html import to_fragment
from scraper.export.outline import article_blocks
from scraper.record import instant
from scraper.store.listing_date import parse_iso
from scraper.version import program_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Article, StoredArticle

_ATOM = "http://www.w3.org/2005/Atom"
_PREFIXES: Any = {None: _ATOM}
"""No prefix; what is known of lxml's types knows only names."""
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML document may hold."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries was updated."""


class FeedFormat(StrEnum):
    """What a feed is written as."""

    ATOM = "atom"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """As the header Content-Type names it."""
        return {"atom": "application/atom+xml", "json": "application/feed+json"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Articles under one address, the newest first."""

    title: str
    address: str
    """Of the feed itself, absolute."""
    page: str
    """Of the page that shows the same to people."""
    articles: Sequence[StoredArticle]
    following: str | None = None
    """Of the page of the feed with older articles."""


def write_feed(feed: Feed, form: FeedFormat) -> bytes:
    """Return the feed in a format; the same articles give the same bytes."""
    return _atom(feed) if form is FeedFormat.ATOM else _json(feed)


def _atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_PREFIXES)
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", instant(max([_NEVER, *map(_updated, feed.articles)])))
    _add(root, "generator", "news-scraper", version=program_version())
    links = {"self": feed.address, "alternate": feed.page, "next": feed.following}
    for name, address in links.items():
        if address:
            _add(root, "link", rel=name, href=address)
    for stored in feed.articles:
        root.append(_entry(stored))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _entry(stored: StoredArticle) -> etree._Element:
    article = stored.article
    entry = etree.Element(f"{{{_ATOM}}}entry")
    if article.language:
        entry.set(_LANGUAGE, article.language)
    _add(entry, "id", _lasting_name(stored))
    _add(entry, "title", _title(article))
    _add(entry, "updated", instant(_updated(stored)))
    if published := _published(article):
        _add(entry, "published", instant(published))
    for name in article.authors or (article.publisher or article.site or "unknown",):
        _add(_add(entry, "author"), "name", name)
    if address := _address(article):
        _add(entry, "link", rel="alternate", href=address)
    for term in _terms(article):
        _add(entry, "category", term=term)
    if article.rights:
        _add(entry, "rights", article.rights)
    if summary := _summary(article):
        _add(entry, "summary", summary)
    _add(entry, "content", _content(article), type="html")
    return entry


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    told = {key: _NO_XML.sub(" ", value) for key, value in attributes.items()}
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}", told)
    child.text = None if text is None else _NO_XML.sub(" ", text)
    return child


def _json(feed: Feed) -> bytes:
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "next_url": feed.following,
        "items": [_item(stored) for stored in feed.articles],
    }
    text = json.dumps(_known(told), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _item(stored: StoredArticle) -> dict[str, Any]:
    article = stored.article
    published = _published(article)
    return _known(
        {
            "id": _lasting_name(stored),
            "url": _address(article),
            "title": _title(article),
            "content_html": _content(article),
            "summary": _summary(article),
            "image": article.images[0].url if article.images else None,
            "date_published": published and instant(published),
            "date_modified": instant(_updated(stored)),
            "authors": [{"name": name} for name in article.authors] or None,
            "tags": list(_terms(article)) or None,
            "language": article.language,
        }
    )


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _lasting_name(stored: StoredArticle) -> str:
    """Return what names the article in every feed, whatever its text and the address of the store become."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"news-scraper:{stored.id}").urn


def _title(article: Article) -> str:
    return article.title or _address(article) or "untitled"


def _address(article: Article) -> str | None:
    return article.url or article.canonical_url


def _updated(stored: StoredArticle) -> datetime:
    return stored.article.fetched_at or stored.first_seen


def _published(article: Article) -> datetime | None:
    return parse_iso(article.published) if article.published else None


def _summary(article: Article) -> str | None:
    return article.standfirst or article.description


def _terms(article: Article) -> Sequence[str]:
    return list(dict.fromkeys(term for term in (article.section, *article.tags) if term))


def _content(article: Article) -> str:
    return "".join(to_fragment(article_blocks(article)))
