"""The service's own memory, in the database of the articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from scraper.errors import ConfigError
from scraper.store.service.alarms import Alarms
from scraper.store.service.change_deliveries import ChangeDeliveries
from scraper.store.service.changes import Changes
from scraper.store.service.coverage import Coverage
from scraper.store.service.runs import Runs
from scraper.store.service.values import STALE, RunState
from scraper.store.sql.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from scraper.store.service.queue import RunQueue


PATIENCE = STALE.total_seconds()
"""Seconds that a heartbeat waits for whoever writes to a file."""


_LOCK_WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


PACE = timedelta(minutes=5)
"""The time over which runs are counted that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the work goes over all machines."""

    runs_a_minute: float
    """That ended, whatever became of them, by the last five minutes."""
    queue_age: float
    """Seconds that the crawl waits which waits longest."""
    parts: int
    """Of batches, that wait."""
    lock_waits: int | None
    """Processes that wait for another's lock now; None for a file, which does not tell."""


class ServiceStore:
    """Runs, coverage and alarms of one database; a context manager, usable from many threads."""

    def __init__(self, url: str, queue: Callable[[Database], RunQueue] = Runs) -> None:
        """Open the database, make or migrate its tables. Raises ConfigError, StoreError or SchemaError."""
        if url == "memory:":
            raise ConfigError(
                'store = "memory:" ends with its process: jobs need a database, sqlite or postgresql'
            )
        self._database = Database(url)
        self._of_runs = Database(url, patience=PATIENCE)
        """Its own, so that no heartbeat waits for a long query; on a file, until others would miss it."""
        try:
            self.runs = queue(self._of_runs)
        except BaseException:
            self._database.close()
            self._of_runs.close()
            raise
        self.coverage = Coverage(self._database)
        self.alarms = Alarms(self._database)
        self.changes = Changes(self._database)
        self.change_deliveries = ChangeDeliveries(self._database)

    def pace(self) -> Pace:
        """Return how the work goes. Raises StoreError."""
        now = self.runs.now()
        ended = [run for run in self.runs.recent(now - PACE) if run.ended and run.ended >= now - PACE]
        queued = self.runs.find(states=[RunState.QUEUED])
        waits = [(now - run.queued).total_seconds() for run in queued if not run.command]
        return Pace(
            runs_a_minute=len(ended) / (PACE / timedelta(minutes=1)),
            queue_age=max([0.0, *waits]),
            parts=sum(bool(run.command) for run in queued),
            lock_waits=self._lock_waits(),
        )

    def _lock_waits(self) -> int | None:
        if self._database.dialect != "postgresql":
            return None
        return int(self._database.run(_LOCK_WAITS)[0][0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        self._of_runs.close()
