"""A supervisor: finds what is due, runs it, clears up after dead ones. Any number may share a database."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from scraper.errors import StoreError
from scraper.jobs.alarms.watch import MEMORY, watch
from scraper.jobs.schedule import next_due
from scraper.store.service.processes import is_alive, is_here, this_process
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from scraper.jobs.job import Job
    from scraper.jobs.runner import Ended, Runner, Stop
    from scraper.store.service.queue import RunQueue
    from scraper.store.service.service_store import ServiceStore
    from scraper.store.service.values import Alarm, Run

POLL = 2.0
"""Seconds between two looks at what is due; the end of a run, which frees a slot, is one at once."""
_TICK = 0.25
LONGEST_WAIT = 600.0
"""Seconds after which a job is looked at again though it is not due and no run of it came or went."""
QUEUED_AGAIN = 20.0
"""Seconds after which a run is queued again that could not be, since another job has the site."""
WRITTEN_LATE = timedelta(seconds=60)
"""How long after its moment a run that was queued or ended may be written at last."""
KEPT = timedelta(days=90)
"""How long ended runs, their figures and their logs are kept."""
FORGET_EVERY = 86_400.0
WELL = 120.0
"""Seconds without a look at the database after which the supervisor is not well: one may wait 30 s for it."""
_HISTORY = 50
"""Runs of a job at a site that its next turn is judged by."""

log = structlog.get_logger("scraper.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a job runs next at one of its sites."""

    job: Job
    site: str
    shard: str
    """'' where the site is not split."""
    due: datetime | None
    """None while a run is queued or running."""
    last: Run | None
    attempt: int = 1


