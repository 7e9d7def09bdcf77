"""Up to where the webhook has the changes of articles, and the message that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    """
    CREATE TABLE change_webhook (
        cursor BIGINT NOT NULL,
        message TEXT,
        until BIGINT,
        attempts INTEGER NOT NULL,
        due {instant} NOT NULL,
        error TEXT
    )
    """,
    "INSERT INTO change_webhook (cursor, attempts, due) VALUES (0, 0, '1970-01-01 00:00:00+00:00')",
)


def migrate(connection: Connection) -> None:
    """Make the table and its one row: nothing was delivered yet."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement.format(**names))
