from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.pages.accounts import unaccounted
from scraper.store import ArticleQuery, open_store
from scraper.store.protocol import Outcome
from tests.crawl.site import HOST, crawl, path, serving, site

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = range(1, 15)
PIPELINES = {
    "tests.crawl.foreign.First": 50,
    "tests.crawl.foreign.Between": 500,
    "tests.crawl.foreign.Last": 950,
}


def test_what_raises_drops_or_replaces_a_page_leaves_it_one_counted_end(tmp_path: Path) -> None:
    settings = {
        "SPIDER_MODULES": ["tests.crawl.foreign"],
        "ITEM_PIPELINES": PIPELINES,
        "LOG_LEVEL": "CRITICAL",
    }
    with serving(site(*NUMBERS)) as server:
        ended = crawl(server.port, tmp_path / "a.db", "raising", settings)
    with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        stored = {each.article.url for each in store.articles(ArticleQuery())}
        fetches = {number: store.fetches(f"https://{HOST}{path(number)}") for number in NUMBERS}
    failed = {
        number: each.reason
        for number, made in fetches.items()
        for each in made
        if each.outcome is Outcome.FAILED
    }

    counts = ended.counts
    assert unaccounted({f"news/{name}": number for name, number in counts.items()}) == 0
    assert counts["fetched"] == len(NUMBERS) + 1  # one page became two
    assert failed == {1: "pipeline", 4: "pipeline", 11: "spider", 12: "spider"}
    assert (counts["failed/pipeline"], counts["failed/dropped"], counts["failed/spider"]) == (2, 4, 2)
    assert counts["lost"] == 8
    assert counts["late_errors"] == 1  # the page is safe
    assert {f"http://{HOST}{path(number)}" for number in (7, 8, 9, 10, 13, 14)} < stored
    assert counts["stored"] == len(stored) == 7
    assert ended.code == 3
