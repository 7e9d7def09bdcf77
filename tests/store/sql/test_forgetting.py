from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.dedup.decide import decide
from scraper.model import Pointer
from scraper.record import article_id
from scraper.store import ArticleQuery, Fetch, Outcome, Quarantined, RejectionQuery, Source, open_store
from tests.store.values import article, minutes, rejection

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import Article, ArticleId
    from scraper.store import Store

URL = "https://news.example/1"
WORDS = " ".join(f"quay{at} lay{at} under{at} the fog of ward{at * 7}." for at in range(60))


def kept(store: Store, of: Article, asked: str | None = None) -> ArticleId:
    url = of.canonical_url or ""
    pointer = Pointer(file="harbour/a.warc.gz", offset=7, digest="sha1:A")
    key = store.save(decide(of, stored=store.find(url), index=store.dedup))
    store.record_fetch(
        Fetch(
            url=asked or url,
            site=of.site or "",
            fetched_at=minutes(1),
            outcome=Outcome.STORED,
            canonical_url=url,
            archived=(pointer,),
        )
    )
    return key


def test_nothing_is_left_of_a_forgotten_article_but_a_digest(store: Store) -> None:
    secret = article(
        1, title="The pilot of quay one", body="The pilot asked to be left alone.\nHe was named."
    )
    kept(store, secret, asked="https://news.example/short/1")
    kept(store, replace(secret, body="The pilot asked again to be left alone."))
    other = kept(store, article(2))
    store.reject(rejection(1, url=f"{URL}?utm_source=x"))
    store.reject(rejection(2))
    store.quarantine(Quarantined(url=URL, rejection=rejection(3)))

    traces = store.traces(url=f"{URL}?utm_campaign=y")
    assert traces.urls == {URL, "https://news.example/short/1"}
    assert traces.articles == {article_id(secret)}
    assert (traces.rejections, set(traces.sites)) == (1, {"harbour"})
    assert [pointer.offset for pointer in traces.archived] == [7]
    store.forget(traces, reason="asked for", at=minutes(9))

    assert [each.id for each in store.articles(ArticleQuery())] == [other]
    assert store.revisions(article_id(secret)) in ((), [])
    assert list(store.articles(ArticleQuery(search="pilot"))) == []
    assert [each.url for each in store.rejections(RejectionQuery())] == [rejection(2).url]
    assert store.find_quarantined(URL) is None
    assert all(not store.fetches(url) and store.visit(url) is None for url in traces.urls)
    assert store.forgotten([URL, "https://news.example/2"]) == {URL}
    again = decide(article(3, body=secret.body), stored=None, index=store.dedup)
    assert again.relation is None
    assert store.traces(url=URL).articles == frozenset()


def test_a_forgotten_site_leaves_its_copies_elsewhere_related_to_each_other(store: Store) -> None:
    first = kept(store, article(1, body=WORDS))
    copies = [kept(store, article(number, site="gull", body=WORDS)) for number in (2, 3)]
    store.record_source(
        Source(
            url="https://news.example/feed", site="harbour", kind="feed", fetched_at=minutes(1), result="read"
        )
    )
    traces = store.traces(site="harbour")
    store.forget(traces, reason="asked for", at=minutes(9))

    assert traces.articles == {first}
    assert [each.id for each in store.articles(ArticleQuery())] == copies
    assert store.sources("harbour") in ((), [])
    assert not [edge for edge in store.edges(copies[0]) if first in {edge.source, edge.relation.to}]
    assert store.forgotten([URL]) == {URL}


def test_the_next_copy_finds_the_story_whose_first_text_was_forgotten(database_url: str) -> None:
    with open_store(database_url) as store:
        kept(store, article(1, body=WORDS))
        second, _ = (kept(store, article(number, site="gull", body=WORDS)) for number in (2, 3))
        store.forget(store.traces(url=URL), reason="asked for", at=minutes(9))
    with open_store(database_url) as store:
        found = decide(
            article(4, site="tern", body=f"{WORDS} And one more word."), stored=None, index=store.dedup
        )
    assert found.relation is not None
    assert found.relation.to == second


def test_no_byte_of_a_forgotten_text_stays_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    with open_store(f"sqlite:///{file}") as store:
        kept(store, article(1, title="Zanzibarquay", body="Zanzibarquay was its name.", url=URL))
        for number in range(2, 30):
            kept(store, article(number))
        store.forget(store.traces(url=URL), reason="asked for", at=minutes(9))
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"anzibarquay" not in left
    assert f"{URL}\x00".encode() not in left
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT reason FROM forgotten").fetchall() == [("asked for",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("site", ["gull", ""])
def test_a_site_that_is_not_known_has_no_traces(store: Store, site: str) -> None:
    kept(store, article(1))
    assert store.traces(site=site).articles == frozenset()
    assert store.traces(site=site).urls == frozenset()
