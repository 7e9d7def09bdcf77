"""What an editor decided about pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
CREATE TABLE corrections (
    address TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    is_article INTEGER NOT NULL,
    fields {json} NOT NULL,
    raw_sha256 TEXT NOT NULL,
    at {instant} NOT NULL
)
"""


def migrate(connection: Connection) -> None:
    """Make the table."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql(TABLES.format(**names))
