"""The plain loop of one machine: finds what is due and runs it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from scraper.jobs.batch import BATCH_JOB
from scraper.jobs.execution import Execution, attempt
from scraper.jobs.tick import Tick
from scraper.store.service.processes import is_here, this_process
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.jobs.job import Job
    from scraper.jobs.runner import Runner, Stop
    from scraper.store.service.service_store import ServiceStore
    from scraper.store.service.values import Run

POLL = 2.0
"""Seconds between two looks at what is due; the end of a run, which frees a slot, is one at once."""
_TICK = 0.25
WELL = 120.0
"""Seconds without a look at the database after which the supervisor is not well: one may wait 30 s for it."""


class Supervisor:
    """Runs jobs, at most so many at a time, until it is asked to stop."""

    def __init__(
        self,
        ledger: ServiceStore,
        jobs: Sequence[Job],
        runner: Runner,
        *,
        stop: Stop,
        slots: int,
        channels: Sequence[str],
    ) -> None:
        """`slots` runs at a time; alarms are announced to the channels."""
        self._ledger = ledger
        self._jobs = {job.name: job for job in (*jobs, BATCH_JOB)}
        self._stop = stop
        self._slots = slots
        self._me = this_process()
        self._threads: dict[str, threading.Thread] = {}
        self._mine: set[str] = set()
        self.tick = Tick(ledger.runs, jobs, has_under_way=self._has_under_way)
        self.execute = Execution(ledger, runner, channels)
        self.looked = time.monotonic()

    def serve(self) -> None:
        """Run what comes due until asked to stop; then wait for the runs under way to end."""
        while not self._stop.soon:
            attempt(self.look)
            self._rest()
        self.wait()

    def run_due(self) -> Sequence[Run]:
        """Run what is due now; return the runs of this process once none is left.

        What comes due meanwhile is the next one's: crawls that take longer than their rhythm would never end.
        Where other supervisors of this machine fill the slots, what is due is queued for them.
        """
        began = self._ledger.runs.now()
        self._look_beside_others(began)
        while self._running() and not self._stop.soon:
            self._rest()
            attempt(lambda: self._look_beside_others(began))
        self.wait()
        return [run for run in self._ledger.runs.find(limit=1000) if run.id in self._mine]

    def _look_beside_others(self, until: datetime) -> None:
        self.look(until, slots=self._slots - self._others())

    def look(self, until: datetime | None = None, *, slots: int | None = None) -> None:
        """End dead runs, queue what is due, or was by a moment, and start what is queued."""
        self._threads = {run: thread for run, thread in self._threads.items() if thread.is_alive()}
        self.tick.look(until)
        self.start_queued(self._slots if slots is None else slots)
        self.looked = time.monotonic()

    @property
    def is_well(self) -> bool:
        """True if the database was looked at lately."""
        return time.monotonic() - self.looked < WELL

    def start_queued(self, slots: int) -> None:
        """Start queued runs while this process has fewer than so many."""
        while self._running() < slots and not self._stop.soon:
            run = self._ledger.runs.claim(self._jobs, self._me)
            if run is None:
                break
            thread = threading.Thread(
                target=self.execute.guarded, args=(run, self._jobs[run.job]), name=run.id
            )
            self._threads[run.id] = thread
            self._mine.add(run.id)
            thread.start()

    def wait(self) -> None:
        """Wait until the runs under way have ended."""
        for thread in self._threads.values():
            thread.join()

    def _has_under_way(self, run: str) -> bool:
        thread = self._threads.get(run)
        return thread is not None and thread.is_alive()

    def _others(self) -> int:
        """Return how many runs other supervisors of this machine have under way."""
        running = self._ledger.runs.find(states=[RunState.RUNNING])
        return sum(run.owner is not None and run.owner != self._me and is_here(run.owner) for run in running)

    def _rest(self) -> None:
        """Wait until it is time to look again."""
        running, until = self._running(), time.monotonic() + POLL
        while self._running() == running and time.monotonic() < until and not self._stop.wait(_TICK):
            pass

    def _running(self) -> int:
        return sum(thread.is_alive() for thread in self._threads.values())
