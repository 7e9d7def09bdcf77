"""Upkeep of the index of stored texts: made anew, and searched for what slipped through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.dedup.decide import decide_copy
from scraper.dedup.index import StoryIndex
from scraper.dedup.shingle import sign
from scraper.model import Relation, RelationKind, Verdict
from scraper.store import rows, tables
from scraper.store.database import Database
from scraper.store.sql_articles import PAGE, REVISION
from scraper.store.sql_index import SqlTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from scraper.model import ArticleId

_revisions, _relations = tables.revisions, tables.relations
_PAGE = REVISION.where(_revisions.c.row > sa.bindparam("after")).order_by(_revisions.c.row).limit(PAGE)
_CONTAINING = sa.select(_relations.c.article_id, _relations.c.revision).where(
    _relations.c.kind == RelationKind.CONTAINS.value
)


def rebuild_index(url: str, advance: Callable[[int], None]) -> int:
    """Empty the index and add every stored text in its order, in one transaction; return how many."""
    database, index = _opened(url)
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


def sweep_store(url: str, advance: Callable[[int], None]) -> Sequence[tuple[str, str, str, float]]:
    """Relate each new article to the earlier text that it copies after all; return id, kind, target, score.

    All of it in one transaction: no other process judges meanwhile.
    """
    database, index = _opened(url)
    found = []
    try:
        with database.write() as connection:
            stories = StoryIndex(index)
            for row, is_roundup in _texts(connection):
                advance(1)
                if row.kind is not None or row.story is not None or is_roundup:
                    continue
                stored = rows.to_stored(row)
                words = stories.words(signature := sign(row.body))
                earlier = [
                    candidate
                    for candidate in stories.near(words)
                    if candidate.text.document < row.row and candidate.text.article_id != stored.id
                ]
                verdict = decide_copy(stored.article, signature, words=words, candidates=earlier)
                if verdict.relation:
                    _relate(connection, row, verdict.relation, verdict.story)
                    stories.forget()
                    relation = verdict.relation
                    found.append((stored.id, relation.kind.value, relation.to, relation.score))
    finally:
        database.close()
    return found


def _opened(url: str) -> tuple[Database, SqlTables]:
    database = Database(url)
    return database, SqlTables(database)


def _contains(article_id: ArticleId) -> Relation:
    return Relation(kind=RelationKind.CONTAINS, to=article_id, score=0.0)


def _texts(connection: Connection) -> Iterator[tuple[Row[Any], bool]]:
    """Yield every revision in its order, and whether it is a round-up."""
    roundups = {(row.article_id, row.revision) for row in connection.execute(_CONTAINING)}
    after = 0
    while page := connection.execute(_PAGE, {"after": after}).all():
        for row in page:
            yield row, (row.id, row.number) in roundups
        after = page[-1].row


def _relate(connection: Connection, row: Row[Any], relation: Relation, story: int) -> None:
    """Write the relation of a text that had none, and move what hangs on it to its story."""
    connection.execute(
        sa.insert(_relations),
        {
            "article_id": row.id,
            "revision": row.number,
            "position": 0,
            "kind": relation.kind.value,
            "to_id": relation.to,
            "score": relation.score,
            "evidence": dict(relation.evidence) | {"found_by": "sweep"},
        },
    )
    moved = (_revisions.c.row == row.row) | (_revisions.c.story == row.row)
    connection.execute(sa.update(_revisions).where(moved).values(story=story))
