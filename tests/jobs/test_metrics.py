from __future__ import annotations

from datetime import timedelta
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from scraper.jobs.metrics import exposition, listen, write_textfile
from scraper.store import open_store
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ServiceStore]:
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as opened:
        run = opened.runs.append(job="hourly", site="paper", after="")
        assert run is not None
        opened.runs.end(run, RunState.FAILED, "down")
        opened.runs.append(job="hourly", site="paper", after=run.id, owner=this_process())
        yield opened


def test_the_metrics_tell_of_runs_and_heartbeats(ledger: ServiceStore) -> None:
    text = exposition(ledger).decode()
    assert 'scraper_runs{state="failed"} 1.0' in text
    assert 'scraper_runs{state="running"} 1.0' in text
    assert 'scraper_heartbeat_age_seconds{site="paper"}' in text
    assert "scraper_workers 1.0" in text
    assert "scraper_lock_waits" not in text
    assert "scraper_runs_per_minute 0.2" in text


def test_of_what_waits_crawls_and_parts_of_batches_are_told_apart(ledger: ServiceStore) -> None:
    ledger.runs.append(job="batch", site="file", after="", command=["import", "file"])
    text = exposition(ledger).decode()
    assert "scraper_batch_parts_waiting 1.0" in text
    assert "scraper_queue_age_seconds 0.0" in text
    ledger.runs.append(job="hourly", site="gazette", after="")
    assert "scraper_queue_age_seconds 0.0\n" not in exposition(ledger).decode()


def test_on_postgresql_they_tell_who_waits_for_a_lock(postgresql_url: str) -> None:
    with ServiceStore(postgresql_url) as ledger, open_store(postgresql_url) as first:
        other = Thread(target=hold, args=(postgresql_url,))
        with first.transaction():
            other.start()
            wait_for(lambda: "scraper_lock_waits 1.0" in exposition(ledger).decode())
        other.join()
        assert "scraper_lock_waits 0.0" in exposition(ledger).decode()


def hold(url: str) -> None:
    with open_store(url) as store, store.transaction():
        pass


def test_of_a_sites_shards_the_one_that_was_silent_longest_is_told(
    ledger: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = ledger.runs.now()
    for seconds, shard in ((90, "1/2"), (30, "2/2")):
        moment = now - timedelta(seconds=seconds)
        monkeypatch.setattr("scraper.store.service.runs.clock", lambda _, moment=moment: moment)
        ledger.runs.append(job="big", site="big", shard=shard, after="", owner=this_process())
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: now)
    assert 'scraper_heartbeat_age_seconds{site="big"} 90.0' in exposition(ledger).decode().splitlines()


def test_the_metrics_tell_how_long_pages_took_in_all_runs_that_ended(ledger: ServiceStore) -> None:
    for counts in ({"extraction/0.1": 3, "extraction/milliseconds": 250}, {"extraction/inf": 1}):
        (run,) = ledger.runs.find(states=[RunState.RUNNING])
        ledger.runs.end(run, RunState.SUCCEEDED, "", counts=counts)
        ledger.runs.append(job="hourly", site="paper", after=run.id, owner=this_process())
    text = exposition(ledger).decode()
    assert 'scraper_extraction_seconds_bucket{le="0.05"} 0.0' in text
    assert 'scraper_extraction_seconds_bucket{le="0.1"} 3.0' in text
    assert 'scraper_extraction_seconds_bucket{le="+Inf"} 4.0' in text
    assert "scraper_extraction_seconds_sum 0.25" in text
    assert "scraper_queue_age_seconds 0.0" in text


def test_a_textfile_holds_the_same(ledger: ServiceStore, tmp_path: Path) -> None:
    write_textfile(ledger, tmp_path / "scraper.prom")
    assert b"scraper_alarms 0.0" in (tmp_path / "scraper.prom").read_bytes()


@pytest.mark.parametrize(
    ("path", "well", "status"),
    [("/metrics", True, 200), ("/healthz", True, 200), ("/healthz", False, 503), ("/", True, 404)],
)
def test_the_service_answers_who_asks(ledger: ServiceStore, path: str, *, well: bool, status: int) -> None:
    server = listen(ledger, "127.0.0.1", 0, lambda: well)
    connection = HTTPConnection("127.0.0.1", server.server_port)
    try:
        connection.request("GET", path)
        assert connection.getresponse().status == status
    finally:
        connection.close()
        server.shutdown()
        server.server_close()
