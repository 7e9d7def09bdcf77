from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Owner, RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store.service.queue import RunQueue

ME = Owner(host="here", boot="b", pid=1, started=2)


@pytest.fixture
def runs(database_url: str) -> Iterator[RunQueue]:
    with ServiceStore(database_url) as ledger:
        yield ledger.runs


def test_a_site_has_one_active_run_whatever_the_job(runs: RunQueue) -> None:
    first = runs.append(job="hourly", site="paper", after="")
    assert first is not None
    assert runs.append(job="nightly", site="paper", after="") is None
    runs.end(first, RunState.SUCCEEDED, "done")
    assert runs.append(job="nightly", site="paper", after="") is not None


def test_a_run_has_one_successor_even_after_that_has_ended(runs: RunQueue) -> None:
    first = runs.append(job="hourly", site="paper", after="")
    assert first is not None
    runs.end(first, RunState.SUCCEEDED, "done")
    second = runs.append(job="hourly", site="paper", after=first.id)
    assert second is not None
    runs.end(second, RunState.SUCCEEDED, "done")
    assert runs.append(job="hourly", site="paper", after=first.id) is None


def test_each_shard_of_a_site_has_one_active_run_and_a_chain_of_its_own(runs: RunQueue) -> None:
    first = runs.append(job="hourly", site="paper", shard="1/2", after="")
    second = runs.append(job="hourly", site="paper", shard="2/2", after="")
    assert first is not None
    assert second is not None
    assert runs.append(job="nightly", site="paper", shard="1/2", after="") is None
    runs.end(first, RunState.SUCCEEDED, "done")
    assert runs.append(job="hourly", site="paper", shard="1/2", after="") is None
    third = runs.append(job="hourly", site="paper", shard="1/2", after=first.id)
    assert third is not None
    assert [run.id for run in runs.chain("hourly", "paper", "1/2")] == [third.id, first.id]
    assert [run.id for run in runs.chain("hourly", "paper", "2/2")] == [second.id]


@pytest.mark.parametrize("other", ["", "1/3"])
def test_runs_of_a_site_that_is_split_otherwise_never_run_side_by_side(runs: RunQueue, other: str) -> None:
    first = runs.append(job="hourly", site="paper", shard="2/2", after="")
    assert first is not None
    assert runs.append(job="nightly", site="paper", shard=other, after="") is None
    runs.end(first, RunState.SUCCEEDED, "done")
    assert runs.append(job="nightly", site="paper", shard=other, after="") is not None
    assert runs.append(job="hourly", site="paper", shard="2/2", after=first.id) is None


def test_of_many_supervisors_one_appends_and_one_claims(database_url: str) -> None:
    appended, claimed, barrier = [], [], Barrier(4)

    def compete(number: int) -> None:
        with ServiceStore(database_url) as ledger:
            barrier.wait()
            appended.append(ledger.runs.append(job="hourly", site="paper", after=""))
            claimed.append(ledger.runs.claim(["hourly"], ME))

    with ServiceStore(database_url):
        threads = [Thread(target=compete, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([run for run in appended if run]) == 1
    assert len([run for run in claimed if run]) == 1


def test_a_claim_takes_the_longest_queued_run_of_a_known_job(runs: RunQueue) -> None:
    runs.append(job="unknown", site="a", after="")
    runs.append(job="hourly", site="b", after="")
    runs.append(job="hourly", site="c", after="")
    run = runs.claim(["hourly"], ME)
    assert run is not None
    assert (run.site, run.state, run.owner) == ("b", RunState.RUNNING, ME)


def test_a_paused_site_is_not_claimed_until_it_is_resumed(runs: RunQueue) -> None:
    runs.append(job="hourly", site="paper", after="")
    runs.pause("paper")
    runs.pause("paper")
    assert list(runs.paused()) == ["paper"]
    assert runs.claim(["hourly"], ME) is None
    assert runs.resume("paper")
    assert not runs.resume("paper")
    assert runs.claim(["hourly"], ME) is not None


def test_a_heartbeat_tells_that_the_run_was_cancelled_or_taken_away(runs: RunQueue) -> None:
    run = runs.append(job="hourly", site="paper", after="", owner=ME)
    assert run is not None
    beaten = runs.beat(run.id)
    assert beaten is not None
    assert not beaten.cancelled
    runs.cancel(run.id)
    beaten = runs.beat(run.id)
    assert beaten is not None
    assert beaten.cancelled
    runs.interrupt(beaten, "its machine died")
    assert runs.beat(run.id) is None


def test_a_run_whose_heart_beats_on_is_not_interrupted(runs: RunQueue) -> None:
    run = runs.append(job="hourly", site="paper", after="", owner=ME)
    assert run is not None
    runs.beat(run.id)
    assert not runs.interrupt(run, "it looked dead")


def test_a_run_ends_once(runs: RunQueue) -> None:
    run = runs.append(job="hourly", site="paper", after="", owner=ME)
    assert run is not None
    assert runs.end(run, RunState.SUCCEEDED, "7 new articles", counts={"stored": 7}, exit_code=0)
    assert not runs.end(run, RunState.FAILED, "too late")
    (found,) = runs.find(site="paper")
    assert (found.state, found.reason, found.counts, found.exit_code) == (
        RunState.SUCCEEDED,
        "7 new articles",
        {"stored": 7},
        0,
    )


def test_a_queued_run_that_is_cancelled_is_skipped(runs: RunQueue) -> None:
    run = runs.append(job="hourly", site="paper", after="")
    assert run is not None
    runs.cancel(run.id)
    assert [found.state for found in runs.find()] == [RunState.SKIPPED]
    assert runs.cancel(run.id) is None
    assert runs.cancel("nonsense") is None


def test_a_chain_is_in_the_order_of_its_runs_and_not_of_the_clock(
    runs: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, after = runs.now(), ""
    expected: list[str] = []
    for hours in (0, 1, -2, -1):
        monkeypatch.setattr(
            "scraper.store.service.runs.clock", lambda _, hours=hours: now + timedelta(hours=hours)
        )
        run = runs.append(job="hourly", site="paper", after=after)
        assert run is not None
        runs.end(run, RunState.SUCCEEDED, "done")
        expected.insert(0, run.id)
        after = run.id
    assert [run.id for run in runs.chain("hourly", "paper")] == expected
