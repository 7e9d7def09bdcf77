"""What a middleware or pipeline finds out through its crawler: the store's thread, and the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.model import Site

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.crawl.browser_need import BrowserNeed
    from scraper.crawl.store_thread import Writer


class KeepsStore:
    """The pipeline that owns a crawl's store; any other part of the crawl asks for its writer here."""

    writer: Writer
    need: BrowserNeed | None
    """Whether the site's pages need a browser; None where nobody is to find out."""

    @property
    def may_ask(self) -> bool:
        """False while it is not certain that the site is this crawl's."""
        raise NotImplementedError

    @property
    def is_ending(self) -> bool:
        """True once the crawl ends since its database is down or its site another's."""
        raise NotImplementedError


def writer_of(crawler: Crawler) -> Writer | None:
    """Return what reads and writes the crawl's store, None where the crawl keeps none."""
    keeper = crawler.get_item_pipeline(KeepsStore)
    return None if keeper is None else keeper.writer


def need_of(crawler: Crawler) -> BrowserNeed | None:
    """Return what the crawl finds out about its site's need of a browser, None where it finds out nothing."""
    keeper = crawler.get_item_pipeline(KeepsStore)
    return None if keeper is None else keeper.need


def may_ask(crawler: Crawler) -> bool:
    """Return whether the crawl may ask for more just now."""
    keeper = crawler.get_item_pipeline(KeepsStore)
    return keeper is None or keeper.may_ask


def is_ending(crawler: Crawler) -> bool:
    """Return whether the crawl is to end, whatever still waits."""
    keeper = crawler.get_item_pipeline(KeepsStore)
    return not crawler.engine.running or (keeper is not None and keeper.is_ending)


def declared_site(spider: Any) -> Site:  # noqa: ANN401
    """Return what a spider declares about its site; for a spider of another project, its name."""
    site = getattr(spider, "site", None)
    return site if isinstance(site, Site) else Site(name=spider.name)
