"""One crawl over every fault of the network: each page has its class, its number of tries and one end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.pages.accounts import unaccounted
from scraper.store import open_store
from scraper.urls import canonical_url
from tests.crawl import faults_of_answers, faults_of_transport
from tests.crawl.fault_server import DOMAIN, FAULTS, MAXSIZE, PATH, TIMEOUT, TRIES, FaultServer, serve_fault
from tests.crawl.once import made_once
from tests.crawl.site import start

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

NAMES = list(FAULTS)
SETTINGS = {
    "DOWNLOAD_MAXSIZE": MAXSIZE,
    "RETRY_TIMES": TRIES - 1,
    "NEWS_BACKOFF": 0.05,
    "NEWS_LONGEST_WAIT": 10,
    "CONCURRENT_REQUESTS": 2 * len(NAMES),
    "LOG_LEVEL": "ERROR",
}


def address(name: str) -> str:
    return f"http://{name}.{DOMAIN}{PATH}"


def crawl_all(folder: Path) -> dict[str, Any]:
    """Crawl what hangs with a short limit, beside it all else with one that a busy machine keeps."""
    limits = {name: TIMEOUT if FAULTS[name].outcome == "failed/timeout" else 60 for name in NAMES}
    with FaultServer(serve_fault) as server:
        started = []
        for limit in set(limits.values()):
            urls = ",".join(address(name) for name in NAMES if limits[name] == limit)
            settings = {**SETTINGS, "DOWNLOAD_TIMEOUT": limit}
            database = folder / f"{limit}.db"
            started.append(start(server.port, database, f"http://{DOMAIN}/", settings, urls=urls))
        ends = [each.receiver.recv() for each in started]
        asked = {f"{host.partition('.')[0]} {path}": times for (host, path), times in server.asked.items()}
    logged = {}
    for limit in set(limits.values()):
        with open_store(f"sqlite:///{folder / f'{limit}.db'}") as store:
            for name in (name for name in NAMES if limits[name] == limit):
                made = store.fetches(canonical_url(address(name)))
                logged[name] = ["/".join(filter(None, (each.outcome.value, each.reason))) for each in made]
    counts = sum((Counter(end.counts) for end in ends), Counter[str]())
    return {"codes": [end.exit_code for end in ends], "counts": counts, "asked": asked, "logged": logged}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one crawl came to, for the tests in every process that runs some of them; takes 15 s of waits."""
    found: dict[str, Any] = made_once(tmp_path_factory, "faults", crawl_all)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_has_its_outcome_and_its_number_of_tries(crawled: dict[str, Any], name: str) -> None:
    tries = len(crawled["asked"].get(f"{name} {PATH}", []))
    assert (crawled["logged"][name], tries) == ([FAULTS[name].outcome], FAULTS[name].tries)


def test_every_page_has_exactly_one_end(crawled: dict[str, Any]) -> None:
    counts = crawled["counts"]
    failed = sum(number for name, number in counts.items() if name.startswith("failed/"))
    assert counts["announced"] == len(NAMES) == counts["fetched"] + failed
    assert unaccounted({f"news/{name}": number for name, number in counts.items()}) == 0
    assert counts["stored"] == sum(fault.outcome == "stored" for fault in FAULTS.values())
    assert sorted(crawled["codes"]) == [0, 1]  # of what hangs nothing is kept


@pytest.mark.parametrize(
    ("name", "least"), [("wait-429-seconds", 1), ("wait-503-seconds", 1), ("wait-429-date", 1)]
)
def test_a_retry_after_is_kept(crawled: dict[str, Any], name: str, least: float) -> None:
    first, second = crawled["asked"][f"{name} {PATH}"]
    assert second - first >= least


def test_tries_are_further_apart_each_time(crawled: dict[str, Any]) -> None:
    first, second, third = crawled["asked"][f"status-500 {PATH}"]
    assert second - first >= 0.025
    assert third - second >= 0.05


def test_enough_faults_are_tried() -> None:
    assert faults_of_answers.__doc__
    assert faults_of_transport.__doc__
    assert len(NAMES) >= 100
