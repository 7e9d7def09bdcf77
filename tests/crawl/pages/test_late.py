"""Pages of an archive in whatever order: an article's revisions are those of pages in order of time."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.pages.saving import Extracted, counters, save
from scraper.model import Page, Relation, RelationKind, Site
from scraper.store import ArticleQuery, Outcome, open_store
from tests.store.values import article, minutes, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.store import Store

SITE = Site(name="harbour")
TEXTS = {
    "a": "The ferry came in at dawn with eleven people on board.\nNobody was hurt, says the harbour master.",
    "b": "The ferry came in at dawn with twelve people on board.\nNobody was hurt, says the harbour master.",
    "c": "The ferry came in at noon with twelve people on board.\nOne was hurt, says the harbour master now.",
}


@pytest.fixture(params=["memory:", "sqlite:///news.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    with open_store(request.param) as opened:
        yield opened


def taken_in(store: Store, minute: int, text: str) -> tuple[str, ...]:
    url = "https://news.example/1"
    page = Page(url=url, content=TEXTS[text].encode(), fetched_at=minutes(minute))
    made = article(1, body=TEXTS[text], fetched_at=minutes(minute), raw_sha256=page.raw_sha256)
    with store.transaction():
        return counters(save(store, Extracted(page=page, outcome=made), SITE, in_time=True))


def told(store: Store) -> list[tuple[Any, ...]]:
    """Return all that is stored of articles."""
    return [
        (each.revision, each.article, each.content_hash, each.relation, each.first_seen)
        for current in store.articles(ArticleQuery())
        for each in store.revisions(current.id)
    ]


@pytest.mark.parametrize("texts", ["abc", "aba", "aab", "abb", "aabc", "abab", "abba"])
def test_in_whatever_order_pages_come_the_revisions_are_in_order_of_time(texts: str) -> None:
    captures = list(enumerate(texts))
    seen = []
    for order in permutations(captures):
        with open_store("memory:") as store:
            for capture in order:
                taken_in(store, *capture)
            visit = store.visit("https://news.example/1")
            assert visit is not None
            assert (visit.first_seen, visit.fetched_at) == (minutes(0), minutes(len(texts) - 1))
            seen.append(told(store))
    assert all(each == seen[0] for each in seen)


def test_the_kinds_of_store_agree_on_a_late_page(store: Store) -> None:
    for minute, text in [(3, "a"), (2, "b"), (1, "a"), (4, "c"), (0, "a")]:
        taken_in(store, minute, text)
    assert [(row[0], row[1].fetched_at) for row in told(store)] == [
        (1, minutes(0)),
        (2, minutes(2)),
        (3, minutes(3)),
        (4, minutes(4)),
    ]
    outcomes = [fetch.outcome for fetch in store.fetches("https://news.example/1")]
    assert (outcomes.count(Outcome.UNCHANGED), len(outcomes)) == (1, 5)


def test_what_other_rules_made_of_a_page_stays_told_as_that(store: Store) -> None:
    taken_in(store, 5, "a")
    (first,) = store.articles(ArticleQuery())
    relation = Relation(kind=RelationKind.REVISION, to=first.id, score=1.0, evidence={"cause": "reextracted"})
    made = verdict(article(1, body=TEXTS["b"], fetched_at=minutes(5)), relation=relation, expected=1)
    with store.transaction():
        store.save(made)
    assert taken_in(store, 2, "c") == ("revision",)
    *_, last = store.revisions(first.id)
    assert (last.revision, last.relation) == (3, relation)


def test_an_article_that_is_gone_stays_so(store: Store) -> None:
    taken_in(store, 5, "a")
    gone = datetime(2026, 3, 2, tzinfo=UTC)
    with store.transaction():
        store.mark_gone("https://news.example/1", gone)
    taken_in(store, 2, "b")
    (found,) = store.articles(ArticleQuery())
    assert (found.gone, found.revision) == (gone, 2)
