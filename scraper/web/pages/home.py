"""The first page: what came in, the biggest stories, and what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.store.listing_date import first_instant
from scraper.store.service.values import RunState
from scraper.web.asking import reader_for
from scraper.web.charts import days_chart, outcome_counts
from scraper.web.pages.sources import last_days
from scraper.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from scraper.store.service.reader import Reader
    from scraper.store.service.values import Run

CHART_DAYS = 14
JUST_IN = 10
BIGGEST = 6
MOST_TROUBLES = 10
"""Alarms and jobs that are named; of more only the number is told."""
_LOOKED_AT = 50
"""Of the last runs that failed, those whose jobs are looked at."""
_FAILED_SINCE = timedelta(days=2)


def show_home(request: Request) -> Response:
    """Answer with how things stand."""
    first, today = last_days(CHART_DAYS)
    with reader_for(request) as store:
        lines = store.coverage.volume(first_instant(first))
        day = store.stories.last_day(today + timedelta(days=1))
        stories = store.stories.of_day(day, limit=BIGGEST) if day else ()
        just_in = store.stories.just_in(JUST_IN)
        alarms = store.alarms.find()
        failing = failing_jobs(store, datetime.now(UTC) - _FAILED_SINCE)
    return render(
        request,
        "home.html",
        today=outcome_counts(*(line for line in lines if line.day == today)),
        volume=days_chart("Articles stored and revised, by day", lines, first, today, ("stored", "revised")),
        day=day,
        stories=stories,
        just_in=just_in,
        alarms=alarms[:MOST_TROUBLES],
        more_alarms=max(len(alarms) - MOST_TROUBLES, 0),
        failing=failing[:MOST_TROUBLES],
    )


def failing_jobs(store: Reader, since: datetime) -> Sequence[Run]:
    """Return the runs that failed since a moment and are the last of their job, the latest first."""
    failed = store.runs.find(states=[RunState.FAILED, RunState.INTERRUPTED], limit=_LOOKED_AT)
    latest: dict[tuple[str, str, str], Run] = {}
    for run in failed:
        if (run.ended or run.queued) >= since:
            latest.setdefault((run.job, run.site, run.shard), run)
    return [run for run in latest.values() if _last_ended(store, run) == run.id]


def _last_ended(store: Reader, failed: Run) -> str:
    """Return the last run of a job that ended: one that is under way has not gone well yet."""
    found = store.runs.find(job=failed.job, site=failed.site, shard=failed.shard, limit=3)
    return next((run.id for run in found if not run.state.is_active), "")
