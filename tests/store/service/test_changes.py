from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.errors import InputError
from scraper.record import article_id
from scraper.store import open_store
from scraper.store.service.service_store import ServiceStore
from scraper.store.sql import migrations
from tests.store.values import article, minutes, revision_of, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store import Store

A_DAY = datetime(2026, 3, 2, tzinfo=UTC)


def told(url: str, cursor: int = 0) -> list[tuple[str, str, str | None]]:
    """Return event, id and body of each change after a cursor."""
    with ServiceStore(url) as ledger:
        return [
            (
                change.event.value,
                str(change.article_id),
                change.stored.article.body if change.stored else None,
            )
            for change in ledger.changes.after(cursor)
        ]


def last(url: str) -> int:
    with ServiceStore(url) as ledger:
        return ledger.changes.last()


def test_what_becomes_of_an_article_is_told_once_and_in_order(database_url: str) -> None:
    first, other = article(1), article(2)
    edited = replace(first, body=f"{first.body}\nA correction.")
    key = article_id(first)
    with open_store(database_url) as store, store.transaction():
        store.save(verdict(first))
        store.save(verdict(other))
    cursor = last(database_url)
    with open_store(database_url) as store, store.transaction():
        store.save(revision_of(edited, 1))
        store.mark_gone(first.canonical_url or "", A_DAY)
        store.mark_gone(first.canonical_url or "", A_DAY)
    assert told(database_url) == [
        ("new", key, first.body), ("new", article_id(other), other.body),
        ("revised", key, edited.body), ("gone", key, edited.body),
    ]  # fmt: skip
    assert told(database_url, cursor) == told(database_url)[2:]
    assert told(database_url, last(database_url)) == []


def test_of_a_removed_article_only_that_is_told(database_url: str) -> None:
    with open_store(database_url) as store:
        store.save(verdict(article(1)))
        store.save(verdict(article(2)))
        store.forget(store.traces(url=article(1).canonical_url), reason="asked for", at=A_DAY)
    assert told(database_url) == [
        ("new", article_id(article(2)), article(2).body),
        ("gone", article_id(article(1)), None),
    ]


def test_what_was_undone_is_not_told(database_url: str) -> None:
    def fail(store: Store) -> None:
        with store.transaction():
            store.save(verdict(article(1)))
            raise ZeroDivisionError

    with open_store(database_url) as store:
        with pytest.raises(ZeroDivisionError):
            fail(store)
        store.save(verdict(article(2)))
    assert [event for event, *_ in told(database_url)] == ["new"]


def test_an_article_that_moves_to_its_own_address_is_gone_there_and_new_here(database_url: str) -> None:
    shared = replace(article(1), url="https://news.example/own", canonical_url="https://news.example/all")
    with open_store(database_url) as store:
        store.save(verdict(shared))
        cursor = last(database_url)
        store.disbelieve("https://news.example/all", A_DAY)
    own = article_id(replace(shared, canonical_url="https://news.example/own"))
    assert sorted(told(database_url, cursor)) == [
        ("gone", article_id(shared), None),
        ("new", own, shared.body),
    ]


def test_a_store_that_was_there_before_tells_what_it_holds(database_url: str) -> None:
    with open_store(database_url) as store:
        store.save(verdict(article(2)))
        store.save(verdict(article(1)))
        store.mark_gone(article(2).canonical_url or "", A_DAY)
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM changes")
        for statement in migrations.m0024_changes.FILL:
            connection.exec_driver_sql(statement)
    assert [(event, key) for event, key, _ in told(database_url)] == [
        ("new", article_id(article(1))),
        ("new", article_id(article(2))),
        ("gone", article_id(article(2))),
    ]


@pytest.mark.parametrize("cursor", [-1, 2, 10**12])
def test_a_cursor_of_another_store_is_refused(database_url: str, cursor: int) -> None:
    with open_store(database_url) as store:
        store.save(verdict(article(1)))
    with pytest.raises(InputError, match=f"cursor {cursor}: this store has come to 1"):
        told(database_url, cursor)


def write_some(url: str, start: int) -> None:
    with open_store(url) as store:
        for number in range(start, start + 40):
            with store.transaction():
                store.save(verdict(replace(article(number), fetched_at=minutes(number))))


@pytest.mark.system
def test_beside_running_crawls_each_change_is_told_exactly_once(database_url: str) -> None:
    with open_store(database_url):
        pass
    context = multiprocessing.get_context("spawn")
    crawls = [context.Process(target=write_some, args=(database_url, start)) for start in (100, 200, 300)]
    for crawl in crawls:
        crawl.start()
    seen: list[str] = []
    cursor = 0
    with ServiceStore(database_url) as ledger:
        for is_last in until_ended(crawls):
            for change in ledger.changes.after(cursor):
                seen.append(change.article_id)
                cursor = change.cursor
            if is_last:
                break
    wanted = [article_id(article(number)) for start in (100, 200, 300) for number in range(start, start + 40)]
    assert sorted(seen) == sorted(wanted)


def until_ended(crawls: list[multiprocessing.context.SpawnProcess]) -> Iterator[bool]:
    """Yield whether all have ended, and once more after that."""
    while any(crawl.is_alive() for crawl in crawls):
        yield False
    for crawl in crawls:
        crawl.join()
        assert crawl.exitcode == 0
    yield True
