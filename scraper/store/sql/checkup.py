"""A database looked at and left as it is: not made, not migrated."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.errors import StoreError
from scraper.store.sql import migrations
from scraper.store.sql.database import make_engine
from scraper.store.sql.failures import shown_name, told
from scraper.store.sql.index import PARAMETERS
from scraper.store.sql.searching.reading import SqlIndex

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_BUSY_SECONDS = 5
"""A crawl holds its write transaction for 0.02 to 0.1 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What was found of a database."""

    name: str
    folder: Path | None = None
    """Of the file; None on a server and in memory."""
    version: int = 0
    """Of its tables; 0 where there are none yet."""
    damage: str = ""
    """What SQLite's quick check says; a server checks itself."""
    refusal: str = ""
    """Why nothing can be written, and what to do."""
    has_other_index: bool = False
    """Its index of copies was made of other words than this program's: no page can be judged by it."""
    unindexed: int = 0
    """Articles of an earlier version that no search finds as yet."""


def check_up(url: str) -> Checkup:
    """Return the state of a database. ConfigError for an address of none, StoreError where it does not open.

    Whether it can be written is tried, in a transaction that is undone.
    """
    engine = sa.create_engine("sqlite://") if url == "memory:" else make_engine(url)
    found = Checkup(name=shown_name(engine.url))
    if engine.dialect.name == "sqlite":
        if not (database := engine.url.database):
            return found
        file = Path(database)
        found = replace(found, folder=file.absolute().parent)
        if not file.exists():
            return replace(found, refusal=_refusal_to_make(file))
        engine = _engine_of_file(file)
    with told(found.name), engine.connect() as connection:
        found = replace(found, version=migrations.version(connection))
        if engine.dialect.name == "sqlite":
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            found = replace(found, damage="" if said == "ok" else str(said))
        found = replace(found, has_other_index=_has_other_index(connection), unindexed=_unindexed(connection))
    try:
        with told(found.name), engine.connect() as connection:
            _try_to_write(connection, found.version)
    except StoreError as error:
        found = replace(found, refusal=str(error))
    engine.dispose()
    return found


def _has_other_index(connection: Connection) -> bool:
    if not sa.inspect(connection).has_table("dedup_parameters"):
        return False
    rows = connection.exec_driver_sql("SELECT name, value FROM dedup_parameters").all()
    made_with = {row.name: row.value for row in rows}
    return bool(made_with) and made_with != PARAMETERS


def _unindexed(connection: Connection) -> int:
    has_index = sa.inspect(connection).has_table("search_state")
    return SqlIndex(connection).unindexed() if has_index else 0


def _engine_of_file(file: Path) -> Engine:
    """Return an engine that makes no file and sets nothing in the one that is there."""
    address = f"{file.absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool)


def _refusal_to_make(file: Path) -> str:
    try:
        with TemporaryFile(dir=file.parent):
            return ""
    except OSError as error:
        return f"{file}: it cannot be made ({error.strerror}): make its folder, or check its permissions"


def _try_to_write(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    make = "CREATE TABLE schema_version (version INTEGER)"
    connection.exec_driver_sql("INSERT INTO schema_version VALUES (-1)" if version else make)
    connection.exec_driver_sql("ROLLBACK")
