"""What is remembered of hosts between crawls: whether to ask them, and their robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    openings INTEGER NOT NULL,
    until {instant},
    cause TEXT
);

CREATE TABLE robots (
    origin TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    fetched_at {instant} NOT NULL
);
"""
SQLITE = {"instant": "TIMESTAMP"}
POSTGRESQL = {"instant": "TIMESTAMP WITH TIME ZONE"}


def migrate(connection: Connection) -> None:
    """Add the tables."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in TABLES.format(**names).split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
