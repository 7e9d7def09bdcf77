from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.courtesy.lease import SiteLease, excludes
from scraper.crawl.pages.accounts import unaccounted
from scraper.crawl.store_thread import Writer
from scraper.errors import BusyError, LeaseLostError, StoreDownError
from scraper.model import Site
from scraper.shard import WHOLE
from scraper.store import ArticleQuery, open_store
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import STALE
from scraper.store.values import Lease
from tests.crawl.fault_server import Asked, FaultServer, whole
from tests.crawl.site import HOST, article, crawl, path, serving, site, start
from tests.proxy import Proxy
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.store import Store

PAPER = Site(name="paper", domains=("paper.example",))


def lease(*hosts: str, shard: str = "", **fields: Any) -> Lease:
    given: dict[str, Any] = {
        "id": "a",
        "site": "paper",
        "holder": asdict(this_process()),
        "since": datetime.now(UTC),
    }
    return Lease(hosts=hosts, shard=shard, **given | fields)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (lease("a.example"), lease("a.example"), True),
        (lease("a.example"), lease("news.a.example"), True),
        (lease("b.example", "news.a.example"), lease("a.example"), True),
        (lease("a.example"), lease("aa.example"), False),
        (lease("a.example"), lease("b.example"), False),
        (lease("a.example", shard="1/2"), lease("a.example", shard="2/2"), False),
        (lease("a.example", shard="1/2"), lease("a.example", shard="1/2"), True),
        (lease("a.example", shard="1/2"), lease("a.example", shard="2/3"), True),
        (lease("a.example", shard="1/2"), lease("a.example"), True),
        (lease(), lease(), False),
    ],
)
def test_two_crawls_exclude_each_other_where_they_ask_the_same_hosts(
    one: Lease, other: Lease, *, expected: bool
) -> None:
    assert excludes(one, other) is excludes(other, one) is expected


async def take_and_give_back(store: Store) -> list[str]:
    """Return whose leases there are between taking one and giving it back."""
    writer = Writer(lambda: store)
    await writer.open()
    held = SiteLease(writer, PAPER, WHOLE)
    try:
        await held.take()
        taken = [each.site for each in await writer.read(lambda opened: opened.leases())]
        await held.give_back()
    finally:
        await writer.close()
    return taken


@pytest.mark.parametrize(
    ("holder", "silent", "is_busy"),
    [
        ({}, timedelta(), True),
        ({"pid": 2**22 + 1}, timedelta(), False),
        ({"started": 1}, timedelta(), False),
        ({"host": "far", "boot": "another"}, STALE / 2, True),
        ({"host": "far", "boot": "another"}, STALE * 2, False),
    ],
)
def test_a_lease_ends_with_its_process(holder: dict[str, Any], silent: timedelta, *, is_busy: bool) -> None:
    with open_store("memory:") as store:
        store.hold_lease(lease("paper.example", holder=asdict(this_process()) | holder, silent=silent))
        if is_busy:
            with pytest.raises(BusyError, match="paper is being crawled already"):
                asyncio.run(take_and_give_back(store))
        else:
            assert asyncio.run(take_and_give_back(store)) == ["paper"]
            assert list(store.leases()) == []


@pytest.mark.system
def test_a_second_crawl_of_a_site_says_so_and_asks_for_nothing(tmp_path: Path) -> None:
    """Takes 11 s: two crawls side by side."""
    is_refused = threading.Event()
    asked: list[str] = []

    def serve(request: Asked) -> None:
        asked.append(request.path)
        if request.path == "/robots.txt":
            whole(request, b"User-agent: *", kind="text/plain")
        else:
            is_refused.wait(PATIENCE)
            whole(request, article(1).content)

    url, store = f"http://{HOST}{path(1)}", tmp_path / "news.db"
    with FaultServer(serve) as server:
        first = start(server.port, store, url)
        while path(1) not in asked and first.process.is_alive():
            time.sleep(0.01)
        with pytest.raises(BusyError, match=rf"{HOST} is being crawled already, since .* by process \d+"):
            crawl(server.port, store, f"http://www.{HOST}{path(2)}")
        assert path(2) not in asked
        is_refused.set()
        ended = first.receiver.recv()
        first.process.join()
        assert ended.counts["stored"] == 1
        assert crawl(server.port, store, f"http://{HOST}{path(2)}").counts["fetched"] == 1


