"""What the articles of a host had in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLE = """
CREATE TABLE templates (
    site TEXT NOT NULL,
    host TEXT NOT NULL,
    title_source TEXT,
    PRIMARY KEY (site, host)
)
"""


def migrate(connection: Connection) -> None:
    """Add the table."""
    connection.exec_driver_sql(TABLE)
