"""The download handler: Scrapy's own, which waits for its host's turn and reads no headers without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.utils.misc import load_object
from twisted.web._newclient import HEADER, STATUS

from scraper.crawl.courtesy.hosts import Hosts
from scraper.crawl.download.certificates import StrictPolicy

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.web.iweb import IPolicyForHTTPS

MOST_HEADERS = 400_000
"""Bytes before the body: browsers stop at 250 kB to 400 kB; without an end a server fills the memory."""


class BoundedHandler(HTTP11DownloadHandler):
    """Ends a connection whose headers do not end: the request fails as `connection`."""

    def __init__(self, crawler: Crawler) -> None:
        """Make bounded connections."""
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001 - as Scrapy sets its own
        if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            self._contextFactory = cast("IPolicyForHTTPS", StrictPolicy(self._contextFactory))

    async def download_request(self, request: Request) -> Response:
        """Return the answer, once the host may be asked; the host's circuit breaker hears of it at once."""
        hosts = self._crawler.get_downloader_middleware(Hosts)
        if hosts is None:
            return await super().download_request(request)
        async with hosts.turn(request):
            try:
                response = await super().download_request(request)
            except Exception as error:
                await hosts.failed(request, error)
                raise
            await hosts.answered(request, response)
        return response


def handles_the_web(handler: type, settings: BaseSettings) -> bool:
    """Return whether every request goes to this handler; a setting that only it reads is no proof of that."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    return all(load_object(handlers[scheme]) is handler for scheme in ("http", "https"))


class _Protocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Any:  # noqa: ANN401 - Twisted's, untyped
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's
        if self._parser is not None and self._parser.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > MOST_HEADERS and self.transport is not None:
                self.transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: object) -> _Protocol:  # noqa: ARG002, N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
