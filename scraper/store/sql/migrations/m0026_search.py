"""The terms of current articles under keys that ascend by date, with what is counted of hits beside them.

The index is empty then: `scraper reindex` fills it with what is stored, the newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SQLITE = (
    "DROP TABLE searched",
    """
    CREATE TABLE search_entries (
        key INTEGER PRIMARY KEY,
        row INTEGER NOT NULL UNIQUE,
        site TEXT,
        language TEXT,
        month INTEGER NOT NULL,
        agencies TEXT
    )
    """,
    # contentless, since terms can be made again; of the ASCII signs only _ belongs to terms
    """
    CREATE VIRTUAL TABLE search_terms
    USING fts5 (terms, content='', columnsize=0, tokenize="ascii tokenchars '_'")
    """,
)
_POSTGRESQL = (
    "DROP TABLE searched",
    """
    CREATE TABLE search_entries (
        key BIGINT PRIMARY KEY,
        row BIGINT NOT NULL UNIQUE,
        site TEXT,
        language TEXT,
        month INTEGER NOT NULL,
        agencies TEXT,
        terms TSVECTOR NOT NULL
    ) WITH (toast_tuple_target = 128)
    """,
    # apart from the rows, so that counting hits reads no terms; unpacked, since packing costs more than space
    "ALTER TABLE search_entries ALTER COLUMN terms SET STORAGE EXTERNAL",
    "CREATE INDEX search_by_terms ON search_entries USING gin (terms)",
)
_BOTH = (
    "CREATE TABLE search_codes (code TEXT PRIMARY KEY)",
    "CREATE TABLE search_state (version TEXT NOT NULL, unread BIGINT NOT NULL)",
    "INSERT INTO search_state SELECT '', coalesce(max(row), 0) FROM revisions",
)


def migrate(connection: Connection) -> None:
    """Make the tables in place of the words of every revision."""
    is_server = connection.dialect.name == "postgresql"
    for statement in (*(_POSTGRESQL if is_server else _SQLITE), *_BOTH):
        connection.exec_driver_sql(statement)
