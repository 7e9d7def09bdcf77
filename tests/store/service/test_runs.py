"""The contract of a queue of runs: each queue that implements RunQueue keeps it."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest

from scraper.store.service.engine import EngineRuns
from scraper.store.service.runs import Runs
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Figures, Owner, RunState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.store.service.queue import RunQueue
    from scraper.store.service.values import Run

ME = Owner(host="here", boot="b", pid=1, started=2)
OTHER = Owner(host="there", boot="c", pid=3, started=4)


@pytest.fixture(params=["sqlite", "postgresql", pytest.param("engine", marks=pytest.mark.system)])
def runs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunQueue]:
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/news.db" if is_file else request.getfixturevalue("postgresql_url")
    with ServiceStore(url, EngineRuns if request.param == "engine" else Runs) as ledger:
        yield ledger.runs


def appended(runs: RunQueue, site: str = "paper", **given: Any) -> Run:
    run = runs.append(**{"job": "hourly", "site": site, "after": ""} | given)
    assert run is not None
    return run


def found(runs: RunQueue, run: Run) -> Run:
    """Return the run as the queue has it now."""
    return next(each for each in runs.find(site=run.site) if each.id == run.id)


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
    assert not runs.beat([run.id])[run.id].cancelled
    runs.cancel(run.id)
    beaten = runs.beat([run.id])[run.id]
    assert beaten.cancelled
    runs.interrupt(beaten, "its machine died")
    assert not runs.beat([run.id])


def test_a_run_whose_heart_beats_on_is_not_interrupted(runs: RunQueue) -> None:
    run = runs.append(job="hourly", site="paper", after="", owner=ME)
    assert run is not None
    runs.beat([run.id])
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


def test_a_chain_ends_with_its_last_run_however_many_a_clock_had_put_into_the_future(
    runs: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = runs.now()
    past = appended(runs)
    runs.end(past, RunState.SUCCEEDED, "")
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: now + timedelta(days=400))
    after = past.id
    for _ in range(6):
        run = appended(runs, after=after)
        runs.end(run, RunState.SUCCEEDED, "")
        after = run.id
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: now + timedelta(hours=1))
    last = appended(runs, after=after)
    assert [run.id for run in runs.chain("hourly", "paper", limit=2)] == [last.id, after]


def test_a_run_waits_as_it_was_appended(runs: RunQueue) -> None:
    before = runs.now()
    run = appended(runs, shard="2/3", attempt=3)
    assert found(runs, run) == run
    assert (run.job, run.site, run.shard, run.attempt, run.state) == (
        "hourly",
        "paper",
        "2/3",
        3,
        RunState.QUEUED,
    )
    assert before <= run.queued <= runs.now()
    assert (run.started, run.owner, run.heartbeat, run.ended, run.log) == (None,) * 5
    assert not run.cancelled
    assert not run.counts


def test_a_run_with_an_owner_is_under_way_at_once(runs: RunQueue) -> None:
    run = appended(runs, owner=ME)
    assert found(runs, run) == run
    assert (run.state, run.owner) == (RunState.RUNNING, ME)
    assert run.started == run.heartbeat == run.queued
    assert runs.claim(["hourly"], ME) is None


def test_a_successor_names_the_run_before_it(runs: RunQueue) -> None:
    first = appended(runs)
    runs.end(first, RunState.SUCCEEDED, "done")
    assert appended(runs, after=first.id).after == first.id


def test_jobs_of_a_site_have_chains_of_their_own(runs: RunQueue) -> None:
    chains: dict[str, list[str]] = {"hourly": [], "nightly": []}
    for _ in range(3):
        for job, chain in chains.items():
            run = appended(runs, job=job, after=chain[0] if chain else "")
            runs.end(run, RunState.SUCCEEDED, "done")
            chain.insert(0, run.id)
    for job, chain in chains.items():
        assert [run.id for run in runs.chain(job, "paper")] == chain
        assert [run.id for run in runs.chain(job, "paper", limit=2)] == chain[:2]
    assert runs.chain("hourly", "gazette") == []


def test_the_last_run_of_a_part_is_the_one_without_a_successor(
    runs: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, last = runs.now(), {}
    for part in (("hourly", "paper", ""), ("hourly", "gazette", "1/2"), ("hourly", "gazette", "2/2")):
        after = ""
        for hours in (3, 0, 1):  # the clock was set back
            monkeypatch.setattr(
                "scraper.store.service.runs.clock", lambda _, hours=hours: now + timedelta(hours=hours)
            )
            run = appended(runs, part[1], job=part[0], shard=part[2], after=after)
            runs.end(run, RunState.SUCCEEDED, "done")
            after = last[part] = run.id
    nightly = appended(runs, job="nightly")
    assert {(run.job, run.site, run.shard): run.id for run in runs.last(["hourly"])} == last
    assert [run.id for run in runs.last(["hourly"], site="gazette", shard="2/2")] == [
        last["hourly", "gazette", "2/2"]
    ]
    assert [run.id for run in runs.last(["nightly", "weekly"])] == [nightly.id]
    assert not runs.last(["weekly"])
    assert not runs.last(["hourly"], site="morning")


def test_a_claim_starts_a_run_for_its_owner_and_nobody_else(runs: RunQueue) -> None:
    queued = appended(runs)
    before = runs.now()
    run = runs.claim(["hourly"], ME)
    assert run is not None
    assert found(runs, run) == run
    assert (run.id, run.state, run.owner) == (queued.id, RunState.RUNNING, ME)
    assert run.started is not None
    assert run.started == run.heartbeat
    assert before <= run.started <= runs.now()
    assert run.queued == queued.queued
    assert runs.claim(["hourly"], OTHER) is None


def test_claims_come_in_the_order_of_the_queue(runs: RunQueue) -> None:
    sites = ["c", "a", "b", "d"]
    for site in sites:
        appended(runs, site)
    runs.pause("a")
    claimed = [run.site for _ in sites if (run := runs.claim(["nightly", "hourly"], ME))]
    assert claimed == ["c", "b", "d"]


def test_of_many_who_claim_each_gets_a_run_of_its_own(database_url: str) -> None:
    claimed: list[Run | None] = []
    barrier = Barrier(4)

    def compete() -> None:
        with ServiceStore(database_url) as ledger:
            barrier.wait()
            claimed.extend(ledger.runs.claim(["hourly"], ME) for _ in range(3))

    with ServiceStore(database_url) as ledger:
        for number in range(8):
            appended(ledger.runs, f"site{number}")
        threads = [Thread(target=compete) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(run.site for run in claimed if run) == [f"site{number}" for number in range(8)]


def test_heartbeats_are_written_for_the_runs_that_are_named_alone(runs: RunQueue) -> None:
    mine = [appended(runs, site, owner=ME) for site in ("paper", "morning")]
    other = appended(runs, "gazette", owner=OTHER)
    time.sleep(0.002)
    beaten = runs.beat([run.id for run in mine])
    assert beaten == {run.id: found(runs, run) for run in mine}
    for run in mine:
        now = beaten[run.id].heartbeat
        assert run.heartbeat is not None
        assert now is not None
        assert run.heartbeat < now <= runs.now()
    assert found(runs, other) == other


def test_no_heartbeat_wakes_a_run_that_waits_or_has_ended(runs: RunQueue) -> None:
    queued, ended = appended(runs), appended(runs, "gazette", owner=ME)
    runs.end(ended, RunState.SUCCEEDED, "done")
    assert not runs.beat([queued.id, ended.id, "nonsense"])
    assert not runs.beat([])
    assert found(runs, queued) == queued


def test_the_place_of_a_log_is_kept(runs: RunQueue) -> None:
    run, other = appended(runs, owner=ME), appended(runs, "gazette", owner=ME)
    runs.note_log(run.id, "/logs/paper/1.log")
    assert found(runs, run).log == "/logs/paper/1.log"
    assert found(runs, other).log is None


def test_a_run_ends_with_all_that_is_known_of_it(runs: RunQueue) -> None:
    run, other = appended(runs, owner=ME), appended(runs, "gazette", owner=ME)
    before = runs.now()
    assert runs.end(run, RunState.FAILED, "no", may_pass=True, exit_code=1, counts={"failed/dns": 2})
    ended = found(runs, run)
    assert (ended.state, ended.reason, ended.may_pass, ended.exit_code) == (RunState.FAILED, "no", True, 1)
    assert ended.counts == {"failed/dns": 2}
    assert ended.ended is not None
    assert before <= ended.ended <= runs.now()
    assert found(runs, other) == other


def test_what_is_summed_up_counts_once_for_each_run_that_ended(runs: RunQueue) -> None:
    first, second = appended(runs, owner=ME), appended(runs, "gazette", owner=ME)
    assert runs.tallies() == {}
    counts = {"extraction/0.1": 3, "extraction/milliseconds": 200, "stored": 9}
    assert runs.end(first, RunState.SUCCEEDED, "done", counts=counts)
    assert not runs.end(first, RunState.SUCCEEDED, "done", counts=counts)
    assert runs.end(second, RunState.PARTIAL, "half", counts={"extraction/0.1": 4})
    assert runs.tallies() == {"extraction/0.1": 7, "extraction/milliseconds": 200}


def test_a_run_that_was_interrupted_has_ended_and_may_be_done_again(runs: RunQueue) -> None:
    run = appended(runs, owner=ME)
    assert runs.interrupt(run, "its machine died")
    ended = found(runs, run)
    assert (ended.state, ended.reason, ended.may_pass) == (RunState.INTERRUPTED, "its machine died", True)
    assert ended.ended is not None
    assert not runs.end(run, RunState.SUCCEEDED, "it had only slept")
    assert found(runs, run) == ended
    assert not runs.interrupt(run, "again")
    assert appended(runs, after=run.id).state is RunState.QUEUED


def test_a_run_that_waits_is_nobodys_to_interrupt(runs: RunQueue) -> None:
    run = appended(runs)
    assert not runs.interrupt(run, "it looked dead")
    assert found(runs, run) == run


def test_a_cancelled_run_goes_on_until_its_owner_ends_it(runs: RunQueue) -> None:
    run, other = appended(runs, owner=ME), appended(runs, "gazette", owner=ME)
    before = runs.cancel(run.id)
    assert before == run
    assert (found(runs, run).state, found(runs, run).cancelled) == (RunState.RUNNING, True)
    assert not found(runs, other).cancelled
    runs.end(run, RunState.INTERRUPTED, "it was cancelled")
    assert runs.cancel(run.id) is None


def test_a_run_that_is_taken_back_is_returned_as_it_was_and_never_starts(runs: RunQueue) -> None:
    run = appended(runs)
    assert runs.cancel(run.id) == run
    ended = found(runs, run)
    assert (ended.reason, ended.cancelled) == ("it was cancelled", True)
    assert ended.ended is not None
    assert runs.claim(["hourly"], ME) is None
    assert appended(runs, after=run.id)


def test_runs_are_found_by_what_is_asked_for_the_latest_first(runs: RunQueue) -> None:
    one = appended(runs, owner=ME)
    runs.end(one, RunState.FAILED, "no")
    two = appended(runs, "gazette", shard="1/2")
    three = appended(runs, "gazette", job="hourly", shard="2/2", owner=ME)
    four = appended(runs, job="nightly")

    def ids(**given: Any) -> list[str]:
        return [run.id for run in runs.find(**given)]

    everything = sorted([one, two, three, four], key=lambda run: (run.queued, run.id), reverse=True)
    assert ids() == [run.id for run in everything]
    assert ids(limit=2) == [run.id for run in everything[:2]]
    assert ids(job="nightly") == [four.id]
    assert set(ids(site="gazette")) == {two.id, three.id}
    assert ids(shard="2/2") == [three.id]
    assert set(ids(shard="")) == {one.id, four.id}
    assert ids(states=[RunState.RUNNING]) == [three.id]
    assert set(ids(states=[RunState.QUEUED, RunState.FAILED])) == {one.id, two.id, four.id}
    assert ids(states=[]) == []
    assert ids(job="hourly", site="paper", states=[RunState.FAILED]) == [one.id]


def test_what_came_or_went_since_a_moment_is_found(runs: RunQueue) -> None:
    old, long_running, waiting = appended(runs, "a"), appended(runs, "b", owner=ME), appended(runs, "c")
    runs.end(old, RunState.SUCCEEDED, "done")
    time.sleep(0.002)
    since = runs.now()
    assert runs.recent(since) == []
    runs.end(long_running, RunState.SUCCEEDED, "done")
    new = appended(runs, "d", owner=ME)
    assert {(run.id, run.state) for run in runs.recent(since)} == {
        (long_running.id, RunState.SUCCEEDED),
        (new.id, RunState.RUNNING),
    }
    runs.cancel(waiting.id)
    runs.interrupt(new, "it died")
    assert {run.site for run in runs.recent(since)} == {"b", "c", "d"}
    assert {run.site for run in runs.recent(old.queued)} == {"a", "b", "c", "d"}


def test_states_are_counted_of_active_runs_and_of_those_that_ended_since(runs: RunQueue) -> None:
    old = appended(runs, owner=ME)
    runs.end(old, RunState.FAILED, "no")
    time.sleep(0.002)
    since = runs.now()
    assert runs.count_states(since) == {}
    appended(runs, "a")
    for site in ("b", "c"):
        appended(runs, site, owner=ME)
    recent = appended(runs, "d", owner=ME)
    runs.end(recent, RunState.FAILED, "no")
    counted = {RunState.QUEUED: 1, RunState.RUNNING: 2}
    assert runs.count_states(since) == counted | {RunState.FAILED: 1}
    assert runs.count_states(since - timedelta(hours=1)) == counted | {RunState.FAILED: 2}
    assert runs.count_states(runs.now() + timedelta(hours=1)) == counted


def test_what_is_forgotten_is_old_ended_and_followed_by_another(database_url: str) -> None:
    with ServiceStore(database_url) as ledger:
        runs = ledger.runs
        first = appended(runs, owner=ME)
        runs.note_log(first.id, "first.log")
        runs.end(first, RunState.SUCCEEDED, "done")
        ledger.coverage.save(first.id, "paper", Figures(at=runs.now(), since=first.queued))
        second = appended(runs, after=first.id, owner=ME)
        runs.end(second, RunState.SUCCEEDED, "done")
        third = appended(runs, after=second.id)
        lone = appended(runs, "gazette", owner=ME)
        runs.note_log(lone.id, "lone.log")
        runs.end(lone, RunState.SUCCEEDED, "done")
        assert runs.forget(first.queued) == []
        assert len(runs.find()) == 4
        assert list(runs.forget(runs.now() + timedelta(hours=1))) == ["first.log"]
        assert {run.id for run in runs.find()} == {third.id, lone.id}
        assert ledger.coverage.history("paper", first.queued) == []
        assert [run.id for run in runs.chain("hourly", "paper")] == [third.id]


def test_a_pause_holds_since_it_was_first_asked_for(runs: RunQueue) -> None:
    before = runs.now()
    runs.pause("paper")
    since = runs.paused()["paper"]
    time.sleep(0.002)
    runs.pause("paper")
    runs.pause("gazette")
    assert before <= since == runs.paused()["paper"] <= runs.now()
    assert set(runs.paused()) == {"paper", "gazette"}
    assert runs.resume("paper")
    assert set(runs.paused()) == {"gazette"}


def test_a_paused_site_may_queue_and_its_running_run_ends_as_it_would(runs: RunQueue) -> None:
    run = appended(runs, owner=ME)
    runs.pause("paper")
    assert run.id in runs.beat([run.id])
    assert runs.end(run, RunState.SUCCEEDED, "done")
    assert appended(runs, after=run.id).state is RunState.QUEUED


def test_runs_are_read_page_by_page_each_once_and_one_by_its_id(runs: RunQueue) -> None:
    made = [appended(runs, f"paper{number}") for number in range(5)]
    seen: list[Run] = []
    while page := runs.find(before=seen[-1] if seen else None, limit=2):
        seen += page
    assert {run.id for run in seen} == {run.id for run in made}
    assert len(seen) == 5
    assert runs.by_id(made[2].id) == made[2]
    assert runs.by_id("none") is None
