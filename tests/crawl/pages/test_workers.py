from __future__ import annotations

import ast
import asyncio
import ctypes
import multiprocessing
import os
import resource
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pebble import ProcessExpired

from scraper.crawl.pages import workers
from scraper.crawl.pages.workers import MOST_RESIDENT, TIME_LIMIT, ExtractionPool
from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Reason, Rejection, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.crawl.pages.workers import Refine

pytestmark = pytest.mark.system

SITE = Site(name="example")
STORY = (
    "The harbour council of Port Ellery voted on Tuesday to rebuild the old ferry pier before the winter. "
)
HTML = f"<html><body><article><h1>Pier</h1>{f'<p>{STORY * 3}</p>' * 4}</article></body></html>".encode()


def page(number: int = 0) -> Page:
    return Page(url=f"https://example.com/{number}", content=HTML + b" " * number)


def hang(_article: Article, _page: Page) -> Article:
    time.sleep(60)
    raise AssertionError


def die(_article: Article, _page: Page) -> Article:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die_once(article: Article, page: Page) -> Article:
    mark = Path(page.url or "")
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return article


def fail(_article: Article, _page: Page) -> Article:
    message = "no such section"
    raise KeyError(message)


LIMIT = 3.0
"""Seconds after which a page counts as hanging: an ordinary one takes a hundredth of it."""


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    with ExtractionPool(1, time_limit=LIMIT) as pool:
        yield pool


def test_other_work_has_the_limits_of_a_page(pool: ExtractionPool) -> None:
    async def run() -> int:
        with pytest.raises(TimeoutError):
            await pool.run(time.sleep, 60)
        with pytest.raises(ProcessExpired):
            await pool.run(os._exit, 1)
        with pytest.raises(ZeroDivisionError):
            await pool.run(divmod, 1, 0)
        return await pool.run(len, b"abc")

    assert asyncio.run(run()) == 3


def test_a_page_that_hangs_kills_or_fails_costs_itself_only(pool: ExtractionPool) -> None:
    async def run() -> list[Article | Rejection]:
        refinements = (hang, None, die, None, fail, None)
        return [(await pool.extract(page(), SITE, refine)).outcome for refine in refinements]

    hung, first, died, second, failed, third = asyncio.run(run())
    assert isinstance(hung, Rejection)
    assert hung.reason is Reason.EXTRACTION_TIMEOUT
    assert isinstance(died, Rejection)
    assert died.reason is Reason.EXTRACTION_CRASH
    assert isinstance(failed, Rejection)
    assert "no such section" in failed.detail
    expected = extract_article(page(), SITE)
    assert isinstance(expected, Article)
    assert first == second == third == expected


def test_a_page_whose_worker_is_killed_from_outside_is_not_lost(pool: ExtractionPool, tmp_path: Path) -> None:
    killed = Page(url=str(tmp_path / "mark"), content=HTML)
    assert isinstance(asyncio.run(pool.extract(killed, SITE, die_once)).outcome, Article)


def kill_siblings(article: Article, _page: Page) -> Article:
    """Kill the other worker, which is idle: pebble gives up the whole pool then."""
    own = os.getpid()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if (
                int(fields[1]) == os.getppid()
                and int(path.parent.name) != own
                and "spawn_main" in (path.parent / "cmdline").read_text()
            ):
                os.kill(int(path.parent.name), signal.SIGKILL)
    return article


def test_workers_can_start_before_there_is_a_page() -> None:
    before = len(multiprocessing.active_children())
    with ExtractionPool(2) as pool:
        assert len(multiprocessing.active_children()) == before
        pool.start()
        assert len(multiprocessing.active_children()) == before + 2


def test_the_death_of_an_idle_worker_costs_no_page() -> None:
    async def run(pool: ExtractionPool) -> list[Article | Rejection]:
        parts = []
        for refine in (None, kill_siblings, None):
            parts.append(await pool.extract(page(), SITE, refine))
            await asyncio.sleep(0.3)
        return [part.outcome for part in parts]

    with ExtractionPool(2) as pool:
        outcomes = asyncio.run(run(pool))
    expected = extract_article(page(), SITE)
    assert outcomes == [expected] * 3


def hang_in_c(article: Article, _page: Page) -> Article:
    """Hang where no Python code runs, as libxml2 does, in the first try only."""
    if "degraded" not in article.extractor:
        ctypes.PyDLL(None).sleep(60)
    return article


def test_a_page_that_hangs_is_extracted_from_its_text() -> None:
    with ExtractionPool(1, time_limit=LIMIT) as pool:
        outcome = asyncio.run(pool.extract(page(), SITE, hang_in_c)).outcome
        assert isinstance(outcome, Article)
        assert outcome.provenance["body"].raw == f"extraction took longer than {LIMIT:g} s"
        assert STORY.strip() in outcome.body


def tell(article: Article, _page: Page) -> Article:
    """Leave which process it was, and its limits, in the article."""
    limits = {name: resource.getrlimit(getattr(resource, name))[0] for name in LIMITS}
    return replace(article, section=str(os.getpid()), kicker=str(limits))


LIMITS = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE")
HOARD: list[bytes] = []


def hoard(article: Article, page: Page) -> Article:
    HOARD.append(b"x" * MOST_RESIDENT)
    return tell(article, page)


def told(pool: ExtractionPool, refine: Refine) -> tuple[str | None, dict[str, int]]:
    outcome = asyncio.run(pool.extract(page(), SITE, refine)).outcome
    assert isinstance(outcome, Article)
    return outcome.section, ast.literal_eval(outcome.kicker or "")


def test_a_worker_has_limits_of_memory_and_processor_time_and_leaves_no_core() -> None:
    with ExtractionPool(1) as pool:
        _, limits = told(pool, tell)
    assert limits["RLIMIT_AS"] == 2 * 1024**3
    assert limits["RLIMIT_CORE"] == 0
    assert 2 * TIME_LIMIT < limits["RLIMIT_CPU"] < 10 * TIME_LIMIT


def test_a_worker_is_replaced_after_its_pages_or_when_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PAGES_PER_WORKER", 3)
    with ExtractionPool(1) as pool:
        first, second, third, fourth = (told(pool, tell)[0] for _ in range(4))
        grown = told(pool, hoard)[0]
        fresh = told(pool, tell)[0]
    assert first == second == third
    assert fourth == grown
    assert len({first, fourth, fresh}) == 3


def test_outcomes_come_in_the_order_of_the_pages(pool: ExtractionPool) -> None:
    outcomes = list(pool.extract_each((page(number), SITE) for number in range(8)))
    assert [outcome.url for outcome in outcomes] == [f"https://example.com/{n}" for n in range(8)]
