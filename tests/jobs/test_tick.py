from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.jobs.job import Job
from scraper.jobs.runner import Runner, Stop
from scraper.jobs.schedule import Every
from scraper.jobs.supervisor import Supervisor
from scraper.jobs.tick import Tick
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from tests.jobs.crawls import SLOW, python

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from scraper.store.service.values import Run


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ServiceStore]:
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as store:
        yield store


def test_where_not_all_can_run_each_site_has_its_turn_before_any_has_a_second(
    ledger: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = tuple(f"paper{number}" for number in range(12))
    job = Job(name="hourly", sites=sites, schedule=Every(timedelta(hours=1)))
    tick = Tick(ledger.runs, [job], has_under_way=lambda _: True, ahead=3)
    now = ledger.runs.now()
    for turn in range(4):
        later = now + timedelta(hours=2 * turn)
        monkeypatch.setattr("scraper.store.service.runs.clock", lambda _, later=later: later)
        tick.queue_due()
        queued = ledger.runs.find(states=[RunState.QUEUED])
        assert len(queued) == 3
        for run in queued:
            ledger.runs.end(run, RunState.SUCCEEDED, "done")
    assert sorted(run.site for run in ledger.runs.find()) == sorted(sites)


def test_what_comes_due_while_it_runs_is_left_to_the_next_run_due(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    stop = Stop()
    runner = Runner(ledger.runs, logs=tmp_path, stop=stop, environment=dict(os.environ), command=python(SLOW))
    job = Job(name="hurried", sites=("daily", "evening"), schedule=Every(timedelta(milliseconds=100)))
    ran = Supervisor(ledger, [job], runner, stop=stop, slots=2, channels=[]).run_due()
    assert sorted(run.site for run in ran) == ["daily", "evening"]


def test_a_run_that_another_began_during_a_look_is_not_taken_for_one_of_the_future(
    ledger: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(name="hourly", sites=("first", "second"), schedule=Every(timedelta(days=400)))
    runs, last = ledger.runs, ledger.runs.last

    def met(jobs: Collection[str], *, site: str = "", shard: str = "") -> Sequence[Run]:
        if site == "second" and not runs.find(site=site):
            time.sleep(0.002)
            begun = runs.append(job="hourly", site=site, after="", owner=this_process())
            assert begun is not None
            runs.end(begun, RunState.SUCCEEDED, "done")
        return last(jobs, site=site, shard=shard)

    monkeypatch.setattr(runs, "last", met)
    Tick(runs, [job], has_under_way=lambda _: True).queue_due()
    assert [run.state for run in runs.find(site="second")] == [RunState.SUCCEEDED]
    assert [run.state for run in runs.find(site="first")] == [RunState.QUEUED]


@pytest.fixture
def asked(ledger: ServiceStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites whose last run was asked for, one by one."""
    sites: list[str] = []
    last = ledger.runs.last

    def note(jobs: Collection[str], *, site: str = "", shard: str = "") -> Sequence[Run]:
        sites.extend([site] if site else [])
        return last(jobs, site=site, shard=shard)

    monkeypatch.setattr(ledger.runs, "last", note)
    return sites


def test_a_look_asks_for_what_came_due_and_for_nothing_else(
    ledger: ServiceStore, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.jobs.tick.QUEUED_AGAIN", 3600)
    sites = tuple(f"paper{number}" for number in range(30))
    tick = daily(ledger, sites)
    ledger.runs.pause("paper7")
    tick.queue_due()
    assert sorted(asked) == sorted(set(sites) - {"paper7"})
    end_all(ledger)
    tick.queue_due()
    asked.clear()
    tick.queue_due()
    assert asked == []
    ledger.runs.resume("paper7")
    tick.queue_due()
    assert asked == ["paper7"]
    (queued,) = ledger.runs.find(site="paper7")
    ledger.runs.end(queued, RunState.FAILED, "no", may_pass=True)
    asked.clear()
    tick.queue_due()
    assert asked == []
    later = ledger.runs.now() + timedelta(days=1)
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: later)
    tick.queue_due()
    assert sorted(asked) == sorted(sites)
    assert len(ledger.runs.find(states=[RunState.QUEUED])) == len(sites)
    asked.clear()
    tick.queue_due()
    assert asked == []


def test_where_the_clock_was_set_back_all_is_looked_at(
    ledger: ServiceStore, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tick = daily(ledger, ("paper", "gazette"))
    tick.queue_due()
    end_all(ledger)
    tick.queue_due()
    asked.clear()
    earlier = ledger.runs.now() - timedelta(days=2)
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: earlier)
    tick.queue_due()
    assert sorted(asked) == ["gazette", "paper"]
    assert len(ledger.runs.find(states=[RunState.QUEUED])) == 2


def daily(ledger: ServiceStore, sites: tuple[str, ...]) -> Tick:
    job = Job(name="hourly", sites=sites, schedule=Every(timedelta(days=1)))
    return Tick(ledger.runs, [job], has_under_way=lambda _: True)


def end_all(ledger: ServiceStore) -> None:
    for run in ledger.runs.find(states=[RunState.QUEUED]):
        ledger.runs.end(run, RunState.SUCCEEDED, "done")


def test_what_another_machine_runs_is_known_without_a_statement_a_site(ledger: ServiceStore) -> None:
    sites = tuple(f"paper{number}" for number in range(40))
    job = Job(name="hourly", sites=sites, schedule=Every(timedelta(hours=1)))
    one, other = (Tick(ledger.runs, [job], has_under_way=lambda _: True) for _ in range(2))
    one.queue_due()
    assert len(ledger.runs.find()) == len(sites)
    assert _turns(ledger, other) <= 6
    for run in ledger.runs.find():
        ledger.runs.end(run, RunState.SUCCEEDED, "done")
    assert _turns(ledger, other) <= 6
    assert len(ledger.runs.find()) == len(sites)


def test_what_was_not_seen_to_change_is_read_again_now_and_then(
    ledger: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(name="hourly", sites=("paper",), schedule=Every(timedelta(milliseconds=1)))
    tick = Tick(ledger.runs, [job], has_under_way=lambda _: True)
    tick.queue_due()
    with monkeypatch.context() as patched:
        patched.setattr(ledger.runs, "recent", lambda _: [])  # as of one written too late
        ledger.runs.end(ledger.runs.find()[0], RunState.SUCCEEDED, "done")
        tick.queue_due()
        assert len(ledger.runs.find()) == 1
        patched.setattr("scraper.jobs.tick.READ_AGAIN", 0.0)
        tick.queue_due()
    assert len(ledger.runs.find()) == 2


def _turns(ledger: ServiceStore, tick: Tick) -> int:
    """Return how many transactions a look takes."""
    before = ledger._of_runs.turn
    tick.queue_due()
    return ledger._of_runs.turn - before
