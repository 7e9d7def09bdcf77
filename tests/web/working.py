"""Jobs that the pages know of, and runs that went well, failed, wait and are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from scraper.web.jobs import WebJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from scraper.store.service.values import Run

LOG = "the first line\n\x1b[31mthe last line\x1b[0m <script>bait()</script>\n"


def due_now(history: Sequence[Run], now: datetime) -> datetime | None:
    """Tell that a job is due unless its run is active."""
    return None if history and history[0].state.is_active else now


def web_job(name: str, site: str, shards: tuple[str, ...] = ("",)) -> WebJob:
    return WebJob(name=name, site=site, source=site, schedule="every 0:30:00", shards=shards, due=due_now)


JOBS = [
    web_job("hourly", "harbour"),
    web_job("hourly", "gazette"),
    web_job("split", "herald", ("1/2", "2/2")),
]


def work(url: str, logs: Path) -> Mapping[str, Run]:
    """Let a run fail, one go well, one be under way, and one wait; return them by what they are."""
    with ServiceStore(url) as ledger:
        runs = ledger.runs

        def begun(site: str, after: str = "", **given: object) -> Run:
            run = runs.append(job="hourly", site=site, after=after, **given)  # type: ignore[arg-type]
            assert run is not None
            return run

        failed = begun("harbour", owner=this_process())
        path = logs / f"{failed.id}.log"
        path.write_text(LOG)
        runs.note_log(failed.id, str(path))
        runs.end(failed, RunState.FAILED, "all 7 pages failed, most by dns", counts={"failed/dns": 7})
        good = begun("harbour", failed.id, owner=this_process())
        runs.end(good, RunState.SUCCEEDED, "3 new articles", counts={"stored": 3})
        running = begun("gazette", owner=this_process())
        waiting = begun("evening")
        told = {"failed": failed, "good": good, "running": running, "waiting": waiting}
        return {name: runs.by_id(run.id) or run for name, run in told.items()}
