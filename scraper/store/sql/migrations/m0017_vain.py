"""How often a listing dated pages anew that had not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Add the columns: of no listing so far is that known."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql("ALTER TABLE sources ADD COLUMN vain INTEGER NOT NULL DEFAULT 0")
    connection.exec_driver_sql(f"ALTER TABLE sources ADD COLUMN vain_at {names['instant']}")
