"""Supervisors of several machines on one PostgreSQL: one of them sleeps, or dies."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from tests.jobs.crawls import GOOD, HANG
from tests.jobs.test_supervisor import SERVE, SITES, processes_below, states, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system

ELSEWHERE = SERVE.replace(
    "url, logs, crawl, ready = sys.argv[1:]",
    """
from scraper.jobs import schedule
from scraper.store.service import processes, runs
url, logs, crawl, ready, boot = sys.argv[1:]
processes._boot = lambda: boot
runs.STALE = timedelta(seconds=2)
schedule.RETRIES = (timedelta(seconds=1),)
""",
)
"""A supervisor of another machine, by its boot; who is silent for two seconds is dead."""


@contextmanager
def machine(name: str, url: str, folder: Path, crawl: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let a supervisor of another machine serve until the block ends."""
    arguments = (url, str(folder / "logs"), crawl, str(folder / name), name)
    process = subprocess.Popen([sys.executable, "-c", ELSEWHERE, *arguments])
    try:
        wait_for((folder / name).exists)
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_machine_that_slept_finds_its_runs_done_by_another_and_ends_its_crawls(
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
            assert ledger.runs.find() == before
        owners = {run.owner.boot: run.state for run in before if run.owner}
        assert owners == {"one": RunState.INTERRUPTED, "two": RunState.SUCCEEDED}
        assert len(before) == 2 * len(SITES)
        assert all("no heartbeat from" in (run.reason or "") for run in before[len(SITES) :])


def test_a_machine_that_dies_loses_its_runs_to_another(postgresql_url: str, tmp_path: Path) -> None:
    with ServiceStore(postgresql_url) as ledger, machine("one", postgresql_url, tmp_path, HANG) as first:
        wait_for(lambda: len(processes_below(tmp_path)) == len(SITES))
        with machine("two", postgresql_url, tmp_path, HANG):
            first.kill()
            wait_for(lambda: owners_of(ledger, RunState.RUNNING) == ["two"] * len(SITES))
        assert owners_of(ledger, RunState.INTERRUPTED) == ["one"] * len(SITES)


def owners_of(ledger: ServiceStore, state: RunState) -> list[str]:
    """Return the boots of those that have or had the runs in a state."""
    return [run.owner.boot for run in ledger.runs.find(states=[state]) if run.owner]
