from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.errors import StoreError
from scraper.store import open_store
from scraper.store.sql.checkup import check_up
from scraper.store.sql.migrations import TABLES_VERSION
from tests.store.values import article, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator


def filled(url: str) -> None:
    with open_store(url) as store:
        for number in range(200):
            store.save(verdict(article(number)))


def test_a_database_is_looked_at_and_left_as_it_is(database_url: str) -> None:
    filled(database_url)
    found = check_up(database_url)
    assert (found.version, found.damage, found.refusal) == (TABLES_VERSION, "", "")
    assert check_up(database_url) == found


def test_a_database_without_tables_gets_none(postgresql_url: str) -> None:
    assert check_up(postgresql_url).version == 0
    engine = sa.create_engine(postgresql_url, poolclass=sa.NullPool)
    assert not sa.inspect(engine).has_table("schema_version")


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = check_up(f"sqlite:///{tmp_path}/news.db")
    assert (found.version, found.refusal, found.folder) == (0, "", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_later_version_is_told(database_url: str) -> None:
    filled(database_url)
    with sa.create_engine(database_url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({TABLES_VERSION + 1})")
    assert check_up(database_url).version == TABLES_VERSION + 1


def test_an_older_version_stays_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
        made.execute("INSERT INTO schema_version VALUES (1)")
    before = file.read_bytes()
    assert check_up(f"sqlite:///{file}").version == 1
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    filled(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revisions'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    file.write_bytes(content)
    assert check_up(f"sqlite:///{file}").damage


def test_what_is_no_database_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"these are no tables, " * 400)
    with pytest.raises(StoreError, match="damaged or no database: restore a backup"):
        check_up(f"sqlite:///{tmp_path}/news.db")


def test_a_folder_that_cannot_be_written_is_told() -> None:
    assert "make its folder" in check_up("sqlite:////proc/news.db").refusal
    assert "make its folder" in check_up("sqlite:///missing/news.db").refusal


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder with a database, that this process may read only, as another user if it is root's."""
    with TemporaryDirectory() as name:
        folder, user = Path(name), os.geteuid()
        filled(f"sqlite:///{folder}/news.db")
        folder.chmod(0o555)
        os.seteuid(user or 65534)
        yield folder
        os.seteuid(user)
        folder.chmod(0o755)


def test_a_read_only_folder_is_told(read_only: Path) -> None:
    with pytest.raises(StoreError, match=r"check (?:the|its) permissions"):
        check_up(f"sqlite:///{read_only}/news.db")
    assert "check its permissions" in check_up(f"sqlite:///{read_only}/other.db").refusal


def test_a_database_that_another_process_holds_is_told(tmp_path: Path) -> None:
    filled(f"sqlite:///{tmp_path}/news.db")
    with closing(sqlite3.connect(tmp_path / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = check_up(f"sqlite:///{tmp_path}/news.db")
        assert "another process holds it" in found.refusal


def test_a_server_that_lets_nothing_be_written_is_told(postgresql_url: str) -> None:
    filled(postgresql_url)
    found = check_up(
        postgresql_url.replace("search_path", "default_transaction_read_only%3Don%20-csearch_path")
    )
    assert "it cannot be written" in found.refusal
    with pytest.raises(StoreError, match="no server answers"):
        check_up("postgresql://127.0.0.1:1/news")
