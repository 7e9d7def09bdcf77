from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from scraper.crawl.discovery import discover as discovery
from scraper.crawl.discovery.discover import Discovery
from scraper.crawl.discovery.known_pages import KnownPages
from scraper.crawl.discovery.scope import Scope
from scraper.crawl.download.side_requests import Answer, Web
from scraper.crawl.listings.reading import read_listing
from scraper.crawl.store_thread import Writer
from scraper.model import Page, Site
from scraper.store import open_store
from tests.crawl.site import HOST

if TYPE_CHECKING:
    import pytest

    from scraper.crawl.listings.announced import Listing

SITE = Site(name="harbour", domains=(HOST,), home=f"http://{HOST}/")


class Endless(Web):
    """A site whose every address is an index of ten more sitemaps."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def sitemaps(self, url: str) -> list[str]:
        return [f"{url}0"]

    async def get(
        self, url: str, etag: str | None = None, last_modified: str | None = None, *, is_vouched: bool = False
    ) -> Answer:
        del etag, last_modified, is_vouched
        self.asked[url] += 1
        more = "".join(f"<sitemap><loc>{url}{number}</loc></sitemap>" for number in range(10))
        return Answer(page=Page(url=url, content=f"<sitemapindex>{more}</sitemapindex>".encode()))


async def read(page: Page, site: Site) -> Listing:
    return read_listing(page, site)


def test_sitemaps_without_end_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MAX_LISTINGS", 50)
    monkeypatch.setattr("scraper.crawl.store_thread.BATCH_SECONDS", 0.0)
    web, counts = Endless(), Counter[str]()

    async def targets() -> list[str]:
        writer = Writer(lambda: open_store("memory:"))
        await writer.open()
        ledger = KnownPages(writer, hours=(1.0,))
        found = Discovery(
            site=SITE,
            scope=Scope(),
            web=web,
            read=read,
            ledger=ledger,
            count=lambda name, number: counts.update({name: number}),
        )
        urls = [target.url async for target in found.targets()]
        await writer.close()
        return urls

    assert asyncio.run(targets()) == []
    assert web.asked.total() == len(web.asked) == 50
    assert counts["source/read"] == 50
    assert counts["source/left_out"] > 0
