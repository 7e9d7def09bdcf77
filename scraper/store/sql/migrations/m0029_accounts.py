"""Who may look and who may do what: accounts, sessions, tokens; and what was wished through the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
CREATE TABLE accounts (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    scope TEXT NOT NULL,
    created {instant} NOT NULL
);

CREATE TABLE sessions (
    key TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (name),
    created {instant} NOT NULL,
    seen {instant} NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);

CREATE TABLE tokens (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    created {instant} NOT NULL,
    used {instant}
);

CREATE TABLE wishes (
    id {serial},
    at {instant} NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    runs {json} NOT NULL,
    outcome TEXT NOT NULL
);
"""


def migrate(connection: Connection) -> None:
    """Make the tables."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in TABLES.format(**names).split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
