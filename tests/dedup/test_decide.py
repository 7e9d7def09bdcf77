from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.dedup.decide import REVISION_CAP, decide
from scraper.dedup.memory_index import MemoryIndex
from scraper.dedup.shingle import content_hash
from scraper.model import ABSENT, Article, ArticleId, RelationKind, StoredArticle, Verdict

BODY = "The harbour bridge opened on Monday after eleven years of work.\nFerries will go on until June."
NOW = datetime(2031, 5, 1, 8, tzinfo=UTC)


def article(url: str = "https://a.example/1", body: str = BODY, **changes: Any) -> Article:
    made = Article(
        url=url,
        canonical_url=url,
        site=url.split("/")[2],
        body=body,
        raw_sha256="",
        fetched_at=NOW,
        extractor="test",
    )
    return dataclasses.replace(made, **changes)


def store(index: MemoryIndex, verdict: Verdict) -> StoredArticle:
    relation = verdict.relation
    is_revision = relation is not None and relation.kind is RelationKind.REVISION
    stored = StoredArticle(
        id=ArticleId(verdict.article.url or ""),
        article=verdict.article,
        content_hash=content_hash(verdict.article.body),
        revision=verdict.expected_revision + 1 if is_revision else 1,
        relation=relation,
        first_seen=NOW,
    )
    index.add(stored, verdict)
    return stored


def test_the_first_article_is_new() -> None:
    verdict = decide(article(), stored=None, index=MemoryIndex())
    assert verdict.relation is None
    assert verdict.expected_revision == 0


def test_the_same_text_at_the_same_address_is_unchanged() -> None:
    index = MemoryIndex()
    stored = store(index, decide(article(), stored=None, index=index))
    verdict = decide(article(body=BODY.replace(" ", "  ")), stored=stored, index=index)
    assert verdict.relation is not None
    assert (verdict.relation.kind, verdict.relation.to, verdict.relation.score) == (
        "unchanged",
        stored.id,
        1.0,
    )


def test_another_text_at_the_same_address_is_a_revision_of_the_same_story() -> None:
    index = MemoryIndex()
    stored = store(index, decide(article(), stored=None, index=index))
    verdict = decide(article(body=BODY.replace("June", "July")), stored=stored, index=index)
    assert verdict.relation is not None
    assert (verdict.relation.kind, verdict.relation.to) == ("revision", stored.id)
    assert verdict.expected_revision == 1
    assert verdict.story == index.story(stored.id) == 1


@pytest.mark.parametrize(
    ("before", "after", "is_silent"),
    [
        ({"modified": "2031-05-01"}, {"modified": "2031-05-01"}, True),
        ({"modified": "2031-05-01"}, {"modified": "2031-05-02"}, False),
        ({}, {"provenance": {"modified": ABSENT}}, True),
        ({}, {}, False),
    ],
)
def test_an_edit_that_the_page_does_not_own_up_to_is_silent(
    before: dict[str, Any], after: dict[str, Any], *, is_silent: bool
) -> None:
    index = MemoryIndex()
    stored = store(index, decide(article(**before), stored=None, index=index))
    relation = decide(article(body=BODY + " More.", **after), stored=stored, index=index).relation
    assert relation is not None
    assert ("silent_edit" in relation.evidence) is is_silent


def test_a_page_that_changes_at_every_fetch_stops_at_the_cap() -> None:
    index = MemoryIndex()
    stored = store(index, decide(article(), stored=None, index=index))
    worn = dataclasses.replace(stored, revision=REVISION_CAP)
    relation = decide(article(body=BODY + " 7 visitors"), stored=worn, index=index).relation
    assert relation is not None
    assert relation.kind is RelationKind.UNCHANGED
    assert relation.evidence["revision_cap"] == REVISION_CAP


@pytest.mark.parametrize(
    ("url", "changes", "kind"),
    [
        ("https://a.example/2", {}, "near_duplicate"),
        ("https://b.example/2", {}, "syndicated"),
        ("https://b.example/2", {"publisher": "The Group"}, "near_duplicate"),
    ],
)
def test_the_same_text_elsewhere_is_a_copy(url: str, changes: dict[str, Any], kind: str) -> None:
    index = MemoryIndex()
    first = store(index, decide(article(publisher="The Group"), stored=None, index=index))
    relation = decide(article(url, **changes), stored=None, index=index).relation
    assert relation is not None
    assert (relation.kind, relation.to, relation.score) == (kind, first.id, 1.0)