@pytest.mark.system
def test_after_a_kill_the_site_is_free(tmp_path: Path) -> None:
    store = tmp_path / "news.db"
    with serving(site(1, 2, 3)) as server:
        killed = start(server.port, store)
        while len(server.exchanges) < 3 and killed.process.is_alive():
            time.sleep(0.01)
        killed.process.kill()
        killed.process.join()
        ended = crawl(server.port, store)
    assert ended.code == 0
    with open_store(f"sqlite:///{store}") as opened:
        assert list(opened.leases()) == []


def test_a_crawl_that_slept_while_another_took_its_site_asks_and_writes_nothing_more(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Takes 10 s. It is stopped at any moment: what it held then, it loses after 20 s."""
    numbers = range(200)
    settings = {"NEWS_STORE": postgresql_url, "DOWNLOAD_DELAY": 0.2}
    with serving(site(*numbers)) as server, open_store(postgresql_url) as other:
        slept = start(server.port, tmp_path, settings=settings)
        while not list(other.articles(ArticleQuery(limit=1))) and slept.process.is_alive():
            time.sleep(0.05)
        assert slept.process.pid is not None
        os.kill(slept.process.pid, signal.SIGSTOP)
        with other.transaction():
            for each in other.leases():
                other.drop_lease(each.id)
            other.hold_lease(lease(HOST, id="new"))
        before = len(list(other.articles(ArticleQuery())))
        os.kill(slept.process.pid, signal.SIGCONT)
        ended = slept.receiver.recv()
        slept.process.join()
        assert len(list(other.articles(ArticleQuery()))) == before
        assert [each.id for each in other.leases()] == ["new"]
    assert (ended.reason, ended.exit_code) == ("store_down", 1)
    assert len(server.exchanges) < len(numbers)
    assert unaccounted({f"news/{name}": number for name, number in ended.counts.items()}) == 0


def test_the_crawl_of_a_run_that_was_taken_for_dead_asks_and_writes_nothing_more(
    postgresql_url: str, tmp_path: Path
) -> None:
    numbers = range(200)
    with (
        serving(site(*numbers)) as server,
        open_store(postgresql_url) as store,
        ServiceStore(postgresql_url) as ledger,
    ):
        run = ledger.runs.append(job="hourly", site=HOST, after="", owner=this_process())
        assert run is not None
        settings = {"NEWS_STORE": postgresql_url, "DOWNLOAD_DELAY": 0.2, "NEWS_RUN": run.id}
        under_way = start(server.port, tmp_path, settings=settings)
        while not list(store.articles(ArticleQuery(limit=1))) and under_way.process.is_alive():
            time.sleep(0.05)
        assert ledger.runs.interrupt(run, "no heartbeat")
        before = len(list(store.articles(ArticleQuery())))
        ended = under_way.receiver.recv()
        under_way.process.join()
        assert len(list(store.articles(ArticleQuery()))) == before
        assert list(store.leases()) == []
    assert (ended.reason, ended.exit_code) == ("store_down", 1)
    assert len(server.exchanges) < len(numbers)


def test_a_crawl_that_is_cut_off_asks_for_nothing_and_goes_on_where_it_was(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Takes 15 s."""
    numbers = range(300)
    proxy, url = Proxy.to(postgresql_url)
    of_lease = "scraper.crawl.courtesy.lease"
    settings = {
        "NEWS_STORE": url,
        "DOWNLOAD_DELAY": 0.1,
        "CONSTANTS": {f"{of_lease}:BEAT": 0.1, f"{of_lease}:SURE": 1.0},
    }
    with proxy, serving(site(*numbers)) as server, open_store(postgresql_url) as store:
        under_way = start(server.port, tmp_path, settings=settings)
        while not list(store.articles(ArticleQuery(limit=1))) and under_way.process.is_alive():
            time.sleep(0.05)
        proxy.cut()
        time.sleep(3)
        asked = len(server.exchanges)
        time.sleep(2)
        assert len(server.exchanges) == asked < len(numbers)
        proxy.mend()
        while len(server.exchanges) == asked:
            assert under_way.process.is_alive()
            time.sleep(0.05)
        under_way.process.terminate()
        ended = under_way.receiver.recv()
        under_way.process.join()
        assert len(list(store.articles(ArticleQuery()))) == ended.counts["stored"] > 0
    assert ended.reason == "shutdown"


class Heard:
    """What a writer is told of a database that it can use no longer."""

    def __init__(self) -> None:
        self.errors: list[StoreDownError] = []
        self.is_told = asyncio.Event()

    def __call__(self, error: StoreDownError) -> None:
        self.errors.append(error)
        self.is_told.set()


async def until_lost(store: Store) -> list[StoreDownError]:
    """Take a lease, let another drop it, and return what the crawl hears of that."""
    heard = Heard()
    writer = Writer(lambda: store, patience=60, gave_up=heard)
    await writer.open()
    try:
        await SiteLease(writer, PAPER, WHOLE).take()
        (held,) = await writer.read(lambda opened: opened.leases())
        await writer.read(lambda opened: opened.drop_lease(held.id))
        await asyncio.wait_for(heard.is_told.wait(), PATIENCE)
        with pytest.raises(LeaseLostError):
            await writer.write(lambda opened: opened.release("https://paper.example/1"), now=True)
    finally:
        await writer.close()
    return heard.errors


def test_a_crawl_hears_at_its_next_sign_of_life_that_its_lease_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.crawl.courtesy.lease.BEAT", 0.01)
    with open_store(f"sqlite:///{tmp_path}/news.db") as store:
        heard = asyncio.run(until_lost(store))
    assert "another may be at the site" in str(heard[0])


async def until_doubtful(store: Store) -> list[bool]:
    """Hold a lease of which no sign of life can be written; return whether it is sure, at once and later."""
    writer = Writer(lambda: store, patience=3600)
    await writer.open()
    held = SiteLease(writer, PAPER, WHOLE)
    try:
        before = held.is_sure
        await held.take()
        taken = held.is_sure
        await asyncio.sleep(1.1)
        await held.give_back()
    finally:
        await writer.close()
    return [before, taken, held.is_sure]


async def until_ended(store: Store) -> list[StoreDownError]:
    """Hold a lease of which no sign of life can be written; return what the crawl hears."""
    heard = Heard()
    writer = Writer(lambda: store, patience=3600, gave_up=heard)
    await writer.open()
    try:
        await SiteLease(writer, PAPER, WHOLE).take()
        await asyncio.wait_for(heard.is_told.wait(), PATIENCE)
    finally:
        await writer.close()
    return heard.errors


def test_a_crawl_that_can_show_no_sign_of_life_ends_before_another_takes_its_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scraper.crawl.courtesy.lease.BEAT", 0.01)
    monkeypatch.setattr("scraper.crawl.courtesy.lease.LONGEST_SILENCE", 0.05)

    def fail(_key: str) -> bool:
        raise StoreDownError("the server ended the connection")

    with open_store("memory:") as store:
        monkeypatch.setattr(store, "beat_lease", fail)
        assert isinstance(asyncio.run(until_ended(store))[0], LeaseLostError)


def test_a_lease_without_a_sign_of_life_is_soon_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.crawl.courtesy.lease.BEAT", 3600)
    monkeypatch.setattr("scraper.crawl.courtesy.lease.SURE", 1.0)
    with open_store("memory:") as store:
        assert asyncio.run(until_doubtful(store)) == [False, True, False]
