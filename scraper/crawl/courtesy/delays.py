"""What we owe the sites beside robots.txt: its crawl-delay, staying on the site's hosts, sane redirects."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import HtmlResponse
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.causes import Refused
from scraper.crawl.responses import VOUCHED

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

_STUB = 20_000
"""Bytes; of 1,558 real pages of articles three have fewer."""

SHARDS_SETTING = "NEWS_SHARDS"
"""In how many parts the site is crawled at the same time."""


class Offsite(OffsiteMiddleware):
    """Keeps a spider on its domains, redirects too, in such a way that the request's errback hears of it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware; the scheduler, where Scrapy's own drops silently, is left alone."""
        middleware = cls(crawler.stats)
        middleware.crawler = crawler
        crawler.signals.connect(middleware.spider_opened, signal=signals.spider_opened)
        return middleware

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Refuse a request beyond the spider's domains, whatever `dont_filter` says: redirects carry it."""
        del spider
        if request.meta.get("dont_obey_robotstxt") or request.meta.get(VOUCHED):
            return  # RFC 9309 follows robots.txt itself to other hosts
        if self.crawler.spider is not None and not self.should_follow(request, self.crawler.spider):
            refused = Refused("offsite")
            refused.moved_to = request.url if request.meta.get("redirect_urls") else None
            raise refused


class Redirects(RedirectMiddleware):
    """Scrapy's redirects; one whose address nothing can read is left as an answer, as one off the web is."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the request that the answer redirects to, or the answer."""
        del spider
        try:
            return super().process_response(request, response)
        except ValueError:
            return response


class Refreshes(MetaRefreshMiddleware):
    """Follows a page that is nothing but a refresh to another, within 10 s, as a browser does.

    A page of more than 20 kB has a text of its own, and is not decoded here, in the event loop.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the request for the page that the answer leads to, or the answer."""
        del spider
        is_stub = len(response.body) <= _STUB and b"refresh" in response.body.lower()
        if not is_stub or not isinstance(response, HtmlResponse):
            return response
        try:
            following = super().process_response(request, response)
        except ValueError:
            return response
        return response if following.url == request.url else following


class Throttle(AutoThrottle):
    """AutoThrottle that never goes below the crawl-delay of robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        """Know no delay yet."""
        self.crawler = crawler
        self._floors: dict[str, float] = {}
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)
        with suppress(NotConfigured):  # a crawl-delay holds without AutoThrottle too
            super().__init__(crawler)

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        settings = self.crawler.settings
        agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        asked = robotparser.crawl_delay(agent)
        if asked is None:
            return
        wanted = asked * settings.getint(SHARDS_SETTING, 1)
        delay = min(wanted, self._max_delay())
        if delay < wanted:
            logger.warning(
                "robots.txt of %s asks for %g s between requests: %g s are kept", request.url, wanted, delay
            )
        host = urlparse_cached(request).hostname or ""
        self._floors[host] = delay
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings.setdefault(host, {})["delay"] = max(delay, self._min_delay())
        if host in downloader.slots:
            slot = downloader.slots[host]
            slot.delay = max(slot.delay, delay)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if slot is not None:
            slot.delay = max(slot.delay, self._floors.get(key or "", 0.0))
