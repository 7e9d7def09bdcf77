"""Counts over all runs, those forgotten included."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Make the table."""
    connection.exec_driver_sql("CREATE TABLE tallies (name TEXT PRIMARY KEY, number BIGINT NOT NULL)")
