"""When a crawl writes, and what it does while its database is down."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest

from scraper.crawl.pages.accounts import unaccounted
from scraper.crawl.pages.saving import Extracted, counters, expected, save
from scraper.crawl.store_thread import Writer
from scraper.errors import StoreDownError
from scraper.model import Page, Site
from scraper.store import ArticleQuery, open_store
from scraper.store.protocol import Source
from tests.crawl.proxy import Proxy
from tests.crawl.site import crawl, serving, site, start
from tests.store.values import article

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.crawl.run import Progress
    from scraper.fixtures.server import FixtureServer
    from scraper.store import Store

pytestmark = pytest.mark.system

NUMBERS = range(40)
QUIET = {"LOG_LEVEL": "CRITICAL"}
SLOW = {"DOWNLOAD_DELAY": 0.1, **QUIET}


def stored(url: str) -> int:
    with open_store(url) as store:
        return len(list(store.articles(ArticleQuery())))


def crawled(
    server: FixtureServer, proxy: Proxy, tmp_path: Path, *, wait: float, down: float, delay: float = 0.1
) -> Progress:
    """Crawl, and cut the database off after a few pages, for some seconds."""
    settings: dict[str, Any] = {**SLOW, "NEWS_STORE": proxy.url, "NEWS_STORE_WAIT": wait}
    settings["DOWNLOAD_DELAY"] = delay
    started = start(server.port, tmp_path, settings=settings)
    while len(server.exchanges) < 10:
        time.sleep(0.01)
    proxy.cut()
    time.sleep(down)
    proxy.mend()
    ended: Progress = started.receiver.recv()
    started.process.join()
    return ended


def test_a_database_that_comes_back_in_time_costs_nothing(postgresql_url: str, tmp_path: Path) -> None:
    with serving(site(*NUMBERS)) as server, Proxy(postgresql_url) as proxy:
        ended = crawled(server, proxy, tmp_path, wait=60, down=4)

    assert (ended.reason, ended.exit_code) == ("finished", 0)
    assert ended.counts["stored"] == len(NUMBERS) == stored(postgresql_url)
    assert "lost" not in ended.counts


def test_a_database_that_stays_down_ends_the_crawl_which_the_next_one_completes(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Takes 20 s: two crawls, the first of which waits for its database in vain."""
    with serving(site(*NUMBERS)) as server, Proxy(postgresql_url) as proxy:
        # the last page is twenty seconds away: the crawl ends before it, however busy the machine is
        ended = crawled(server, proxy, tmp_path, wait=1, down=8, delay=0.5)
        asked = len(server.exchanges)
        again = crawl(server.port, tmp_path, settings={**SLOW, "NEWS_STORE": postgresql_url})

    assert (ended.reason, ended.exit_code) == ("store_down", 1)
    assert asked < len(NUMBERS)
    assert ended.counts["failed/store"] >= 1
    assert unaccounted({f"news/{name}": number for name, number in ended.counts.items()}) == 0
    assert ended.counts.get("stored", 0) + again.counts["stored"] == len(NUMBERS) == stored(postgresql_url)


NOW = datetime(2031, 5, 2, tzinfo=UTC)


def source(name: str) -> Source:
    url = f"https://paper.test/{name}"
    return Source(url=url, site="paper", kind="feed", fetched_at=NOW, result="read")


async def written() -> list[str]:
    writer = Writer(lambda: open_store("memory:"))
    await writer.open()
    first = asyncio.ensure_future(writer.write(lambda store: store.record_source(source("first"))))
    await asyncio.sleep(0)
    await writer.write(lambda store: store.record_source(source("second")), now=True)
    await first
    found = await writer.read(lambda store: [each.url for each in store.sources()])
    await writer.close()
    return found


BAD = 7


def spoiled(store: Store, extracted: Extracted) -> tuple[str, ...]:
    """Save a page; of the bad one fail when all that goes with it is written."""
    result = counters(save(store, extracted, Site(name="harbour")))
    if extracted.outcome.url and extracted.outcome.url.startswith(f"https://news.example/{BAD}?"):
        raise ValueError("a page that cannot be kept")
    return result


async def written_together(url: str) -> list[Any]:
    """Return what becomes of a batch of pages, one of which fails as it is saved, another as it is prepared."""
    writer = Writer(lambda: open_store(url))
    await writer.open()
    made = [article(number, body=f"The {number}th ferry came in at dawn.") for number in range(20)]
    made[BAD + 1] = replace(made[BAD + 1], tags=cast("Any", (object(),)))
    pages = [
        Extracted(page=Page(url=each.url, content=b"", fetched_at=each.fetched_at), outcome=each)
        for each in made
    ]
    works = [writer.write(partial(spoiled, extracted=each), expected=expected(each)) for each in pages]
    ends = await asyncio.gather(*works, return_exceptions=True)
    await writer.close()
    return list(ends)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_page_that_cannot_be_saved_costs_its_batch_nothing_else(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    is_file = kind == "sqlite"
    url = f"sqlite:///{tmp_path}/news.db" if is_file else str(request.getfixturevalue("postgresql_url"))
    ends = asyncio.run(asyncio.wait_for(written_together(url), 60))
    assert [number for number, end in enumerate(ends) if isinstance(end, Exception)] == [BAD, BAD + 1]
    with open_store(url) as store:
        held = {each.article.canonical_url for each in store.articles(ArticleQuery())}
        assert held == {f"https://news.example/{number}" for number in range(20)} - {
            f"https://news.example/{number}" for number in (BAD, BAD + 1)
        }
        assert store.visit(f"https://news.example/{BAD}?utm_source=feed") is None


def test_what_the_crawl_waits_for_is_written_at_once_with_what_waited_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scraper.crawl.store_thread.BATCH_SECONDS", 3600.0)
    found = asyncio.run(asyncio.wait_for(written(), 30))
    assert found == ["https://paper.test/first", "https://paper.test/second"]


@pytest.mark.parametrize(("patience", "opens"), [(60.0, 3), (0.0, 1)])
def test_a_database_that_is_cut_off_while_it_is_opened_is_waited_for(
    patience: float, opens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.crawl.store_thread.PAUSE", 0.0)
    tried = []

    def open_late() -> Store:
        tried.append(1)
        if len(tried) < 3:
            raise StoreDownError("the server ended the connection")
        return open_store("memory:")

    async def opened() -> None:
        writer = Writer(open_late, patience=patience)
        await writer.open()
        await writer.close()

    with nullcontext() if patience else pytest.raises(StoreDownError):
        asyncio.run(asyncio.wait_for(opened(), 30))
    assert len(tried) == opens


def test_a_full_disk_stops_fetching(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk that the archive is on."""
    numbers = range(120)
    settings = {**SLOW, "NEWS_STORE": "memory:", "NEWS_ARCHIVE": str(tmp_path), "NEWS_STORE_WAIT": 1}
    with serving(site(*numbers)) as server:
        started = start(server.port, tmp_path, settings={**settings, "LARGEST_FILE": 10_000})
        ended: Progress = started.receiver.recv()
        started.process.join()
        asked = len(server.exchanges)

    assert (ended.reason, ended.exit_code) == ("store_down", 1)
    assert asked < len(numbers) / 2
    assert unaccounted({f"news/{name}": number for name, number in ended.counts.items()}) == 0
