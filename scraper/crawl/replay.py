"""Crawls offline: every answer comes from WARC files or fixture folders, never from the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from scraper.archive.capture import Capture
from scraper.archive.fixtures import Address, read_replies
from scraper.archive.place import Place
from scraper.archive.reader import Tally, capture_at, read_captures
from scraper.crawl.failures import Refused
from scraper.crawl.web import FETCHED_AT
from scraper.errors import InputError
from scraper.model import Pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.archive.fixtures import Reply

PATH_SETTING = "NEWS_REPLAY"
MISSING = "not_archived"
"""The cause of a failure: the address is not in what is replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What answers there are: captures by address, the last one of each, or the replies of fixture sites."""

    place: Place
    pointers: Mapping[str, Pointer]
    replies: Mapping[Address, Reply]

    def find(self, url: str) -> Capture | Reply | None:
        """Return the answer at an address; None where there is none."""
        if url in self.pointers:
            return capture_at(self.place, self.pointers[url])
        return self.replies.get(Address.of(url))


def read_recording(location: str) -> Recording:
    """Return what a WARC file, a folder of them or a folder of fixtures holds. InputError for another."""
    if location.endswith(".warc.gz"):
        parent, _, name = location.rpartition("/")
        place, names = Place(parent or "."), [name]
    else:
        place = Place(location)
        names = place.names()
    if not names and place.is_local and Path(location).is_dir():
        return Recording(place=place, pointers={}, replies=read_replies(Path(location)))
    pointers = {}
    for name in names:
        with place.open(name) as stream:
            for found in read_captures(stream, Tally()):
                digest = found.capture.digest
                pointers[found.capture.url] = Pointer(file=name, offset=found.offset, digest=digest)
    if not pointers:
        raise InputError(f"{location}: neither WARC files nor fixture sites are there to be replayed")
    return Recording(place=place, pointers=pointers, replies={})


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
        if isinstance(found, Capture):
            request.meta[FETCHED_AT] = found.fetched_at
            headers = Headers()
            for name, value in found.headers:
                headers.appendlist(name, value)
            return _response(request, found.status, headers, found.payload)
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
