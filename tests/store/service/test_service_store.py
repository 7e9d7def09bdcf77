"""Whom the service's own work waits for."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

from scraper.store import open_store
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Figures, RunState
from scraper.store.values import Lease
from tests.store.service.test_runs import ME, appended

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.store.service.values import Run


@contextmanager
def articles_held(url: str) -> Iterator[None]:
    """Hold the transaction in which articles are written."""
    with open_store(url) as store, store.transaction():
        yield


def test_no_run_waits_for_whoever_writes_articles(postgresql_url: str) -> None:
    with ServiceStore(postgresql_url) as ledger:
        runs = ledger.runs
        first, second = appended(runs, owner=ME), appended(runs, "gazette")
        with articles_held(postgresql_url):
            assert first.id in runs.beat([first.id])
            assert runs.claim(["hourly"], ME) is not None
            runs.note_log(first.id, "1.log")
            runs.pause("paper")
            assert runs.resume("paper")
            assert runs.cancel(second.id) is not None
            assert runs.end(first, RunState.SUCCEEDED, "done", counts={"extraction/0.1": 1})
            assert runs.end(second, RunState.SUCCEEDED, "done", counts={"extraction/0.1": 1})
            assert runs.interrupt(appended(runs, after=first.id, owner=ME), "it died")
            ledger.coverage.save(first.id, "paper", Figures(at=runs.now(), since=first.queued))
            assert runs.forget(runs.now()) == ["1.log"]


def test_no_sign_of_life_of_a_crawl_waits_for_another(postgresql_url: str) -> None:
    held = Lease(id="x", site="paper", hosts=(), holder={}, since=datetime(2031, 5, 2, tzinfo=UTC))
    with open_store(postgresql_url) as store:
        store.hold_lease(held)
        with articles_held(postgresql_url):
            assert store.beat_lease("x")


def test_a_heartbeat_waits_for_whoever_writes_to_the_file(sqlite_url: str) -> None:
    with ServiceStore(sqlite_url) as ledger:
        run = appended(ledger.runs, owner=ME)
        beaten: list[Mapping[str, Run]] = []
        beat = Thread(target=lambda: beaten.append(ledger.runs.beat([run.id])))
        with articles_held(sqlite_url):
            beat.start()
            beat.join(0.3)
            assert not beaten
        beat.join()
        assert [list(each) for each in beaten] == [[run.id]]
