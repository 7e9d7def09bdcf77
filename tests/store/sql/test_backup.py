from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.errors import ConfigError, InputError, StoreError
from scraper.store import open_store
from scraper.store.sql.backup import back_up

if TYPE_CHECKING:
    from pathlib import Path


def test_a_store_in_the_middle_of_a_transaction_is_copied_as_it_was_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'news.db'}"
    with open_store(url) as store, store.transaction():
        back_up(url, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    with open_store(f"sqlite:///{tmp_path / 'copy.db'}") as store:
        assert not store.site_counts()


def test_no_file_is_written_over_and_only_sqlite_is_copied(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    with pytest.raises(InputError, match="exists"):
        back_up("sqlite:///news.db", tmp_path / "old.db")
    with pytest.raises(ConfigError, match="pg_dump"):
        back_up("postgresql://host/news", tmp_path / "new.db")


@pytest.mark.parametrize("content", [None, b"no database at all " * 100])
def test_a_store_that_is_missing_or_damaged_leaves_no_copy(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "news.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"news\.db"):
        back_up(f"sqlite:///{tmp_path / 'news.db'}", tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))
