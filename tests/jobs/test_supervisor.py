from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from scraper.jobs import runner as runner_module
from scraper.jobs import supervisor as module
from scraper.jobs.job import RUN_TIME_LIMIT, Job
from scraper.jobs.runner import Runner, Stop
from scraper.jobs.schedule import Every
from scraper.jobs.supervisor import Supervisor
from scraper.store.service import service_store
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Owner, RunState
from scraper.store.sql import database
from tests.jobs.crawls import GOOD, HANG, SLOW, STUBBORN, has_begun, has_refused, python
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


pytestmark = pytest.mark.system

SITES = ("daily", "evening", "morning")
SERVE = """
import signal
import sys
from datetime import timedelta
from pathlib import Path
from scraper.jobs import runner, supervisor
from scraper.jobs.job import Job
from scraper.jobs.schedule import Every
from scraper.store.service import service_store
from scraper.store.service.service_store import ServiceStore
runner.HEARTBEAT = supervisor.POLL = 0.1
runner.GRACE = 600.0
url, logs, crawl, ready = sys.argv[1:]
stop = runner.Stop()
signal.signal(signal.SIGTERM, stop.ask)
Path(ready).touch()
with ServiceStore(url) as ledger:
    job = Job(name="hourly", sites=("daily", "evening", "morning"), schedule=Every(timedelta(hours=1)))
    command = lambda site, arguments: [sys.executable, "-c", crawl]
    run = runner.Runner(ledger.runs, logs=Path(logs), stop=stop, environment={}, command=command)
    supervisor.Supervisor(ledger, [job], run, stop=stop, slots=3, channels=[]).serve()
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ServiceStore]:
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "HEARTBEAT", 0.2)
    monkeypatch.setattr(module, "POLL", 0.1)
    monkeypatch.setattr("scraper.jobs.tick.QUEUED_AGAIN", 0.3)


def supervisor(
    ledger: ServiceStore,
    folder: Path,
    command: Callable[[str, Sequence[str]], Sequence[str]],
    sites: tuple[str, ...] = SITES,
    period: timedelta = timedelta(hours=1),
    limit: timedelta = RUN_TIME_LIMIT,
    shards: int = 1,
) -> Supervisor:
    stop = Stop()
    runner = Runner(
        ledger.runs, logs=folder / "logs", stop=stop, environment=dict(os.environ), command=command
    )
    job = Job(name="hourly", sites=sites, schedule=Every(period), time_limit=limit, shards=shards)
    return Supervisor(ledger, [job], runner, stop=stop, slots=3, channels=["webhook"])


def states(ledger: ServiceStore) -> list[RunState]:
    return [run.state for run in ledger.runs.find()]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Start a supervisor of this crawl in a process of its own; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(crawl: str) -> subprocess.Popen[bytes]:
        ready = tmp_path / f"ready{len(started)}"
        arguments = (f"sqlite:///{tmp_path}/news.db", str(tmp_path / "logs"), crawl, str(ready))
        started.append(subprocess.Popen([sys.executable, "-c", SERVE, *arguments]))
        wait_for(ready.exists)  # a signal before that would only kill it
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def processes_below(folder: Path) -> list[int]:
    """Return the crawls whose log is open below the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder) in str((entry / "fd/2").readlink()):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_run_due_runs_each_site_once_and_ends(ledger: ServiceStore, tmp_path: Path) -> None:
    ran = supervisor(ledger, tmp_path, python(GOOD)).run_due()
    assert sorted(run.site for run in ran) == sorted(SITES)
    assert {run.state for run in ran} == {RunState.SUCCEEDED}
    assert supervisor(ledger, tmp_path, python(GOOD)).run_due() == []


