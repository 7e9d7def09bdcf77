"""A host that is down is left alone, between crawls too, and holds up no other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.courtesy.breaker import THRESHOLD
from scraper.store import open_store
from scraper.store.values import Host
from scraper.urls import canonical_url
from tests.crawl.fault_server import FAULTS, Asked, Fault, FaultServer, serve_fault, whole
from tests.crawl.site import HOST, article, crawl, html, path, serving, site
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.fixtures.cases import Reply, ReplyAddress

pytestmark = pytest.mark.system

QUICK: dict[str, Any] = {"NEWS_BACKOFF": 0.01, "NEWS_LONGEST_WAIT": 1, "LOG_LEVEL": "ERROR"}
PAGES = range(1, 9)


def down() -> dict[ReplyAddress, Reply]:
    broken = html("down", 503)
    return site(*PAGES, **{path(number): broken for number in PAGES})


def remembered(store: Path) -> Host:
    with open_store(f"sqlite:///{store}") as opened:
        return opened.host(HOST) or Host(host=HOST)


def remember(store: Path, host: Host) -> None:
    with open_store(f"sqlite:///{store}") as opened:
        opened.save_host(host)


def test_a_host_that_fails_five_times_is_left_alone_and_its_pages_are_left_to_a_later_crawl(
    tmp_path: Path,
) -> None:
    with serving(down()) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=QUICK)
        asked = [each for each in server.exchanges if each.address.path.startswith("/2031")]
    host = remembered(tmp_path / "a.db")
    assert (len(asked), ended.counts["host/opened"]) == (THRESHOLD, 1)
    assert ended.counts["failed/5xx"] + ended.counts["failed/host_down"] == len(PAGES)
    assert (host.failures, host.cause, ended.code) == (THRESHOLD, "5xx", 1)
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        visits = [store.visit(canonical_url(f"http://{HOST}{path(number)}")) for number in PAGES]
    assert sum(visit is None for visit in visits) == ended.counts["failed/host_down"]


def test_a_later_crawl_does_not_ask_a_host_that_is_left_alone(tmp_path: Path) -> None:
    until = datetime.now(UTC) + timedelta(minutes=5)
    remember(tmp_path / "a.db", Host(host=HOST, failures=THRESHOLD, openings=1, until=until, cause="timeout"))
    with serving(site(1, 2)) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=QUICK)
        asked = list(server.exchanges)
    assert asked == []
    assert (ended.counts, ended.code) == ({"source/failed/host_down": 2}, 1)


def test_after_its_pause_one_request_finds_out_that_a_host_is_back(tmp_path: Path) -> None:
    until = datetime.now(UTC) - timedelta(minutes=5)
    remember(tmp_path / "a.db", Host(host=HOST, failures=THRESHOLD, openings=3, until=until, cause="timeout"))
    with serving(site(1, 2)) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=QUICK)
    assert (ended.counts["stored"], ended.counts["host/closed"], ended.code) == (2, 1, 0)
    assert remembered(tmp_path / "a.db") == Host(host=HOST)


def test_a_long_retry_after_is_remembered(tmp_path: Path) -> None:
    busy = html("busy", 429, **{"Retry-After": "600"})
    with serving(site(1, 2, **{path(1): busy, path(2): busy})) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=QUICK)
    host = remembered(tmp_path / "a.db")
    assert host.until is not None
    assert timedelta(minutes=9) < host.until - datetime.now(UTC) < timedelta(minutes=10)
    assert (ended.counts["failed/429"], ended.counts["failed/host_down"]) == (1, 1)


def test_a_hanging_host_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One host answers only when all pages of another have been asked for, which are announced after its own."""
    pages = {"hanging": range(6), "brisk": range(10, 15)}
    brisk: list[str] = []
    is_begun, is_done, saw = threading.Event(), threading.Event(), []

    def serve(asked: Asked) -> None:
        if asked.host == "hanging.fault.test":
            is_begun.set()
            saw.append(is_done.wait(PATIENCE))
        else:
            brisk.append(asked.path)
            if len(brisk) == len(pages["brisk"]):
                is_done.set()
        whole(asked, article(int(asked.path.rpartition("-")[2])).content)

    def announce(asked: Asked) -> None:
        name = asked.path.strip("/").removesuffix(".xml")
        if name == "brisk":
            is_begun.wait(PATIENCE)
        urls = (f"http://{name}.fault.test{path(number)}" for number in pages.get(name, ()))
        whole(asked, f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode())

    def name_sitemaps(asked: Asked) -> None:
        whole(asked, b"".join(b"Sitemap: http://fault.test/%s.xml\n" % name.encode() for name in pages))

    for name in pages:
        monkeypatch.setitem(FAULTS, name, Fault(serve=serve, outcome="", tries=1))
    monkeypatch.setitem(FAULTS, "fault", Fault(serve=announce, outcome="", tries=1, robots=name_sitemaps))
    settings = {**QUICK, "CONCURRENT_REQUESTS": 4, "DOWNLOAD_DELAY": 0.01}
    with FaultServer(serve_fault) as server:
        ended = crawl(server.port, tmp_path / "a.db", "http://fault.test/", settings)
    assert (ended.counts["stored"], set(saw)) == (11, {True})
