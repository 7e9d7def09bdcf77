"""Runs of a part of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    "ALTER TABLE runs ADD COLUMN shard TEXT NOT NULL DEFAULT ''",
    "DROP INDEX runs_one_active_a_site",
    "CREATE UNIQUE INDEX runs_one_active_a_shard ON runs (site, shard) WHERE state IN ('queued', 'running')",
)


def migrate(connection: Connection) -> None:
    """Let each shard of a site have an active run; every run so far crawled a whole site."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
