"""Where in the archive a fetched page lies, and how far archive files were imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
ALTER TABLE fetches ADD COLUMN archived {json};
CREATE INDEX fetches_by_content ON fetches (raw_sha256, row);

CREATE TABLE imports (
    file TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);
"""


def migrate(connection: Connection) -> None:
    """Add the column and the table."""
    json = "JSON" if connection.dialect.name == "postgresql" else "TEXT"
    for statement in TABLES.format(json=json).split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
