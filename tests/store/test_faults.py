"""A raise at every statement and commit of a short save, as SQLite tests itself: all or nothing, and again."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import pytest

from scraper.crawl.pages.saving import Extracted, expected, save
from scraper.errors import StoreError
from scraper.model import Page, Reason, Site
from scraper.store import ArticleQuery, RejectionQuery, open_store
from tests.store.values import article, minutes, rejection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.store import Store

SITE = Site(name="harbour")


class Fault:
    """Fails the statement of a number, once."""

    def __init__(self) -> None:
        self.at = -1
        self.seen = 0

    def step(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise sqlite3.OperationalError("disk I/O error")


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """A fault in every connection to SQLite from now on."""
    found, connect = Fault(), sqlite3.connect

    class FaultyCursor(sqlite3.Cursor):
        def execute(self, statement: str, parameters: Any = (), /) -> Self:
            found.step()
            return super().execute(statement, parameters)

        def executemany(self, statement: str, parameters: Any, /) -> Self:
            found.step()
            return super().executemany(statement, parameters)

    class FaultyConnection(sqlite3.Connection):
        def cursor(self, factory: Any = FaultyCursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            found.step()
            super().commit()

    monkeypatch.setattr(
        sqlite3.dbapi2, "connect", lambda *given, **named: connect(*given, **named, factory=FaultyConnection)
    )
    return found


def pages() -> Sequence[Extracted]:
    """Two articles, the second one a copy; a revision of the first; a rejection; a page in quarantine."""
    text = (
        "The council of Port Ellery voted to rebuild the old ferry pier before the winter storms came. " * 8
    )
    outcomes = (
        article(1, body=text),
        article(2, body=text),
        article(1, body=f"{text}\nIt will be ready in May, the mayor said.", fetched_at=minutes(60)),
        rejection(3),
        rejection(4, reason=Reason.EXTRACTION_CRASH),
    )
    return [
        Extracted(page=Page(url=each.url, content=b"", fetched_at=each.fetched_at), outcome=each)
        for each in outcomes
    ]


def batch(store: Store, *, is_expected: bool = False) -> None:
    with store.transaction([expected(each) for each in pages()] if is_expected else []):
        for each in pages():
            save(store, each, SITE)


def held(store: Store) -> tuple[object, ...]:
    found = list(store.articles(ArticleQuery()))
    return (
        found,
        [store.revisions(each.id) for each in found],
        [store.edges(each.id) for each in found],
        list(store.rejections(RejectionQuery())),
        store.quarantined(),
        [store.fetches(each.page.url or "") for each in pages()],
        [each.id for each in store.articles(ArticleQuery(search="ferry pier"))],
    )


@pytest.mark.parametrize("is_expected", [False, True])
def test_a_failure_at_any_step_keeps_nothing_of_the_batch_and_the_next_try_keeps_all(
    tmp_path: Path, fault: Fault, *, is_expected: bool
) -> None:
    with open_store(f"sqlite:///{tmp_path}/whole.db") as store:
        nothing = held(store)
        fault.seen = 0
        batch(store, is_expected=is_expected)
        steps = fault.seen
        whole = held(store)
    assert steps > 20
    for at in range(1, steps + 1):
        url = f"sqlite:///{tmp_path}/{at}.db"
        with open_store(url) as store:
            fault.seen, fault.at = 0, at
            with pytest.raises(StoreError, match=r"\d+\.db: .*disk I/O error"):
                batch(store, is_expected=is_expected)
            fault.at = -1
            assert held(store) == nothing, f"after a failure at step {at}"
            batch(store, is_expected=is_expected)
            assert held(store) == whole, f"after a second try of step {at}"
        with open_store(url) as store:
            assert held(store) == whole


def test_a_file_that_may_not_be_written_is_read_and_says_so_when_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with open_store(f"sqlite:///{path}") as store:
        batch(store)
    with (
        open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as store,
        pytest.raises(StoreError, match="cannot be written: check the permissions"),
    ):
        store.reject(rejection(9))


def test_a_file_damaged_in_its_middle_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with open_store(f"sqlite:///{path}") as store:
        batch(store)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(size - 8192))
    with (
        pytest.raises(StoreError, match=r"news\.db: it is damaged .*restore a backup"),
        open_store(f"sqlite:///{path}") as store,
    ):
        batch(store)
    with suppress(StoreError):
        held(open_store(f"sqlite:///{path}"))
    assert path.stat().st_size >= size
