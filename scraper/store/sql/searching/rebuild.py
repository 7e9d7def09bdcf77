"""The search index of what is stored, made in steps: each is kept, and the next run goes on after it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.sql import rows, tables
from scraper.store.sql.articles import CURRENT
from scraper.store.sql.database import Database
from scraper.store.sql.searching.entries import SearchEntries, SearchEntry, indexed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

_AT_ONCE = 100
"""Articles of a step: others wait a tenth of a second for it."""
_revisions, _articles, _entries = tables.revisions, tables.articles, tables.search_entries
_LACKING = (
    CURRENT.outerjoin(_entries, _entries.c.row == _revisions.c.row)
    .where(_entries.c.row.is_(None), _revisions.c.row <= sa.bindparam("unread"))
    .order_by(_revisions.c.row.desc())
    .limit(sa.bindparam("limit"))
)


def index_stored(url: str, started: Callable[[int], Callable[[int], None]]) -> int:
    """Add what the search index lacks, the newest first; return how many articles that were.

    `started` is told how many there are, and returns what is told how many were added since. An index of
    another version's terms is emptied first. Crawls go on meanwhile.
    """
    with closing(Database(url)) as database:
        entries = SearchEntries(database)
        with database.write() as connection:
            if not entries.is_current:
                entries.start_again()
            unread = entries.unread()
            lacking = sa.select(sa.func.count()).select_from(_LACKING.limit(None).order_by(None).subquery())
            advance = started(connection.scalar(lacking, {"unread": unread}) or 0)
        count = 0
        while unread:
            with database.write() as connection:
                unread, added = _step(connection, database, entries)
            count += added
            advance(added)
        return count


def _step(connection: Connection, database: Database, entries: SearchEntries) -> tuple[int, int]:
    """Add the next articles; return up to which row the others are unread, and how many were added."""
    found = connection.execute(_LACKING, {"unread": entries.unread(), "limit": _AT_ONCE}).all()
    texts = [(row, rows.to_stored(row).article) for row in found]
    entries.add(
        [
            SearchEntry(
                row=row.row, article=article, dated=row.dated, terms=indexed(article, database.dialect)
            )
            for row, article in texts
        ]
    )
    left = found[-1].row - 1 if len(found) == _AT_ONCE else 0
    entries.set_unread(left)
    return left, len(found)
