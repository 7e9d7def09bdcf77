from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from scraper.errors import StoreError
from scraper.jobs import runner as runner_module
from scraper.jobs import supervisor as module
from scraper.jobs.model import Job
from scraper.jobs.processes import this_process
from scraper.jobs.runner import Runner, Stop
from scraper.jobs.schedule import Every
from scraper.jobs.supervisor import Supervisor
from scraper.store.history import Owner, RunState
from scraper.store.ledger import Ledger
from tests.jobs.crawls import GOOD, HANG, python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SITES = ("daily", "evening", "morning")
SERVE = """
import signal
import sys
from datetime import timedelta
from pathlib import Path
from scraper.jobs import runner, supervisor
from scraper.jobs.model import Job
from scraper.jobs.schedule import Every
from scraper.store.ledger import Ledger
runner.HEARTBEAT = supervisor.POLL = 0.1
url, logs, crawl = sys.argv[1:]
stop = runner.Stop()
signal.signal(signal.SIGTERM, stop.ask)
with Ledger(url) as ledger:
    job = Job(name="hourly", sites=("daily", "evening", "morning"), schedule=Every(timedelta(hours=1)))
    command = lambda site, arguments: [sys.executable, "-c", crawl]
    run = runner.Runner(ledger.runs, logs=Path(logs), stop=stop, environment={}, command=command)
    supervisor.Supervisor(ledger, [job], run, stop=stop, slots=3, channels=[]).serve()
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path}/news.db") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "HEARTBEAT", 0.2)
    monkeypatch.setattr(module, "POLL", 0.1)


def supervisor(
    ledger: Ledger,
    folder: Path,
    command: Callable[[str, Sequence[str]], Sequence[str]],
    sites: tuple[str, ...] = SITES,
) -> Supervisor:
    stop = Stop()
    runner = Runner(
        ledger.runs, logs=folder / "logs", stop=stop, environment=dict(os.environ), command=command
    )
    job = Job(name="hourly", sites=sites, schedule=Every(timedelta(hours=1)))
    return Supervisor(ledger, [job], runner, stop=stop, slots=3, channels=["webhook"])


def states(ledger: Ledger) -> list[RunState]:
    return [run.state for run in ledger.runs.find()]


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(f"it did not happen in {seconds} s")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Start a supervisor of this crawl in a process of its own; none outlives the test."""
    started = []

    def start(crawl: str) -> subprocess.Popen[bytes]:
        arguments = (f"sqlite:///{tmp_path}/news.db", str(tmp_path / "logs"), crawl)
        started.append(subprocess.Popen([sys.executable, "-c", SERVE, *arguments]))
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


def test_run_due_runs_each_site_once_and_ends(ledger: Ledger, tmp_path: Path) -> None:
    ran = supervisor(ledger, tmp_path, python(GOOD)).run_due()
    assert sorted(run.site for run in ran) == sorted(SITES)
    assert {run.state for run in ran} == {RunState.SUCCEEDED}
    assert supervisor(ledger, tmp_path, python(GOOD)).run_due() == []


def test_two_supervisors_run_each_due_job_once(
    ledger: Ledger, serve: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    serve(GOOD)
    serve(GOOD)
    wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == 3)
    time.sleep(1)
    assert sorted(run.site for run in ledger.runs.find()) == sorted(SITES)


def test_a_paused_site_is_left_out_until_it_is_resumed(ledger: Ledger, tmp_path: Path) -> None:
    ledger.runs.pause("daily")
    ran = supervisor(ledger, tmp_path, python(GOOD)).run_due()
    assert sorted(run.site for run in ran) == ["evening", "morning"]
    ledger.runs.resume("daily")
    (run,) = supervisor(ledger, tmp_path, python(GOOD)).run_due()
    assert run.site == "daily"


def test_a_killed_supervisor_takes_its_crawls_along_and_its_runs_are_done_again(
    ledger: Ledger, tmp_path: Path, serve: Callable[[str], subprocess.Popen[bytes]]
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
    ledger: Ledger, tmp_path: Path, serve: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    process = serve(HANG)
    wait_for(lambda: len(processes_below(tmp_path)) == 3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
    assert states(ledger) == [RunState.INTERRUPTED] * 3
    assert not processes_below(tmp_path)


def test_a_run_on_another_machine_is_dead_when_its_heart_has_not_beaten_for_a_minute(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Owner(host="far", boot="another", pid=1, started=1)
    ledger.runs.append(job="hourly", site="daily", after="", owner=far)
    watcher = supervisor(ledger, tmp_path, python(GOOD), sites=())
    watcher.clear_up()
    assert states(ledger) == [RunState.RUNNING]
    later = ledger.runs.now() + timedelta(seconds=61)
    monkeypatch.setattr("scraper.store.runs._clock", lambda _: later)
    watcher.clear_up()
    assert states(ledger) == [RunState.INTERRUPTED]


def test_a_clock_that_jumps_takes_no_living_run_for_dead(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = this_process()
    ledger.runs.append(job="hourly", site="daily", after="", owner=alive)
    watcher = supervisor(ledger, tmp_path, python(GOOD), sites=())
    monkeypatch.setattr(watcher, "_me", Owner(host="here", boot=alive.boot, pid=1, started=1))
    now = ledger.runs.now()
    for hours in (2, -2):
        monkeypatch.setattr("scraper.store.runs._clock", lambda _, hours=hours: now + timedelta(hours=hours))
        watcher.clear_up()
        assert states(ledger) == [RunState.RUNNING]


def test_a_database_that_does_not_answer_is_waited_for(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = supervisor(ledger, tmp_path, python(GOOD))
    broken = [True]

    def clear_up() -> None:
        if broken:
            broken.pop()
            raise StoreError("news.db: another process holds it")

    monkeypatch.setattr(watcher, "clear_up", clear_up)
    thread = Thread(target=watcher.serve)
    thread.start()
    wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == 3)
    watcher._stop.ask()
    thread.join()
    assert not broken


def test_what_a_run_found_is_kept_for_alarms(ledger: Ledger, tmp_path: Path) -> None:
    supervisor(ledger, tmp_path, python(GOOD), sites=("paper",)).run_due()
    (found,) = ledger.coverage.history("paper", ledger.runs.now() - timedelta(hours=1))
    assert (found.sources, found.announced) == (1, 2)


def test_old_runs_and_their_logs_are_forgotten_but_for_the_last(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor(ledger, tmp_path, python(GOOD), sites=("paper",)).run_due()
    later = ledger.runs.now() + timedelta(days=100)
    monkeypatch.setattr("scraper.store.runs._clock", lambda _: later)
    supervisor(ledger, tmp_path, python(GOOD), sites=("paper",)).run_due()
    (kept,) = ledger.runs.find()
    assert kept.log is not None
    assert [path.name for path in (tmp_path / "logs").rglob("*.log")] == [Path(kept.log).name]
