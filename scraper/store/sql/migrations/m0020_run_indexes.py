"""What is asked for at each look, found without the history: runs by their state, and by when they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    "CREATE INDEX runs_by_state ON runs (state, queued, id)",
    "CREATE INDEX runs_by_end ON runs (ended)",
)


def migrate(connection: Connection) -> None:
    """Make the indexes."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
