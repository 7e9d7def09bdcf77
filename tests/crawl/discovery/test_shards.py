from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from scrapy.settings import Settings

from scraper.crawl.discovery.discover import Discovery
from scraper.crawl.discovery.known_pages import KnownPages
from scraper.crawl.discovery.scope import Scope
from scraper.crawl.discovery.shards import slowed
from scraper.crawl.download.side_requests import Answer, Web
from scraper.crawl.listings.reading import read_listing
from scraper.crawl.store_thread import Writer
from scraper.errors import ConfigError
from scraper.fixtures.server import Exchange
from scraper.model import Page, Site
from scraper.shard import Shard, read_shard
from scraper.store import open_store
from scraper.store.queries import ArticleQuery
from tests.crawl.site import HOST, article, crawl, html, path, serving, sitemap, text, xml
from tests.crawl.site import site as harbour

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.crawl.listings.announced import Listing
    from scraper.fixtures.cases import Reply

pytestmark = pytest.mark.system

NUMBERS = (1, 2, 3, 4)
DELAY = 0.25
"""Seconds between two requests that the site asks for."""
HOME = f"http://{HOST}/"
SITE = Site(name="harbour", domains=(HOST,), home=HOME)


class Paper(Web):
    """An invented site of nested sitemaps, a feed and a home page; notes what was asked for."""

    def __init__(self, seed: int, *, overlap: bool) -> None:
        self._random = random.Random(seed)
        self._overlap = overlap
        self._number = 0
        self.pages: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        self.roots = [self._sitemap(f"root{at}.xml", 0) for at in range(self._random.randint(1, 3))]
        items = "".join(f"<item><link>{url}</link></item>" for url in self._articles(4))
        self.pages[f"{HOME}feed.xml"] = f"<rss><channel>{items}</channel></rss>".encode()
        links = "".join(f"<a href='{url}'>The news of quarter {url[-3:]}</a>" for url in self._articles(4))
        head = "<head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head>"
        self.pages[HOME] = f"<html>{head}<body>{links}</body></html>".encode()

    async def sitemaps(self, url: str) -> list[str]:
        del url
        return self.roots

    async def get(
        self, url: str, etag: str | None = None, last_modified: str | None = None, *, is_vouched: bool = False
    ) -> Answer:
        del etag, last_modified, is_vouched
        self.asked[url] += 1
        return Answer(page=Page(url=url, content=self.pages[url]))

    def _sitemap(self, name: str, level: int) -> str:
        if level < 3 and self._random.random() < 0.6:
            below = range(self._random.randint(1, 6))
            found = [self._sitemap(f"{name.removesuffix('.xml')}-{at}.xml", level + 1) for at in below]
            entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in found)
            content = f"<sitemapindex>{entries}</sitemapindex>"
        else:
            found = self._articles(self._random.randint(0, 12))
            content = f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in found)}</urlset>"
        self.pages[HOME + name] = content.encode()
        return HOME + name

    def _articles(self, number: int) -> list[str]:
        start = self._number
        self._number += number
        if self._overlap:
            return [HOME[:-1] + path(100 + self._random.randrange(40)) for _ in range(number)]
        return [HOME[:-1] + path(100 + at) for at in range(start, start + number)]


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.crawl.store_thread.BATCH_SECONDS", 0.0)


async def read(page: Page, site: Site) -> Listing:
    return read_listing(page, site)


def discovered(paper: Paper, shard: Shard, counts: Counter[str] | None = None) -> list[str]:
    counted: Counter[str] = Counter() if counts is None else counts

    async def targets() -> list[str]:
        writer = Writer(lambda: open_store("memory:"))
        await writer.open()
        discovery = Discovery(
            site=SITE,
            scope=Scope(shard=shard),
            web=paper,
            read=read,
            ledger=KnownPages(writer, hours=(1.0,)),
            count=lambda name, number: counted.update({name: number}),
        )
        found = [target.url async for target in discovery.targets()]
        await writer.close()
        return found

    return asyncio.run(targets())


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("shards", range(1, 9))
def test_a_shard_to_which_no_sitemap_falls_asks_for_no_usual_place(shards: int) -> None:
    paper = Paper(1, overlap=False)
    paper.roots = [f"{HOME}index.xml"]
    entries = "".join(f"<sitemap><loc>{HOME}{name}.xml</loc></sitemap>" for name in ("april", "may"))
    paper.pages = {
        HOME: b"<html><body>The news is in the sitemaps.</body></html>",
        f"{HOME}index.xml": f"<sitemapindex>{entries}</sitemapindex>".encode(),
        **{
            f"{HOME}{name}.xml": f"<urlset><url><loc>{HOME[:-1]}{path(at)}</loc></url></urlset>".encode()
            for at, name in enumerate(("april", "may"))
        },
    }
    found = [url for at in range(shards) for url in discovered(paper, Shard(number=at + 1, of=shards))]
    assert len(found) == 2
    assert set(paper.asked) == set(paper.pages)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("seed", range(8))
