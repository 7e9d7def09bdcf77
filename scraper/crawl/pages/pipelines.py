"""The item pipelines: a fetched page is extracted in a worker process, then decided on and stored.

Page → ExtractPipeline → Extracted → StorePipeline → record. Items of other types pass through untouched.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from scraper.crawl.browser_need import BrowserNeed, PageFinding, page_finding
from scraper.crawl.context import KeepsStore, declared_site, need_of
from scraper.crawl.courtesy.lease import SiteLease
from scraper.crawl.discovery.scope import Scope
from scraper.crawl.download.handler import handles_the_web
from scraper.crawl.download.replay import ReplayHandler
from scraper.crawl.download.side_requests import MAX_LISTING_BYTES, Web
from scraper.crawl.listings.reading import needs_worker, read_listing
from scraper.crawl.pages.corrections import with_correction
from scraper.crawl.pages.lead_images import LeadImages
from scraper.crawl.pages.learned import Templates
from scraper.crawl.pages.saving import Extracted, allowed, counters, expected, page_told, refusal, save
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.store_thread import Writer
from scraper.dedup.decide import agree
from scraper.errors import InputError, StoreDownError, StoreError
from scraper.extraction.pagination import MOST_PAGES, join_pages
from scraper.learned.template import EMPTY
from scraper.model import Article, Page, Reason, Rejection, Site
from scraper.record import to_record
from scraper.store import open_store
from scraper.store.service.values import EXTRACTION, EXTRACTION_BOUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

    from scraper.crawl.listings.announced import Listing
    from scraper.extraction.pagination import Part
    from scraper.model import Correction, Pointer

logger = logging.getLogger(__name__)

STORE_DOWN = "store_down"
"""How a crawl ended whose database was down for longer than NEWS_STORE_WAIT."""
_UNDER_WAY = 1_000
"""More pages than are ever in the pipelines at once."""


class Rejected(DropItem):
    """A page was stored as rejected, and counted."""

    def __init__(self, rejection: Rejection) -> None:
        """Say why."""
        super().__init__(f"{rejection.reason}: {rejection.detail}", log_level="DEBUG")
        self.reason = rejection.reason


class ExtractPipeline:
    """Page → Extracted, in worker processes; other items pass.

    An article that goes on is fetched to its end here and joined: what is stored is one article. Counts
    news/continued (pages joined to their first) and news/failed/continuation/<cause>.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Start no worker yet."""
        self._crawler = crawler
        self._pool: ExtractionPool
        self._images: LeadImages | None = None
        self._starting: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline for a crawl."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Make the pool; its processes start when the first page is expected."""
        workers = self._crawler.settings.getint("NEWS_WORKERS") or None
        self._pool = ExtractionPool(workers, spent=self._spent)
        self._images = LeadImages.of(self._crawler, self._pool)

    async def close_spider(self) -> None:
        """End the workers."""
        if self._starting is not None:
            await asyncio.wait([self._starting])
        await asyncio.to_thread(self._pool.close)

    def expect(self) -> asyncio.Future[None]:
        """Start the workers beside the crawl, since pages are on their way; return what to wait for."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().run_in_executor(None, self._pool.start)
        return self._starting

    async def read_listing(self, page: Page, site: Site) -> Listing:
        """Return what a listing announces; InputError for one that cannot be read, or not in time.

        A long one and a feed are read in a worker: 50 MB can be made to take 10 s, and 1.6 GB of memory.
        """
        if not needs_worker(page.content):
            return await asyncio.to_thread(read_listing, page, site, MAX_LISTING_BYTES)
        await asyncio.wait([self.expect()])
        try:
            return await self._pool.run(read_listing, page, site, MAX_LISTING_BYTES)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"{page.url}: reading it came to no end: {error!r}") from error

    def _spent(self, seconds: float) -> None:
        count = self._crawler.stats.inc_value
        count(f"news/{EXTRACTION}{next(bound for bound in EXTRACTION_BOUNDS if seconds <= bound):g}")
        count(f"news/{EXTRACTION}milliseconds", round(1000 * seconds))

    async def process_item(self, item: Any) -> Any:  # noqa: ANN401 - Scrapy's items have any type
        """Return the page with what it is."""
        if not isinstance(item, Page):
            return item
        spider = self._crawler.spider
        archived = [item.archived]
        need = need_of(self._crawler)
        turn = need.begin() if need else None
        found: PageFinding | None = None
        try:
            outcome, found = await self._whole(replace(item, unrendered=None), archived)
            if item.unrendered is not None and isinstance(outcome, Article):
                found = await self._compared(item, outcome)
        finally:
            if need and turn:
                await need.end(turn, found)
        scope = getattr(spider, "scope", None) or Scope()
        if isinstance(outcome, Article) and not scope.covers(outcome.published):
            detail = f"published {outcome.published}, outside the span of time that was asked for"
            outcome = refusal(outcome, item, Reason.OUT_OF_RANGE, detail)
        outcome = allowed(outcome, item, self._crawler.settings.getlist("NEWS_NO_ARTICLE_OF"))
        if self._images is not None and isinstance(outcome, Article):
            outcome = await self._images.with_lead(outcome)
        pointers = tuple(pointer for pointer in archived if pointer)
        return Extracted(page=item, outcome=outcome, archived=pointers)

    async def _whole(
        self, page: Page, archived: list[Pointer | None]
    ) -> tuple[Article | Rejection, PageFinding | None]:
        """Return what the page is, and what it says of a browser.

        An article comes with the pages that continue it, whose places are appended.
        """
        first = part = await self._extract(page)
        articles = [first.outcome] if isinstance(first.outcome, Article) else []
        seen = {page.url}
        web, count = Web(self._crawler), self._crawler.stats.inc_value
        while part.following is not None and part.following not in seen and len(articles) < MOST_PAGES:
            seen.add(part.following)
            answer = await web.page(part.following)
            if answer.page is None:
                count(f"news/failed/continuation/{answer.cause}")
                break
            part = await self._extract(answer.page)
            if not isinstance(part.outcome, Article):
                count(f"news/failed/continuation/{part.outcome.reason}")
                break
            count("news/continued")
            archived.append(answer.page.archived)
            articles.append(part.outcome)
        return join_pages(articles) if len(articles) > 1 else first.outcome, page_finding(page, first)

    async def _compared(self, page: Page, made: Article) -> PageFinding:
        """Return whether a page had, as it came, the text that a browser made."""
        content, site = page.unrendered or b"", declared_site(self._crawler.spider)
        plain = replace(page, content=content, is_rendered=False, unrendered=None)
        part = await self._pool.extract(plain, site, getattr(self._crawler.spider, "refinement", None), EMPTY)
        is_there = isinstance(part.outcome, Article) and agree(part.outcome.body, made.body)
        return PageFinding.PLAIN if is_there else PageFinding.NOT_PLAIN

    async def _extract(self, page: Page) -> Part:
        spider, store = self._crawler.spider, self._crawler.get_item_pipeline(StorePipeline)
        templates = store.templates if store else None
        template = templates.of(page) if templates else EMPTY
        observes = templates is not None and templates.observes(page)
        refine = getattr(spider, "refinement", None)
        await asyncio.wait([self.expect()])  # should it have failed, each page tries again
        page = with_correction(page, store.corrections) if store else page
        part = await self._pool.extract(page, declared_site(spider), refine, template, observes=observes)
        if templates:
            await templates.add(page, part)
        count = self._crawler.stats.inc_value
        if part.reading.layout:
            count("news/layout/known")
        if part.reading.contradicted:
            count("news/layout/contradicted")
        return part


class StorePipeline(KeepsStore):
    """Extracted → record, once its batch is committed; rejections are stored, counted and dropped.

    Each page ends in exactly one of the stats news/stored, news/revision, news/unchanged,
    news/rejected/<reason>, news/quarantined/<reason> and news/failed/store; news/near_duplicate and
    news/syndicated tell how many of the stored ones are copies.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Open nothing yet."""
        self._crawler = crawler
        settings = crawler.settings
        self.writer = Writer(
            lambda: open_store(settings["NEWS_STORE"]),
            patience=settings.getfloat("NEWS_STORE_WAIT"),
            gave_up=self._end_crawl,
        )
        self._ended: dict[Any, None] = {}
        self._ending: asyncio.Task[None] | None = None
        self._is_open = False
        self._lease: SiteLease | None = None
        self.need = None
        self.templates: Templates
        self.corrections: Mapping[str, Correction] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline for a crawl."""
        return cls(crawler)

    @property
    def may_ask(self) -> bool:
        """True where no lease is held, or it is certain."""
        return self._lease is None or self._lease.is_sure

    @property
    def is_ending(self) -> bool:
        """True once the crawl was told to end."""
        return self._ending is not None

    def _end_crawl(self, error: StoreDownError) -> None:
        """End the crawl, once: what it would fetch could not be kept."""
        if self._ending is None:
            logger.error("%s; the crawl ends, and a later one fetches what is missing", error)
            self._ending = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=STORE_DOWN))

    async def open_spider(self) -> None:
        """Open the store; StoreError if it cannot be, BusyError where the site is being crawled already."""
        spider = self._crawler.spider
        await self.writer.open()
        self._lease = self._lease_for(spider)
        try:
            if self._lease is not None:
                await self._lease.take()
        except BaseException:
            await self.writer.close()
            raise
        self._is_open = True
        is_replay = handles_the_web(ReplayHandler, self._crawler.settings)
        self.templates = Templates(
            self.writer,
            declared_site(spider).name,
            layouts=self._crawler.settings.getbool("NEWS_LAYOUTS", default=True),
            since="" if is_replay else datetime.now(UTC).isoformat(),
        )
        await self.templates.open()
        name = declared_site(spider).name
        if declared_site(spider).rendered is None and not is_replay:
            self.need = BrowserNeed(self.writer, name)
            await self.need.open()
        self.corrections = await self.writer.read(lambda store: store.corrections(name))
        gc.freeze()  # all that is loaded by now stays: looking through it again holds the event loop up 0.1 s

    async def close_spider(self) -> None:
        """Commit what is open, and what was learned of the site; nothing where the store did not open."""
        if not self._is_open:
            return
        if self.need is not None and self.need.known.is_rendered:
            self._crawler.stats.set_value("news/render/needed", 1)
        try:
            await self.templates.save()
        finally:
            if self._lease is not None:
                await self._lease.give_back()
            await self.writer.close()

    def _lease_for(self, spider: object) -> SiteLease | None:
        """Return what keeps other crawls from the site; a replay asks nobody for anything."""
        scope = getattr(spider, "scope", None) or Scope()
        is_replay = handles_the_web(ReplayHandler, self._crawler.settings)
        if is_replay:
            return None
        return SiteLease(self.writer, declared_site(spider), scope.shard, self._crawler.settings["NEWS_RUN"])

    async def process_item(self, item: Any) -> Any:  # noqa: ANN401
        """Return the record of a stored article; DropItem for a rejected page."""
        if not isinstance(item, Extracted):
            return item
        count = self._crawler.stats.inc_value
        site = declared_site(self._crawler.spider)
        try:
            result = await self.writer.write(lambda store: save(store, item, site), expected=expected(item))
        except StoreError:
            raise
        except Exception as error:
            raise StoreError(f"{item.page.url} could not be saved: {error!r}") from error
        self._end(item.page)
        for name in counters(result):
            count(f"news/{name}")
        logger.info("%s", page_told(result, item.page.url))
        if isinstance(result, Rejection):
            raise Rejected(result)
        return to_record(result.article, content_hash=result.signature.content_hash, relation=result.relation)

    def has_ended(self, page: Page) -> bool:
        """Return whether a page under way in the pipelines was already counted here."""
        return (page.requested or page.url, page.fetched_at) in self._ended

    def _end(self, page: Page) -> None:
        """Remember the page for as long as a pipeline behind this one may have it."""
        self._ended[page.requested or page.url, page.fetched_at] = None
        if len(self._ended) > _UNDER_WAY:
            del self._ended[next(iter(self._ended))]
