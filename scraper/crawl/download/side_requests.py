"""Fetching beside the queue of articles: listings, and the pages that continue an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from scraper.archive.capture import Role
from scraper.crawl.causes import cause_of, status_cause
from scraper.crawl.courtesy.robots import Robots
from scraper.crawl.responses import ROLE, VOUCHED, header, page_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.model import Page

MAX_LISTING_BYTES = 50_000_000
"""The limit of the sitemap protocol, unpacked; a longer listing is read up to there."""
_OK, _NOT_MODIFIED = 200, 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking."""

    page: Page | None = None
    cause: str | None = None
    """Why there is no page: "not modified", or a failure's cause."""
    moved_to: str | None = None
    """The address on another site to which this one redirects."""
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

    async def get(
        self, url: str, etag: str | None = None, last_modified: str | None = None, *, is_vouched: bool = False
    ) -> Answer:
        """Return the listing at an address, or why there is none; what is known of it makes this conditional.

        The site vouches for one that it names or redirects to: it may lie on another host.
        """
        told = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in told.items() if value}
        meta = {"download_maxsize": MAX_LISTING_BYTES, VOUCHED: is_vouched}
        return await self._ask(Request(url, headers=headers, meta=meta))

    async def page(self, url: str) -> Answer:
        """Return the page at an address, with the size limit of articles."""
        return await self._ask(Request(url, meta={ROLE: Role.CONTINUATION}))

    async def _ask(self, request: Request) -> Answer:
        request = request.replace(callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it was, this page failed, and the crawl goes on
            return Answer(cause=cause_of(error), moved_to=getattr(error, "moved_to", None))
        if response.status == _NOT_MODIFIED:
            return Answer(cause="not modified")
        if response.status != _OK:
            return Answer(cause=status_cause(response.status))
        etag, modified = header(response, "ETag"), header(response, "Last-Modified")
        return Answer(page=page_of(response), etag=etag, last_modified=modified)
