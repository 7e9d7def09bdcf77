"""Runs that procrastinate hands to workers on many machines.

The table of runs stays the truth: what waits there has a task in the engine, appended in one transaction. The
engine chooses who does it and when, keeps two tasks of a site apart, and notices a worker that died.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.errors import ConfigError, StoreError
from scraper.store.service.runs import Runs, to_run
from scraper.store.service.tables import pauses, runs
from scraper.store.service.values import STALE_WORKER, RunState
from scraper.store.sql.database import NO_LOCK
from scraper.version import program_version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from procrastinate.jobs import Job
    from sqlalchemy import Connection

    from scraper.store.service.values import Run
    from scraper.store.sql.database import Database

_QUEUES = "scraper crawls "
QUEUE = f"{_QUEUES}{program_version()}"
"""A worker takes tasks of its own version only: another's it may not know."""
TASK = "crawl"
NEEDED = "a worker needs the extra cluster: pip install 'news-scraper[cluster]'"
_LOCK = "engine"

_jobs = sa.table("procrastinate_jobs", *map(sa.column, ("queue_name", "queueing_lock", "status")))
_WAITS: sa.ColumnClause[str] = sa.literal_column("'todo'")
_BEGUN: sa.ColumnClause[str] = sa.literal_column("'doing'")
_TODO = sa.select(sa.func.count()).where(
    _jobs.c.queue_name == sa.bindparam("queue"), _jobs.c.status == _WAITS
)
_MADE_BY = "SELECT obj_description(to_regclass('procrastinate_jobs'))"
_IS_THERE = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL"
_LIVING = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '{:.0f} seconds'"
)
_HERE = "current_schema()::regnamespace"
_DROP = f"""
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT relname AS name FROM pg_class
        WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%' AND relnamespace = {_HERE}
    LOOP EXECUTE format('DROP TABLE %I CASCADE', found.name); END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = {_HERE}
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', found.name); END LOOP;
    FOR found IN SELECT typname AS name FROM pg_type
        WHERE typtype IN ('e', 'c') AND typname LIKE 'procrastinate\\_%' AND typnamespace = {_HERE}
    LOOP EXECUTE format('DROP TYPE %I CASCADE', found.name); END LOOP;
END $$
"""  # noqa: S608 - of our own words


class EngineRuns(Runs):
    """The runs of a PostgreSQL database; those that wait have a task each. Methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Make the engine's tables, once. Raises ConfigError without PostgreSQL or the extra."""
        super().__init__(database)
        if not self.is_shared:
            raise ConfigError("a worker shares its jobs through PostgreSQL: name one as store, or use serve")
        try:
            from procrastinate.manager import JobManager
            from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
        except ModuleNotFoundError as error:
            raise ConfigError(NEEDED) from error
        self._tasks = JobManager(SyncPsycopgConnector())  # never opened: each call gets our connection
        self.stale = STALE_WORKER
        self.is_by_beat = True
        self.connect_arguments: Mapping[str, Any] = database.connect_arguments
        make_tables(database)
        with database.write(lock=_LOCK) as connection:
            waiting = _jobs.c.queue_name.startswith(_QUEUES, autoescape=True) & (_jobs.c.status == _WAITS)
            connection.execute(sa.delete(_jobs).where(waiting, _jobs.c.queue_name != QUEUE))

    def _hand_on(self, connection: Connection, run: Run) -> None:
        if not run.command:  # of those many may wait: a worker hands on what can start soon
            self._append_task(connection, run)

    def _append_task(self, connection: Connection, run: Run) -> None:
        """Append the run's task, or leave it to one that waits already for its job and site."""
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

        before = connection.execute(sa.select(runs).where(runs.c.id == run.after)).first()
        task = _task(run, follows_lost=before is not None and to_run(before).is_lost)
        one = connection.begin_nested()
        try:
            self._tasks.defer_job(task, connection=connection.connection.dbapi_connection)
        except AlreadyEnqueued:
            one.rollback()
        except ConnectorException as error:
            raise StoreError(f"{self._database.name}: {error.__cause__ or error}") from error
        else:
            one.commit()

    def hand_on_waiting(self, jobs: Collection[str], ahead: int) -> None:
        """Append the tasks that waiting runs lack: of sites that were paused, of other versions' queues.

        Of commands only as many as let so many tasks wait.
        """
        name = runs.c.job + " " + runs.c.site + " " + runs.c.shard
        open_tasks = _jobs.c.status.in_((_WAITS, _BEGUN))  # one that has just begun claims its run
        has_task = sa.exists().where(_jobs.c.queueing_lock == name, open_tasks)
        missing = (
            sa.select(runs)
            .where(runs.c.state == RunState.QUEUED, runs.c.job.in_(jobs), ~has_task)
            .where(runs.c.site.not_in(sa.select(pauses.c.site)))
            .order_by(runs.c.queued)
        )
        with self._database.read() as connection:
            found = [to_run(row) for row in connection.execute(missing)]
            room = ahead - connection.execute(_TODO, {"queue": QUEUE}).scalar_one()
        crawls = [run for run in found if not run.command]
        commands = [run for run in found if run.command]
        for run in [*crawls, *commands[: max(0, room - len(crawls))]]:
            with self._database.write(lock=NO_LOCK) as connection:
                self._append_task(connection, run)


def make_tables(database: Database) -> None:
    """Make the engine's tables, or make them anew where another version of it made them.

    What they hold is in the table of runs too. StoreError while workers of that version are at work.
    """
    from procrastinate.schema import SchemaManager

    schema = SchemaManager.get_schema()
    digest = hashlib.sha256(schema.encode()).hexdigest()
    with database.write(lock=_LOCK) as connection:
        raw: Any = connection.connection.dbapi_connection
        if connection.exec_driver_sql(_IS_THERE).scalar_one():
            if connection.exec_driver_sql(_MADE_BY).scalar_one() == digest:
                return
            living = connection.exec_driver_sql(_LIVING.format(STALE_WORKER.total_seconds())).scalar_one()
            if living:
                raise StoreError(
                    f"{database.name}: {living} workers with another version of procrastinate are at work: "
                    "stop them, then start this one again"
                )
            raw.execute(_DROP)
        raw.execute(schema)
        connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{digest}'")


def _task(run: Run, *, follows_lost: bool) -> Job:
    """Return the run's task: what had begun goes before all that waits, a crawl before a command."""
    from procrastinate.jobs import Job

    return Job(
        id=None,
        queue=QUEUE,
        task_name=TASK,
        task_kwargs={"job": run.job, "site": run.site, "shard": run.shard},
        lock=f"{run.site} {run.shard}",
        queueing_lock=f"{run.job} {run.site} {run.shard}",
        priority=1 if follows_lost else -1 if run.command else 0,
    )
