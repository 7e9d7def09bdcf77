"""The accounts of a crawl: every page that came has exactly one end, and none is lost silently."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.http import Response

from scraper.crawl.causes import STORE
from scraper.crawl.pages.pipelines import ExtractPipeline, Rejected, StorePipeline
from scraper.errors import StoreError
from scraper.model import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

PIPELINE, SPIDER, DROPPED = "pipeline", "spider", "dropped"
"""Causes of failure after a page came, beside the database: an item pipeline, the spider's own code, and a
pipeline that is not ours and dropped it, or gave back something else."""
UNACCOUNTED = "news/unaccounted"
_ENDS = ("stored", "revision", "unchanged", "lost")
_GROUPS = ("rejected/", "quarantined/")


def unaccounted(counts: Mapping[str, Any]) -> int:
    """Return how many fetched pages have no end (below 0: how many ends no page); counts are named as stats.

    >>> unaccounted({"news/fetched": 3, "news/stored": 1, "news/rejected/list": 1, "news/failed/404": 9})
    1
    """
    own = {name.removeprefix("news/"): number for name, number in counts.items() if name.startswith("news/")}
    ended = sum(own.get(name, 0) for name in _ENDS)
    ended += sum(number for name, number in own.items() if name.startswith(_GROUPS))
    return int(own.get("fetched", 0)) - int(ended)


def lost_by(error: BaseException | None) -> str:
    """Return the cause of a page that was lost in the pipelines."""
    return STORE if isinstance(error, StoreError) else PIPELINE


class Accounts:
    """An extension that counts what is lost after it came, and checks the sum when a crawl ends.

    Counts news/lost, by cause news/failed/pipeline, /spider, /store, /dropped, news/late_errors (exceptions
    in pipelines behind the store's: the page itself is safe), and news/unaccounted where the sum is wrong,
    which is a defect of this program.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Hear what becomes of each page."""
        self._crawler = crawler
        crawler.signals.connect(self._item_error, signal=signals.item_error)
        crawler.signals.connect(self._item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self._spider_error, signal=signals.spider_error)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl."""
        return cls(crawler)

    def _item_error(self, item: object, failure: Failure) -> None:
        if isinstance(item, Page):
            if self._is_ended(item):
                self._crawler.stats.inc_value("news/late_errors")
            else:
                self._lose(lost_by(failure.value))

    def _item_dropped(self, item: object, exception: Exception) -> None:
        if isinstance(item, Page) and not self._is_ended(item) and not isinstance(exception, Rejected):
            self._lose(DROPPED)

    def _spider_error(self, response: object) -> None:
        """Count a page whose callback raised; an errback's page was counted when it failed."""
        if (
            isinstance(response, Response)
            and response.request is not None
            and "target" in response.request.cb_kwargs
        ):
            self._lose(SPIDER)

    def _lose(self, cause: str, number: int = 1) -> None:
        self._crawler.stats.inc_value("news/lost", number)
        self._crawler.stats.inc_value(f"news/failed/{cause}", number)

    def _is_ended(self, page: Page) -> bool:
        """Return whether the store's pipeline has counted the page."""
        store = self._crawler.get_item_pipeline(StorePipeline)
        return store is not None and store.has_ended(page)

    def _has_others(self) -> bool:
        """Return whether there are item pipelines beside ours."""
        pipelines = self._crawler.engine.scraper.itemproc.middlewares
        return not all(isinstance(each, ExtractPipeline | StorePipeline) for each in pipelines)

    def _closed(self) -> None:
        stats = self._crawler.stats
        counts = stats.get_stats()
        number = unaccounted(counts) if "news/fetched" in counts else 0
        if number > 0 and self._has_others():  # one of them gave back something else: no signal says so
            self._lose(DROPPED, number)
        elif number:
            stats.set_value(UNACCOUNTED, number)
            logger.error("%d pages are not accounted for: please report this with the log", number)
