"""A database that is only read, and each transaction of it only up to a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from scraper.errors import SchemaError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

STEPS_BETWEEN = 10_000
"""Of SQLite's machine between two looks at the clock: under a millisecond."""
NEVER = float("inf")
_UNTIL = "until"
_LEAST = 0.001


def listen_reading(engine: Engine, until: Callable[[], float]) -> None:
    """Let an engine's transactions write nothing, and break off what runs at a moment."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        end = connection.info[_UNTIL] = until()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            if end < NEVER:
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left(connection) * 1000:.0f}")
            return
        connection.exec_driver_sql("PRAGMA query_only = ON")
        raw: Any = connection.connection.dbapi_connection
        raw.set_progress_handler((lambda: time.monotonic() > end) if end < NEVER else None, STEPS_BETWEEN)


def check_migration(name: str, *, is_allowed: bool) -> None:
    """Raise SchemaError for a database that would have to be migrated and may only be read."""
    if not is_allowed:
        raise SchemaError(f"{name} has tables of an earlier version: scraper sites brings it up to date")


def left(connection: Connection) -> float:
    """Return how many seconds a transaction may go on. Raises StoreError where it may not."""
    seconds = float(connection.info.get(_UNTIL, NEVER)) - time.monotonic()
    if seconds < _LEAST:
        raise StoreError("it took too long: name a site or dates, or rarer words")
    return seconds
