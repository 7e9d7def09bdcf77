"""A worker: one of many machines' processes that carry out what is due, on procrastinate.

The engine gives it runs, one a site or shard at a time. What is due each worker looks for itself, and lets
only as much of it wait as can start soon.
"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from scraper.errors import StoreDownError, StoreError
from scraper.jobs.batch import BATCH_JOB
from scraper.jobs.execution import Execution, attempt
from scraper.jobs.tick import Tick
from scraper.store.service.engine import QUEUE, TASK, EngineRuns
from scraper.store.service.processes import this_process
from scraper.store.service.values import STALE_WORKER, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from procrastinate import App
    from procrastinate.jobs import Job as Task

    from scraper.jobs.job import Job
    from scraper.jobs.runner import Runner, Stop
    from scraper.store.service.service_store import ServiceStore
    from scraper.store.service.values import Owner

WORKER_POLL = 2.0
"""Seconds between two looks at what is due, at which workers are dead, and at which tasks wait."""
WORKER_BEAT = 2.0
"""Seconds between two heartbeats of a worker."""
SILENT = 2 * WORKER_BEAT
"""Seconds without a heartbeat, two missed, after which a task whose run is over holds its site no longer."""
AWAY = 30.0
"""Seconds without its database after which a worker ends: whoever keeps it starts it again."""
_SOONEST = 0.5
"""Seconds until it looks again, though a slot became free: the tasks that wait already keep slots busy."""
_TICK = 0.25

log = structlog.get_logger("scraper.jobs")


class Worker:
    """Carries out runs, at most so many at a time, until it is asked to stop."""

    def __init__(  # noqa: PLR0913 - one parameter a part
        self,
        ledger: ServiceStore,
        jobs: Sequence[Job],
        runner: Runner,
        *,
        stop: Stop,
        slots: int,
        channels: Sequence[str],
        me: Owner | None = None,
    ) -> None:
        """`slots` runs at a time, of a ledger whose queue is the engine's; alarms go to the channels.

        `me` is what its runs are known by, else this process: each worker has one of its own.
        """
        assert isinstance(ledger.runs, EngineRuns)
        self._runs = ledger.runs
        self._jobs = {job.name: job for job in (*jobs, BATCH_JOB)}
        self._stop = stop
        self._slots = slots
        self._me = me or this_process()
        self._under_way: set[str] = set()
        self._claiming = threading.Lock()
        self._has_room = asyncio.Event()
        self._ahead = 2 * slots
        self._tick = Tick(self._runs, jobs, has_under_way=self._has_under_way, ahead=self._ahead, me=self._me)
        self._execute = Execution(ledger, runner, channels)
        self._looked = time.monotonic()

    @property
    def is_well(self) -> bool:
        """True if the database was looked at lately."""
        return time.monotonic() - self._looked < AWAY

    def serve(self) -> None:
        """Work until asked to stop, then wait for the runs under way. Raises StoreDownError."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        from procrastinate.exceptions import ConnectorException

        try:
            async with self._app().open_async() as app:
                await self._work(app)
        except ConnectorException as error:
            raise StoreDownError(f"the worker lost its database: {error.__cause__ or error}") from error
        if not self._stop.soon or not self.is_well:
            raise StoreDownError("the worker lost its database: start it again, as Restart=always does")

    async def _work(self, app: App) -> None:
        """Work until asked to stop, or the engine ends."""
        with ThreadPoolExecutor(self._slots, "run") as self._threads, ThreadPoolExecutor(1, "tick") as ticks:
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    name=f"{self._me.host} {self._me.pid}",
                    concurrency=self._slots,
                    fetch_job_polling_interval=WORKER_POLL / 2,
                    update_heartbeat_interval=WORKER_BEAT,
                    stalled_worker_timeout=STALE_WORKER.total_seconds(),
                    install_signal_handlers=False,
                    delete_jobs="always",
                )
            )
            looking = asyncio.create_task(self._keep_looking(app, ticks))
            await asyncio.wait({working, looking}, return_when=asyncio.FIRST_COMPLETED)
            looking.cancel()
            working.cancel()  # it takes no more, and waits for what is under way
            await asyncio.wait({working, looking})
            for task in (working, looking):
                if not task.cancelled() and (error := task.exception()):
                    raise error

    async def _keep_looking(self, app: App, ticks: ThreadPoolExecutor) -> None:
        """Look at what is due until asked to stop; without a database for long, ask for it."""
        loop = asyncio.get_running_loop()
        while not self._stop.soon:
            self._has_room.clear()
            if await loop.run_in_executor(ticks, attempt, self.look):
                self._looked = time.monotonic()
                await self._reap(app, ticks)
            elif not self.is_well:
                self._stop.ask()
                self._stop.ask()  # at once: nothing more can be written
            until = time.monotonic() + WORKER_POLL
            await asyncio.sleep(min(_SOONEST, WORKER_POLL))
            while not self._stop.soon and time.monotonic() < until and not self._has_room.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._has_room.wait(), _TICK)

    def look(self) -> None:
        """Look at what is due. Raises StoreError."""
        self._tick.look()
        self._runs.hand_on_waiting(self._jobs, self._ahead)

    async def _reap(self, app: App, ticks: ThreadPoolExecutor) -> None:
        """Free the sites that dead workers hold: their runs were ended, and new ones are made of what is due.

        Never by a retry, which would start what was ended, and fails where a successor waits.
        """
        from procrastinate.exceptions import ConnectorException
        from procrastinate.jobs import Status

        loop = asyncio.get_running_loop()
        with suppress(ConnectorException):  # another worker was first, or the database is away
            for task in await app.job_manager.get_stalled_jobs(
                task_name=TASK, seconds_since_heartbeat=SILENT
            ):
                if await loop.run_in_executor(ticks, self._is_over, task):
                    await app.job_manager.finish_job(task, Status.FAILED, delete_job=True)
                    log.warning("task of a dead worker ended", site=task.task_kwargs["site"])

    def _is_over(self, task: Task) -> bool:
        """Return whether no run of a task shows signs of life, whatever its worker does."""
        job, site, shard = (str(task.task_kwargs[name]) for name in ("job", "site", "shard"))
        try:
            return not self._runs.find(job=job, site=site, shard=shard, states=[RunState.RUNNING])
        except StoreError:
            return False  # as far as anybody knows

    def _app(self) -> App:
        import procrastinate

        pool: dict[str, Any] = {"min_size": 1, "max_size": 2, "timeout": AWAY}
        pool["kwargs"] = dict(self._runs.connect_arguments)
        app = procrastinate.App(connector=procrastinate.PsycopgConnector(**pool))
        app.task(name=TASK, queue=QUEUE)(self._crawl)
        return app

    async def _crawl(self, *, job: str, site: str, shard: str) -> None:
        """Carry out the run that waits, in a thread that lives as long: its crawl dies with it."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._run, job, site, shard)
        self._has_room.set()

    def _run(self, name: str, site: str, shard: str) -> None:
        if self._stop.soon or name not in self._jobs:
            return  # it still waits in the table of runs: another worker hands it on
        with self._claiming:
            run = self._runs.claim([name], self._me, site=site, shard=shard)
            if run is None:
                return  # cancelled, paused, or another's
            self._under_way.add(run.id)
        self._execute.guarded(run, self._jobs[name])
        self._under_way.discard(run.id)

    def _has_under_way(self, run: str) -> bool:
        with self._claiming:
            return run in self._under_way
