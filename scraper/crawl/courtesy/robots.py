"""robots.txt as RFC 9309 reads it, with the last good copy for a day when it cannot be had."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from scraper.crawl.addresses import web_address
from scraper.crawl.causes import REDIRECTS, Refused, cause_of, status_cause
from scraper.crawl.context import writer_of
from scraper.store.values import RobotsCopy

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

MOST_BYTES = 512_000
"""RFC 9309 2.5: at least 500 KiB are to be read."""
COPY_AGE = timedelta(hours=24)
"""RFC 9309 2.4: how long rules hold without being read again."""
LOOK_AGAIN = 600.0
"""Seconds after which a robots.txt that could not be had is asked for again."""
_REDIRECT, _CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 300, 400, 429, 500
_VERSIONED = re.compile(rb"^([ \t]*user-agent[ \t]*:[ \t]*[\w-]+)/[^\r\n#]*", re.IGNORECASE | re.MULTILINE)
"""A product token (RFC 9309, 2.2.1) behind which a version stands, as in our own User-Agent."""
_SIZE = "news_robots_size"
"""The key of Request.meta that counts the bytes of a robots.txt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What a robots.txt came to."""

    parser: RobotParser | None
    """None where all is forbidden …"""
    cause: str = ""
    """… and why."""
    until: float
    """On the monotonic clock: read again after."""


class Robots(RobotsTxtMiddleware):
    """While robots.txt cannot be had (5xx, 429, no answer) everything is forbidden, or the last copy holds.

    A status of 4xx, more than five redirects, or one that leads off the web, forbid nothing. Counts
    news/robots/copy where a copy of an earlier crawl, at most a day old, was used.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Know no site yet."""
        super().__init__(crawler)
        self._known: dict[str, asyncio.Task[_Rules]] = {}
        crawler.signals.connect(self._received, signal=signals.bytes_received)

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Refuse what robots.txt forbids, or all while it cannot be had."""
        del spider
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules(request)
        if rules.parser is None:
            raise Refused(rules.cause)
        self.process_request_2(rules.parser, request)

    async def sitemaps(self, request: Request) -> list[str]:
        """Return the addresses of the sitemaps that the robots.txt of the request's host names."""
        rules = await self._rules(request)
        parser = getattr(rules.parser, "rp", None)
        written = [] if parser is None else [str(line) for line in parser.sitemaps]
        found = (web_address(request.url, url) for line in written for url in _addresses(line))
        return [url for url in dict.fromkeys(found) if url]

    async def _rules(self, request: Request) -> _Rules:
        """Return what the robots.txt of the request's origin says; all who ask wait for one reading."""
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(origin)
        if known is None or (known.done() and known.result().until < monotonic()):
            known = self._known[origin] = asyncio.ensure_future(self._read(origin, request))
        return await asyncio.shield(known)

    async def _read(self, origin: str, asked: Request) -> _Rules:
        """Return the rules of an origin, or of its last copy."""
        content, cause = await self._content(origin)
        if content is None:
            content = await self._copy(origin)
            if content is None:
                return _Rules(parser=None, cause=cause, until=monotonic() + LOOK_AGAIN)
            logger.warning("%s/robots.txt cannot be had (%s): its last copy holds", origin, cause)
            self._stats.inc_value("news/robots/copy")
            until = monotonic() + LOOK_AGAIN
        else:
            text = content.decode("utf-8-sig", "ignore")
            copy = RobotsCopy(origin=origin, content=text, fetched_at=datetime.now(UTC))
            if writer := writer_of(self.crawler):
                await writer.read(lambda store: store.save_robots(copy))
            until = monotonic() + COPY_AGE.total_seconds()
        rules = _VERSIONED.sub(rb"\1", content)
        parser = build_from_crawler(self._parserimpl, self.crawler, rules)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=asked
        )
        return _Rules(parser=parser, until=until)

    async def _content(self, origin: str) -> tuple[bytes | None, str]:
        """Return what a robots.txt says; None, with the cause, where it cannot be had."""
        self._stats.inc_value("robotstxt/request_count")
        meta = {"dont_obey_robotstxt": True, "download_maxsize": 0, _SIZE: 0}
        url = f"{origin}/robots.txt"
        request = Request(url, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing may be asked for then
            cause = cause_of(error)
            return (b"", cause) if cause == REDIRECTS else (None, cause)
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= _SERVER_ERROR or response.status == _TOO_MANY:
            return None, f"robots_{status_cause(response.status)}"
        return (b"" if response.status >= _REDIRECT else _first_lines(response)), ""

    async def _copy(self, origin: str) -> bytes | None:
        """Return the rules that an earlier crawl read, unless they are too old."""
        writer = writer_of(self.crawler)
        if writer is None:
            return None
        found = await writer.read(lambda store: store.robots(origin))
        if found is None or datetime.now(UTC) - found.fetched_at > COPY_AGE:
            return None
        return found.content.encode()

    def _received(self, data: bytes, request: Request) -> None:
        """Stop reading a robots.txt that does not end."""
        if _SIZE in request.meta:
            request.meta[_SIZE] += len(data)
            if request.meta[_SIZE] > MOST_BYTES:
                raise StopDownload(fail=False)


def _addresses(line: str) -> list[str]:
    """Return the addresses in a line: several, in brackets, or one with spaces in it."""
    several = [url.strip("<>") for url in line.split()]
    return several if all(url.startswith(("http", "/")) for url in several) else [line.strip("<>")]


def _first_lines(response: Response) -> bytes:
    """Return the whole lines among the bytes that are read of a robots.txt."""
    if len(response.body) <= MOST_BYTES:
        return response.body
    return response.body[:MOST_BYTES].rpartition(b"\n")[0]
