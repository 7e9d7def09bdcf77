"""Scrapy's response as a Page, and its headers as text; read by the spider and all that downloads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.model import Page

if TYPE_CHECKING:
    from scrapy.http import Headers, Response

ROLE = "news_role"
"""The key of Request.meta that tells a continuation from a listing."""
VOUCHED = "news_vouched"
"""The key of Request.meta of a listing that the site vouches for, wherever it lies."""
FETCHED_AT, ARCHIVED = "news_fetched_at", "news_archived"
"""Keys of Request.meta: when the answer came, and where it lies in the archive."""
OF_PAGE, HOSTS = "news_of_page", "news_hosts"
"""Keys of Request.meta: that a page in the browser asks, and the hosts beside its site's that it may ask."""
RENDERS, RENDERED, HELD = "news_renders", "news_rendered", "news_held"
"""Keys of Request.meta: that a browser is to make a page of the answer, that one did, and the answer that the
archive keeps once that is done."""
UNRENDERED = "news_unrendered"
"""The key of Request.meta for the content as it came, where it is compared with what a browser made."""


def page_of(response: Response) -> Page:
    """Return a response as a value: the bytes as received, when that was, and where they are archived."""
    request = response.request
    meta = request.meta if request else {}
    asked = request.meta.get("redirect_urls", [request.url])[0] if request else response.url
    return Page(
        url=response.url,
        requested=None if asked == response.url else asked,
        content=response.body,
        content_type=header(response, "Content-Type"),
        headers=Page.telling(pairs(response.headers)),
        status=response.status,
        fetched_at=meta.get(FETCHED_AT) or datetime.now(UTC),
        archived=meta.get(ARCHIVED),
        is_rendered=bool(meta.get(RENDERED)),
        unrendered=meta.get(UNRENDERED),
    )


def pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Return headers as text, each value on its own."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )


def header(response: Response, name: str) -> str | None:
    """Return a header as text."""
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
