"""A look at what is due: dead runs are ended, due ones queued, old ones forgotten."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from scraper.jobs.batch import again
from scraper.jobs.schedule import next_due
from scraper.store.service.processes import is_alive, is_here, this_process
from scraper.store.service.values import BATCH_RUNS, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from scraper.jobs.job import Job
    from scraper.store.service.queue import RunQueue
    from scraper.store.service.values import Owner, Run

READ_AGAIN = 600.0
"""Seconds after which the last runs of all parts are read again, though nothing of them came or went."""
QUEUED_AGAIN = 20.0
"""Seconds after which a run is queued again that could not be, since another job has the site."""
WRITTEN_LATE = timedelta(seconds=60)
"""How long after its moment a run that was queued or ended may be written at last."""
KEPT = timedelta(days=90)
"""How long ended runs, their figures and their logs are kept."""
FORGET_EVERY = 86_400.0
_AT_ONCE = datetime.min.replace(tzinfo=UTC)

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
    again: float = float("inf")


class Tick:
    """What each process that runs jobs does every few seconds."""

    def __init__(
        self,
        runs: RunQueue,
        jobs: Sequence[Job],
        *,
        has_under_way: Callable[[str], bool],
        ahead: int | None = None,
        me: Owner | None = None,
    ) -> None:
        """`has_under_way` tells of a run of this process whether it goes on.

        With `ahead`, no more than so many runs are made to wait, the longest due first; else all due.
        """
        self._runs = runs
        self._parts = {(job.name, site, shard): job for job, site, shard in _parts(jobs)}
        self._has_under_way = has_under_way
        self._ahead = ahead
        self._me = me or this_process()
        self._next: dict[_Part, _Next] = {}
        self._seen: frozenset[tuple[str, RunState]] = frozenset()
        self._last_look: datetime | None = None
        self._read_at = float("-inf")
        """When, by the process's clock, the last runs of all parts were read."""
        self._answering = float("-inf")
        """Since when, by the process's clock, the database has answered each look."""
        self._forgot = -FORGET_EVERY

    def look(self, until: datetime | None = None) -> None:
        """End dead runs, queue what is due, or was by a moment, forget what is old. Raises StoreError."""
        try:
            self.clear_up()
            self.queue_due(until)
            self._queue_again(until)
            self._forget()
        except BaseException:
            self._answering = float("inf")
            raise
        self._answering = min(self._answering, time.monotonic())

    def clear_up(self) -> None:
        """Declare runs interrupted whose supervisor is dead: their jobs are due again."""
        now = self._runs.now()
        for run in self._runs.find(states=[RunState.RUNNING]):
            why = self._death(run, now)
            if why and self._runs.interrupt(run, why):
                log.warning("run interrupted", run=run.id, site=run.site, reason=why)

    def queue_due(self, until: datetime | None = None) -> None:
        """Queue a run for each job and site that is due, or was by a moment, and not paused.

        Read is what came due, and which runs came or went since the last look: so a look costs the same
        whatever the number of sites, and a run that another machine appends costs no statement.
        """
        begin = time.monotonic()
        now, paused = self._runs.now(), self._runs.paused()
        self._note_changes(now, begin)
        room, busy = self._room(paused)
        for turn in self._due(now, begin, paused):
            if room <= 0:
                break
            if (turn.site, turn.shard) in busy or (until and turn.last and turn.due and turn.due > until):
                continue
            after = turn.last.id if turn.last else ""
            job, site, shard = turn.job.name, turn.site, turn.shard
            self._runs.append(job=job, site=site, shard=shard, after=after, attempt=turn.attempt)
            self._next[job, site, shard] = _Next(due=None, again=begin + QUEUED_AGAIN)
            room -= 1

    def _queue_again(self, until: datetime | None) -> None:
        """Queue the parts of batches that are to go on now, or were by a moment."""
        now = until or self._runs.now()
        for run in self._runs.unfollowed(BATCH_RUNS):
            due = again(run, now)
            if due and due.at <= now:
                self._runs.append(
                    job=run.job,
                    site=run.site,
                    shard=run.shard,
                    after=run.id,
                    attempt=due.attempt,
                    command=run.command,
                )

    def _room(self, paused: Collection[str]) -> tuple[float, set[tuple[str, str]]]:
        """Return how many runs may be queued, and the parts of which none could start."""
        if self._ahead is None:
            return float("inf"), set()
        active = [
            run
            for run in self._runs.find(states=[RunState.QUEUED, RunState.RUNNING])
            if run.job != BATCH_RUNS  # whatever waits of those, crawls go before
        ]
        waiting = sum(run.state is RunState.QUEUED and run.site not in paused for run in active)
        return self._ahead - waiting, {(run.site, run.shard) for run in active}

    def _due(self, now: datetime, begin: float, paused: Collection[str]) -> Iterator[Turn]:
        """Yield what is due, the longest due first; looked at again is only what is taken."""
        found: list[tuple[datetime, Turn | tuple[Job, str, str]]] = []
        for part, job in self._parts.items():
            _, site, shard = part
            known = self._next.get(part)
            if site in paused:
                continue
            if known is None or begin >= known.again:
                turn = self._look_at(job, site, shard, now, begin)
                if turn.due and turn.due <= now:
                    found.append((turn.due, turn))
            elif known.due and known.due <= now:
                found.append((known.due, (job, site, shard)))
        for due, each in sorted(found, key=itemgetter(0)):
            turn = each if isinstance(each, Turn) else self._look_at(*each, now, begin)
            if turn.due and turn.due <= now:
                part = (turn.job.name, turn.site, turn.shard)
                self._next[part] = _Next(due=due)  # it has waited since then
                yield turn

    def _look_at(self, job: Job, site: str, shard: str, now: datetime, begin: float) -> Turn:
        """Return when a part is due, as the database knows it now, and remember it."""
        history = _history(self._runs, job, site, shard)
        by_now = now + timedelta(seconds=time.monotonic() - begin)  # a long look meets runs that began in it
        turn = _turn(history, job, site, shard, by_now)
        if turn.due and now < turn.due <= by_now:
            turn = replace(turn, due=now)
        self._next[job.name, site, shard] = _Next(due=turn.due)
        return turn

    def _note_changes(self, now: datetime, begin: float) -> None:
        """Note when that is due of which a run came or went; all, now and then and if the clock went back."""
        recent = self._runs.recent((self._last_look or now) - WRITTEN_LATE)
        if self._last_look is None or now < self._last_look or begin - self._read_at >= READ_AGAIN:
            self._next = {part: _Next(due=now) for part in self._parts}
            changed = self._runs.last({job.name for job in self._parts.values()})
            self._read_at = begin
        else:
            changed = [run for run in recent if (run.id, run.state) not in self._seen]
        followed = {run.after for run in recent}
        for run in changed:
            part = run.job, run.site, run.shard
            job = self._parts.get(part)
            if job is None or run.id in followed:
                continue
            if run.state.is_active or job.schedule.looks_back == 1:
                due = next_due(job.schedule, run.site, [run], now)
                self._next[part] = _Next(due=due.at if due else None)
            else:
                self._next.pop(part, None)  # its history is to be looked at
        self._seen = frozenset((run.id, run.state) for run in recent)
        self._last_look = now

    def _death(self, run: Run, now: datetime) -> str:
        """Return why a run must be dead, or ''."""
        if run.owner is None or run.heartbeat is None:
            return ""
        if run.owner == self._me:
            return "" if self._has_under_way(run.id) else "its supervisor lost sight of it"
        if is_here(run.owner):
            if not is_alive(run.owner):
                return f"its supervisor, process {run.owner.pid}, died"
            if not self._runs.is_by_beat:
                return ""
        stale = self._runs.stale
        if now - run.heartbeat <= stale or time.monotonic() - self._answering < stale.total_seconds():
            return ""  # where the database was away, those who could not tell that they live may tell now
        return f"no heartbeat from {run.owner.host} for {(now - run.heartbeat).total_seconds():.0f} s"

    def _forget(self) -> None:
        """Once a day, delete what is old."""
        if time.monotonic() - self._forgot < FORGET_EVERY:
            return
        self._forgot = time.monotonic()
        for path in self._runs.forget(self._runs.now() - KEPT):
            Path(path).unlink(missing_ok=True)


def turns(runs: RunQueue, jobs: Iterable[Job], now: datetime) -> Iterator[Turn]:
    """Yield when each job runs next at each of its sites, or shards of them."""
    for job, site, shard in _parts(jobs):
        yield _turn(_history(runs, job, site, shard), job, site, shard, now)


def _parts(jobs: Iterable[Job]) -> Iterator[tuple[Job, str, str]]:
    return ((job, site, shard) for job in jobs for site in job.sites for shard in job.parts)


def _history(runs: RunQueue, job: Job, site: str, shard: str) -> Sequence[Run]:
    """Return the runs by which the next turn of a part is judged, the last first."""
    if job.schedule.looks_back > 1:
        return runs.chain(job.name, site, shard, job.schedule.looks_back)
    return runs.last([job.name], site=site, shard=shard)


def _turn(history: Sequence[Run], job: Job, site: str, shard: str, now: datetime) -> Turn:
    due = next_due(job.schedule, site, history, now)
    last = history[0] if history else None
    if due is None:
        return Turn(job=job, site=site, shard=shard, due=None, last=last)
    return Turn(job=job, site=site, shard=shard, due=due.at, last=last, attempt=due.attempt)
