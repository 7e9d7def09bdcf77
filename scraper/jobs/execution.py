"""One run from its start to what it says of its site, whoever started it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scraper.errors import StoreError
from scraper.jobs.alarms.watch import MEMORY, watch
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.jobs.job import Job
    from scraper.jobs.runner import Ended, Runner
    from scraper.store.service.service_store import ServiceStore
    from scraper.store.service.values import Alarm, Run

log = structlog.get_logger("scraper.jobs")


class Execution:
    """Runs runs that this process owns, and holds what each found against its site's history."""

    def __init__(self, ledger: ServiceStore, runner: Runner, channels: Sequence[str]) -> None:
        """Alarms are announced to the channels."""
        self._ledger = ledger
        self._runner = runner
        self._channels = channels

    def __call__(self, run: Run, job: Job) -> Ended:
        """Run it; from a thread that lives as long as the run."""
        mark = self._ledger.coverage.mark()
        ended = self._runner.run(run, job)
        attempt(lambda: self._judge(run, ended, mark))
        return ended

    def guarded(self, run: Run, job: Job) -> None:
        """Run it; an error of ours ends it too: the process is alive, so nobody else would."""
        try:
            self(run, job)
        except Exception:
            log.exception("run lost to an error of its supervisor", run=run.id, site=run.site)
            reason = "an error of its supervisor: see the supervisor's log"
            attempt(lambda: self._ledger.runs.end(run, RunState.FAILED, reason, may_pass=True))

    def _judge(self, run: Run, ended: Ended, mark: int) -> None:
        """Keep what the run found, and open, change or close the site's alarm."""
        if run.command or ended.outcome.state is RunState.INTERRUPTED or not run.is_first_shard:
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


def attempt(work: Callable[[], object]) -> bool:
    """Do the work; what the database cannot do now is logged, and done at the next look."""
    try:
        work()
    except StoreError as error:
        log.warning("the database does not answer", error=str(error))
        return False
    return True


def _tell(run: Run, alarm: Alarm, *, is_new: bool) -> None:
    bound = log.bind(run=run.id, site=alarm.site, cause=alarm.cause)
    if alarm.closed:
        bound.info("alarm closed")
    else:
        bound.warning("alarm opened" if is_new else "alarm goes on", message=alarm.message)
