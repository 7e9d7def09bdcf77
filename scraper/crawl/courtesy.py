"""What we owe the sites: robots.txt as RFC 9309 reads it, its crawl-delay, staying on the site's hosts."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.failures import Refused, cause_of, status_cause

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class Robots(RobotsTxtMiddleware):
    """robots.txt as RFC 9309 2.3.1 has it: while it cannot be had, everything is forbidden."""

    def __init__(self, crawler: Crawler) -> None:
        """Know no site yet."""
        super().__init__(crawler)
        self._unreachable: dict[str, str] = {}

    async def sitemaps(self, request: Request) -> list[str]:
        """Return the addresses of the sitemaps that the robots.txt of the request's host names."""
        parser = await self.robot_parser(request)
        rules = getattr(parser, "rp", None)
        return [] if rules is None else [str(url) for url in rules.sitemaps]

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what robots.txt forbids, or all while it cannot be had."""
        cause = self._unreachable.get(urlparse_cached(request).netloc)
        if cause is not None:
            raise Refused(cause)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= _SERVER_ERROR:
            self._unreachable[netloc] = f"robots_{status_cause(response.status)}"
            raise IgnoreRequest(f"robots.txt answered {response.status}")
        if response.status >= _CLIENT_ERROR:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable.setdefault(netloc, cause_of(exc))
        super()._robots_error(exc, netloc)


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
        if request.meta.get("dont_obey_robotstxt"):  # robots.txt itself: RFC 9309 follows it to other hosts
            return
        if self.crawler.spider is not None and not self.should_follow(request, self.crawler.spider):
            raise Refused("offsite")


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
        wanted = robotparser.crawl_delay(agent)
        if wanted is None:
            return
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
