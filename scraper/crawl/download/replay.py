"""Crawls offline: every answer comes from WARC files or fixture folders, never from the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from scraper.crawl.causes import Refused
from scraper.crawl.responses import FETCHED_AT, RENDERED
from scraper.fixtures.replies import read_recording

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PATH_SETTING = "NEWS_REPLAY"
MISSING = "not_archived"
"""The cause of a failure: the address is not in what is replayed."""


class ReplayHandler(BaseDownloadHandler):
    """Answers requests of every scheme from a recording; counts news/replayed and news/replay_missing."""

    def __init__(self, crawler: Crawler) -> None:
        """Read the recording that the settings name."""
        super().__init__(crawler)
        self._recording = read_recording(crawler.settings[PATH_SETTING])

    async def download_request(self, request: Request) -> Response:
        """Return what was answered; a robots.txt that is not there forbids nothing."""
        url = urldefrag(request.url).url
        request.meta["download_latency"] = 0.0
        found = self._recording.find(url)
        self.crawler.stats.inc_value("news/replayed" if found else "news/replay_missing")
        if found is None:
            if urlsplit(url).path == "/robots.txt":
                return _response(request, 404, Headers(), b"")
            raise Refused(MISSING)
        if found.unmade is not None:
            raise Refused(found.unmade)
        if found.fetched_at is not None:
            request.meta[FETCHED_AT] = found.fetched_at
        request.meta[RENDERED] = found.is_rendered
        return _response(request, found.status, Headers(dict(found.headers)), found.content)


def _response(request: Request, status: int, headers: Headers, body: bytes) -> Response:
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    return kind(url=request.url, status=status, headers=headers, body=body, request=request)


def replay_settings(location: str) -> dict[str, Any]:
    """Return Scrapy settings that replay a recording: no network, no waiting, no second archive."""
    handler = f"{ReplayHandler.__module__}.{ReplayHandler.__qualname__}"
    read_recording(location)
    return {
        PATH_SETTING: location,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("file", "ftp", "s3", "data"))
        | {"http": handler, "https": handler},
        "NEWS_ARCHIVE": "",
        "HTTPPROXY_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_ENABLED": False,
    }
