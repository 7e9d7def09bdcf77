"""Workers on one PostgreSQL: what was met with engines of this kind, each as a test with real processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.jobs import schedule
from scraper.jobs import worker as module
from scraper.jobs.job import Job
from scraper.jobs.runner import Runner, Stop
from scraper.jobs.schedule import Every
from scraper.jobs.worker import Worker
from scraper.store.service.engine import QUEUE, EngineRuns
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Owner, RunState
from scraper.store.sql import migrations
from tests.jobs.crawls import GOOD, HANG, POLITE, has_begun, python
from tests.jobs.test_supervisor import SITES, processes_below, states
from tests.proxy import Proxy
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.system

WORKER = """
import signal
import sys
from datetime import timedelta
from pathlib import Path
from scraper.jobs import runner, schedule, worker
from scraper.jobs.job import Job
from scraper.jobs.schedule import Every
from scraper.errors import StoreError
from scraper.store.service import engine, processes, service_store
from scraper.store.service.service_store import ServiceStore
url, logs, crawl, ready, boot = sys.argv[1:]
processes._boot = lambda: boot
engine.STALE_WORKER = worker.STALE_WORKER = timedelta(seconds=3)
runner.HEARTBEAT = worker.WORKER_POLL = worker.WORKER_BEAT = 0.2
worker.AWAY = 3.0
service_store.PATIENCE = 3.0
schedule.RETRIES = (timedelta(seconds=1),)
stop = runner.Stop()
signal.signal(signal.SIGTERM, stop.ask)
with ServiceStore(url, queue=engine.EngineRuns) as ledger:
    job = Job(name="hourly", sites=("daily", "evening", "morning"), schedule=Every(timedelta(days=1)))
    command = lambda site, arguments: [sys.executable, "-c", crawl]
    run = runner.Runner(ledger.runs, logs=Path(logs), stop=stop, environment={}, command=command)
    Path(ready).touch()
    try:
        worker.Worker(ledger, [job], run, stop=stop, slots=3, channels=[]).serve()
    except StoreError as error:
        sys.exit(str(error))
"""
"""A worker of another machine, by its boot; who is silent for three seconds is dead."""


@contextmanager
def machine(name: str, url: str, folder: Path, crawl: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let a worker of another machine work until the block ends."""
    arguments = (url, str(folder / "logs"), crawl, str(folder / name), name)
    process = subprocess.Popen([sys.executable, "-c", WORKER, *arguments], cwd=folder)
    try:
        wait_for((folder / name).exists)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def ledger(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceStore]:
    monkeypatch.setattr(module, "WORKER_POLL", 0.2)
    monkeypatch.setattr("scraper.jobs.runner.HEARTBEAT", 0.2)
    with ServiceStore(postgresql_url, queue=EngineRuns) as opened:
        yield opened


@contextmanager
def working(
    ledger: ServiceStore,
    folder: Path,
    command: Callable[[str, Sequence[str]], Sequence[str]],
    sites: tuple[str, ...] = SITES,
    slots: int = 3,
    shards: int = 1,
) -> Iterator[None]:
    """Let a worker of this process work until the block ends."""
    stop = Stop()
    runner = Runner(ledger.runs, logs=folder / "logs", stop=stop, environment={}, command=command)
    job = Job(name="hourly", sites=sites, schedule=Every(timedelta(days=1)), shards=shards)
    worker = Worker(ledger, [job], runner, stop=stop, slots=slots, channels=[])
    thread = Thread(target=worker.serve)
    thread.start()
    try:
        yield
    finally:
        stop.ask()
        thread.join()


