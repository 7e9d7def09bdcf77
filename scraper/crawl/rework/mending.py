"""Layouts that proved wrong: what they gave is extracted again, then they are forgotten."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Self

from scrapy import signals

from scraper.archive.place import Place
from scraper.crawl.context import declared_site
from scraper.crawl.pages.pipelines import StorePipeline
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.reextracting import Reextractor, accept_all
from scraper.extraction.body.layout import layout_of
from scraper.store import open_store
from scraper.store.queries import ArticleQuery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy.crawler import Crawler

    from scraper.model import ArticleId, StoredArticle
    from scraper.store.protocol import Store

logger = logging.getLogger(__name__)

_AT_ONCE = 50
"""Articles a transaction."""


def mend(tools: Reextractor, site: str, *, forgets: bool = True) -> int:
    """Extract again what doubted layouts of a site gave; return how many articles that were.

    The layouts are forgotten, unless others that read by them still go on.
    A mending that was cut off leaves them doubted, and is done again: what was written is passed over.
    """
    doubted = _doubted(tools.store, site)
    if not doubted:
        return 0
    changed: list[ArticleId] = []
    number, left = 0, tools.extract(_given_by(tools.store, site, doubted))
    while batch := list(islice(left, _AT_ONCE)):
        number += len(batch)
        changed += accept_all(tools.store, batch)
    tools.accept_again(changed)
    if not forgets:
        return number
    with tools.store.transaction():
        for host, template in tools.store.templates(site).items():
            kept = tuple(layout for layout in template.layouts if layout.version not in doubted)
            if kept != template.layouts:
                tools.store.save_template(site, host, replace(template, layouts=kept))
    return number


def _doubted(store: Store, site: str) -> dict[str, datetime | None]:
    """Return the versions of the layouts that are doubted, and since when."""
    return {
        layout.version: datetime.fromisoformat(layout.doubted) if layout.doubted else None
        for template in store.templates(site).values()
        for layout in template.layouts
        if layout.doubted is not None
    }


def _given_by(store: Store, site: str, doubted: Mapping[str, datetime | None]) -> Iterator[StoredArticle]:
    for stored in store.articles(ArticleQuery(site=site)):
        version, at = layout_of(stored.article), stored.article.fetched_at
        if version is None or version not in doubted:
            continue
        since = doubted[version]
        if since is None or at is None or at >= since:
            yield stored


class Mending:
    """An extension that mends when a crawl has ended, as news/layout/mended counts."""

    def __init__(self, crawler: Crawler) -> None:
        """Wait for the end."""
        self._crawler = crawler
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl."""
        return cls(crawler)

    async def _closed(self) -> None:
        pipeline = self._crawler.get_item_pipeline(StorePipeline)
        if pipeline is not None and pipeline.templates.is_doubted:
            number = await asyncio.to_thread(self._mend)
            self._crawler.stats.set_value("news/layout/mended", number)

    def _mend(self) -> int:
        settings, site = self._crawler.settings, declared_site(self._crawler.spider)
        refine = getattr(self._crawler.spider, "refinement", None)
        with (
            open_store(settings["NEWS_STORE"]) as store,
            ExtractionPool(settings.getint("NEWS_WORKERS") or None) as pool,
        ):
            tools = Reextractor(
                store=store,
                place=Place(settings["NEWS_ARCHIVE"]),
                pool=pool,
                sites={site.name: site},
                refinements={site.name: refine} if refine else {},
            )
            number = mend(tools, site.name)
        logger.warning(
            "%s is built in another way than before: %d articles were extracted again", site.name, number
        )
        return number
