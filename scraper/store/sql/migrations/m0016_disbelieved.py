"""Addresses that pages of different texts declare as theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
CREATE TABLE disbelieved (
    address TEXT PRIMARY KEY,
    at {instant} NOT NULL
)
"""


def migrate(connection: Connection) -> None:
    """Make the table."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql(TABLES.format(**names))
