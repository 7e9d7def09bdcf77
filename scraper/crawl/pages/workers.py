"""Extraction in worker processes: a page that hangs or kills its worker costs itself, and is tried again."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from scraper.extraction.pagination import Part
from scraper.learned.template import EMPTY
from scraper.model import Page, Reason, Rejection, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing.context import ForkServerContext
    from types import TracebackType

    from scraper.learned.template import SiteTemplate
    from scraper.model import Article

    _Tries = Generator[Future[tuple[Part, float]], None, Part]
    Refine = Callable[[Article, Page], Article]
    Work = tuple[Page, Site, Refine | None, SiteTemplate, bool]
    """The last tells whether the page may be learned from."""

T = TypeVar("T")

TIME_LIMIT = 10.0
"""Seconds of wall clock for a page: of 1,558 real pages the slowest took under 1 s, hostile ones minutes."""
DEGRADED_LIMIT = 2.0
"""Seconds for the second try, of the page rebuilt from its text: the slowest of 234 hostile ones took 1."""
MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space for a worker: below 1 GB libxml2 gives up silently instead of failing."""
PAGES_PER_WORKER = 300
"""After that many a worker is replaced, since libxml2 and the C heap never give memory back."""
MOST_RESIDENT = 500 * 1024**2
"""Bytes of resident memory at which a worker is replaced earlier: ordinary pages leave it under 300 MB."""
_PR_SET_PDEATHSIG = 1


class ExtractionPool:
    """Extracts pages in killable worker processes; a context manager.

    At most ``2 * workers`` pages wait inside, so that a fast source cannot fill the memory.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        time_limit: float = TIME_LIMIT,
        spent: Callable[[float], object] = float,
    ) -> None:
        """Start no process yet; `spent` is told how many seconds each page took."""
        self.workers = workers or default_workers()
        self._time_limit = time_limit
        self._spent = spent
        self._is_closed = False
        self._pool = self._new_pool()
        self._slots = asyncio.Semaphore(2 * self.workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(hurry=kind is not None)

    def close(self, *, hurry: bool = False) -> None:
        """End the workers: after the pages that are under way, or at once."""
        self._is_closed = True
        if hurry:
            self._pool.stop()
        else:
            self._pool.close()
        self._pool.join()

    def start(self) -> None:
        """Start the processes now, not with the first page; takes most of a second."""
        self._running()

    async def extract(
        self,
        page: Page,
        site: Site,
        refine: Refine | None = None,
        template: SiteTemplate = EMPTY,
        *,
        observes: bool = False,
    ) -> Part:
        """Return what the page is and where it goes on; waits while too many pages are under way."""
        async with self._slots:
            tries = self._tries((page, site, refine, template, observes))
            try:
                while True:
                    future = next(tries)
                    with suppress(Exception):
                        await asyncio.wrap_future(future)
            except StopIteration as end:
                return cast("Part", end.value)

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Return what other work gives in a worker, with the limits of a page, or raise why it gives nothing.

        TimeoutError or ProcessExpired where it came to no end; there is no second try.
        """
        async with self._slots:
            limit = self._time_limit
            future = self._running().schedule(_within, args=(limit, work, *arguments), timeout=limit)
            result: T = await asyncio.wrap_future(future)
            return result

    def extract_each(self, pages: Iterable[tuple[Page, Site]]) -> Iterator[Article | Rejection]:
        """Yield what each page is, in the order given; takes pages only as fast as they are done."""
        for part in self.extract_parts((page, site, None, EMPTY, False) for page, site in pages):
            yield part.outcome

    def extract_parts(self, pages: Iterable[Work]) -> Iterator[Part]:
        """Yield what each page is and where it goes on, in the order given, likewise."""
        waiting: deque[_Tries] = deque()
        for work in pages:
            waiting.append(self._tries(work))
            next(waiting[-1])
            if len(waiting) > 2 * self.workers:
                yield _finish(waiting.popleft())
        while waiting:
            yield _finish(waiting.popleft())

    def _tries(self, work: Work) -> _Tries:
        """Yield each future to wait for; return what the page is.

        A page whose worker dies is tried again, once: what killed it may have come from outside. One that
        hangs, fails or kills again is tried once more, rebuilt from its text.
        """
        failure: tuple[Reason, str] | None = None
        is_resubmitted = False
        while True:
            pool, degraded = self._running(), failure and failure[1]
            limit = DEGRADED_LIMIT if failure else self._time_limit
            future = pool.schedule(_timed, args=(work, degraded, limit), timeout=limit)
            yield future
            try:
                part, seconds = future.result()
            except (BrokenProcessPool, ProcessExpired) as error:
                if not is_resubmitted:
                    is_resubmitted = True
                    continue
                failed = (Reason.EXTRACTION_CRASH, f"the worker process died: {error}")
            except TimeoutError:
                self._spent(limit)
                failed = (Reason.EXTRACTION_TIMEOUT, f"extraction took longer than {limit:g} s")
            except Exception as error:  # noqa: BLE001 - whatever a page provokes ends as a counted rejection
                failed = (Reason.EXTRACTION_CRASH, f"{type(error).__name__}: {error}")
            else:
                self._spent(seconds)
                return part
            if failure is not None:
                return _rejection(*work[:2], *failure)
            failure = failed

    def _running(self) -> ProcessPool:
        """Return the pool; a new one where the death of an idle worker broke it."""
        if not self._pool.active and not self._is_closed:
            self._pool.stop()
            self._pool.join()
            self._pool = self._new_pool()
        return self._pool

    def _new_pool(self) -> ProcessPool:
        """Return a pool without processes: pebble starts them with the first page."""
        return ProcessPool(
            max_workers=self.workers,
            max_tasks=_PagesAtMost(PAGES_PER_WORKER),
            initializer=_prepare_worker,
            context=_context(),
        )


