"""The index of stored texts, made anew from the articles; run by scraper dedup rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.dedup.index import StoryIndex
from scraper.dedup.shingle import sign
from scraper.model import Relation, RelationKind, Verdict
from scraper.store.sql import rows, tables
from scraper.store.sql.articles import PAGE, REVISION
from scraper.store.sql.database import Database
from scraper.store.sql.index import SqlTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from scraper.model import ArticleId

_revisions, _relations = tables.revisions, tables.relations
_PAGE = REVISION.where(_revisions.c.row > sa.bindparam("after")).order_by(_revisions.c.row).limit(PAGE)
_CONTAINING = sa.select(_relations.c.article_id, _relations.c.revision).where(
    _relations.c.kind == RelationKind.CONTAINS.value,
    _relations.c.article_id.in_(sa.bindparam("ids", expanding=True)),
)


def rebuild_index(url: str, advance: Callable[[int], None]) -> int:
    """Empty the index and add every stored text in its order, in one transaction; return how many."""
    database = Database(url)
    index = SqlTables(database)
    count = 0
    try:
        with database.write() as connection:
            index.clear()
            stories = StoryIndex(index)
            for row, is_roundup in _texts(connection):
                stored = rows.to_stored(row)
                links = (_contains(stored.id),) if is_roundup else ()
                signature = sign(row.body)
                stories.add(
                    stored,
                    Verdict(article=stored.article, signature=signature, story=row.story or 0, links=links),
                )
                count += 1
                advance(1)
    finally:
        database.close()
    return count


def read_revisions(connection: Connection, after: int) -> Sequence[tuple[Row[Any], bool]]:
    """Return the next texts in their order, and whether each is a round-up."""
    page = connection.execute(_PAGE, {"after": after}).all()
    found = connection.execute(_CONTAINING, {"ids": list({row.id for row in page})})
    roundups = {(row.article_id, row.revision) for row in found}
    return [(row, (row.id, row.number) in roundups) for row in page]


def _texts(connection: Connection) -> Iterator[tuple[Row[Any], bool]]:
    """Yield every text in its order, and whether it is a round-up."""
    after = 0
    while page := read_revisions(connection, after):
        yield from page
        after = page[-1][0].row


def _contains(article_id: ArticleId) -> Relation:
    return Relation(kind=RelationKind.CONTAINS, to=article_id, score=0.0)
