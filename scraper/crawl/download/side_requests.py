"""Fetching beside the queue of articles: listings, and the pages that continue an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from scraper.archive.capture import Role
from scraper.crawl.discovery.listings import MAX_BYTES
from scraper.crawl.download.causes import cause_of, status_cause
from scraper.model import Page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.store.protocol import Source

ROLE = "news_role"
"""The key of Request.meta that tells a continuation from a listing."""
FETCHED_AT, ARCHIVED = "news_fetched_at", "news_archived"
"""Keys of Request.meta: when the answer came, and where it lies in the archive."""
_OK, _NOT_MODIFIED = 200, 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking."""

    page: Page | None = None
    cause: str | None = None
    """Why there is no page: "not modified", or a failure's cause."""
    etag: str | None = None
    last_modified: str | None = None


class Web:
    """Asks as politely as Scrapy does for articles: the same delay, rules and limits."""

    def __init__(self, crawler: Crawler) -> None:
        """Ask for nothing yet."""
        self._crawler = crawler

    async def sitemaps(self, url: str) -> list[str]:
        """Return the sitemaps that robots.txt of the address's host names."""
        from scraper.crawl.courtesy.robots import (
            Robots,
        )  # which reaches the store through the pipelines, and they this

        robots = self._crawler.get_downloader_middleware(Robots)
        return [] if robots is None else await robots.sitemaps(Request(url))

    async def get(self, url: str, known: Source | None = None) -> Answer:
        """Return the listing at an address, or why there is none; `known` makes the request conditional."""
        headers = {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return await self._ask(Request(url, headers=headers, meta={"download_maxsize": MAX_BYTES}))

    async def page(self, url: str) -> Answer:
        """Return the page at an address, with the size limit of articles."""
        return await self._ask(Request(url, meta={ROLE: Role.CONTINUATION}))

    async def _ask(self, request: Request) -> Answer:
        request = request.replace(callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it was, this page failed, and the crawl goes on
            return Answer(cause=cause_of(error))
        if response.status == _NOT_MODIFIED:
            return Answer(cause="not modified")
        if response.status != _OK:
            return Answer(cause=status_cause(response.status))
        etag, modified = header(response, "ETag"), header(response, "Last-Modified")
        return Answer(page=page_of(response), etag=etag, last_modified=modified)


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
        status=response.status,
        fetched_at=meta.get(FETCHED_AT) or datetime.now(UTC),
        archived=meta.get(ARCHIVED),
    )


def header(response: Response, name: str) -> str | None:
    """Return a header as text."""
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
