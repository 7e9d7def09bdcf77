"""The change feed: what became of articles, each change once, from a cursor on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.errors import InputError
from scraper.model import ArticleId
from scraper.store.sql import rows
from scraper.store.sql.articles import REVISION
from scraper.store.sql.tables import articles, changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import StoredArticle
    from scraper.store.sql.database import Database

CHANGES_AT_ONCE = 100
"""Read in one statement: about 1 MB of records."""


class Event(StrEnum):
    """What became of an article."""

    NEW = "new"
    REVISED = "revised"
    """It has another text, or its page answers again."""
    MERGED = "merged"
    """After it was stored it joined a story, or left one: `relation` says which."""
    GONE = "gone"
    """Its page answers no more; without an article, it was removed from the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChange:
    """One change; none is told twice."""

    cursor: int
    """What to go on after."""
    event: Event
    article_id: ArticleId
    stored: StoredArticle | None
    """The revision that it is about; None where the article was removed since."""


class Changes:
    """What became of articles, in the order in which it was committed. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def after(self, cursor: int) -> Iterator[ArticleChange]:
        """Yield what came after a cursor, 0 for all, up to now, in constant memory.

        Raises InputError for a cursor that this database has not come to.
        """
        last = self.last()
        if not 0 <= cursor <= last:
            raise InputError(
                f"cursor {cursor}: this store has come to {last}, so it is another or an earlier copy: "
                "begin again with 0"
            )
        while page := self._page(cursor, last):
            yield from page
            cursor = page[-1].cursor

    def last(self) -> int:
        """Return the cursor of the latest change, 0 where there is none."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(sa.func.max(changes.c.cursor))) or 0

    def _page(self, cursor: int, last: int) -> Sequence[ArticleChange]:
        wanted = (
            sa.select(changes)
            .where(changes.c.cursor > cursor, changes.c.cursor <= last)
            .order_by(changes.c.cursor)
            .limit(CHANGES_AT_ONCE)
        )
        with self._database.read() as connection:
            found = connection.execute(wanted).all()
            keys = {row.article_id for row in found}
            texts = connection.execute(REVISION.where(articles.c.id.in_(keys))).all() if keys else ()
        stored = {(row.id, row.number): rows.to_stored(row) for row in texts}
        return [
            ArticleChange(
                cursor=row.cursor,
                event=Event(row.event),
                article_id=ArticleId(row.article_id),
                stored=stored.get((row.article_id, row.revision)),
            )
            for row in found
        ]