class _PagesAtMost(int):
    """So many pages, or fewer once they left too much in the memory: pebble asks before each."""

    def __gt__(self, done: int) -> bool:
        return super().__gt__(done) and _resident() < MOST_RESIDENT


def _resident() -> int:
    """Return the resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _finish(tries: _Tries) -> Part:
    """Wait for the last try."""
    try:
        while True:
            next(tries)
    except StopIteration as end:
        return cast("Part", end.value)


def _context() -> ForkServerContext:
    """Return how workers start: forked from a process that has loaded what a page needs, which they share.

    The crawl itself, with its threads and connections, is never forked.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scraper.crawl.pages.preloaded"])
    return context


def default_workers() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0))


def _timed(*work: Any) -> tuple[Part, float]:  # noqa: ANN401 - what _extract takes
    """Return what a page is, and the seconds that it took."""
    begin = time.perf_counter()
    return _extract(*work), time.perf_counter() - begin


def _extract(work: Work, degraded: str | None, limit: float) -> Part:
    from scraper.extraction.article import extract_part  # only the workers load what extracts
    from scraper.extraction.correction import corrected

    page, site, refine, template, observes = work
    _bound_time(limit)
    part = extract_part(page, site, template, degraded=degraded, observes=observes)
    if refine is None or isinstance(part.outcome, Rejection):
        return part
    return replace(part, outcome=corrected(refine(part.outcome, page), page.correction))


def _within(limit: float, work: Callable[..., T], *arguments: object) -> T:
    """Return what the work gives."""
    _bound_time(limit)
    return work(*arguments)


def _bound_time(limit: float) -> None:
    """Let the worker take twice the limit of CPU time from now on, should its parent not end it in time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + 2 * limit) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _prepare_worker() -> None:
    """Bound the worker, tie it to its parent, and load what a first page needs, if nothing did before."""
    from scraper.crawl.pages import preloaded  # noqa: F401

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:  # the parent died before the line above
        os._exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's own handler waits until libxml2 returns
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _rejection(page: Page, site: Site, reason: Reason, detail: str) -> Part:
    rejection = Rejection(
        url=page.url,
        site=site.name,
        reason=reason,
        detail=detail,
        raw_sha256=page.raw_sha256,
        fetched_at=page.fetched_at,
        status=page.status,
    )
    return Part(outcome=rejection)
