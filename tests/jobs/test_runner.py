from __future__ import annotations

import dataclasses
import os
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from scraper.jobs import runner as module
from scraper.jobs.job import Job
from scraper.jobs.outcome import EndedBy
from scraper.jobs.runner import Heart, Runner, Stop
from scraper.jobs.schedule import Every
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Run, RunState
from tests.jobs.crawls import GOOD, GREEDY, HANG, PARENT, POLITE, STUBBORN, has_begun, python
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence

pytestmark = pytest.mark.system

JOB = Job(
    name="hourly", sites=("paper",), schedule=Every(timedelta(hours=1)), time_limit=timedelta(seconds=20)
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ServiceStore]:
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT", 0.2)
    monkeypatch.setattr(module, "GRACE", 2.0)
    monkeypatch.setattr(module, "_MEMORY_EVERY", 0.1)


def crawl(
    ledger: ServiceStore,
    folder: Path,
    command: Callable[[str, Sequence[str]], Sequence[str]],
    *,
    stop: Stop | None = None,
    job: Job = JOB,
    meanwhile: Callable[[Run], None] | None = None,
) -> Run:
    run = ledger.runs.append(job=job.name, site="paper", after="", owner=this_process())
    assert run is not None
    runner = Runner(
        ledger.runs, logs=folder / "logs", stop=stop or Stop(), environment=dict(os.environ), command=command
    )
    thread = Thread(target=runner.run, args=(run, job))
    thread.start()
    if meanwhile:
        meanwhile(run)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    (found,) = ledger.runs.find()
    return found


def test_a_crawl_that_ends_as_it_is_asked_to_is_judged_like_any_other(
    ledger: ServiceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([False])

    def has_ended(child: subprocess.Popen[bytes]) -> bool:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        return next(looks, True)

    monkeypatch.setattr(module, "_has_ended", has_ended)
    stop = Stop()
    stop.ask()
    assert crawl(ledger, tmp_path, python(GOOD), stop=stop).reason == "its supervisor was asked to stop"


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def test_a_run_ends_with_the_counts_of_its_crawl(ledger: ServiceStore, tmp_path: Path) -> None:
    run = crawl(ledger, tmp_path, python(GOOD))
    assert (run.state, run.reason, run.exit_code) == (RunState.SUCCEEDED, "2 new articles", 0)
    assert run.counts["stored"] == 2
    assert run.log is not None
    assert Path(run.log).exists()


def test_a_crawl_is_as_nice_as_its_job_says(ledger: ServiceStore, tmp_path: Path) -> None:
    program = f"import os, sys; print(os.nice(0), file=sys.stderr); {GOOD}"
    run = crawl(ledger, tmp_path, python(program), job=dataclasses.replace(JOB, niceness=3))
    assert run.log is not None
    assert int(Path(run.log).read_text(encoding="utf-8")) == min(19, os.nice(0) + 3)


def test_a_crawl_that_hangs_is_ended_at_its_time_limit(ledger: ServiceStore, tmp_path: Path) -> None:
    job = dataclasses.replace(JOB, time_limit=timedelta(seconds=1))
    run = crawl(ledger, tmp_path, python(HANG), job=job)
    assert run.state is RunState.FAILED
    assert "time limit" in (run.reason or "")


def test_a_crawl_that_does_not_listen_is_killed(ledger: ServiceStore, tmp_path: Path) -> None:
    job = dataclasses.replace(JOB, time_limit=timedelta(seconds=1))
    run = crawl(ledger, tmp_path, python(STUBBORN), job=job)
    assert (run.state, run.exit_code) == (RunState.FAILED, -9)


def test_a_crawl_that_takes_too_much_memory_is_ended(ledger: ServiceStore, tmp_path: Path) -> None:
    job = dataclasses.replace(JOB, memory_limit=100_000_000)
    run = crawl(ledger, tmp_path, python(GREEDY), job=job)
    assert run.state is RunState.FAILED
    assert "memory" in (run.reason or "")


def test_a_crawl_that_is_cancelled_may_finish_what_is_open(ledger: ServiceStore, tmp_path: Path) -> None:
    def cancel(run: Run) -> None:
        wait_for(lambda: has_begun(ledger.runs.find()[0]))
        ledger.runs.cancel(run.id)

    run = crawl(ledger, tmp_path, python(POLITE), meanwhile=cancel)
    assert (run.state, run.may_pass, run.exit_code) == (RunState.INTERRUPTED, False, 0)
    assert run.counts["stored"] == 2


def test_a_supervisor_that_stops_lets_its_crawl_finish_and_a_second_wish_hurries(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    stop = Stop()

    def ask(run: Run) -> None:
        wait_for(lambda: has_begun(ledger.runs.find()[0]))
        stop.ask()
        stop.ask()

    run = crawl(ledger, tmp_path, python(STUBBORN), stop=stop, meanwhile=ask)
    assert (run.state, run.may_pass, run.exit_code) == (RunState.INTERRUPTED, True, -9)


def test_a_run_that_another_took_for_dead_ends_and_changes_nothing(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    def take(run: Run) -> None:
        wait_for(lambda: ledger.runs.find()[0].log)
        wait_for(lambda: ledger.runs.interrupt(ledger.runs.find()[0], "it looked dead"))

    run = crawl(ledger, tmp_path, python(STUBBORN), meanwhile=take)
    assert (run.state, run.reason, run.exit_code) == (RunState.INTERRUPTED, "it looked dead", None)


def test_one_transaction_is_the_heartbeat_of_all_runs_of_a_process(ledger: ServiceStore) -> None:
    runs = [
        ledger.runs.append(job="hourly", site=f"paper{number}", after="", owner=this_process())
        for number in range(9)
    ]
    first, *others = (run.id for run in runs if run)
    heart = Heart(ledger.runs)
    with ExitStack() as stack:
        for run in (first, *others):
            stack.enter_context(heart.beating(run))
        wait_for(lambda: _turns(ledger, lambda: heart.beat(first)) == 1)
        assert _turns(ledger, lambda: [heart.beat(run) for run in others]) == 0
        beaten = {run.heartbeat for run in ledger.runs.find()}
        assert len(beaten) == 1
        ledger.runs.interrupt(ledger.runs.find(site="paper8")[0], "it looked dead")
        ledger.runs.cancel(first)
        wait_for(lambda: heart.beat(others[-1]) is EndedBy.LOST)
        assert heart.beat(first) is EndedBy.CANCELLED
        assert not any(heart.beat(run) for run in others[:-1])


def _turns(ledger: ServiceStore, act: Callable[[], object]) -> int:
    """Return how many transactions of the ledger something took."""
    before = ledger._of_runs.turn
    act()
    return ledger._of_runs.turn - before


def test_children_of_a_crawl_do_not_outlive_it(ledger: ServiceStore, tmp_path: Path) -> None:
    run = crawl(ledger, tmp_path, python(PARENT, "1"))
    assert run.log is not None
    grandchild = int(Path(run.log).read_text(encoding="utf-8"))
    wait_for(lambda: not is_alive(grandchild))


def test_a_disk_that_is_full_ends_the_run_with_a_reason(ledger: ServiceStore, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    run = crawl(ledger, tmp_path, python(GOOD))
    assert (run.state, run.may_pass) == (RunState.FAILED, True)
    assert "could not be started" in (run.reason or "")
