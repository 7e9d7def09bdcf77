"""Crawls as a function: named sites in, counts and an exit code out, in this process."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import SETTINGS_PRIORITIES

from scraper.crawl.project import project_settings
from scraper.crawl.spider import NewsSpider
from scraper.errors import ConfigError, ScraperError
from scraper.store.service.values import addresses_named, sources_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrapy.crawler import Crawler
    from scrapy.settings import Settings

logger = logging.getLogger(__name__)

_PREFIX = "news/"
_GENERIC = "news"
_KEPT = ("stored", "revision", "unchanged", "rejected/out_of_range")
_KNOWN = (*_KEPT, "not_due", "out_of_range")
EXIT_INTERRUPTED = 130
"""What a shell says of a program that a signal ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One site to crawl."""

    target: str
    """The name of a spider, or the address of any news site."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Of the spider: since, until, limit, urls, shard."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of this crawl alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a crawl stands, or how it ended."""

    site: str
    counts: Mapping[str, int]
    """The stats below "news/": announced, fetched, stored, rejected/<reason>, failed/<cause> …"""
    reason: str | None = None
    """How it ended: finished, shutdown (asked to stop); None while it runs or where it never began."""
    errors: int = 0
    """Exceptions in the spider itself."""

    def total(self, prefix: str) -> int:
        """Return the sum of the counts below a prefix, such as "rejected/"."""
        return sum(number for name, number in self.counts.items() if name.startswith(prefix))

    @property
    def exit_code(self) -> int:
        """0 done; 1 failed; 3 done, but sources failed, or an exception of ours or of a pipeline cost a page.

        Failed is what named no article though sources were asked, and what kept no page though some were
        fetched or announced; 130 is interrupted.
        """
        if self.reason == "shutdown":
            return EXIT_INTERRUPTED
        sources_failed = self.total("source/failed/")
        sources_good = sources_read(self.counts)
        announced = self.counts.get("announced", 0)
        kept = sum(self.counts.get(name, 0) for name in _KNOWN)
        nothing = announced > 0 and kept == 0
        blind = addresses_named(self.counts) == 0 and (sources_good + sources_failed > 0 or self.errors > 0)
        kept_pages = sum(self.counts.get(name, 0) for name in _KEPT)
        nothing |= self.counts.get("fetched", 0) > 0 and kept_pages == 0
        is_wrong = self.counts.get("failed/store") or self.counts.get("unaccounted")
        if self.reason is None or is_wrong or nothing or blind:
            return 1
        lost = self.counts.get("lost", 0) + self.counts.get("late_errors", 0)
        return 3 if sources_failed or self.errors or lost else 0


Watch: TypeAlias = "Callable[[Callable[[], Sequence[Progress]]], AbstractContextManager[object]]"
"""Gets a function that tells where the crawls stand; its context is open while they run."""


def run_crawls(
    crawls: Sequence[Crawl],
    settings: Mapping[str, Any],
    *,
    watch: Watch | None = None,
    handler: logging.Handler | None = None,
) -> Sequence[Progress]:
    """Run the crawls one after the other; an interrupt lets open requests finish, and no other crawl begins.

    In turn, since of two sites that carry one text the one that is stored first counts as its source: side by
    side, that would be chance.

    The settings override the project's; the handler, with its level, takes the place of Scrapy's own log.
    ConfigError for a target or an argument that is wrong, StoreError for a store that cannot be opened;
    nothing was fetched then. Only once a process: Twisted's reactor does not start again.
    """
    scrapy = project_settings()
    scrapy.update(dict(settings), priority="cmdline")
    scrapy.set("LOG_INSTALL_ROOT_HANDLER", handler is None, priority="cmdline")
    process = _InTurn(scrapy)
    if handler is not None:
        logging.root.setLevel(handler.level)
        logging.root.addHandler(handler)
    planned = [(_crawler(process, crawl), _arguments(crawl)) for crawl in crawls]
    sites = [_checked(crawler, arguments) for crawler, arguments in planned]
    crawlers = [crawler for crawler, _ in planned]

    def look() -> Sequence[Progress]:
        return [_progress(site, crawler) for site, crawler in zip(sites, crawlers, strict=True)]

    process.planned = planned
    with watch(look) if watch else nullcontext():
        process.start()
    if process.error is not None:
        raise process.error
    return look()


class _InTurn(AsyncCrawlerProcess):
    """Runs what is planned one after the other, until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.planned: Sequence[tuple[Crawler, Mapping[str, str]]] = ()
        self.error: ScraperError | None = None
        """What kept the first crawl that could not begin from it."""
        self._is_stopped = False

    async def join(self) -> None:
        """Return when all have ended: Scrapy stops the reactor then."""
        for crawler, arguments in self.planned:
            if not self._is_stopped:
                task = self.crawl(crawler, **arguments)
                await asyncio.wait([task])
                if self.error is None and isinstance(error := task.exception(), ScraperError):
                    self.error = error

    async def stop(self) -> None:
        """End the crawl that runs, and begin none."""
        self._is_stopped = True
        await super().stop()


def _crawler(process: AsyncCrawlerProcess, crawl: Crawl) -> Crawler:
    crawler = process.create_crawler(_spider(process, crawl))
    above = (
        SETTINGS_PRIORITIES["cmdline"] + 1
    )  # the process gives a crawler its own settings again at the start
    crawler.settings.update(dict(crawl.settings), priority=above)
    return crawler


def _spider(process: AsyncCrawlerProcess, crawl: Crawl) -> type[NewsSpider]:
    name = _GENERIC if "://" in crawl.target else crawl.target
    names = sorted(process.spider_loader.list())
    if name not in names:
        raise ConfigError(f"no spider is called {name}: give an address, or one of {', '.join(names)}")
    found = process.spider_loader.load(name)
    if not issubclass(found, NewsSpider):
        raise ConfigError(f"the spider {name} is no NewsSpider: run it with scrapy crawl {name}")
    return found


def _arguments(crawl: Crawl) -> dict[str, str]:
    given = {name: value for name, value in crawl.arguments.items() if value}
    return {"url": crawl.target, **given} if "://" in crawl.target else given


def _checked(crawler: Crawler, arguments: Mapping[str, str]) -> str:
    """Return the site's name; raises what would otherwise only be logged once the reactor runs."""
    spider = crawler.spidercls(**arguments)
    assert isinstance(spider, NewsSpider)
    spider.check_settings(crawler.settings)
    return spider.site.name


def _progress(site: str, crawler: Crawler) -> Progress:
    stats = crawler.stats.get_stats() if crawler._stats else {}  # noqa: SLF001 - unset until the crawl starts
    items = list(stats.items())
    return Progress(
        site=site,
        counts={
            name.removeprefix(_PREFIX): value
            for name, value in items
            if name.startswith(_PREFIX) and isinstance(value, int)
        },
        reason=stats.get("finish_reason"),
        errors=stats.get("spider_exceptions/count", 0),
    )
