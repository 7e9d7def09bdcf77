"""Articles that are kept in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = ("ALTER TABLE articles ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0",)


def migrate(connection: Connection) -> None:
    """Let articles be asked for that are in doubt; of what is stored so far nobody recorded it."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
