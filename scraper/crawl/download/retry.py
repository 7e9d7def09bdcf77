"""Another try for what failed: later each time, never in the way of other hosts."""

from __future__ import annotations

import random
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware

from scraper.crawl.causes import cause_of
from scraper.crawl.courtesy.hosts import NOT_BEFORE, Hosts

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

_PERMANENT = {"tls"}
"""Causes that Scrapy would try again though they do not pass within a minute."""


class Patience(RetryMiddleware):
    """Scrapy's retries, with exponential backoff and jitter (NEWS_BACKOFF seconds before the first)."""

    def __init__(self, settings: BaseSettings) -> None:
        """Read the settings."""
        super().__init__(settings)
        self._backoff = settings.getfloat("NEWS_BACKOFF")

    def process_exception(
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | Response | None:
        """Return the request for another try."""
        del spider
        if cause_of(exception) in _PERMANENT:
            return None
        return super().process_exception(request, exception)

    def again(self, request: Request, cause: str) -> Request | None:
        """Return the request for another try; None where there were enough."""
        return None if request.meta.get("dont_retry") else self._retry(request, cause)

    def _retry(self, request: Request, reason: str | Exception | type[Exception]) -> Request | None:
        hosts = self.crawler.get_downloader_middleware(Hosts)
        if hosts is not None and hosts.is_left(request):
            return None
        again = super()._retry(request, reason)
        if again is not None:
            jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads requests, hides nothing
            wait = self._backoff * 2 ** (again.meta["retry_times"] - 1) * jitter
            again.meta[NOT_BEFORE] = monotonic() + wait
        return again
