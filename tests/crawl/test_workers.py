from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.workers import ExtractionPool
from scraper.extract.article import extract_article
from scraper.model import Article, Page, Reason, Rejection, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    with ExtractionPool(1, time_limit=0.5) as pool:
        yield pool


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


def test_outcomes_come_in_the_order_of_the_pages(pool: ExtractionPool) -> None:
    outcomes = list(pool.extract_each((page(number), SITE) for number in range(8)))
    assert [outcome.url for outcome in outcomes] == [f"https://example.com/{n}" for n in range(8)]
