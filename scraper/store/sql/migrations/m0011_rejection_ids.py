"""Rejected pages are found by their ids."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Connection

AT_ONCE = 1000
_LEFT = sa.text("SELECT row, url, raw_sha256 FROM rejections WHERE row > :after ORDER BY row LIMIT :most")
_FILL = sa.text("UPDATE rejections SET id = :id WHERE row = :row")


def migrate(connection: Connection) -> None:
    """Add the column, its index, and the id of every page so far."""
    connection.exec_driver_sql("ALTER TABLE rejections ADD COLUMN id TEXT")
    after = 0
    while left := connection.execute(_LEFT, {"after": after, "most": AT_ONCE}).all():
        connection.execute(_FILL, [{"row": each.row, "id": _id(each.url, each.raw_sha256)} for each in left])
        after = left[-1].row
    connection.exec_driver_sql("CREATE INDEX rejections_by_id ON rejections (id)")


def _id(url: str | None, raw_sha256: str) -> str:
    """Return what Rejection.id was when this step was written."""
    return hashlib.sha256(f"{url}\n{raw_sha256}".encode()).hexdigest()[:16]
