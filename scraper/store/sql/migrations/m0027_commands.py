"""Runs of a command: a part of an import, of a re-extraction or of the sweep, for any worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Let a run say what it does; every run so far was a crawl of its job's."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN command {json}".format(**names))
