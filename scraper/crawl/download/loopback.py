"""Takes a crawl to the fixture server: its requests never leave the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.download.handler import BoundedHandler

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PORT_SETTING = "NEWS_LOOPBACK_PORT"


class LoopbackHandler(BoundedHandler):
    """Sends every request, whatever its scheme and host, to one port of this machine, as to a proxy.

    Everything above it, such as robots.txt, rules by host and canonical addresses, sees the real address.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the port from the settings."""
        super().__init__(crawler)
        self._proxy = f"http://127.0.0.1:{crawler.settings.getint(PORT_SETTING)}"

    async def download_request(self, request: Request) -> Response:
        """Return the fixture server's answer as if the address itself had given it."""
        scheme, _, rest = request.url.partition("://")
        sent = request.replace(url=f"http://{rest}", meta={**request.meta, "proxy": self._proxy})
        sent.headers["X-Forwarded-Proto"] = scheme
        response = await super().download_request(sent)
        request.meta["download_latency"] = sent.meta["download_latency"]  # AutoThrottle reads it there
        return response.replace(url=request.url)


def loopback_settings(port: int) -> dict[str, object]:
    """Return Scrapy settings that take a crawl to this port, without the waiting that real hosts deserve."""
    handler = f"{LoopbackHandler.__module__}.{LoopbackHandler.__qualname__}"
    return {
        PORT_SETTING: port,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("file", "ftp", "s3", "data"))
        | {"http": handler, "https": handler},
        "HTTPPROXY_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "NEWS_BACKOFF": 0,
    }