def tasks(url: str) -> list[tuple[str, str | None, str]]:
    """Return queue, lock and status of the engine's tasks."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT queue_name, lock, status::text FROM procrastinate_jobs ORDER BY id"
        )
        return [(row[0], row[1], row[2]) for row in rows]


def run_sql(url: str, statement: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_worker_runs_each_site_once_and_leaves_no_task(
    ledger: ServiceStore, postgresql_url: str, tmp_path: Path
) -> None:
    sites = tuple(f"paper{number}" for number in range(7))
    with working(ledger, tmp_path, python(GOOD), sites=sites, slots=2):
        wait_for(lambda: states(ledger) == [RunState.SUCCEEDED] * len(sites))
        wait_for(lambda: not tasks(postgresql_url))
    assert sorted(run.site for run in ledger.runs.find()) == sorted(sites)


def test_only_what_can_start_soon_waits_the_longest_due_first(
    ledger: ServiceStore, postgresql_url: str, tmp_path: Path
) -> None:
    sites = tuple(f"paper{number}" for number in range(40))
    with working(ledger, tmp_path, python(HANG), sites=sites, slots=2):
        wait_for(lambda: states(ledger).count(RunState.RUNNING) == 2)
        wait_for(lambda: states(ledger).count(RunState.QUEUED) == 4)
        assert len(tasks(postgresql_url)) <= 6


def test_a_site_and_a_shard_have_a_lock_each_and_nothing_is_scheduled_ahead(
    ledger: ServiceStore, postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "RETRIES", (timedelta(hours=1),))
    with working(ledger, tmp_path, python("import sys; sys.exit(1)"), sites=("paper",), shards=2):
        wait_for(lambda: states(ledger).count(RunState.FAILED) == 2)
        wait_for(
            lambda: not tasks(postgresql_url)
        )  # the retry is due in an hour: its task would block the site
    assert {run.shard for run in ledger.runs.find()} == {"1/2", "2/2"}
    assert all(run.may_pass for run in ledger.runs.find(states=[RunState.FAILED]))


def test_a_run_that_is_cancelled_never_starts_and_one_under_way_ends(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    waiting = ledger.runs.append(job="hourly", site="daily", after="")
    assert waiting is not None
    ledger.runs.cancel(waiting.id)
    with working(ledger, tmp_path, python(POLITE)):
        wait_for(lambda: states(ledger).count(RunState.RUNNING) == 2)
        for run in ledger.runs.find(states=[RunState.RUNNING]):
            wait_for(partial(begun, ledger, run.site))
            ledger.runs.cancel(run.id)
        wait_for(lambda: states(ledger).count(RunState.INTERRUPTED) == 2)
    assert [run.state for run in ledger.runs.find(site="daily")] == [RunState.SKIPPED]


def test_a_paused_site_waits_and_is_handed_on_when_it_is_resumed(
    ledger: ServiceStore, tmp_path: Path
) -> None:
    assert ledger.runs.append(job="hourly", site="daily", after="") is not None
    ledger.runs.pause("daily")
    with working(ledger, tmp_path, python(GOOD)):
        wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == 2)
        (run,) = ledger.runs.find(site="daily")
        assert run.state is RunState.QUEUED
        ledger.runs.resume("daily")
        wait_for(lambda: states(ledger) == [RunState.SUCCEEDED] * 3)


def test_a_run_that_a_plain_loop_queued_is_a_workers_too(
    postgresql_url: str, ledger: ServiceStore, tmp_path: Path
) -> None:
    with ServiceStore(postgresql_url) as plain:
        assert plain.runs.append(job="hourly", site="daily", after="") is not None
    with working(ledger, tmp_path, python(GOOD)):
        wait_for(lambda: states(ledger) == [RunState.SUCCEEDED] * 3)


def test_runs_of_a_database_of_an_earlier_version_go_on_as_its_own(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 19 is the last of plain workers: its runs are those of a table that has not changed since."""
    dead = Owner(host="far", boot="another", pid=1, started=1)
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", migrations.STEPS[:19])
        before.setattr(migrations, "TABLES_VERSION", 19)
        with ServiceStore(postgresql_url):
            pass
    for run, site, state, owner in (
        ("done", "daily", "succeeded", dead),
        ("lost", "evening", "running", dead),
        ("waiting", "morning", "queued", None),
    ):
        run_sql(
            postgresql_url,
            "INSERT INTO runs (id, job, site, state, after, attempt, queued, started, ended, owner, heartbeat,"
            f" counts, reason, may_pass, cancelled) VALUES ('{run}', 'hourly', '{site}', '{state}', '', 1, now(),"
            f" now(), {'now()' if run == 'done' else 'NULL'}, '{json.dumps(owner and asdict(owner))}',"
            " now(), '{}', '7 new articles', FALSE, FALSE)",
        )
    monkeypatch.setattr(module, "WORKER_POLL", 0.2)
    monkeypatch.setattr("scraper.jobs.runner.HEARTBEAT", 0.2)
    monkeypatch.setattr("scraper.store.service.engine.STALE_WORKER", timedelta(seconds=1))
    with ServiceStore(postgresql_url, queue=EngineRuns) as ledger:
        with working(ledger, tmp_path, python(GOOD)):
            wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == 3)
        found = {run.id: run for run in ledger.runs.find()}
        assert (found["done"].state, found["done"].reason) == (RunState.SUCCEEDED, "7 new articles")
        assert found["lost"].state is RunState.INTERRUPTED
        assert found["waiting"].state is RunState.SUCCEEDED
        assert [run.state for run in ledger.runs.chain("hourly", "evening")] == [
            RunState.SUCCEEDED,
            RunState.INTERRUPTED,
        ]


