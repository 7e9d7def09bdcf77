"""Crawls of a site whose layout is learned, used, and changed under way."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bench.layout_sites import PAGES, Printed, site_pages
from scraper.extraction.body.layout import layout_of
from scraper.learned.layout import digest_of, rules_of
from scraper.store import ArticleQuery, open_store
from tests.crawl.rework.test_mending import half
from tests.crawl.site import HOST, Ended, crawl, html, serving, site, start

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.learned.template import SiteTemplate
    from scraper.model import Article

pytestmark = pytest.mark.system

FIRST, SECOND = range(PAGES - 12), range(PAGES - 12, PAGES + 12)
"""Articles of the first crawl, and of the second: half of these are built anew."""
SITE = "daily"


def where(page: Printed) -> str:
    return urlsplit(page.page.url or "").path


def addresses(numbers: range) -> str:
    pages = site_pages(SITE)
    return ",".join(f"http://{HOST}{where(pages[number])}" for number in numbers)


def replies() -> dict[str, object]:
    return {where(each): html(each.page.content.decode()) for each in site_pages(SITE)}


def run(port: int, folder: Path, numbers: range, *, layouts: bool = True) -> Ended:
    settings = {"NEWS_ARCHIVE": str(folder / "archive"), "NEWS_LAYOUTS": layouts}
    return crawl(port, folder / "news.db", settings=settings, urls=addresses(numbers))


def articles(folder: Path) -> dict[str, Article]:
    with open_store(f"sqlite:///{folder / 'news.db'}") as store:
        return {each.article.url or "": each.article for each in store.articles(ArticleQuery())}


def template(folder: Path) -> SiteTemplate:
    with open_store(f"sqlite:///{folder / 'news.db'}") as store:
        (found,) = store.templates(HOST).values()
        return found


def folders(tmp_path: Path, *names: str) -> list[Path]:
    for name in names:
        (tmp_path / name).mkdir()
    return [tmp_path / name for name in names]


def test_a_site_that_is_built_anew_while_it_is_crawled_gives_no_page_with_a_wrong_body(
    tmp_path: Path,
) -> None:
    """Takes 15 s: two crawls with layouts, and two without."""
    known, full = folders(tmp_path, "known", "full")
    with serving(site(**replies())) as server:  # type: ignore[arg-type]
        for folder, layouts in ((known, True), (full, False)):
            first = run(server.port, folder, FIRST, layouts=layouts)
            second = run(server.port, folder, SECOND, layouts=layouts)
            assert (first.code, second.code) == (0, 0)
            assert "layout/known" not in first.counts
            assert second.counts.get("layout/known", 0) >= (8 if layouts else 0)

    found, expected = articles(known), articles(full)
    recurring = {text for layout in template(known).layouts for text in rules_of(layout).recurring}
    truth = {where(each): each.body.split("\n") for each in site_pages(SITE)}
    assert len(found) == len(FIRST) + len(SECOND)
    assert sum(layout_of(each) is not None for each in found.values()) == second_known(known)
    for url, article in found.items():
        lines, theirs = {*article.body.split("\n")}, {*expected[url].body.split("\n")}
        assert all(digest_of(line) in recurring for line in theirs - lines)
        assert lines - theirs <= {*truth[urlsplit(url).path]}


def test_what_a_wrong_layout_gave_is_mended_when_the_crawl_ends(tmp_path: Path) -> None:
    """Takes 15 s: two crawls, and one without layouts."""
    known, full = folders(tmp_path, "known", "full")
    with serving(site(**replies())) as server:  # type: ignore[arg-type]
        run(server.port, known, FIRST)
        right = template(known)
        with open_store(f"sqlite:///{known / 'news.db'}") as store, store.transaction():
            layouts = tuple(replace(each, rules=half(each.rules)) for each in right.layouts)
            store.save_template(HOST, HOST, replace(right, layouts=layouts))
        ended = run(server.port, known, range(PAGES))
        run(server.port, full, range(PAGES), layouts=False)

    found, expected = articles(known), articles(full)
    assert ended.counts["layout/contradicted"] >= 1
    assert ended.counts["layout/mended"] == ended.counts["layout/known"]
    assert not {each.version for each in template(known).layouts} & {each.version for each in layouts}
    assert {url: each.body for url, each in found.items()} == {
        url: each.body for url, each in expected.items()
    }


def test_a_crawl_that_is_killed_while_a_layout_is_learned_leaves_none_and_the_next_ones_learn_it(
    tmp_path: Path,
) -> None:
    """Takes 15 s: one crawl is killed, two end."""
    killed, whole = folders(tmp_path, "killed", "whole")
    with serving(site(**replies())) as server:  # type: ignore[arg-type]
        settings = {"NEWS_ARCHIVE": str(killed / "archive")}
        process = start(server.port, killed / "news.db", settings=settings, urls=addresses(FIRST)).process
        while process.is_alive() and len(server.exchanges) < len(FIRST) - 2:
            time.sleep(0.002)
        process.kill()
        process.join()
        with open_store(f"sqlite:///{killed / 'news.db'}") as store:
            assert not any(each.layouts for each in store.templates(HOST).values())
        run(server.port, whole, SECOND)
        run(server.port, killed, SECOND)

    assert template(killed).layouts == template(whole).layouts != ()


def second_known(folder: Path) -> int:
    """Return how many articles name a layout that is known today."""
    versions = {each.version for each in template(folder).layouts if each.doubted is None}
    return sum(layout_of(each) in versions for each in articles(folder).values())
