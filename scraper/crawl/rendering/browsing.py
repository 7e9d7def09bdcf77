"""The browser of a crawl: started with its first page, made anew in parts, and ended with the crawl."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scraper.crawl.causes import Refused
from scraper.crawl.rendering.chromium import (
    Profile,
    browser_processes,
    megabytes,
    require_browser,
    start_chromium,
)
from scraper.crawl.rendering.devtools import BrowserGoneError, CommandError
from scraper.crawl.rendering.tab import RENDER_CRASH, RENDER_HUNG, Tab
from scraper.crawl.rendering.traffic import Traffic

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.crawl.rendering.devtools import DevTools
    from scraper.crawl.rendering.limits import RenderLimits
    from scraper.crawl.rendering.tab import ServedDocument
    from scraper.rendering import Rendering

logger = logging.getLogger(__name__)

_STARTS = 30.0
"""Seconds in which a browser must have started, or have opened a page."""
_ENDS = 3.0
"""Seconds in which it may end by itself; then it is killed."""


class Browsing:
    """Makes one page after the other, in one context of its own for the site.

    The context is made anew after so many pages, the browser after a page that took it down or never ended,
    and where it holds too much memory. Counts news/render/browsers, started, and news/render/megabytes, the
    most that one held.
    """

    def __init__(self, crawler: Crawler, limits: RenderLimits, rendering: Rendering) -> None:
        """Start nothing yet."""
        self._crawler = crawler
        self._limits = limits
        self._rendering = rendering
        self._traffic = Traffic(crawler, limits, rendering.hosts)
        self._turn = asyncio.Lock()
        self._browser: DevTools | None = None
        self._profile: Profile | None = None
        self._context = ""
        self._pages = 0
        """In the context that is open."""
        self._told: set[str] = set()

    async def made(self, document: ServedDocument) -> str:
        """Return the page that a document becomes. Refused names what kept it from that."""
        async with self._turn:  # a crash or a hang costs the one page that is being made
            try:
                tab = await asyncio.wait_for(self._tab(), _STARTS)
                return await self._made(tab, document)
            except (BrowserGoneError, CommandError, OSError, TimeoutError) as error:
                logger.warning("the browser could not open a page for %s: %r", document.url, error)
                await self._end()
                raise Refused(RENDER_CRASH) from error
            except Refused as error:
                if str(error) in {RENDER_CRASH, RENDER_HUNG}:
                    logger.warning("%s took the browser down (%s): it is started anew", document.url, error)
                    await self._end()
                raise

    async def _made(self, tab: Tab, document: ServedDocument) -> str:
        try:
            html = await tab.made(document, self._limits, self._rendering)
        finally:
            await tab.close()
            self._tell(tab)
        await self._recycle()
        return html

    async def end(self) -> None:
        """End the browser, once the page that is being made has ended."""
        async with self._turn:
            await self._end()

    async def _tab(self) -> Tab:
        if self._browser is None or self._browser.gone.done():
            await self._end()
            self._profile = await asyncio.to_thread(Profile)
            program = require_browser(f"{self._crawler.spider.name} is rendered: it")  # type: ignore[union-attr]
            self._browser = await start_chromium(program, self._profile)
            self._crawler.stats.inc_value("news/render/browsers")
        if not self._context:
            made = await self._browser.send("Target.createBrowserContext", disposeOnDetach=True)
            self._context, self._pages = made["browserContextId"], 0
            await self._browser.send(
                "Browser.setDownloadBehavior", behavior="deny", browserContextId=self._context
            )
        self._pages += 1
        agent = self._crawler.settings["USER_AGENT"]
        return await Tab.open(self._browser, self._context, self._traffic, agent)

    async def _recycle(self) -> None:
        """Give back what the pages before have left."""
        if self._browser is None:
            return
        held = await asyncio.to_thread(megabytes, await browser_processes(self._browser))
        self._crawler.stats.max_value("news/render/megabytes", round(held))
        if held > self._limits.memory:
            await self._end()
        elif self._pages >= self._limits.pages:
            context, self._context = self._context, ""
            await self._browser.send("Target.disposeBrowserContext", browserContextId=context)

    async def _end(self) -> None:
        browser, self._browser, self._context = self._browser, None, ""
        if browser is not None:
            await browser.end(_ENDS)
        if self._profile is not None:
            await asyncio.to_thread(self._profile.remove)
            self._profile = None

    def _tell(self, tab: Tab) -> None:
        """Say which other hosts the pages wanted, each once."""
        for host in sorted(tab.visit.foreign - self._told):
            logger.info(
                "%s is not asked: where the text needs it, name it in Site(rendering=Rendering(hosts=…))",
                host,
            )
        self._told |= tab.visit.foreign
