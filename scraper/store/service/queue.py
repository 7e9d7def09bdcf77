"""What the service needs of a queue of runs; `Runs` is the one in the store's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from scraper.store.service.values import Owner, Run, RunState


class RunQueue(Protocol):
    """Runs that wait, are under way or ended. At most one run a site and shard is active.

    Every method may raise StoreError. Implemented by store.service.runs; used by the supervisor, the runner
    of a crawl and the commands about jobs. tests/store/service/test_runs.py is the contract.
    """

    @property
    def stale(self) -> timedelta:
        """After so long without a heartbeat the owner of a run is dead that cannot be looked for here."""

    @property
    def is_by_beat(self) -> bool:
        """Whether one that lives here counts as dead too when it is silent for so long."""

    def now(self) -> datetime:
        """Return the time by the one clock that all who use the database go by."""

    def append(  # noqa: PLR0913 - one parameter a field
        self,
        *,
        job: str,
        site: str,
        after: str,
        shard: str = "",
        attempt: int = 1,
        owner: Owner | None = None,
        command: Sequence[str] = (),
    ) -> Run | None:
        """Queue a run, of a command or a crawl, or with an owner start it.

        None if the site has an active one or `after` a successor.
        `after` is the id of the job's last run at the site, '' for the first: of any number of supervisors
        that saw the same last run, one appends. Of a site that is split, each shard may have an active run,
        but only beside those of the same division: each waits as long as its number of shards tells.
        """

    def claim(self, jobs: Collection[str], owner: Owner, *, site: str = "", shard: str = "") -> Run | None:
        """Start the run of one of these jobs, at a site or any, that was queued longest; None if none is."""

    def note_log(self, run_id: str, path: str) -> None:
        """Write where the run's log is."""

    def beat(self, run_ids: Collection[str]) -> Mapping[str, Run]:
        """Write the heartbeats of runs, at once; return those that are still running, by their ids."""

    def end(
        self,
        run: Run,
        state: RunState,
        reason: str,
        *,
        may_pass: bool = False,
        exit_code: int | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> bool:
        """Write how a run ended; False, and nothing is written, if it had ended before."""

    def tallies(self) -> Mapping[str, int]:
        """Return the sums of what is summed up over all runs that ever ended."""

    def interrupt(self, run: Run, reason: str) -> bool:
        """End a run whose owner is dead, unless its heartbeat has gone on since `run` was read."""

    def cancel(self, run_id: str) -> Run | None:
        """Ask a running run to end, take a queued one back; return it as it was, None if it is not active."""

    def find(
        self,
        *,
        job: str | None = None,
        site: str | None = None,
        shard: str | None = None,
        states: Iterable[RunState] | None = None,
        before: Run | None = None,
        limit: int | None = None,
    ) -> Sequence[Run]:
        """Return runs, the latest first; `before`: from behind that one on."""

    def by_id(self, run_id: str) -> Run | None:
        """Return a run."""

    def unfollowed(self, job: str) -> Sequence[Run]:
        """Return the runs of a job that ended, may be done again, and have no successor yet."""

    def recent(self, since: datetime) -> Sequence[Run]:
        """Return the runs that were queued or ended at a moment or after it."""

    def last(self, jobs: Collection[str], *, site: str = "", shard: str = "") -> Sequence[Run]:
        """Return the last run of each of the jobs' parts, or of one shard of a site: it has no successor."""

    def chain(self, job: str, site: str, shard: str = "", limit: int = 50) -> Sequence[Run]:
        """Return a job's runs at a site, the last first, in the order they were appended in."""

    def count_states(self, since: datetime) -> Mapping[RunState, int]:
        """Return how many runs are active, and how many ended since a moment, by state."""

    def forget(self, before: datetime) -> Sequence[str]:
        """Delete what ended before a moment, but for each job's last run; return the paths of the logs."""

    def pause(self, site: str) -> None:
        """Start no run of a site until it is resumed."""

    def resume(self, site: str) -> bool:
        """Let runs of a site start again; False if it was not paused."""

    def paused(self) -> Mapping[str, datetime]:
        """Return the paused sites, and since when they are."""
