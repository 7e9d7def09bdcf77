from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.importing import File, Importer
from scraper.crawl.rework.quarantine import Retry
from scraper.model import Article, Reason, Rejection
from scraper.store import ArticleQuery, MemoryStore, Outcome, RejectionQuery, open_store
from tests.archive.captures import capture
from tests.crawl.site import article, crawl, path, serving, site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scraper.crawl.pages.workers import Refine
    from scraper.model import Page
    from scraper.store.protocol import Quarantined

pytestmark = pytest.mark.system

HOST = "harbour.example"


def hang(_article: Article, _page: Page) -> Article:
    time.sleep(60)
    raise AssertionError


def taken_in(folder: Path, *payloads: bytes) -> MemoryStore:
    """Return a store into which the pages were imported while their extraction hung."""
    with ArchiveWriter(str(folder), "harbour") as writer:
        for number, payload in enumerate(payloads):
            writer.write(
                capture(
                    number,
                    url=f"https://{HOST}{path(number)}",
                    headers=(("Content-Type", "text/html"),),
                    payload=payload,
                )
            )
    place, store = Place(str(folder)), MemoryStore()
    (name,) = place.names()
    with ExtractionPool(2, time_limit=3.0) as pool:
        importer = Importer(store=store, pool=pool, sites={}, refinements={HOST: hang})
        importer.take([File(place=place, name=name, key=name)], step=lambda _: None)
    assert importer.counts["quarantined/extraction_timeout"] == len(payloads)
    return store


def retry(
    store: MemoryStore, folder: Path, refinements: Mapping[str, Refine]
) -> list[Article | Rejection | None]:
    with ExtractionPool(1, time_limit=3.0 if refinements else 10.0) as pool:
        trial = Retry(store=store, place=Place(str(folder)), pool=pool, sites={}, refinements=refinements)
        return [each.outcome for each in trial.run(store.quarantined())]


def test_a_page_whose_extraction_comes_to_no_end_is_neither_rejected_nor_lost(tmp_path: Path) -> None:
    store = taken_in(tmp_path, article(1).content)
    (page,) = store.quarantined()

    assert page.rejection.reason is Reason.EXTRACTION_TIMEOUT
    assert page.rejection.detail == "extraction took longer than 3 s"
    assert not list(store.rejections(RejectionQuery()))
    (fetch,) = store.fetches(page.url)
    assert (fetch.outcome, fetch.reason, len(fetch.archived)) == (
        Outcome.QUARANTINED,
        "extraction_timeout",
        1,
    )


def test_a_retry_stores_what_the_page_is_as_if_it_had_been_known_when_it_came(tmp_path: Path) -> None:
    store = taken_in(tmp_path, article(1).content)
    (page,) = store.quarantined()
    (found,) = retry(store, tmp_path, {})

    assert isinstance(found, Article)
    assert not store.quarantined()
    (stored,) = store.articles(ArticleQuery())
    assert "quarter 1" in stored.article.body
    assert stored.first_seen == page.rejection.fetched_at
    assert [fetch.outcome for fetch in store.fetches(page.url)] == [Outcome.STORED]
    visit = store.visit(page.url)
    assert visit is not None
    assert (visit.outcome, visit.reason) == (Outcome.STORED, None)


def test_a_page_that_is_in_quarantine_once_more_is_read_again(tmp_path: Path) -> None:
    """A crawl fetches the page between its extraction and the moment in which it would be stored."""
    store = taken_in(tmp_path, article(1).content)
    (page,) = store.quarantined()
    later = replace(page, rejection=replace(page.rejection, detail="extraction took longer than 4 s"))
    find = store.find_quarantined
    found: list[str] = []

    def find_after_a_crawl(url: str) -> Quarantined | None:
        if not found:
            store.quarantine(later)
        found.append(url)
        return find(url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "find_quarantined", find_after_a_crawl)
        (outcome,) = retry(store, tmp_path, {})
    assert isinstance(outcome, Article)
    assert not store.quarantined()
    assert len(found) > 2


def test_a_page_that_hangs_again_stays(tmp_path: Path) -> None:
    """Takes 13 s: a page hangs in a crawl and in a retry, whole and rebuilt each time."""
    store = taken_in(tmp_path, article(1).content)
    before = store.quarantined()
    (outcome,) = retry(store, tmp_path, {HOST: hang})

    assert isinstance(outcome, Rejection)
    assert store.quarantined() == before
    assert [fetch.outcome for fetch in store.fetches(before[0].url)] == [Outcome.QUARANTINED]


def test_a_page_that_the_archive_no_longer_has_stays_and_says_so(tmp_path: Path) -> None:
    store = taken_in(tmp_path, article(1).content)
    store.forget_archived(Place(str(tmp_path)).names()[0])
    with ExtractionPool(1) as pool:
        trial = Retry(store=store, place=Place(str(tmp_path)), pool=pool, sites={}, refinements={})
        (found,) = trial.run(store.quarantined())

    assert "not archived" in (found.missing or "")
    assert store.quarantined()


@pytest.mark.parametrize("archived", [True, False])
def test_a_crawl_counts_quarantined_pages_and_keeps_their_bytes(tmp_path: Path, *, archived: bool) -> None:
    archive = str(tmp_path / "archive") if archived else ""
    settings = {"SPIDER_MODULES": ["tests.crawl.stuck"], "NEWS_ARCHIVE": archive}
    with serving(site(*range(8))) as server:
        ended = crawl(server.port, tmp_path / "news.db", "stuck", settings)

    assert (ended.counts["quarantined/extraction_crash"], ended.counts["stored"]) == (1, 7)
    assert ended.counts["fetched"] == 8
    with open_store(f"sqlite:///{tmp_path}/news.db") as store:
        (page,) = store.quarantined("stuck")
        assert page.url.endswith(path(6))
        assert len(store.fetches(page.url)[0].archived) == archived
        (counts,) = store.site_counts()
        assert (counts.articles, dict(counts.quarantined)) == (7, {"extraction_crash": 1})
