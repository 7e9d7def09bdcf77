"""Hosts that do not answer, or ask for a pause, are left alone; none of them holds up the others."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Self

from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.causes import HOST_DOWN, INTERRUPTED, Refused, cause_of, status_cause
from scraper.crawl.context import is_ending, may_ask, writer_of
from scraper.crawl.courtesy.breaker import (
    DOWN,
    THRESHOLD,
    HostState,
    after_answer,
    after_failure,
    asked_to_wait,
    retry_after,
    state_of,
)
from scraper.crawl.responses import header
from scraper.store.values import Host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

NOT_BEFORE = "news_not_before"
"""The key of Request.meta with the moment, on the monotonic clock, before which a request is not made."""
_LOOK = 0.5
"""Seconds after which a waiting request looks again whether the crawl goes on."""
_REMEMBERED = timedelta(seconds=30)
"""A shorter pause is over before another crawl begins."""


class Hosts:
    """A downloader middleware, the nearest to the network: a circuit breaker and a memory for each host.

    The download handler asks it for the turn and tells it what came, before the next request of the host
    leaves its queue.

    After five failures in a row a host is left alone for a minute, after each further one twice as long, up
    to an hour; then one request finds out whether it answers. A Retry-After is kept, up to an hour. A request
    waits here for at most NEWS_LONGEST_WAIT; beyond that it is refused as host_down and left for a later
    crawl, which finds in the store what is known of the host. Counts news/host/opened, news/host/closed and
    news/host/asked_to_wait.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Know no host yet."""
        self._crawler = crawler
        self._longest = crawler.settings.getfloat("NEWS_LONGEST_WAIT")
        self._known: dict[str, Host] = {}
        self._probed: set[str] = set()
        """Hosts that are being asked whether they answer again."""
        self._told: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host before the request takes a place in its queue."""
        await self._wait(request)

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Wait until the host may be asked, and hold it while it is; raise Refused where that takes too long.

        Asked as the request leaves the queue of its host, where it may have waited behind one that was
        answered with a Retry-After.
        """
        host = await self._wait(request)
        is_probe = state_of(self._known[host], datetime.now(UTC)) is HostState.HALF_OPEN
        if is_probe:
            self._probed.add(host)
        try:
            yield
        finally:
            if is_probe:
                self._probed.discard(host)

    async def _wait(self, request: Request) -> str:
        """Return the name of the request's host once it may be asked; nothing is awaited after that is so."""
        host = await self._host(request)
        until = request.meta.pop(NOT_BEFORE, 0.0)
        while wait := max(self._pause(host), until - monotonic(), 0.0 if may_ask(self._crawler) else _LOOK):
            if self._is_left(host):
                raise Refused(HOST_DOWN)
            if is_ending(self._crawler):
                raise Refused(INTERRUPTED)
            await asyncio.sleep(min(wait, _LOOK))
        return host

    async def answered(self, request: Request, response: Response) -> None:
        """Learn from an answer."""
        host, now = await self._host(request), datetime.now(UTC)
        cause = status_cause(response.status)
        seconds = retry_after(header(response, "Retry-After"), now)
        known = self._known[host]
        known = after_failure(known, cause, now) if cause in DOWN else after_answer(known, now)
        if seconds and cause in DOWN:
            known = asked_to_wait(known, seconds, cause, now)
            self._count("asked_to_wait")
        await self._learn(known)

    async def failed(self, request: Request, error: Exception) -> None:
        """Learn from a failure; what speaks against the page alone changes nothing."""
        host, cause = await self._host(request), cause_of(error)
        known = self._known[host]
        if cause in DOWN:
            known = after_failure(known, cause, datetime.now(UTC))
        await self._learn(known)

    def is_left(self, request: Request) -> bool:
        """Return whether the request's host is left alone for longer than a request waits."""
        return self._is_left(urlparse_cached(request).hostname or "")

    def _is_left(self, host: str) -> bool:
        known, now = self._known.get(host), datetime.now(UTC)
        if known is None or known.until is None or (known.until - now).total_seconds() <= self._longest:
            return False
        if host not in self._told:
            self._told.add(host)
            until = known.until.isoformat(timespec="seconds")
            logger.warning("%s is not asked before %s (%s): a later crawl will", host, until, known.cause)
        return True

    async def _host(self, request: Request) -> str:
        """Return the name of the request's host, once what is known of it was read."""
        host = urlparse_cached(request).hostname or ""
        if host not in self._known:
            writer = writer_of(self._crawler)
            found = await writer.read(lambda store: store.host(host)) if writer else None
            self._known.setdefault(host, found or Host(host=host))
        return host

    def _pause(self, host: str) -> float:
        """Return how many seconds to wait before looking again; 0 where the host may be asked."""
        known, now = self._known[host], datetime.now(UTC)
        state = state_of(known, now)
        if state is HostState.OPEN and known.until is not None:
            return (known.until - now).total_seconds()
        return _LOOK if state is HostState.HALF_OPEN and host in self._probed else 0.0

    async def _learn(self, known: Host) -> None:
        """Keep how a host answers; what matters to a later crawl, in the store."""
        before, self._known[known.host] = self._known[known.host], known
        if known == before:
            return
        if known.openings > before.openings and known.until is not None:
            self._count("opened")
            until = known.until.isoformat(timespec="seconds")
            logger.warning(
                "%s failed %d times in a row (%s): it is left alone until %s",
                known.host,
                known.failures,
                known.cause,
                until,
            )
        if before.failures >= THRESHOLD and known.until is None:
            self._count("closed")
            logger.info("%s answers again", known.host)
        now = datetime.now(UTC)
        if any(host.until is not None and host.until - now > _REMEMBERED for host in (before, known)) or (
            before.failures >= THRESHOLD
        ):
            writer = writer_of(self._crawler)
            if writer is not None:
                await writer.read(lambda store: store.save_host(known))

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(f"news/host/{name}")


class FairQueue(DownloaderAwarePriorityQueue):
    """Scrapy's queue by host, which lets only a few requests of a host into the downloader.

    There are more places than one host can take: one that hangs or is waited for leaves room for others.
    """

    def __init__(self, crawler: Crawler, *args: object, **kwargs: object) -> None:
        """Bound each host by what it may have under way, and one that waits behind."""
        super().__init__(crawler, *args, **kwargs)  # type: ignore[arg-type]
        self._downloader_interface = _Bounded(crawler)


class _Bounded(DownloaderInterface):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._most = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") + 1

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        active = Counter(self.get_slot_key(request) for request in self.downloader.active)
        return [(active[slot], slot) for slot in possible_slots if active[slot] < self._most]
