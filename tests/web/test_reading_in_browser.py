"""Reading in a real Chromium: an article, its story, what changed; and bait, which runs on no page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from scraper.web.application import WebParts, make_application
from scraper.web.readers import Readers
from scraper.web.serving import Served
from tests.web.bait import BAIT
from tests.web.baited import DAY, BaitedCaptures, fill_with_bait
from tests.web.browsing import chromium, fill_store, looking, served_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from scraper.model import ArticleId

pytestmark = pytest.mark.system
RAN = "typeof window.ran"
RUNS = "window.bait = () => { window.ran = true }"
"""What bait would call: a page on which it ran knows of it."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def baited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Mapping[str, ArticleId]]]:
    """The address of pages whose store and captures are bait, and the article of each."""
    url = f"sqlite:///{tmp_path_factory.mktemp('bait')}/news.db"
    kept = fill_with_bait(url)
    readers = Readers(url)
    app = make_application(WebParts(readers=readers, captures=BaitedCaptures()))
    with Served(app, "127.0.0.1", 0) as served:
        yield served.address.rstrip("/"), kept
    readers.close()


def test_one_finds_an_article_follows_its_story_and_reads_what_changed(
    browser: Browser, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/news.db"
    fill_store(url, tmp_path)
    with served_pages(url) as address, looking(browser) as page:
        page.goto(address)
        page.get_by_label("Search all articles").fill("ferry 71")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Ferry 71 reaches the harbour").click()
        page.get_by_role("link", name="The whole story").click()
        assert "2 articles at 2 sites" in page.get_by_role("main").inner_text()
        page.get_by_role("link", name="What it cut and added").click()
        assert page.locator("del").first.inner_text()
        assert page.locator("ins").first.inner_text()
        page.get_by_role("link", name="Ferry 1 reaches the harbour").first.click()
        page.goto(f"{address}/articles?q=ferry+2+noon")
        page.get_by_role("link", name="Ferry 2 reaches the harbour").click()
        page.get_by_role("link", name="Revision 2").click()
        assert page.locator("del").all_inner_texts() == ["dawn."]
        assert page.locator("ins").all_inner_texts() == ["noon."]


def asked_of(page: Page) -> list[str]:
    """Return the list to which each address is added that a page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    return asked


def test_bait_runs_on_no_page_and_asks_for_nothing(
    browser: Browser, baited: tuple[str, Mapping[str, ArticleId]]
) -> None:
    """Takes 3 s: test_escaping reads all pages of all bait, this one looks at a part of them."""
    address, kept = baited
    lists = ["/", f"/stories?day={DAY}", "/articles", "/sources", "/runs", "/alarms"]
    articles = [f"/articles/{kept[bait]}" for bait in BAIT[::2]]
    sources = [f"/sources/{quote(bait, safe='')}" for bait in BAIT[::5]]
    with looking(browser) as page:
        page.add_init_script(RUNS)
        asked = asked_of(page)
        for path in (*lists, *articles, *sources):
            page.goto(f"{address}{path}")
            assert page.evaluate(RAN) == "undefined", path
    assert [url for url in asked if not url.startswith(address)] == []


def test_an_archived_page_runs_nothing_and_asks_for_nothing_wherever_it_is_shown(
    browser: Browser, baited: tuple[str, Mapping[str, ArticleId]]
) -> None:
    address, kept = baited
    one = kept[BAIT[0]]
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(RUNS)
    asked = asked_of(page)
    page.goto(f"{address}/pages/{one}")
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("body").wait_for()
    assert page.evaluate(RAN) == "undefined"
    page.goto(f"{address}/pages/{one}/archived")
    assert "bait" in page.content()
    assert page.url == f"{address}/pages/{one}/archived"
    context.close()

    assert any(url.endswith("/archived") for url in asked)
    assert [url for url in asked if not url.startswith(address)] == []
