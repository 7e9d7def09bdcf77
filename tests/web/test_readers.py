from __future__ import annotations

import threading

import pytest

from scraper.errors import StoreDownError, StoreError
from scraper.store.queries import ArticleQuery
from scraper.web.readers import Readers


def test_requests_take_turns_with_what_is_open(readers: Readers) -> None:
    with readers.reading() as first:
        assert len(list(first.articles(ArticleQuery(limit=3)))) == 3
    with readers.reading() as second, readers.reading() as third:
        assert second is first
        assert third is not first


def test_who_waits_too_long_for_a_turn_is_told(store_url: str) -> None:
    readers = Readers(store_url, seconds=0.05, most=1)
    with readers.reading(), pytest.raises(StoreDownError, match="too many"), readers.reading():
        pass
    readers.close()


def test_a_reader_that_failed_is_not_used_again(readers: Readers) -> None:
    with pytest.raises(StoreError), readers.reading() as failed:
        raise StoreError("lost")
    with readers.reading() as next_one:
        assert next_one is not failed


def test_many_threads_read_at_once(readers: Readers) -> None:
    found: list[int] = []

    def read() -> None:
        with readers.reading() as store:
            found.append(len(list(store.articles(ArticleQuery()))))

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [60] * 20
