from __future__ import annotations

import pytest
import sqlalchemy as sa

from scraper.errors import SchemaError, StoreError
from scraper.store import open_store
from scraper.store.queries import ArticleQuery, Sort
from scraper.store.service.reader import Reader
from tests.store.values import article, verdict

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


@pytest.fixture
def filled(database_url: str) -> str:
    with open_store(database_url) as store:
        store.save(verdict(article(1)))
    return database_url


def test_what_a_store_holds_is_read_and_nothing_is_written(filled: str) -> None:
    with Reader(filled) as reader:
        assert [each.article.title for each in reader.articles(ArticleQuery())] == [
            "Ferry 1 reaches the harbour"
        ]
        assert reader.search(ArticleQuery(search="ferry"), sort=Sort.NEWEST).count == 1
        assert not reader.runs.find()
        assert not reader.alarms.find()
        with pytest.raises(StoreError):
            reader.save(verdict(article(2)))
        with pytest.raises(StoreError):
            reader.runs.pause("harbour")


def test_what_takes_longer_than_it_may_is_broken_off(filled: str) -> None:
    with Reader(filled) as reader:
        database = reader._database
        reader.hurry(0.3)
        with pytest.raises(StoreError, match="took too long"):
            database.run(SLOW[database.dialect])
        with pytest.raises(StoreError, match="took too long"):
            reader.search(ArticleQuery(search="ferry"), sort=Sort.NEWEST)
        reader.hurry(None)
        assert reader.search(ArticleQuery(search="ferry"), sort=Sort.NEWEST).count == 1


def test_tables_of_an_earlier_version_are_left_as_they_are(filled: str) -> None:
    with open_store(filled) as store, store._database.write() as connection:  # type: ignore[attr-defined]
        connection.execute(sa.text("DELETE FROM schema_version WHERE version > 3"))
    with pytest.raises(SchemaError, match="earlier version"):
        Reader(filled)