def test_every_announced_address_belongs_to_exactly_one_shard(seed: int) -> None:
    paper = Paper(seed, overlap=False)
    whole = discovered(paper, Shard())
    listings = set(paper.asked)
    paper.asked.clear()
    for of in (2, 3, 5):
        shards = [discovered(paper, Shard(number=at + 1, of=of)) for at in range(of)]
        assert Counter(whole) == Counter(url for found in shards for url in found)
        read = {url: of if url in paper.roots else 1 for url in listings}
        assert paper.asked == Counter(read)
        paper.asked.clear()


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("seed", range(8))
def test_a_shard_without_a_share_knows_that_others_have_one(seed: int) -> None:
    paper, of = Paper(seed, overlap=False), 40
    for at in range(of):
        counts: Counter[str] = Counter()
        found = discovered(paper, Shard(number=at + 1, of=of), counts)
        assert found or counts["source/of_others"] > 0


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("seed", range(8))
def test_no_address_that_several_listings_announce_is_left_out(seed: int) -> None:
    paper = Paper(seed, overlap=True)
    whole = discovered(paper, Shard())
    shards = [discovered(paper, Shard(number=at, of=4)) for at in NUMBERS]
    assert set(whole) == {url for found in shards for url in found}


def test_addresses_are_spread_evenly_and_alike_everywhere() -> None:
    owners = Counter(
        shard.number
        for number in range(4000)
        for shard in (Shard(number=at, of=4) for at in NUMBERS)
        if shard.owns(f"https://paper.example/{number}")
    )
    assert sorted(owners) == [1, 2, 3, 4]
    assert all(900 < number < 1100 for number in owners.values())
    assert Shard(number=3, of=4).owns("https://paper.example/sitemap-2031-05.xml")


@pytest.mark.parametrize("text", ["2", "0/4", "5/4", "a/b", "1/0", "2/4/6"])
def test_what_names_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=f"shard={text}"):
        read_shard(text)


def test_the_shards_together_ask_no_faster_and_for_no_more_than_one_crawl() -> None:
    settings = Settings()
    settings.setmodule("scraper.settings")
    settings.set("DOWNLOAD_SLOTS", {HOST: {"delay": 0.5, "concurrency": 1}, "other.test": {}})
    found = slowed(settings, Shard(number=2, of=4))
    assert found == {
        "DOWNLOAD_DELAY": 4.0,
        "AUTOTHROTTLE_START_DELAY": 4.0,
        "AUTOTHROTTLE_MAX_DELAY": 240.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.25,
        "DOWNLOAD_SLOTS": {HOST: {"delay": 2.0, "concurrency": 1}, "other.test": {}},
        "NEWS_HOST_BUDGET": 12_500,
        "NEWS_SHARDS": 4,
    }


class Timed(list[Exchange]):
    """What a server was asked for, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, exchange: Exchange) -> None:
        self.at.append(time.monotonic())
        super().append(exchange)


def big_site(robots: str = "") -> dict[str, Reply]:
    """Return the replies of a site with an index of four sitemaps, a sitemap beside it, and a home page."""
    children = "".join(f"<sitemap><loc>http://{HOST}/{at}.xml</loc></sitemap>" for at in range(4))
    robots += f"Sitemap: http://{HOST}/index.xml\nSitemap: http://{HOST}/root.xml\n"
    return {
        "/": html(f"<p><a href='{path(0)}'>The news of quarter zero</a></p>"),
        "/robots.txt": text(f"User-agent: *\n{robots}"),
        "/index.xml": xml(f"<sitemapindex>{children}</sitemapindex>"),
        "/root.xml": sitemap(1, 2, 3, 4),
        **{f"/{at}.xml": sitemap(*range(5 + at * 2, 7 + at * 2)) for at in range(4)},
        **{path(number): article(number) for number in range(13)},
    }


def test_four_shards_side_by_side_fetch_and_store_all_articles_once(tmp_path: Path) -> None:
    """Takes 10 s: four crawls side by side."""
    with serving(harbour(**big_site())) as server:
        shards = [
            threading.Thread(
                target=crawl, args=(server.port, tmp_path / "a.db"), kwargs={"shard": f"{number}/4"}
            )
            for number in NUMBERS
        ]
        for shard in shards:
            shard.start()
        for shard in shards:
            shard.join()
        asked = [exchange.address.path for exchange in server.exchanges]
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as opened:
        stored = [found.article.url for found in opened.articles(ArticleQuery())]
    assert Counter(stored) == Counter(f"http://{HOST}{path(number)}" for number in range(13))
    assert Counter(asked) == {
        **dict.fromkeys((path(number) for number in range(13)), 1),
        **dict.fromkeys((f"/{number}.xml" for number in range(4)), 1),
        **dict.fromkeys(("/robots.txt", "/index.xml", "/root.xml"), 4),
        "/": 1,
    }


def test_one_shard_of_four_waits_four_times_as_long_as_the_site_asks_for(tmp_path: Path) -> None:
    with serving(harbour(**big_site(f"Crawl-delay: {DELAY}\n"))) as server:
        server.exchanges = asked = Timed()
        crawl(server.port, tmp_path / "a.db", shard="3/4")
    exchanges = zip(asked.at, asked, strict=True)
    moments = [at for at, exchange in exchanges if exchange.address.path != "/robots.txt"]
    assert len(moments) >= 4
    assert moments[-1] - moments[0] > (len(moments) - 1) * 2 * DELAY  # half: a busy server may be late
