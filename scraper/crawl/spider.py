"""NewsSpider: a site declares itself, everything else is here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.spidermiddlewares.httperror import HttpError

from scraper.crawl.causes import STORE, UNASKED, cause_of
from scraper.crawl.discovery.discover import Discovery, Target
from scraper.crawl.discovery.known_pages import KnownPages
from scraper.crawl.discovery.scope import read_scope
from scraper.crawl.discovery.shards import slowed
from scraper.crawl.download.access import read_access
from scraper.crawl.download.contact import require_contact
from scraper.crawl.download.handler import handles_the_web
from scraper.crawl.download.replay import ReplayHandler
from scraper.crawl.download.side_requests import Web
from scraper.crawl.pages.accounts import SPIDER, lost_by
from scraper.crawl.pages.lead_images import asks_for_images
from scraper.crawl.pages.pipelines import ExtractPipeline, StorePipeline
from scraper.crawl.rendering.renderer import RENDER_SETTING
from scraper.crawl.responses import page_of
from scraper.errors import ConfigError, StoreError
from scraper.model import Page, RelationKind
from scraper.urls import without_user_info

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from scraper.crawl.pages.workers import Refine
    from scraper.model import Article, Site

_WAITING = 500
"""Requests that may wait in the scheduler: discovery goes on when there are fewer, so that a sitemap of a
million pages does not fill the memory."""
_ABOVE_ALL = SETTINGS_PRIORITIES["cmdline"] + 1
_FINAL = {"404", "410", "robots", "offsite"}
"""Failures that another try would not mend: the listing that announced such a page counts as read."""


class NewsSpider(Spider):
    """Crawls one news site: discovers its articles and yields each as a Page.

    A subclass declares `site`; its name and domains follow from there. Arguments: since, until (a day or an
    instant), limit (pages), urls (addresses, instead of discovery), shard (2/4: the second of four parts of
    the site); an unknown one is a ConfigError.
    """

    site: Site
    allowed_domains: list[str]

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Name the spider after its site."""
        super().__init_subclass__(**kwargs)
        if "site" in cls.__dict__:
            cls.name = cls.site.name
            cls.allowed_domains = list(cls.site.domains)

    def __init__(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        limit: str | None = None,
        urls: str | None = None,
        shard: str | None = None,
        **unknown: object,
    ) -> None:
        """Read the arguments. ConfigError names the wrong one."""
        if unknown:
            names = ", ".join(unknown)
            raise ConfigError(
                f"unknown argument {names}: {self.name} takes since, until, limit, urls and shard"
            )
        super().__init__()
        scope = read_scope(since=since, until=until, limit=limit, urls=urls, shard=shard)
        self.given_addresses = scope.urls
        """As they were written, with user info."""
        self.scope = replace(scope, urls=tuple(map(without_user_info, scope.urls)))
        self._ledger: KnownPages
        self._under_way: set[asyncio.Task[None]] = set()
        self._has_told = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401 - Scrapy's own shape
        """Return the spider, which hears what becomes of its pages, and slow down the crawl of a part."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not spider.scope.shard.is_whole:
            crawler.settings.update(slowed(crawler.settings, spider.scope.shard), priority=_ABOVE_ALL)
        for signal in (signals.item_scraped, signals.item_dropped):
            crawler.signals.connect(spider._page_ended, signal=signal)  # noqa: SLF001 - its own
        crawler.signals.connect(spider._item_failed, signal=signals.item_error)  # noqa: SLF001
        crawler.signals.connect(spider._callback_failed, signal=signals.spider_error)  # noqa: SLF001
        return spider

    @classmethod
    def refine(cls, article: Article, page: Page) -> Article:
        """Return the article as this site needs it; pure, and run in the worker. The rare escape hatch."""
        del page
        return article

    @property
    def refinement(self) -> Refine | None:
        """What a worker is to call after extraction; None where the site has nothing of its own."""
        is_own = type(self).refine.__func__ is not NewsSpider.refine.__func__  # type: ignore[attr-defined]
        return type(self).refine if is_own else None

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each article that is worth fetching now."""
        crawler = self.crawler
        self.check_settings(crawler.settings)
        pipeline = crawler.get_item_pipeline(StorePipeline)
        extracting = crawler.get_item_pipeline(ExtractPipeline)
        if pipeline is None or extracting is None:
            raise ConfigError(
                "a NewsSpider needs the pipelines: ADDONS = {'scraper.crawl.addon.NewsAddon': 500}"
            )
        hours = [float(hour) for hour in crawler.settings.getlist("NEWS_REFETCH_HOURS")]
        self._ledger = KnownPages(pipeline.writer, hours=hours)
        discovery = Discovery(
            site=self.site,
            scope=self.scope,
            web=Web(crawler),
            read=extracting.read_listing,
            ledger=self._ledger,
            count=self._count,
        )
        try:
            async for target in discovery.targets():
                extracting.expect()
                yield self._request(target)
                scheduler = crawler.engine.scheduler
                while scheduler is not None and len(scheduler) >= _WAITING:  # type: ignore[arg-type]
                    await crawler.signals.wait_for(signals.scheduler_empty)
        except StoreError:
            self._count("failed/store")
            raise

    def _arrived(self, response: Response, target: Target) -> Iterator[Page]:
        """Yield what parse_page yields, all or nothing, so that a page that came has one end."""
        self._count("fetched")
        pages = list(self.parse_page(response, target))
        if not pages:
            raise ValueError(f"parse_page yielded nothing for {response.url}")
        self._count("fetched", len(pages) - 1)
        yield from pages

    def parse_page(self, response: Response, target: Target) -> Iterator[Page]:
        """Yield the page; what it holds, a worker finds out."""
        yield replace(page_of(response), hints=target.announced.hints)

    async def failed(self, failure: Failure) -> None:
        """Count and log a page that could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        cause = cause_of(error)
        self._count(f"failed/{cause}")
        self._tell(error, request.url, cause)
        target: Target = request.cb_kwargs["target"]
        status = error.response.status if isinstance(error, HttpError) else None
        if cause not in {*UNASKED, STORE}:
            await self._fail(target, cause, status)
        await self._ledger.settle(target.origin, good=cause in _FINAL)

    def _tell(self, error: BaseException, url: str, cause: str) -> None:
        """Log a failure; what keeps the store or the archive from taking pages, once and loudly."""
        self.logger.info("failed: %s %s", cause, url)
        if cause == STORE and not self._has_told:
            self._has_told = True
            self.logger.error("%s", error)

    async def _fail(self, target: Target, cause: str, status: int | None = None) -> None:
        await self._ledger.fail(target.url, self.site.name, cause, now=datetime.now(UTC), status=status)

    def _request(self, target: Target) -> Request:
        return Request(
            target.url,
            callback=self._arrived,
            errback=self.failed,
            cb_kwargs={"target": target},
            dont_filter=True,  # discovery yields each address once, and a redirect may lead to a second one
        )

    def _count(self, name: str, number: int = 1) -> None:
        if number:
            self.crawler.stats.inc_value(f"news/{name}", number)

    async def _page_ended(self, response: Response | None, item: object = None) -> None:
        target = _target_of(response)
        if target is not None and target.is_dated and target.origin is not None and isinstance(item, dict):
            relation = item.get("relation") or {}
            changed = relation.get("kind") != RelationKind.UNCHANGED
            await self._ledger.came_back(target.origin, changed=changed, now=datetime.now(UTC))
        await self._settle(response, good=True)

    async def _item_failed(self, item: object, response: object, failure: Failure) -> None:
        store = self.crawler.get_item_pipeline(StorePipeline)
        if store is not None and isinstance(item, Page) and store.has_ended(item):
            await self._settle(response, good=True)
        else:
            await self._page_lost(response, lost_by(failure.value))

    def _callback_failed(self, response: object) -> None:
        lost = asyncio.ensure_future(self._page_lost(response, SPIDER))  # Scrapy awaits nothing here
        self._under_way.add(lost)
        lost.add_done_callback(self._under_way.discard)

    async def _page_lost(self, response: object, cause: str) -> None:
        """Log a page that came and was lost, unless the store itself refused it."""
        target = _target_of(response)
        if target is not None and cause != STORE:
            await self._fail(target, cause, getattr(response, "status", None))
        await self._settle(response, good=False)

    async def _settle(self, response: object, *, good: bool) -> None:
        target = _target_of(response)
        if target is not None:
            await self._ledger.settle(target.origin, good=good)

    def check_settings(self, settings: BaseSettings) -> None:
        """Raise ConfigError for what the crawl needs and lacks.

        That is, beyond this machine, a contact; the secrets that the site's table of access names; and, but
        for a replay, a browser where pages are rendered, and a place for pictures that are asked for.
        """
        addresses = (
            self.site.home,
            *self.site.feeds,
            *self.site.sitemaps,
            *self.site.sections,
            *self.scope.urls,
        )
        require_contact(addresses, settings)
        read_access(settings, self.site.name)
        if handles_the_web(ReplayHandler, settings):
            return
        if self.site.rendered or settings.getbool(RENDER_SETTING):
            from scraper.crawl.rendering.chromium import require_browser

            require_browser(f"{self.name} is rendered: it")
        asks_for_images(self.site, settings)


def _target_of(response: object) -> Target | None:
    """Return what a response was asked for as; None for a listing or a failure."""
    request = response.request if isinstance(response, Response) else None
    target = request.cb_kwargs.get("target") if request is not None else None
    return target if isinstance(target, Target) else None
