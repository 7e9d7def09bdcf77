"""Extraction in worker processes: a page that hangs or kills its worker costs one page."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import resource
import signal
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from pebble import ProcessExpired, ProcessPool

from scraper.boilerplate.template import EMPTY
from scraper.extract.pagination import Part
from scraper.model import Page, Reason, Rejection, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from types import TracebackType

    from scraper.boilerplate.template import SiteTemplate
    from scraper.model import Article

    Refine = Callable[[Article, Page], Article]

TIME_LIMIT = 10.0
"""Seconds of wall clock for a page: of 1,558 real pages the slowest took under 1 s, hostile ones minutes."""
MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space for a worker: below 1 GB libxml2 gives up silently instead of failing."""
PAGES_PER_WORKER = 300
"""After that many a worker is replaced, since libxml2 and the C heap never give memory back."""
_PR_SET_PDEATHSIG = 1
_WARM_UP = (
    b"<html><head><title>t</title></head><body><article><p>" + b"Warm words. " * 40 + b"</p></article></body>"
)


class ExtractionPool:
    """Extracts pages in killable worker processes; a context manager.

    At most ``2 * workers`` pages wait inside, so that a fast source cannot fill the memory.
    """

    def __init__(self, workers: int | None = None, *, time_limit: float = TIME_LIMIT) -> None:
        """Start no process yet: pebble starts them with the first page."""
        self.workers = workers or default_workers()
        self._time_limit = time_limit
        self._pool = ProcessPool(
            max_workers=self.workers,
            max_tasks=PAGES_PER_WORKER,
            initializer=_prepare_worker,
            initargs=(os.getpid(),),
            context=multiprocessing.get_context("spawn"),
        )
        self._slots = asyncio.Semaphore(2 * self.workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(hurry=kind is not None)

    def close(self, *, hurry: bool = False) -> None:
        """End the workers: after the pages that are under way, or at once."""
        if hurry:
            self._pool.stop()
        else:
            self._pool.close()
        self._pool.join()

    async def extract(
        self, page: Page, site: Site, refine: Refine | None = None, template: SiteTemplate = EMPTY
    ) -> Part:
        """Return what the page is and where it goes on; waits while too many pages are under way.

        A page whose worker died is tried once more: what killed it may have come from outside.
        """
        async with self._slots:
            for _ in range(2):
                future = self._submit(page, site, refine, template)
                with suppress(Exception):
                    await asyncio.wrap_future(future)
                if future.cancelled() or not isinstance(future.exception(), ProcessExpired):
                    break
            return self._outcome(future, page, site)

    def extract_each(self, pages: Iterable[tuple[Page, Site]]) -> Iterator[Article | Rejection]:
        """Yield what each page is, in the order given; takes pages only as fast as they are done."""
        for part in self.extract_parts((page, site, None) for page, site in pages):
            yield part.outcome

    def extract_parts(self, pages: Iterable[tuple[Page, Site, Refine | None]]) -> Iterator[Part]:
        """Yield what each page is and where it goes on, in the order given, likewise."""
        waiting: deque[tuple[Future[Part], Page, Site]] = deque()
        for page, site, refine in pages:
            waiting.append((self._submit(page, site, refine), page, site))
            if len(waiting) > 2 * self.workers:
                yield self._outcome(*waiting.popleft())
        while waiting:
            yield self._outcome(*waiting.popleft())

    def _submit(
        self, page: Page, site: Site, refine: Refine | None, template: SiteTemplate = EMPTY
    ) -> Future[Part]:
        return self._pool.schedule(_extract, args=(page, site, refine, template), timeout=self._time_limit)

    def _outcome(self, future: Future[Part], page: Page, site: Site) -> Part:
        try:
            return future.result()
        except TimeoutError:
            detail = f"extraction took longer than {self._time_limit:g} s"
            return _rejection(page, site, Reason.EXTRACTION_TIMEOUT, detail)
        except ProcessExpired as error:
            detail = f"the worker process died with exit code {error.exitcode}"
            return _rejection(page, site, Reason.EXTRACTION_CRASH, detail)
        except Exception as error:  # noqa: BLE001 - whatever a page provokes ends as a counted rejection
            return _rejection(page, site, Reason.EXTRACTION_CRASH, f"{type(error).__name__}: {error}")


def default_workers() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0))


def _extract(page: Page, site: Site, refine: Refine | None, template: SiteTemplate) -> Part:
    from scraper.extract.article import extract_part  # here, so that only the workers load what extracts

    part = extract_part(page, site, template)
    if refine is None or isinstance(part.outcome, Rejection):
        return part
    return replace(part, outcome=refine(part.outcome, page))


def _prepare_worker(parent: int) -> None:
    """Bound the worker, tie it to its parent, and load all that a first page would load."""
    from scraper.extract.article import extract_article

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    extract_article(Page(url=None, content=_WARM_UP), Site(name="warm-up"))


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
