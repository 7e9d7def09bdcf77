"""Fetching beside the queue of articles: listings, and the pages that continue an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from scraper.archive.capture import Role
from scraper.crawl.causes import cause_of, status_cause
from scraper.crawl.courtesy.robots import Robots
from scraper.crawl.responses import ROLE, header, page_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.model import Page
    from scraper.store.protocol import Source

MAX_LISTING_BYTES = 50_000_000
"""The limit of the sitemap protocol, unpacked; a longer listing is read up to there."""
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
        robots = self._crawler.get_downloader_middleware(Robots)
        return [] if robots is None else await robots.sitemaps(Request(url))

    async def get(self, url: str, known: Source | None = None) -> Answer:
        """Return the listing at an address, or why there is none; `known` makes the request conditional."""
        headers = {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return await self._ask(Request(url, headers=headers, meta={"download_maxsize": MAX_LISTING_BYTES}))

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