def test_a_slot_that_becomes_free_is_taken_at_once(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL", 600.0)
    begin = time.monotonic()
    ran = supervisor(ledger, tmp_path, python(GOOD), sites=(*SITES, "weekly")).run_due()
    assert len(ran) == len(SITES) + 1
    assert time.monotonic() - begin < 300


def test_two_supervisors_run_each_due_job_once(
    ledger: ServiceStore, serve: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    both = [serve(GOOD), serve(GOOD)]
    wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == 3)
    for process in both:
        process.send_signal(signal.SIGTERM)
    assert [process.wait() for process in both] == [0, 0]
    assert sorted(run.site for run in ledger.runs.find()) == sorted(SITES)


def test_a_paused_site_is_left_out_until_it_is_resumed(ledger: ServiceStore, tmp_path: Path) -> None:
    ledger.runs.pause("daily")
    ran = supervisor(ledger, tmp_path, python(GOOD)).run_due()
    assert sorted(run.site for run in ran) == ["evening", "morning"]
    ledger.runs.resume("daily")
    (run,) = supervisor(ledger, tmp_path, python(GOOD)).run_due()
    assert run.site == "daily"


def test_a_killed_supervisor_takes_its_crawls_along_and_its_runs_are_done_again(
    ledger: ServiceStore, tmp_path: Path, serve: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    first = serve(HANG)
    wait_for(lambda: len(processes_below(tmp_path)) == 3)
    first.kill()
    first.wait()
    wait_for(lambda: not processes_below(tmp_path))
    second = supervisor(ledger, tmp_path, python(GOOD))
    second.look()
    second.wait()
    assert states(ledger).count(RunState.INTERRUPTED) == 3
    (reason,) = {run.reason for run in ledger.runs.find(states=[RunState.INTERRUPTED])}
    assert reason == f"its supervisor, process {first.pid}, died"
    assert all(run.may_pass for run in ledger.runs.find(states=[RunState.INTERRUPTED]))


def test_sigterm_ends_the_crawls_and_leaves_no_run_open(
    ledger: ServiceStore, tmp_path: Path, serve: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    process = serve(HANG)
    wait_for(lambda: len(processes_below(tmp_path)) == 3)
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    assert states(ledger) == [RunState.INTERRUPTED] * 3
    assert not processes_below(tmp_path)


def test_a_second_sigterm_hurries_crawls_that_do_not_end(
    ledger: ServiceStore, tmp_path: Path, serve: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    process = serve(STUBBORN)
    wait_for(lambda: len(processes_below(tmp_path)) == 3)
    wait_for(lambda: all(has_begun(run) for run in ledger.runs.find()))
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: all(has_refused(run) for run in ledger.runs.find()))
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0  # and not after the ten minutes that SERVE gives a crawl to end
    assert states(ledger) == [RunState.INTERRUPTED] * 3
    assert not processes_below(tmp_path)


def test_a_run_on_another_machine_is_dead_when_its_heart_has_not_beaten_for_long(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Owner(host="far", boot="another", pid=1, started=1)
    ledger.runs.append(job="hourly", site="daily", after="", owner=far)
    watcher = supervisor(ledger, tmp_path, python(GOOD), sites=())
    watcher.tick.clear_up()
    assert states(ledger) == [RunState.RUNNING]
    later = ledger.runs.now() + ledger.runs.stale + timedelta(seconds=1)
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: later)
    watcher.tick.clear_up()
    assert states(ledger) == [RunState.INTERRUPTED]


def test_a_clock_that_jumps_takes_no_living_run_for_dead(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = this_process()
    ledger.runs.append(job="hourly", site="daily", after="", owner=alive)
    watcher = supervisor(ledger, tmp_path, python(GOOD), sites=())
    monkeypatch.setattr(watcher.tick, "_me", Owner(host="here", boot=alive.boot, pid=1, started=1))
    now = ledger.runs.now()
    for hours in (2, -2):
        monkeypatch.setattr(
            "scraper.store.service.runs.clock", lambda _, hours=hours: now + timedelta(hours=hours)
        )
        watcher.tick.clear_up()
        assert states(ledger) == [RunState.RUNNING]


@contextmanager
def serving(watcher: Supervisor) -> Iterator[None]:
    """Let a supervisor serve in a thread until the block ends."""
    thread = Thread(target=watcher.serve)
    thread.start()
    try:
        yield
    finally:
        watcher._stop.ask()
        thread.join()


def test_a_locked_database_is_waited_for_before_a_run_and_within_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    monkeypatch.setattr(service_store, "PATIENCE", 0)
    said = io.StringIO()
    with (
        ServiceStore(f"sqlite:///{tmp_path}/news.db") as ledger,
        closing(sqlite3.connect(tmp_path / "news.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with serving(supervisor(ledger, tmp_path, python(SLOW), sites=("daily",))):
            wait_for(lambda: said.write(capsys.readouterr().out) and "holds it" in said.getvalue())
            assert states(ledger) == []
            other.execute("COMMIT")
            wait_for(lambda: processes_below(tmp_path))
            other.execute("BEGIN IMMEDIATE")
            wait_for(lambda: not processes_below(tmp_path))
            assert states(ledger) == [RunState.RUNNING]
            other.execute("COMMIT")
            wait_for(lambda: states(ledger) == [RunState.SUCCEEDED])


def test_a_crawl_that_hangs_is_ended_each_time_and_its_job_goes_on(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    watcher = supervisor(
        ledger, tmp_path, python(HANG), period=timedelta(seconds=2), limit=timedelta(seconds=1)
    )
    with serving(watcher):
        wait_for(lambda: states(ledger).count(RunState.FAILED) >= 2 * len(SITES))
    assert {run.reason for run in ledger.runs.find(states=[RunState.FAILED])} == {
        "it ran longer than its time limit and was ended"
    }


def test_jobs_go_on_in_their_rhythm_whether_the_clock_jumps_ahead_or_back(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Takes 20 s: runs of real processes under clocks that jump either way."""
    jump = [timedelta(0)]
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: datetime.now(UTC) + jump[0])
    with serving(supervisor(ledger, tmp_path, python(SLOW), sites=("daily",), period=timedelta(seconds=4))):
        for hours in (0, 2, 0, -2, 0):
            wait_for(lambda: processes_below(tmp_path))
            jump[0] = timedelta(hours=hours)
            enough = len(states(ledger)) + 2
            wait_for(lambda enough=enough: len(states(ledger)) >= enough)  # type: ignore[misc]
        assert set(states(ledger)) <= {RunState.SUCCEEDED, RunState.RUNNING, RunState.QUEUED}


def test_after_a_day_of_downtime_each_site_runs_once(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor(ledger, tmp_path, python(GOOD)).run_due()
    later = ledger.runs.now() + timedelta(days=1)
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: later)
    assert sorted(run.site for run in supervisor(ledger, tmp_path, python(GOOD)).run_due()) == sorted(SITES)
    assert supervisor(ledger, tmp_path, python(GOOD)).run_due() == []


def test_what_a_run_found_is_kept_for_alarms(ledger: ServiceStore, tmp_path: Path) -> None:
    supervisor(ledger, tmp_path, python(GOOD), sites=("paper",)).run_due()
    (found,) = ledger.coverage.history("paper", ledger.runs.now() - timedelta(hours=1))
    assert (found.sources, found.announced) == (1, 2)


def test_old_runs_and_their_logs_are_forgotten_but_for_the_last(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor(ledger, tmp_path, python(GOOD), sites=("paper",)).run_due()
    later = ledger.runs.now() + timedelta(days=100)
    monkeypatch.setattr("scraper.store.service.runs.clock", lambda _: later)
    supervisor(ledger, tmp_path, python(GOOD), sites=("paper",)).run_due()
    (kept,) = ledger.runs.find()
    assert kept.log is not None
    assert [path.name for path in (tmp_path / "logs").rglob("*.log")] == [Path(kept.log).name]


def test_each_shard_of_a_site_is_run_and_the_first_one_speaks_for_the_site(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    given: list[tuple[str, ...]] = []

    def crawl(site: str, arguments: Sequence[str]) -> list[str]:
        given.append(tuple(arguments))
        return python(GOOD)(site, arguments)

    ran = supervisor(ledger, tmp_path, crawl, sites=("paper",), shards=3).run_due()
    assert sorted(run.shard for run in ran) == ["1/3", "2/3", "3/3"]
    assert sorted(given) == [("--shard", "1/3"), ("--shard", "2/3"), ("--shard", "3/3")]
    assert len(ledger.coverage.history("paper", ledger.runs.now() - timedelta(hours=1))) == 1
    assert supervisor(ledger, tmp_path, crawl, sites=("paper",), shards=3).run_due() == []
