"""The single thread that talks to the store, so that the event loop never waits for a database."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.errors import LeaseLostError, StoreDownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.store.protocol import Store
    from scraper.store.values import Expected

logger = logging.getLogger(__name__)

T = TypeVar("T")

BATCH_SIZE = 50
BATCH_SECONDS = 1.0
"""A batch is written when it is full or this old; batches of 50 cost SQLite 40 µs a row."""
PAUSE = 1.0
"""Seconds before a database that is down is tried again; a restart of PostgreSQL takes a few."""


@dataclass(slots=True, kw_only=True)
class _Job:
    work: Callable[[Store], Any]
    expected: Expected | None
    done: asyncio.Future[Any]


class Writer:
    """Runs work on the store: reads at once, writes in batches of one transaction each.

    While the database is down, all wait, and nothing is lost. Where that takes longer than `patience`, in
    seconds, what waits fails with StoreDownError, as does at once whatever comes later, and `gave_up` hears
    of it.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        *,
        patience: float = 0.0,
        gave_up: Callable[[StoreDownError], object] = str,
    ) -> None:
        """Open nothing yet: see open()."""
        self._open_store = open_store
        self._patience = patience
        self._gave_up = gave_up
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._batch: list[_Job] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flushes: set[asyncio.Task[None]] = set()
        self._before_commit: Callable[[], object] = _nothing
        self._at_end: Callable[[], object] = _nothing
        self._store: Store

    def before_commit(self, work: Callable[[], object], *, at_end: Callable[[], object]) -> None:
        """Do this in the store's thread before each transaction, which may refer to what it made safe."""
        self._before_commit, self._at_end = work, at_end

    async def open(self) -> None:
        """Open the store, once its database is up; StoreError or ConfigError if that fails."""
        try:
            self._store = await self._when_up(lambda: self._open_store().__enter__())
        except BaseException:
            self._thread.shutdown()
            raise

    async def close(self) -> None:
        """Write what is waiting, then close the store."""
        self._flush()
        while self._flushes:
            await asyncio.wait(self._flushes)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, lambda: self._store.__exit__(None, None, None))
        await loop.run_in_executor(self._thread, self._at_end)
        self._thread.shutdown()

    async def read(self, work: Callable[[Store], T]) -> T:
        """Return what the work gives."""
        try:
            return await self._when_up(lambda: work(self._store))
        except StoreDownError as error:
            self.give_up(error)
            raise

    def give_up(self, error: StoreDownError) -> None:
        """Wait for the database no longer, and let whoever wanted to know hear of it."""
        self._patience = 0.0
        self._gave_up(error)

    async def _when_up(self, work: Callable[[], T]) -> T:
        """Return what the work gives in the store's thread, done again while the database is down."""
        until = monotonic() + self._patience
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._thread, work)
            except StoreDownError as error:
                if monotonic() >= until or not self._patience or isinstance(error, LeaseLostError):
                    raise
                logger.warning("%s; waiting for it", error)
                await asyncio.sleep(PAUSE)

    async def write(
        self, work: Callable[[Store], T], *, now: bool = False, expected: Expected | None = None
    ) -> T:
        """Return what the work gives once its transaction is committed; raises what the work raises.

        Work may run twice: where a batch fails, each piece gets a transaction of its own. `now` writes the
        batch at once: the crawl itself waits for it. What is `expected` to be saved is looked up with that of
        the whole batch.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work=work, expected=expected, done=loop.create_future())
        self._batch.append(job)
        if now or len(self._batch) >= BATCH_SIZE:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(BATCH_SECONDS, self._flush)
        result: T = await job.done
        return result

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._batch:
            jobs, self._batch = self._batch, []
            task = asyncio.get_running_loop().create_task(self._commit(jobs))
            self._flushes.add(task)
            task.add_done_callback(self._flushes.discard)

    async def _commit(self, jobs: list[_Job]) -> None:
        results: list[Any]
        try:
            results = await self.read(lambda store: _prepared(self._before_commit, store, jobs))
        except StoreDownError as error:
            results = [error for _ in jobs]
        for job, result in zip(jobs, results, strict=True):
            if job.done.cancelled():
                continue
            if isinstance(result, Exception):
                job.done.set_exception(result)
            else:
                job.done.set_result(result)


def _nothing() -> None:
    """Do nothing."""


def _prepared(before: Callable[[], object], store: Store, jobs: list[_Job]) -> list[Any]:
    """Return the results of the works, or of each the reason why none could be begun.

    StoreDownError where nothing can be committed at all: nothing was.
    """
    try:
        before()
    except StoreDownError:
        raise
    except Exception as error:  # noqa: BLE001 - handed to those who asked
        return [error for _ in jobs]
    try:
        return _together(store, jobs)
    except StoreDownError:
        raise
    except Exception as error:  # noqa: BLE001 - one of them is at fault: each alone shows which
        return [error] if len(jobs) == 1 else [_alone(store, job) for job in jobs]


def _together(store: Store, jobs: list[_Job]) -> list[Any]:
    """Return the results of the works, committed in one transaction."""
    with store.transaction([job.expected for job in jobs if job.expected]):
        return [job.work(store) for job in jobs]


def _alone(store: Store, job: _Job) -> Any:  # noqa: ANN401
    """Return the result of the work, committed, or the exception."""
    try:
        return _together(store, [job])[0]
    except Exception as error:  # noqa: BLE001 - handed to the one who asked
        return error
