"""The single thread that talks to the store, so that the event loop never waits for a database."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.store.base import Store

T = TypeVar("T")

BATCH_SIZE = 50
BATCH_SECONDS = 1.0
"""A batch is written when it is full or this old; batches of 50 cost SQLite 40 µs a row."""


@dataclass(slots=True, kw_only=True)
class _Job:
    work: Callable[[Store], Any]
    done: asyncio.Future[Any]


class Writer:
    """Runs work on the store: reads at once, writes in batches of one transaction each."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        """Open nothing yet: see open()."""
        self._open_store = open_store
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
        """Open the store; StoreError or ConfigError if that fails."""
        loop = asyncio.get_running_loop()
        try:
            self._store = await loop.run_in_executor(self._thread, lambda: self._open_store().__enter__())
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
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._store))

    async def write(self, work: Callable[[Store], T]) -> T:
        """Return what the work gives once its transaction is committed; raises what the work raises.

        Work may run twice: where a batch fails, each piece gets a transaction of its own.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work=work, done=loop.create_future())
        self._batch.append(job)
        if len(self._batch) >= BATCH_SIZE:
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
        works = [job.work for job in jobs]
        results = await self.read(lambda store: _prepared(self._before_commit, store, works))
        for job, result in zip(jobs, results, strict=True):
            if job.done.cancelled():
                continue
            if isinstance(result, Exception):
                job.done.set_exception(result)
            else:
                job.done.set_result(result)


def _nothing() -> None:
    """Do nothing."""


def _prepared(before: Callable[[], object], store: Store, works: list[Callable[[Store], Any]]) -> list[Any]:
    """Return the results of the works, or of each the reason why none could be begun."""
    try:
        before()
    except Exception as error:  # noqa: BLE001 - handed to those who asked
        return [error for _ in works]
    return _run(store, works)


def _run(store: Store, works: list[Callable[[Store], Any]]) -> list[Any]:
    """Return the result, or the exception, of each piece of work; those that succeeded are committed."""
    try:
        with store.transaction():
            return [work(store) for work in works]
    except Exception as error:  # noqa: BLE001 - handed to the one who asked
        if len(works) == 1:
            return [error]
    return [result for work in works for result in _run(store, [work])]
