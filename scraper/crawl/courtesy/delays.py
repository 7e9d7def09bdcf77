"""What we owe the sites beside robots.txt: its crawl-delay, staying on the site's hosts, sane redirects."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import HtmlResponse
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.causes import Refused
from scraper.crawl.responses import HOSTS, VOUCHED, header

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

_STUB = 20_000
"""Bytes; of 1,558 real pages of articles three have fewer."""
_SCRIPT_STUB = 2_000
"""Bytes of a page that only its script leads on: a guess; real ones have a few hundred."""
_REFRESH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s]+)", re.IGNORECASE)
_PARAGRAPH = re.compile(rb"<p[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_LEADS = re.compile(rb"\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*[\"']([^\"'\s]+)[\"']")

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
        host = urlparse_cached(request).hostname or ""
        if any(host == each or host.endswith(f".{each}") for each in request.meta.get(HOSTS, ())):
            return
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
    """Follows a page that does nothing but lead to another, as a browser does.

    By a refresh within 10 s, in the page or a header, or by a script of a page without a paragraph. A page of
    more than 20 kB has a text of its own, and is not decoded here, in the event loop.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the request for the page that the answer leads to, or the answer."""
        del spider
        if not isinstance(response, HtmlResponse) or len(response.body) > _STUB:
            return response
        try:
            following = self._following(request, response)
        except ValueError:
            return response
        return response if following is None or following.url == request.url else following

    def _following(self, request: Request, response: HtmlResponse) -> Request | None:
        """Return the request for the page that a stub leads to; None where it leads nowhere."""
        if b"refresh" in response.body.lower():
            found = super().process_response(request, response)
            if not isinstance(found, HtmlResponse):
                return found if isinstance(found, Request) else None
        sent = _REFRESH.match(header(response, "Refresh") or "")
        if sent and float(sent[1]) < self._maxdelay:
            return self._to(request, response, sent[2])
        if len(response.body) <= _SCRIPT_STUB and _PARAGRAPH.search(response.body) is None:
            leads = [found for script in _SCRIPT.findall(response.body) for found in _LEADS.findall(script)]
            if leads:
                return self._to(request, response, leads[0].decode("utf-8", "replace"))
        return None

    def _to(self, request: Request, response: HtmlResponse, address: str) -> Request | None:
        redirected = self._redirect_request_using_get(request, response, response.urljoin(address))
        if urlparse_cached(redirected).scheme not in {"http", "https"}:
            return None
        following = self._redirect(redirected, request, "refresh")
        return following if isinstance(following, Request) else None


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
