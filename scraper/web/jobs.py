"""Jobs as the pages know them: what whoever serves the pages reads from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from scraper.store.service.reader import Reader
    from scraper.store.service.values import Run

_HISTORY = 50
"""Runs that the next turn is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebJob:
    """A job at one of its sites."""

    name: str
    site: str
    """The name of a spider, or an address."""
    source: str
    """What the site is called where its articles are listed."""
    schedule: str
    """In words."""
    shards: tuple[str, ...] = ("",)
    due: Callable[[Sequence[Run], datetime], datetime | None]
    """Tells from the runs of a shard, the latest first, and the time when it runs next; None: it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """How a job stands at one of its sites."""

    job: WebJob
    last: Run | None
    active: Sequence[Run]
    """Its runs that wait or are under way."""
    due: datetime | None
    """When the next of its shards runs; None while each has a run."""
    is_paused: bool


def job_lines(store: Reader, jobs: Sequence[WebJob]) -> Sequence[JobLine]:
    """Return how jobs stand, in their order."""
    now, paused = store.runs.now(), store.runs.paused()
    lines = []
    for job in jobs:
        histories = [store.runs.chain(job.name, job.site, shard, _HISTORY) for shard in job.shards]
        dues = [due for history in histories if (due := job.due(history, now))]
        last = max((history[0] for history in histories if history), key=lambda run: run.queued, default=None)
        active = [history[0] for history in histories if history and history[0].state.is_active]
        lines.append(
            JobLine(
                job=job,
                last=last,
                active=active,
                due=max(min(dues), now) if dues else None,
                is_paused=job.site in paused,
            )
        )
    return lines