def test_tasks_of_another_version_are_taken_by_nobody_and_made_anew(
    ledger: ServiceStore, postgresql_url: str, tmp_path: Path
) -> None:
    assert ledger.runs.append(job="hourly", site="daily", after="") is not None
    run_sql(postgresql_url, "UPDATE procrastinate_jobs SET queue_name = 'scraper crawls 0.0.1'")
    with ServiceStore(postgresql_url, queue=EngineRuns) as later:
        assert tasks(postgresql_url) == []
        with working(later, tmp_path, python(GOOD)):
            wait_for(lambda: states(later) == [RunState.SUCCEEDED] * 3)


def test_a_queue_of_others_in_the_same_tables_is_left_alone(
    ledger: ServiceStore, postgresql_url: str, tmp_path: Path
) -> None:
    run_sql(
        postgresql_url, "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('theirs', 'crawl')"
    )
    with working(ledger, tmp_path, python(GOOD)):
        wait_for(lambda: states(ledger) == [RunState.SUCCEEDED] * 3)
    assert ("theirs", None, "todo") in tasks(postgresql_url)
    assert QUEUE != "theirs"


def test_a_worker_that_dies_loses_its_runs_to_another(postgresql_url: str, tmp_path: Path) -> None:
    with ServiceStore(postgresql_url) as ledger, machine("one", postgresql_url, tmp_path, HANG) as first:
        wait_for(lambda: len(processes_below(tmp_path)) == len(SITES))
        with machine("two", postgresql_url, tmp_path, HANG):
            first.kill()
            wait_for(lambda: owners_of(ledger, RunState.RUNNING) == ["two"] * len(SITES))
        assert owners_of(ledger, RunState.INTERRUPTED) == ["one"] * len(SITES)


def test_a_worker_that_slept_finds_its_runs_done_and_changes_none_of_them(
    postgresql_url: str, tmp_path: Path
) -> None:
    with ServiceStore(postgresql_url) as ledger, machine("one", postgresql_url, tmp_path, HANG) as first:
        wait_for(lambda: len(processes_below(tmp_path)) == len(SITES))
        first.send_signal(signal.SIGSTOP)
        asleep = processes_below(tmp_path)
        with machine("two", postgresql_url, tmp_path, GOOD):
            wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == len(SITES))
            before = ledger.runs.find()
            first.send_signal(signal.SIGCONT)
            wait_for(lambda: not set(asleep) & set(processes_below(tmp_path)))
            assert ledger.runs.find() == before  # and not as the old worker would have it
        assert owners_of(ledger, RunState.INTERRUPTED) == ["one"] * len(SITES)
        assert len(before) == 2 * len(SITES)


def test_a_worker_that_loses_its_database_ends_its_crawls_and_says_so(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Takes 20 s. What it ended with 0 would not be started again by everyone who keeps it."""
    proxy, url = Proxy.to(postgresql_url)
    with (
        ServiceStore(postgresql_url) as ledger,
        proxy,
        machine("one", f"{url}&tcp_user_timeout=2000", tmp_path, HANG) as first,
    ):
        wait_for(lambda: len(processes_below(tmp_path)) == len(SITES))
        proxy.cut()
        with machine("two", postgresql_url, tmp_path, GOOD):
            wait_for(lambda: states(ledger).count(RunState.SUCCEEDED) == len(SITES))
            before = ledger.runs.find()
            proxy.__exit__(None, None, None)
            assert first.wait(PATIENCE) == 1
            assert not processes_below(tmp_path)
            assert ledger.runs.find() == before  # and not as the old worker would have it


def begun(ledger: ServiceStore, site: str) -> bool:
    """Return whether the crawl of a site has come to where signals find it."""
    return has_begun(ledger.runs.find(site=site)[0])


def owners_of(ledger: ServiceStore, state: RunState) -> list[str]:
    """Return the boots of those that have or had the runs in a state."""
    return [run.owner.boot for run in ledger.runs.find(states=[state]) if run.owner]
