"""Which sites need a browser, as their crawls found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0006_hosts import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TABLE = """
CREATE TABLE render_needs (
    site TEXT PRIMARY KEY,
    empty INTEGER NOT NULL,
    vain INTEGER NOT NULL,
    plain INTEGER NOT NULL,
    since {instant},
    until {instant}
)
"""


def migrate(connection: Connection) -> None:
    """Add the table."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql(_TABLE.format(**names))
