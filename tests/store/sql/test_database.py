from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.errors import ConfigError, SchemaError, StoreError
from scraper.model import Reason
from scraper.store import ArticleQuery, Fetch, Outcome, RejectionQuery, open_store
from scraper.store.protocol import address_key, visit_after
from scraper.store.sql import database, migrations, rows, tables
from scraper.store.sql.database import Database
from scraper.store.sql.migrations import TABLES_VERSION
from scraper.store.sql.tables import METADATA
from tests.store.values import article, minutes, rejection, verdict

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_saved_is_there_when_the_store_is_opened_again(database_url: str) -> None:
    with open_store(database_url) as store:
        store.save(verdict(article(1)))
    with open_store(database_url) as store:
        assert store.find("https://news.example/1") is not None


def test_the_tables_are_those_that_the_queries_expect(database_url: str) -> None:
    with open_store(database_url):
        pass
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    inspector = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        if table.name not in {"search_entries", "search_terms"}:
            assert {column["name"] for column in inspector.get_columns(table.name)} == set(
                table.columns.keys()
            )


def test_a_database_of_a_later_version_is_refused(database_url: str) -> None:
    with open_store(database_url):
        pass
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({TABLES_VERSION + 1})")
    with pytest.raises(SchemaError, match=f"version {TABLES_VERSION + 1}.* update the program"):
        open_store(database_url)


def test_an_older_database_is_brought_up_to_date_and_its_unread_pages_go_to_quarantine(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = migrations.STEPS[:6]
    monkeypatch.setattr(migrations, "STEPS", older)
    monkeypatch.setattr(migrations, "TABLES_VERSION", len(older))
    columns = [
        sa.column(each.name, each.type) for each in METADATA.tables["rejections"].c if each.name != "id"
    ]
    older_rejections = sa.table("rejections", *columns)
    kept, moved = rejection(1), rejection(2, reason=Reason.EXTRACTION_CRASH, raw_sha256="ef")
    with closing(Database(database_url)) as opened, opened.write() as connection:
        for row in (kept, moved):
            assert row.url is not None
            fetch = Fetch(
                url=row.url,
                site="harbour",
                fetched_at=minutes(1),
                outcome=Outcome.REJECTED,
                reason=row.reason,
                raw_sha256=row.raw_sha256,
            )
            connection.execute(sa.insert(older_rejections), rows.rejection_row(row))
            key = {"address": address_key(fetch.url)}
            connection.execute(sa.insert(tables.visits), key | asdict(visit_after(None, fetch)))
            connection.execute(sa.insert(tables.fetches), key | asdict(fetch) | {"archived": None})
    monkeypatch.undo()
    with open_store(database_url) as store:
        assert [page.rejection for page in store.quarantined()] == [moved]
        assert list(store.rejections(RejectionQuery())) == [kept]
        assert store.find_rejection(kept.id) == kept
        assert [fetch.outcome for fetch in store.fetches(moved.url or "")] == [Outcome.QUARANTINED]
        visit = store.visit(moved.url or "")
        assert visit is not None
        assert visit.outcome is Outcome.QUARANTINED


def _save_some(url: str, first: int) -> None:
    with open_store(url) as store:
        for number in range(first, first + 5):
            store.save(verdict(article(number)))


def test_processes_that_start_at_once_make_the_tables_once_and_all_write(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_save_some, args=(database_url, first)) for first in (0, 10)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with open_store(database_url) as store:
        assert len(list(store.articles(ArticleQuery()))) == 10


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_they_do_so_whatever_isolation_the_server_gives_by_default(postgresql_url: str, level: str) -> None:
    given = level.replace(" ", "%5C%20")
    url = f"{postgresql_url}%20-cdefault_transaction_isolation%3D{given}"
    test_processes_that_start_at_once_make_the_tables_once_and_all_write(url)


BATCHES = """
import sys
from scraper.store import open_store
from tests.store.values import article, verdict
with open_store(sys.argv[1]) as store:
    for batch in range(1000):
        with store.transaction():
            for number in range(batch * 10, batch * 10 + 10):
                store.save(verdict(article(number)))
        print(batch, flush=True)
"""


def test_a_kill_loses_at_most_the_open_batch(database_url: str) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", BATCHES, database_url],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": "."},
    )
    assert writer.stdout is not None
    told = 0
    for line in writer.stdout:
        told = int(line) + 1
        if told == 5:
            time.sleep(0.01)
            writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with open_store(database_url) as store:
        kept = len(list(store.articles(ArticleQuery())))
        assert kept % 10 == 0
        assert kept >= told * 10
        store.save(verdict(article(99_999)))


def test_a_locked_database_says_who_to_look_for(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with (
        open_store(sqlite_url) as first,
        open_store(sqlite_url) as second,
        first.transaction(),
        pytest.raises(StoreError, match=r"news\.db: another process holds it"),
    ):
        second.save(verdict(article(1)))


def test_a_reader_is_not_kept_waiting_by_a_writer(sqlite_url: str) -> None:
    with open_store(sqlite_url) as first, open_store(sqlite_url) as second:
        first.save(verdict(article(1)))
        with first.transaction():
            first.save(verdict(article(2)))
            assert second.find("https://news.example/1") is not None
            assert second.find("https://news.example/2") is None


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>" * 1000)
    with pytest.raises(StoreError, match=r"page\.html: it is damaged or no database"):
        open_store(f"sqlite:///{tmp_path}/page.html")


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="it cannot be opened: make its folder"):
        open_store(f"sqlite:///{tmp_path}/none/news.db")


def test_a_full_disk_says_so(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        engine = store._database._engine  # type: ignore[attr-defined]
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 60")
        with pytest.raises(StoreError, match="the disk is full: free space"):
            store.save(verdict(article(1, body="word " * 100_000)))


def test_a_server_that_does_not_answer_says_so_without_the_password() -> None:
    with pytest.raises(StoreError, match="no server answers there") as error:
        open_store("postgresql://me:secret@127.0.0.1:1/news")
    assert "secret" not in str(error.value)
    assert "postgresql+psycopg://me:***@127.0.0.1:1/news" in str(error.value)


@pytest.mark.parametrize("url", ["news.db", "mysql://host/news", "oracle+nothing://host", ""])
def test_an_address_of_no_database_says_what_one_looks_like(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store .*"):
        open_store(url)


def test_sqlite_keeps_every_commit_through_a_kill(sqlite_url: str, tmp_path: Path) -> None:
    with open_store(sqlite_url):
        connection = sqlite3.connect(tmp_path / "news.db")
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'news.db'}"):
        kept = [file.stat().st_mode & 0o077 for file in tmp_path.iterdir()]
    assert kept
    assert not any(kept)
