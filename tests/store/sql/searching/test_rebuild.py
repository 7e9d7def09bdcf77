"""The search index of a store that an earlier version made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.model import Credit
from scraper.store import ArticleQuery, Sort, open_store
from scraper.store.sql.checkup import check_up
from scraper.store.sql.migrations import m0026_search
from scraper.store.sql.searching import entries, rebuild
from scraper.store.sql.searching.rebuild import index_stored
from tests.store.values import article, revision_of, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.store import Store

ARTICLES = 25


def fill(store: Store) -> None:
    with store.transaction():
        for number in range(1, ARTICLES + 1):
            credit = Credit(agencies=("dpa",)) if number % 5 == 0 else None
            store.save(verdict(article(number, credit=credit)))
        store.save(revision_of(article(3, title="A bridge", body="The bridge opened."), 1))


def make_older(url: str) -> None:
    """Leave a database as the migration to the search index leaves one."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for table in ("search_entries", "search_codes", "search_state"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TABLE search_terms")
        connection.exec_driver_sql("CREATE TABLE searched (words TEXT)")
        m0026_search.migrate(connection)


def counts(store: Store) -> dict[str, int]:
    return {
        query: store.search(ArticleQuery(search=query), sort=Sort.RELEVANCE).count
        for query in ("ferries", "bridge", "agency:dpa", "site:harbour", "-ferry")
    }


def unindexed(store: Store) -> int:
    return store.search(ArticleQuery(search="ferry"), sort=Sort.NEWEST).unindexed


def ignored(_: int) -> Callable[[int], None]:
    return lambda _: None


EVERY = {"ferries": ARTICLES - 1, "bridge": 1, "agency:dpa": 5, "site:harbour": ARTICLES, "-ferry": 1}


@pytest.fixture
def older(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(rebuild, "_AT_ONCE", 4)
    with open_store(database_url) as store:
        fill(store)
        assert counts(store) == EVERY
    make_older(database_url)
    return database_url


def test_an_older_store_is_indexed_in_steps_that_last(older: str) -> None:
    told: list[int] = []

    def broken_off(total: int) -> Callable[[int], None]:
        told.append(total)

        def advance(steps: int) -> None:
            told.append(steps)
            if len(told) > 3:
                raise KeyboardInterrupt

        return advance

    with open_store(older) as store:
        assert unindexed(store) == ARTICLES
        store.save(verdict(article(99)))  # crawls go on
        assert counts(store)["ferries"] == 1
    with pytest.raises(KeyboardInterrupt):
        index_stored(older, broken_off)
    assert told == [ARTICLES, 4, 4, 4]
    with open_store(older) as store:
        assert unindexed(store) == ARTICLES - 12
        assert counts(store)["ferries"] == 12  # the newest are found first, of which one is of no ferry
    assert index_stored(older, ignored) == ARTICLES - 12
    with open_store(older) as store:
        assert unindexed(store) == 0
        assert counts(store) == EVERY | {"ferries": ARTICLES, "site:harbour": ARTICLES + 1}
    assert index_stored(older, ignored) == 0


def test_what_is_revised_or_removed_before_its_turn_is_right_after_it(older: str) -> None:
    with open_store(older) as store:
        first = article(1)
        store.save(revision_of(article(1, title="A quay", body="A quay was built."), 1))
        stored = store.find(article(2).canonical_url or "")
        assert stored is not None
        store.retract(stored.id)
    index_stored(older, ignored)
    with open_store(older) as store:
        assert first.canonical_url
        assert counts(store)["ferries"] == ARTICLES - 3
        assert store.search(ArticleQuery(search="quay"), sort=Sort.NEWEST).count == 1


def test_an_index_of_other_terms_is_made_anew(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(database_url) as store:
        fill(store)
    with monkeypatch.context() as patched:
        for module in (entries, "scraper.store.sql.searching.reading"):
            name = module if isinstance(module, str) else module.__name__
            patched.setattr(f"{name}.terms_version", lambda: "2 9.9")
        with open_store(database_url) as store:
            assert unindexed(store) == ARTICLES
            store.save(verdict(article(98)))
            stored = store.find(article(98).canonical_url or "")
            assert stored is not None
            store.save(revision_of(article(98, body="Another ferry."), 1))
        assert index_stored(database_url, ignored) == ARTICLES + 1
        with open_store(database_url) as store:
            assert counts(store)["ferries"] == ARTICLES
            store.retract(stored.id)
            assert counts(store) == EVERY
    with open_store(database_url) as store:
        store.retract(store.search(ArticleQuery(search="bridge"), sort=Sort.NEWEST).hits[0].article.id)
        assert unindexed(store) == ARTICLES - 1  # nothing of it may stay, so nothing does
        assert counts(store)["ferries"] == 0


def test_a_look_at_the_database_counts_what_no_search_finds_and_adds_none(older: str) -> None:
    assert [check_up(older).unindexed for _ in range(2)] == [ARTICLES, ARTICLES]
    index_stored(older, ignored)
    assert check_up(older).unindexed == 0
