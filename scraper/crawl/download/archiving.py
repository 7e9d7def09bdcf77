"""Whatever a crawl is answered goes into the archive as it was sent, before anything reads it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from scraper.archive.capture import Capture, Role
from scraper.archive.warc import ArchiveWriter, Original
from scraper.crawl.context import declared_site, writer_of
from scraper.crawl.download.access import Access
from scraper.crawl.download.unpacking import LITTLE, decode_aside
from scraper.crawl.responses import ARCHIVED, FETCHED_AT, HELD, OF_PAGE, RENDERS, ROLE, pairs
from scraper.restrictions import binding, restrictions
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.model import Pointer

_OK, _CLIENT_ERROR, _NOT_MODIFIED = 200, 400, 304
_COOKIE = "set-cookie"
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie")


class Archive:
    """A downloader middleware, the nearest to the network: pages and redirects, and listings if asked for.

    NEWS_ARCHIVE is the place, empty for none; NEWS_ARCHIVE_LISTINGS adds robots.txt, sitemaps, feeds and
    sections. An answer of 400 and above is no page and is not kept; nor is one whose headers or head say what
    NEWS_NO_CAPTURE_OF or NEWS_NO_ARTICLE_OF names: news/not_archived counts those.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Write nothing yet. NotConfigured where there is no place."""
        self._crawler = crawler
        self._location: str = crawler.settings["NEWS_ARCHIVE"] or ""
        if not self._location:
            raise NotConfigured
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._listings = crawler.settings.getbool("NEWS_ARCHIVE_LISTINGS")
        self._excluded = frozenset(
            name
            for key in ("NEWS_NO_CAPTURE_OF", "NEWS_NO_ARTICLE_OF")
            for name in crawler.settings.getlist(key)
        )
        self._writer: ArchiveWriter
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    def _opened(self) -> None:
        self._writer = ArchiveWriter(self._location, declared_site(self._crawler.spider).name)
        self._store = writer_of(self._crawler)
        if self._store is None:  # nothing waits for a commit: each answer is safe before it goes on
            self._crawler.signals.connect(self._writer.close, signal=signals.spider_closed)
        else:
            self._store.before_commit(self._writer.sync, at_end=self._writer.close)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Append the answer; the request remembers where."""
        role = role_of(request)
        if request.meta.get(OF_PAGE):  # the page that comes of it is kept
            return response
        if response.status >= _CLIENT_ERROR or response.status == _NOT_MODIFIED:
            return response
        if role is Role.LISTING and not self._listings:
            return response
        moment = request.meta[FETCHED_AT] = datetime.now(UTC)
        if await self._is_excluded(request, response):
            self._crawler.stats.inc_value("news/not_archived")
            return response
        target = request.cb_kwargs.get("target")
        capture = Capture(
            url=request.url,
            fetched_at=moment,
            status=response.status,
            headers=_open(pairs(response.headers), self._kept_back(_COOKIE)),
            payload=response.body,
            request_headers=(
                ("Host", urlparse_cached(request).netloc),
                *_open(pairs(request.headers), self._kept_back(*_SECRET_HEADERS)),
            ),
            role=role,
            hints=target.announced.hints if target is not None else None,
        )
        if request.meta.get(RENDERS) and response.status == _OK:
            request.meta[HELD] = capture
        else:
            await self._keep(request, capture)
        return response

    async def keep_held(self, request: Request, rendered: bytes | None, unmade: str | None = None) -> None:
        """Append an answer that waited for what a browser makes of it, or why that was nothing."""
        capture: Capture | None = request.meta.pop(HELD, None)
        if capture is not None:
            await self._keep(request, replace(capture, rendered=rendered, unmade=unmade))

    async def _keep(self, request: Request, capture: Capture) -> None:
        asked = request.meta.get("redirect_urls", [request.url])[0]
        is_forgotten, original = await self._held(capture, asked)
        if not is_forgotten:
            request.meta[ARCHIVED] = await self._written(capture, original)

    def _kept_back(self, *names: str) -> frozenset[str]:
        """Return the headers that let their bearer in; the cookies of a site only where we have access."""
        access = self._crawler.get_downloader_middleware(Access)
        own = access.names if access else frozenset()
        return own | (frozenset(names) if own or _COOKIE not in names else frozenset())

    async def _is_excluded(self, request: Request, response: Response) -> bool:
        """Return whether the answer says that it is not to be kept."""
        if not self._excluded:
            return False
        headers = pairs(response.headers)
        if self._excluded & binding(restrictions(headers)):
            return True
        content = (await decode_aside(request, response, self._most)).content
        if len(content) <= LITTLE:
            return bool(self._excluded & binding(restrictions(headers, content)))
        return bool(self._excluded & binding(await asyncio.to_thread(restrictions, headers, content)))

    async def _written(self, capture: Capture, original: Original | None) -> Pointer:
        """Append a capture; where a full disk keeps it out, wait as for the database."""
        if self._store is None:
            return await asyncio.to_thread(self._writer.write, capture, original)
        return await self._store.read(lambda _store: self._writer.write(capture, original))

    async def _held(self, capture: Capture, asked: str) -> tuple[bool, Original | None]:
        """Return whether the address was forgotten, and its last fetch that brought the same payload."""
        if self._store is None:
            return False, None
        url, came = canonical_url(asked), canonical_url(capture.url)
        is_whole = capture.role is Role.LISTING or capture.rendered is not None
        forgotten, fetches = await self._store.read(
            lambda store: (store.forgotten({url, came}), () if is_whole else store.fetches(url))
        )
        if forgotten or not fetches:
            return bool(forgotten), None
        digest = capture.digest
        for fetch in reversed(fetches):
            for pointer in fetch.archived[:1]:
                if pointer.digest == digest:
                    return False, Original(url=capture.url, fetched_at=fetch.fetched_at, pointer=pointer)
        return False, None


def role_of(request: Request) -> Role:
    """Return what a request asks for: a listing where nothing but the asker waits for it."""
    return request.meta.get(ROLE) or (Role.LISTING if request.callback is NO_CALLBACK else Role.PAGE)


def _open(headers: tuple[tuple[str, str], ...], secret: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the headers without those that let their bearer in."""
    return tuple((name, value) for name, value in headers if name.lower() not in secret)
