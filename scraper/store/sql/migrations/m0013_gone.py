"""Since when an article is gone from its site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Add the column: of no article so far is that known."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql(f"ALTER TABLE articles ADD COLUMN gone {names['instant']}")
