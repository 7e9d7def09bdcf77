"""The index of stored texts in the store's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.dedup.shingle import sign
from scraper.model import Candidate
from scraper.store import rows, tables
from scraper.store.sql_articles import REVISION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import ArticleId, Signature, StoredArticle, Verdict
    from scraper.store.database import Database

_revisions = tables.revisions


class SqlIndex:
    """A DedupIndex that finds equal texts by their content hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, signature: Signature, site: str | None, /) -> Sequence[Candidate]:
        """Return the first text with the same content hash."""
        del site
        equal = REVISION.where(_revisions.c.content_hash == signature.content_hash)
        with self._database.read() as connection:
            row = connection.execute(equal.order_by(_revisions.c.row).limit(1)).first()
        if row is None:
            return []
        stored = rows.to_stored(row)
        return [
            Candidate(
                document=row.row,
                story=row.story or row.row,
                stored=stored,
                signature=sign(stored.article.body),
            )
        ]

    def story(self, article_id: ArticleId, /) -> int:
        """Return the number of the article's story, 0 where there is none."""
        first = sa.select(sa.func.coalesce(_revisions.c.story, _revisions.c.row))
        first = first.where(_revisions.c.article_id == article_id, _revisions.c.number == 1)
        with self._database.read() as connection:
            return connection.scalar(first) or 0

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Do nothing: the row of the revision is all that equal texts need."""
