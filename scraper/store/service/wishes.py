"""What people ask for through the pages: rows that whoever runs jobs looks at, each carried out once.

A pause and the end of a run are seen at the next look; a crawl is a queued run of its job; what is a command
is a run of that command, as the parts of batches are. Who runs jobs takes each run once, however many look.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.errors import InputError
from scraper.store.service.tables import wishes
from scraper.store.service.values import BATCH_RUNS, RunState
from scraper.store.sql.database import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.store.service.queue import RunQueue
    from scraper.store.service.values import Run
    from scraper.store.sql.database import Database

_LOCK = "wishes"


class WishKind(StrEnum):
    """What can be asked for."""

    CRAWL = "crawl"
    """Let a job crawl a site now."""
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    """End a run."""
    BACKFILL = "backfill"
    """Fetch what a site announced and was never fetched."""
    REJUDGE = "rejudge"
    """Extract a site's pages in quarantine again."""
    REEXTRACT = "reextract"
    """Write what today's rules make of a site's articles and refused pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asked for, and what was begun for it."""

    id: int
    at: datetime
    account: str
    """'' where nobody has to log in."""
    kind: WishKind
    subject: str
    """A site, or the id of a run."""
    runs: tuple[str, ...]
    """The runs that carry it out; what became of it stands there."""
    outcome: str
    """What was done at once, in a sentence."""


class Wishes:
    """What the database knows of wishes. Every method may raise StoreError; what asks, InputError too.

    InputError: it cannot be done as things are; the message says why.
    """

    def __init__(self, database: Database, runs: RunQueue) -> None:
        """Use the tables of a database, and its queue, which must be on the same one."""
        self._database = database
        self._runs = runs

    def crawl(self, account: str, job: str, site: str, shards: Sequence[str] = ("",)) -> Wish:
        """Queue a run of a job at a site, and of each of its shards."""
        with self._database.write(lock=f"runs of {site}"):
            if site in self._runs.paused():
                raise InputError(f"{site} is paused: resume it first")
            begun = [append_next(self._runs, job=job, site=site, shard=shard) for shard in shards]
            found = [run for run in begun if run is not None]
            if not found:
                raise InputError(f"{site} has a run that is queued or under way already")
            return self._add(account, WishKind.CRAWL, site, "its run is queued", found)

    def pause(self, account: str, site: str) -> Wish:
        """Start no run of a site until it is resumed; a run under way goes on."""
        with self._database.write(lock=_LOCK):
            self._runs.pause(site)
            return self._add(account, WishKind.PAUSE, site, "it is paused; a run under way goes on")

    def resume(self, account: str, site: str) -> Wish:
        """Let runs of a site start again."""
        with self._database.write(lock=_LOCK):
            if not self._runs.resume(site):
                raise InputError(f"{site} is not paused")
            return self._add(account, WishKind.RESUME, site, "its runs may start again")

    def cancel(self, account: str, run_id: str) -> Wish:
        """End a run: a queued one is taken back, a running one finishes its open requests."""
        with self._database.write(lock=_LOCK):
            run = self._runs.cancel(run_id)
            if run is None:
                raise InputError(f"the run {run_id[:60]!r} is neither queued nor under way")
            told = "it is asked to end" if run.state is RunState.RUNNING else "it is taken back"
            return self._add(account, WishKind.CANCEL, run_id, told, [run])

    def backfill(self, account: str, site: str) -> Wish:
        """Let what a site announced and was never fetched be fetched."""
        return self._command(account, WishKind.BACKFILL, site, ("backfill", f"--site={site}"))

    def rejudge(self, account: str, site: str) -> Wish:
        """Let a site's pages in quarantine be extracted again."""
        return self._command(account, WishKind.REJUDGE, site, ("quarantine", "retry", f"--site={site}"))

    def reextract(self, account: str, site: str) -> Wish:
        """Let what today's rules make of a site's pages be written as revisions and articles."""
        return self._command(account, WishKind.REEXTRACT, site, ("reextract", "--accept", f"--site={site}"))

    def _command(self, account: str, kind: WishKind, subject: str, command: Sequence[str]) -> Wish:
        name = " ".join(command)
        with self._database.write(lock=f"runs of {name}"):
            run = append_next(self._runs, job=BATCH_RUNS, site=name, command=command)
            if run is None:
                raise InputError(f"that is queued or under way already for {subject}")
            return self._add(account, kind, subject, "its run is queued", [run])

    def _add(
        self, account: str, kind: WishKind, subject: str, outcome: str, begun: Sequence[Run] = ()
    ) -> Wish:
        with self._database.write(lock=_LOCK) as connection:
            row: dict[str, Any] = {
                "at": clock(connection),
                "account": account,
                "kind": kind,
                "subject": subject,
                "runs": [run.id for run in begun],
                "outcome": outcome,
            }
            number = connection.execute(sa.insert(wishes).values(row).returning(wishes.c.id)).scalar_one()
        return _wish({"id": number, **row})

    def find(self, *, before: int | None = None, limit: int) -> Sequence[Wish]:
        """Return wishes, the latest first, from below a number on."""
        statement = sa.select(wishes).order_by(wishes.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(wishes.c.id < before)
        with self._database.read() as connection:
            return [_wish(dict(row._mapping)) for row in connection.execute(statement)]  # noqa: SLF001 - SQLAlchemy's public name for it

    def by_id(self, number: int) -> Wish | None:
        """Return a wish."""
        found = self.find(before=number + 1, limit=1)
        return found[0] if found and found[0].id == number else None


def append_next(
    runs: RunQueue, *, job: str, site: str, shard: str = "", command: Sequence[str] = ()
) -> Run | None:
    """Queue a run after the last one of its job, site and shard; None where one waits or is under way.

    A command is a run of the job BATCH_RUNS, whose site is the command's name.
    """
    last = runs.last([job], site=site, shard=shard)
    after = last[0].id if last else ""
    return runs.append(job=job, site=site, shard=shard, after=after, command=command)


def _wish(row: dict[str, Any]) -> Wish:
    return Wish(**{**row, "kind": WishKind(row["kind"]), "runs": tuple(row["runs"])})
