"""Which site showed a paragraph to be residue, until its relations were checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Add the column; what is residue already counts as checked."""
    connection.exec_driver_sql("ALTER TABLE residue ADD COLUMN unswept TEXT")
