"""A site shows by itself whether its pages need a browser."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import reduce

from scraper.crawl.browser_need import BrowserNeed, PageFinding, is_checked, need_after, page_finding
from scraper.crawl.store_thread import Writer
from scraper.extraction.article import extract_part
from scraper.model import Page, Site
from scraper.store.memory import MemoryStore
from scraper.store.values import RenderNeed

NOW = datetime(2031, 5, 2, 8, tzinfo=UTC)
EMPTY, TEXT, VAIN, MADE = PageFinding.EMPTY, PageFinding.TEXT, PageFinding.VAIN, PageFinding.MADE
PLAIN, NOT_PLAIN = PageFinding.PLAIN, PageFinding.NOT_PLAIN
NEW = RenderNeed(site="gazette")
NEEDED = RenderNeed(site="gazette", since=NOW)


def after(known: RenderNeed, *found: PageFinding) -> RenderNeed:
    return reduce(lambda need, each: need_after(need, each, NOW), found, known)


def test_three_empty_pages_in_a_row_need_a_browser_and_a_text_between_begins_anew() -> None:
    assert after(NEW, EMPTY, EMPTY).empty == 2
    assert after(NEW, EMPTY, EMPTY, TEXT, EMPTY, EMPTY).since is None
    assert after(NEW, EMPTY, EMPTY, TEXT, EMPTY, EMPTY, EMPTY) == NEEDED
    assert after(NEW, TEXT) == NEW


def test_three_pages_with_their_text_end_the_need_and_one_without_it_begins_anew() -> None:
    assert after(NEEDED, PLAIN, MADE, PLAIN, MADE, PLAIN).until == NOW
    assert after(NEEDED, PLAIN, PLAIN, NOT_PLAIN, PLAIN, PLAIN).is_rendered
    assert after(NEEDED, EMPTY, EMPTY, EMPTY, TEXT) == NEEDED
    assert after(after(NEEDED, PLAIN, PLAIN, PLAIN), EMPTY, EMPTY, EMPTY) == NEEDED


def test_a_browser_that_makes_nothing_of_three_pages_is_left_alone_for_sixty() -> None:
    given_up = after(NEEDED, VAIN, VAIN, VAIN)

    assert not given_up.is_rendered
    assert after(NEEDED, VAIN, VAIN, MADE, VAIN, VAIN).is_rendered
    assert not after(given_up, *[EMPTY] * 59).is_rendered
    assert after(given_up, *[EMPTY] * 60).is_rendered


def test_one_address_in_twenty_is_looked_at_as_it_came_too() -> None:
    chosen = [is_checked(f"https://news.example/{number}") for number in range(2000)]

    assert 70 < sum(chosen) < 130
    assert chosen == [is_checked(f"https://news.example/{number}") for number in range(2000)]


def test_what_a_page_says_depends_on_its_scripts_and_its_text() -> None:
    prose = "The ferry opened beside the old mill on Monday, said the council of the ward. " * 12
    made = "<article><h1>The ferry</h1>" + f"<p>{prose}</p>" * 3 + "</article>"
    shell = "<html><head><title>The ferry</title></head><body><div id=app></div>"

    assert _finding(f"{shell}<script src=/app.js></script>") is EMPTY
    assert _finding(f'{shell}<script>draw("{prose}")</script>') is EMPTY
    assert _finding(shell) is None
    assert _finding(f'{shell}<script type="application/json">{{}}</script>') is None
    assert _finding(f"{shell}<script src=/app.js></script>", status=404) is None
    assert _finding(shell + made) is TEXT
    assert _finding(shell + made, is_rendered=True) is MADE
    assert _finding(f"{shell}<script src=/app.js></script>", is_rendered=True) is VAIN


def _finding(html: str, *, status: int = 200, is_rendered: bool = False) -> PageFinding | None:
    page = Page(
        url="https://news.example/the-ferry", content=html.encode(), status=status, is_rendered=is_rendered
    )
    return page_finding(page, extract_part(page, Site(name="gazette")))


def test_findings_count_in_the_order_in_which_pages_came_and_a_later_crawl_goes_on_with_them() -> None:
    store = MemoryStore()

    assert not asyncio.run(_crawl(store, [TEXT, EMPTY, EMPTY], order=[2, 1, 0])).is_rendered
    assert asyncio.run(_crawl(store, [EMPTY], order=[0])).is_rendered
    assert store.render_need("gazette") == asyncio.run(_crawl(store, [], order=[]))


def test_a_site_whose_pages_have_their_text_leaves_nothing_in_the_store() -> None:
    store = MemoryStore()

    asyncio.run(_crawl(store, [TEXT, TEXT], order=[0, 1]))

    assert store.render_need("gazette") is None


async def _crawl(store: MemoryStore, found: list[PageFinding], *, order: list[int]) -> RenderNeed:
    """Return what is known after pages that came one after the other and were extracted in an order."""
    writer = Writer(lambda: store)
    await writer.open()
    need = BrowserNeed(writer, "gazette")
    await need.open()
    turns = [need.begin() for _ in found]
    for number in order:
        await need.end(turns[number], found[number])
    await writer.close()
    return need.known
