from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.courtesy.lease import SiteLease, excludes
from scraper.crawl.store_thread import Writer
from scraper.errors import BusyError
from scraper.model import Site
from scraper.shard import WHOLE
from scraper.store import open_store
from scraper.store.service.processes import this_process
from scraper.store.service.values import STALE
from scraper.store.values import Lease
from tests.crawl.fault_server import Asked, FaultServer, whole
from tests.crawl.site import HOST, article, crawl, path, serving, site, start

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
            is_refused.wait(60)
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
