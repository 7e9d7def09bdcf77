"""Answers of a site that needs a browser become what their scripts make of them, before they are read."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from scraper.archive.capture import RENDERED_TYPE, Role
from scraper.crawl.browser_need import is_checked
from scraper.crawl.causes import Refused
from scraper.crawl.context import declared_site, need_of
from scraper.crawl.download.archiving import Archive
from scraper.crawl.download.handler import handles_the_web
from scraper.crawl.download.replay import ReplayHandler
from scraper.crawl.responses import HELD, OF_PAGE, RENDERED, RENDERS, ROLE, UNRENDERED, VOUCHED, header

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.crawl.rendering.browsing import Browsing

logger = logging.getLogger(__name__)

RENDER_SETTING = "NEWS_RENDER"
_OK = 200


class Renderer:
    """A downloader middleware behind all that retries, unpacks, redirects: what is whole goes to a browser.

    Pages, their continuations and sections of a site that declares `rendered`, or whose crawls found that it
    needs a browser, or all with NEWS_RENDER; of a replay nothing, for there the recording holds what the
    browser made. Counts news/rendered and news/render/milliseconds; a page that was not made fails as
    render_crash, render_hung, render_failed or render_size. news/render/lacking is 1 where the site itself
    showed that it needs a browser, and there is none.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Start nothing yet: the browser starts with the first page."""
        self._crawler = crawler
        self._is_replay = handles_the_web(ReplayHandler, crawler.settings)
        self._browsing: Browsing | None = None
        self._is_asked = False
        self._is_lacking: bool | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    def _opened(self) -> None:
        is_declared = bool(declared_site(self._crawler.spider).rendered)
        is_asked = is_declared or self._crawler.settings.getbool(RENDER_SETTING)
        self._is_asked = is_asked and not self._is_replay

    def _is_on(self) -> bool:
        """Tell whether a browser makes what comes now; say once where it needs one that is not there."""
        need = None if self._is_asked else need_of(self._crawler)
        if need is None or not need.known.is_rendered:
            return self._is_asked
        if self._is_lacking is None:
            from scraper.crawl.rendering.chromium import NO_BROWSER, find_browser

            self._is_lacking = find_browser() is None
            if self._is_lacking:
                self._crawler.stats.set_value("news/render/lacking", 1)
                logger.warning("%s needs a browser, and %s", need.known.site, NO_BROWSER)
        return not self._is_lacking

    async def _closed(self) -> None:
        if self._browsing is not None:
            await self._browsing.end()

    async def process_request(self, request: Request) -> None:
        """Mark what a browser makes a page of; what came for it before led on, and is kept as it came."""
        if _is_page(request) and self._is_on():
            await self._keep(request, None)
            request.meta[RENDERS] = True

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return the page as its scripts made it."""
        if not request.meta.get(RENDERS):
            return response
        if response.status != _OK or not isinstance(response, HtmlResponse):
            await self._keep(request, None)
            return response
        try:
            content = (await self._made(response)).encode("utf-8", "replace")
        except Refused as error:
            await self._keep(request, None, unmade=str(error))
            raise
        request.meta[RENDERED] = True
        if not self._is_asked and is_checked(request.url):
            request.meta[UNRENDERED] = response.text.encode("utf-8", "replace")
        self._crawler.stats.inc_value("news/rendered")
        await self._keep(request, content)
        headers = response.headers.copy()
        headers["Content-Type"] = RENDERED_TYPE
        return response.replace(body=content, headers=headers, encoding="utf-8")

    async def _made(self, response: HtmlResponse) -> str:
        from scraper.crawl.rendering.browsing import Browsing
        from scraper.crawl.rendering.limits import RenderLimits
        from scraper.crawl.rendering.tab import ServedDocument

        site = declared_site(self._crawler.spider)
        if self._browsing is None:
            limits = RenderLimits.of(self._crawler.settings)
            self._browsing = Browsing(self._crawler, limits, site.rendering)
        kind = header(response, "Content-Type") or "text/html"
        if site.encoding and "charset" not in kind.lower():
            kind = f"{kind}; charset={site.encoding}"
        begun = monotonic()
        try:
            return await self._browsing.made(
                ServedDocument(url=response.url, content_type=kind, body=response.body)
            )
        finally:
            spent = round(1000 * (monotonic() - begun))
            self._crawler.stats.inc_value("news/render/milliseconds", spent)

    async def _keep(self, request: Request, content: bytes | None, unmade: str | None = None) -> None:
        archive = self._crawler.get_downloader_middleware(Archive) if HELD in request.meta else None
        if archive is not None:
            await archive.keep_held(request, content, unmade)


def _is_page(request: Request) -> bool:
    """Return whether a page is asked for: an article, what continues it, or a section."""
    if request.meta.get(OF_PAGE) or request.meta.get("dont_obey_robotstxt"):
        return False
    if request.callback is not NO_CALLBACK or request.meta.get(ROLE) is Role.CONTINUATION:
        return True
    return request.meta.get(VOUCHED) is False
