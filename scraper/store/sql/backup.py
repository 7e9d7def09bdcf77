"""A copy of a SQLite database that is being written to, whole and checked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from scraper.errors import ConfigError, InputError, StoreError

if TYPE_CHECKING:
    from pathlib import Path


def back_up(store: str, target: Path) -> None:
    """Copy a SQLite store to a new file, as it is at one moment, while others may read and write it.

    ConfigError for another kind of store; InputError where the target exists; StoreError where the copy fails
    or is damaged: no file is left then.
    """
    try:
        url = make_url(store)
    except ArgumentError as error:
        raise ConfigError("the store is no database address: write sqlite:///news.db") from error
    if url.get_backend_name() != "sqlite" or not url.database:
        raise ConfigError("only a SQLite file is copied: for PostgreSQL use pg_dump")
    if target.exists():
        raise InputError(f"{target} exists: name a new file")
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{url.database} cannot be copied to {target}: {error}") from error
    if found != "ok":
        part.unlink(missing_ok=True)
        raise StoreError(f"{url.database} is damaged ({found}): restore an earlier backup")
    part.replace(target)