_Part = tuple[str, str, str]
"""Job, site and shard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """When a job is looked at again at a site: at a moment, or, whatever comes, by the process's clock."""

    due: datetime | None
    again: float


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
        self._jobs = {job.name: job for job in jobs}
        self._runner = runner
        self._stop = stop
        self._slots = slots
        self._channels = channels
        self._me = this_process()
        self._threads: dict[str, threading.Thread] = {}
        self._next: dict[_Part, _Next] = {}
        self._seen: frozenset[tuple[str, RunState]] = frozenset()
        self._last_look: datetime | None = None
        self._mine: set[str] = set()
        self._forgot = -FORGET_EVERY
        self.looked = time.monotonic()

    def serve(self) -> None:
        """Run what comes due until asked to stop; then wait for the runs under way to end."""
        while not self._stop.soon:
            self._try(self.look)
            self._rest()
        self.wait()

    def run_due(self) -> Sequence[Run]:
        """Run what is due, and what comes due meanwhile; return the runs of this process once none is left.

        Where other supervisors of this machine fill the slots, what is due is queued for them.
        """
        self._look_beside_others()
        while self._running() and not self._stop.soon:
            self._rest()
            self._try(self._look_beside_others)
        self.wait()
        return [run for run in self._ledger.runs.find(limit=1000) if run.id in self._mine]

    def _look_beside_others(self) -> None:
        self.look(slots=self._slots - self._others())

    def look(self, slots: int | None = None) -> None:
        """End dead runs, queue what is due, and start what is queued."""
        self._threads = {run: thread for run, thread in self._threads.items() if thread.is_alive()}
        self.clear_up()
        self.queue_due()
        self.start_queued(self._slots if slots is None else slots)
        self._forget()
        self.looked = time.monotonic()

    @property
    def is_well(self) -> bool:
        """True if the database was looked at lately."""
        return time.monotonic() - self.looked < WELL

    def clear_up(self) -> None:
        """Declare runs interrupted whose supervisor is dead: their jobs are due again."""
        now = self._ledger.runs.now()
        for run in self._ledger.runs.find(states=[RunState.RUNNING]):
            why = self._death(run, now)
            if why and self._ledger.runs.interrupt(run, why):
                log.warning("run interrupted", run=run.id, site=run.site, reason=why)

    def queue_due(self) -> None:
        """Queue a run for each job and site that is due and not paused.

        Looked at is what came due, and that of which a run came or went since the last look: so a look costs
        the same whatever the number of sites.
        """
        now, paused = self._ledger.runs.now(), self._ledger.runs.paused()
        self._note_changes(now)
        begin = time.monotonic()
        for job, site, shard in _parts(self._jobs.values()):
            part = (job.name, site, shard)
            known = self._next.get(part)
            if known is not None and begin < known.again and not (known.due and known.due <= now):
                continue
            if site not in paused:
                self._next[part] = self._queue(job, site, shard, now, begin)

    def _note_changes(self, now: datetime) -> None:
        """Forget when that is due of which a run came or went; all, if the clock went back."""
        if self._last_look is None or now < self._last_look:
            self._next.clear()
        recent = self._ledger.runs.recent((self._last_look or now) - WRITTEN_LATE)
        for run in recent:
            if (run.id, run.state) not in self._seen:
                self._next.pop((run.job, run.site, run.shard), None)
        self._seen = frozenset((run.id, run.state) for run in recent)
        self._last_look = now

    def _queue(self, job: Job, site: str, shard: str, now: datetime, begin: float) -> _Next:
        """Queue the next run if it is due; return when to look again."""
        turn = _turn(self._ledger.runs, job, site, shard, now)
        if turn.due is None or turn.due > now:
            return _Next(due=turn.due, again=begin + LONGEST_WAIT)
        after = turn.last.id if turn.last else ""
        self._ledger.runs.append(job=job.name, site=site, shard=shard, after=after, attempt=turn.attempt)
        return _Next(due=None, again=begin + QUEUED_AGAIN)

    def start_queued(self, slots: int) -> None:
        """Start queued runs while this process has fewer than so many."""
        while self._running() < slots and not self._stop.soon:
            run = self._ledger.runs.claim(self._jobs, self._me)
            if run is None:
                break
            thread = threading.Thread(target=self._run, args=(run, self._jobs[run.job]), name=run.id)
            self._threads[run.id] = thread
            self._mine.add(run.id)
            thread.start()

    def wait(self) -> None:
        """Wait until the runs under way have ended."""
        for thread in self._threads.values():
            thread.join()

    def execute(self, run: Run, job: Job) -> Ended:
        """Run a run that this process owns, then hold what it found against the site's history."""
        mark = self._ledger.coverage.mark()
        ended = self._runner.run(run, job)
        self._try(lambda: self._judge(run, ended, mark))
        return ended

    def _run(self, run: Run, job: Job) -> None:
        try:
            self.execute(run, job)
        except Exception:
            # the process is alive, so nobody else would declare the run dead
            log.exception("run lost to an error of its supervisor", run=run.id, site=run.site)
            self._try(
                lambda: self._ledger.runs.end(
                    run,
                    RunState.FAILED,
                    "an error of its supervisor: see the supervisor's log",
                    may_pass=True,
                )
            )

    def _judge(self, run: Run, ended: Ended, mark: int) -> None:
        """Keep what the run found, and open, change or close the site's alarm."""
        if ended.outcome.state is RunState.INTERRUPTED or not run.is_first_shard:
            return  # what half a run found says nothing of the site, nor does what is not its news
        ledger = self._ledger
        now = ledger.runs.now()
        site = ended.site
        found = ledger.coverage.figures(site, mark, ended.counts, since=run.started or now, at=now)
        ledger.coverage.save(run.id, site, found)
        before = ledger.alarms.open_at(site)
        after = watch(site, ledger.coverage.history(site, now - MEMORY), before)
        if after is not None and after != before:
            ledger.alarms.save(after, self._channels, now)
            _tell(run, after, is_new=before is None)

    def _death(self, run: Run, now: datetime) -> str:
        """Return why a run must be dead, or ''."""
        if run.owner is None or run.heartbeat is None:
            return ""
        if is_here(run.owner):
            if run.owner == self._me:
                thread = self._threads.get(run.id)
                return "" if thread and thread.is_alive() else "its supervisor lost sight of it"
            return "" if is_alive(run.owner) else f"its supervisor, process {run.owner.pid}, died"
        age = now - run.heartbeat
        return (
            f"no heartbeat from {run.owner.host} for {age.total_seconds():.0f} s"
            if age > self._ledger.runs.stale
            else ""
        )

    def _others(self) -> int:
        """Return how many runs other supervisors of this machine have under way."""
        running = self._ledger.runs.find(states=[RunState.RUNNING])
        return sum(run.owner is not None and run.owner != self._me and is_here(run.owner) for run in running)

    def _forget(self) -> None:
        """Once a day, delete what is old."""
        if time.monotonic() - self._forgot < FORGET_EVERY:
            return
        self._forgot = time.monotonic()
        for path in self._ledger.runs.forget(self._ledger.runs.now() - KEPT):
            Path(path).unlink(missing_ok=True)

    def _rest(self) -> None:
        """Wait until it is time to look again."""
        running, until = self._running(), time.monotonic() + POLL
        while self._running() == running and time.monotonic() < until and not self._stop.wait(_TICK):
            pass

    def _running(self) -> int:
        return sum(thread.is_alive() for thread in self._threads.values())

    def _try(self, work: Callable[[], object]) -> None:
        """Do the work; what the database cannot do now is logged, and done at the next look."""
        try:
            work()
        except StoreError as error:
            log.warning("the database does not answer", error=str(error))


def turns(runs: RunQueue, jobs: Iterable[Job], now: datetime) -> Iterator[Turn]:
    """Yield when each job runs next at each of its sites, or shards of them."""
    for job, site, shard in _parts(jobs):
        yield _turn(runs, job, site, shard, now)


def _parts(jobs: Iterable[Job]) -> Iterator[tuple[Job, str, str]]:
    return ((job, site, shard) for job in jobs for site in job.sites for shard in job.parts)


def _turn(runs: RunQueue, job: Job, site: str, shard: str, now: datetime) -> Turn:
    history = runs.chain(job.name, site, shard, _HISTORY)
    due = next_due(job.schedule, site, history, now)
    last = history[0] if history else None
    if due is None:
        return Turn(job=job, site=site, shard=shard, due=None, last=last)
    return Turn(job=job, site=site, shard=shard, due=due.at, last=last, attempt=due.attempt)


def _tell(run: Run, alarm: Alarm, *, is_new: bool) -> None:
    bound = log.bind(run=run.id, site=alarm.site, cause=alarm.cause)
    if alarm.closed:
        bound.info("alarm closed")
    else:
        bound.warning("alarm opened" if is_new else "alarm goes on", message=alarm.message)
