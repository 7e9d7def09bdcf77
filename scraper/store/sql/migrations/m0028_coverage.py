"""What was asked for and announced in a week, found without the years before, with all that is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    "CREATE INDEX fetches_by_time ON fetches (fetched_at, site, outcome, reason)",
    "CREATE INDEX announced_by_time ON announced (announced_at, site, source)",
)


def migrate(connection: Connection) -> None:
    """Make the indexes."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
