"""Long work in parts that is done between crawls: import, re-extraction, sweep, wishes; by any machine.

Each part is a run of a command that goes on where the last one ended. It gives its slot back after a while.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.jobs.job import Job
from scraper.jobs.schedule import RETRIES, Due, Every
from scraper.store.service.values import BATCH_RUNS, RunState
from scraper.store.service.wishes import append_next

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from scraper.store.service.queue import RunQueue
    from scraper.store.service.values import Run

SLICE = timedelta(minutes=15)
"""How long a part has its slot before crawls that wait are let in: no crawl waits longer for one."""
MOST_DEATHS = 5
"""Workers that die in a row with a part: it may be what kills them, and others wait behind it."""
BATCH_JOB = Job(name=BATCH_RUNS, sites=(), schedule=Every(SLICE), time_limit=SLICE)
"""What a part may take. Nothing of it comes due by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPart:
    """A part of a batch: what it is known by, and the arguments of `scraper` that do it."""

    name: str
    shard: str = ""
    command: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What no two runs under way have in common."""
        return self.name, self.shard


@dataclass(kw_only=True)
class BatchProgress:
    """How far a batch is over all machines."""

    left: frozenset[tuple[str, str]]
    """Parts that wait or are under way."""
    under_way: int = 0
    failed: dict[tuple[str, str], str] = field(default_factory=dict)
    """Parts that ended otherwise than well, and why."""
    counts: Counter[str] = field(default_factory=Counter)
    """The sums of what its runs counted; one that was killed left no counts."""


def put(runs: RunQueue, parts: Sequence[BatchPart]) -> None:
    """Let the parts wait for workers, but for those that do so or are under way already."""
    for part in parts:
        append_next(runs, job=BATCH_RUNS, site=part.name, shard=part.shard, command=part.command)


def look(runs: RunQueue, parts: Collection[tuple[str, str]], since: datetime) -> BatchProgress:
    """Return how far the parts are, that were put at a moment."""
    now = runs.now()
    active = runs.find(job=BATCH_RUNS, states=[RunState.QUEUED, RunState.RUNNING])
    left = {(run.site, run.shard) for run in active}
    left |= {(run.site, run.shard) for run in runs.unfollowed(BATCH_RUNS) if again(run, now)}
    found = BatchProgress(left=frozenset(left.intersection(parts)))
    found.under_way = sum(run.state is RunState.RUNNING and (run.site, run.shard) in parts for run in active)
    for run in sorted(runs.recent(since), key=lambda run: run.queued):
        key = run.site, run.shard
        if run.job != BATCH_RUNS or key not in parts or run.state.is_active:
            continue
        found.counts.update(run.counts)
        found.failed.pop(key, None)
        if key not in left and run.state not in {RunState.SUCCEEDED, RunState.PARTIAL}:
            found.failed[key] = run.reason or run.state.value
    return found


def again(run: Run, now: datetime) -> Due | None:
    """Return when a part goes on whose last run this is; None where it is done or given up.

    One that gave its slot back, or whose worker died, goes on at once, the latter five times in a row; one
    that failed waits, three times.
    """
    if not run.may_pass:
        return None
    if run.is_lost:
        return Due(run.ended or now, run.attempt + 1) if run.attempt < MOST_DEATHS else None
    if run.state is RunState.INTERRUPTED:
        return Due(run.ended or now)
    if run.attempt > len(RETRIES):
        return None
    return Due(min(run.ended or now, now) + RETRIES[run.attempt - 1], run.attempt + 1)
