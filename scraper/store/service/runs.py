"""The table of runs: the one truth about what is queued, what runs where, and how each run ended."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scraper.shard import read_shard
from scraper.store.service.tables import figures, pauses, runs, tallies
from scraper.store.service.values import EXTRACTION, STALE, Owner, Run, RunState
from scraper.store.sql.database import NO_LOCK, clock
from scraper.store.sql.leases import delete_lease

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from scraper.store.sql.database import Database

_CHUNK = 500
_ACTIVE = [state.value for state in RunState if state.is_active]


class Runs:
    """What the database knows of runs. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database
        self.is_shared = database.dialect == "postgresql"
        self.stale = 2 * STALE
        """Of a file, a beat may have waited for one writer after the other as long again."""
        self.is_by_beat = False

    def now(self) -> datetime:
        with self._database.read() as connection:
            return clock(connection)

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
        division = read_shard(shard).of
        with self._database.write(lock=f"runs of {site}") as connection:
            active = sa.select(runs.c.shard).where(runs.c.site == site, runs.c.state.in_(_ACTIVE))
            if any(read_shard(other).of != division for other in connection.scalars(active)):
                return None  # nobody appends one of the site meanwhile
            now = clock(connection)
            run = Run(
                id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
                job=job,
                site=site,
                state=RunState.RUNNING if owner else RunState.QUEUED,
                after=after or shard,
                shard=shard,
                attempt=attempt,
                queued=now,
                started=now if owner else None,
                owner=owner,
                heartbeat=now if owner else None,
                command=tuple(command),
            )
            insert = postgresql_insert if self.is_shared else sqlite_insert
            statement = insert(runs).values(_row(run)).on_conflict_do_nothing().returning(runs.c.id)
            if connection.execute(statement).first() is None:
                return None
            if owner is None:
                self._hand_on(connection, run)
            return run

    def _hand_on(self, connection: Connection, run: Run) -> None:
        """Tell those who are to start the run; here, they look for it themselves."""

    def claim(self, jobs: Collection[str], owner: Owner, *, site: str = "", shard: str = "") -> Run | None:
        oldest = (
            sa.select(runs)
            .where(runs.c.state == RunState.QUEUED, runs.c.job.in_(jobs))
            .where(runs.c.site.not_in(sa.select(pauses.c.site)))
            .order_by(runs.c.queued, runs.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if site:
            oldest = oldest.where(runs.c.site == site, runs.c.shard == shard)
        with self._database.write(lock=NO_LOCK) as connection:
            found = connection.execute(oldest).first()
            if found is None:
                return None
            now = clock(connection)
            values = {
                "state": RunState.RUNNING,
                "started": now,
                "heartbeat": now,
                "owner": asdict(owner),
            }
            connection.execute(sa.update(runs).where(runs.c.id == found.id).values(values))
            return to_run(connection.execute(sa.select(runs).where(runs.c.id == found.id)).one())

    def note_log(self, run_id: str, path: str) -> None:
        with self._database.write(lock=NO_LOCK) as connection:
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(log=path))

    def beat(self, run_ids: Collection[str]) -> Mapping[str, Run]:
        with self._database.write(lock=NO_LOCK) as connection:
            statement = sa.update(runs).where(runs.c.id.in_(run_ids), runs.c.state == RunState.RUNNING)
            written = connection.execute(statement.values(heartbeat=clock(connection)).returning(runs))
            return {row.id: to_run(row) for row in written}

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
        statement = sa.update(runs).where(runs.c.id == run.id, runs.c.state.in_(_ACTIVE))
        values: dict[str, Any] = {
            "state": state,
            "reason": reason,
            "may_pass": may_pass,
            "exit_code": exit_code,
            "counts": dict(counts or {}),
        }
        with self._database.write(lock=NO_LOCK) as connection:
            ended = connection.execute(statement.values(ended=clock(connection), **values))
            if ended.rowcount:
                delete_lease(connection, run.id)
                self._add(connection, values["counts"])
            return bool(ended.rowcount)

    def _add(self, connection: Connection, counts: Mapping[str, int]) -> None:
        """Add to the tallies what a run counted of a kind that is summed up over all runs."""
        insert = postgresql_insert if self.is_shared else sqlite_insert
        for name, number in sorted(counts.items()):
            if name.startswith(EXTRACTION):
                row = insert(tallies).values(name=name, number=number)
                total = tallies.c.number + row.excluded.number
                connection.execute(
                    row.on_conflict_do_update(index_elements=[tallies.c.name], set_={"number": total})
                )

    def tallies(self) -> Mapping[str, int]:
        with self._database.read() as connection:
            return {row.name: row.number for row in connection.execute(sa.select(tallies))}

    def interrupt(self, run: Run, reason: str) -> bool:
        statement = sa.update(runs).where(
            runs.c.id == run.id, runs.c.state == RunState.RUNNING, runs.c.heartbeat == run.heartbeat
        )
        values = {"state": RunState.INTERRUPTED, "reason": reason, "may_pass": True}
        with self._database.write(lock=NO_LOCK) as connection:
            if not connection.execute(statement.values(ended=clock(connection), **values)).rowcount:
                return False
            delete_lease(connection, run.id)  # once what its crawl is writing is written; no more follows
            return True

    def cancel(self, run_id: str) -> Run | None:
        with self._database.write(lock=NO_LOCK) as connection:
            found = connection.execute(
                sa.select(runs).where(runs.c.id == run_id, runs.c.state.in_(_ACTIVE)).with_for_update()
            ).first()
            if found is None:
                return None
            values: dict[str, Any] = {"cancelled": True}
            if found.state == RunState.QUEUED:
                values |= {
                    "state": RunState.SKIPPED,
                    "reason": "it was cancelled",
                    "ended": clock(connection),
                }
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(values))
            return to_run(found)

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
        statement = sa.select(runs).order_by(runs.c.queued.desc(), runs.c.id.desc()).limit(limit)
        if before is not None:
            earlier = (runs.c.queued == before.queued) & (runs.c.id < before.id)
            statement = statement.where((runs.c.queued < before.queued) | earlier)
        if job is not None:
            statement = statement.where(runs.c.job == job)
        if site is not None:
            statement = statement.where(runs.c.site == site)
        if shard is not None:
            statement = statement.where(runs.c.shard == shard)
        if states is not None:
            statement = statement.where(runs.c.state.in_([state.value for state in states]))
        with self._database.read() as connection:
            return [to_run(row) for row in connection.execute(statement)]

    def by_id(self, run_id: str) -> Run | None:
        with self._database.read() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id)).first()
        return to_run(row) if row else None

    def unfollowed(self, job: str) -> Sequence[Run]:
        successor = runs.alias()
        statement = sa.select(runs).where(
            runs.c.job == job,
            runs.c.ended.is_not(None),
            runs.c.may_pass,
            ~sa.exists().where(successor.c.after == runs.c.id),
        )
        with self._database.read() as connection:
            return [to_run(row) for row in connection.execute(statement.order_by(runs.c.ended))]

    def recent(self, since: datetime) -> Sequence[Run]:
        statement = sa.select(runs).where((runs.c.queued >= since) | (runs.c.ended >= since))
        with self._database.read() as connection:
            return [to_run(row) for row in connection.execute(statement)]

    def last(self, jobs: Collection[str], *, site: str = "", shard: str = "") -> Sequence[Run]:
        successor = runs.alias()
        statement = sa.select(runs).where(
            runs.c.job.in_(jobs), ~sa.exists().where(successor.c.after == runs.c.id)
        )
        if site:
            statement = statement.where(runs.c.site == site, runs.c.shard == shard)
        with self._database.read() as connection:
            return [to_run(row) for row in connection.execute(statement)]

    def chain(self, job: str, site: str, shard: str = "", limit: int = 50) -> Sequence[Run]:
        found = {run.id: run for run in self.find(job=job, site=site, shard=shard, limit=limit)}
        run = next(iter(self.last([job], site=site, shard=shard)), None)
        ordered: list[Run] = []
        while run is not None and len(ordered) < limit:
            ordered.append(run)
            run = found.get(run.after) or (self.by_id(run.after) if run.after else None)
        return ordered

    def count_states(self, since: datetime) -> Mapping[RunState, int]:
        recent = (runs.c.ended >= since) | runs.c.state.in_(_ACTIVE)
        statement = sa.select(runs.c.state, sa.func.count()).where(recent).group_by(runs.c.state)
        with self._database.read() as connection:
            return {RunState(state): number for state, number in connection.execute(statement)}

    def forget(self, before: datetime) -> Sequence[str]:
        successor = runs.alias()
        old = sa.select(runs.c.id, runs.c.log).where(
            runs.c.ended < before, sa.exists().where(successor.c.after == runs.c.id)
        )
        with self._database.read() as connection:
            found = connection.execute(old).all()
        keys = [row.id for row in found]
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            with self._database.write(lock=NO_LOCK) as connection:
                connection.execute(sa.delete(figures).where(figures.c.run.in_(chunk)))
                connection.execute(sa.delete(runs).where(runs.c.id.in_(chunk)))
        return [row.log for row in found if row.log]

    def pause(self, site: str) -> None:
        with self._database.write(lock=NO_LOCK) as connection:
            insert = postgresql_insert if self.is_shared else sqlite_insert
            row = {"site": site, "since": clock(connection)}
            connection.execute(insert(pauses).values(row).on_conflict_do_nothing())

    def resume(self, site: str) -> bool:
        with self._database.write(lock=NO_LOCK) as connection:
            return bool(connection.execute(sa.delete(pauses).where(pauses.c.site == site)).rowcount)

    def paused(self) -> Mapping[str, datetime]:
        with self._database.read() as connection:
            return {row.site: row.since for row in connection.execute(sa.select(pauses))}


def _row(run: Run) -> dict[str, Any]:
    row = asdict(run)
    row["counts"] = dict(run.counts)
    row["command"] = list(run.command) or None
    return row


def to_run(row: Row[Any]) -> Run:
    """Return the run that a row is."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["state"] = RunState(values["state"])
    values["owner"] = Owner(**values["owner"]) if values["owner"] else None
    values["command"] = tuple(values["command"] or ())
    return Run(**values)
