"""The relations of all stored texts, judged again with what is known by now; run by scraper dedup sweep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.dedup.compare import compare
from scraper.dedup.decide import decide_copy
from scraper.dedup.index import StoryIndex
from scraper.dedup.shingle import sign
from scraper.store.copies.rebuild import read_revisions
from scraper.store.copies.stories import COPIES
from scraper.store.sql import rows, tables
from scraper.store.sql.database import Database
from scraper.store.sql.index import SqlTables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from scraper.dedup.words import Words
    from scraper.model import ArticleId, Relation

FREED = "freed"
"""In place of a kind: the relation was removed."""

_revisions, _relations = tables.revisions, tables.relations
_EARLIER = sa.select(_revisions.c.row).where(
    _revisions.c.article_id == sa.bindparam("key"), _revisions.c.row < sa.bindparam("before")
)
_REMOVE = sa.delete(_relations).where(
    _relations.c.article_id == sa.bindparam("old_article_id"),
    _relations.c.revision == sa.bindparam("old_revision"),
    _relations.c.position == sa.bindparam("old_position"),
)
_COPIES_OF = sa.select(_relations.c.article_id).where(
    _relations.c.to_id.in_(sa.bindparam("keys", expanding=True)),
    _relations.c.kind.in_([kind.value for kind in COPIES]),
)
_TEXTS_OF = (
    sa.select(_revisions.c.row, _revisions.c.body)
    .where(_revisions.c.article_id.in_(sa.bindparam("keys", expanding=True)))
    .order_by(_revisions.c.row)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a sweep did to the relation of an article."""

    article_id: ArticleId
    kind: str
    """Of the relation that the article has now; FREED where it has none any more."""
    to: ArticleId
    """The article that it is related to; of a freed one, was."""
    score: float


def sweep_store(url: str, advance: Callable[[int], None]) -> Sequence[Move]:
    """Relate new articles to the texts that they copy after all, and free those that only a frame joined.

    A relation is checked again where its site has shown more residue since the last sweep. A page of
    texts is one transaction: no other process judges meanwhile, and none waits long.
    """
    database = Database(url)
    index = SqlTables(database)
    changes: list[Move] = []
    try:
        grown = index.unswept()
        stories, after = StoryIndex(index), 0
        while True:
            with database.write() as connection:
                page = read_revisions(connection, after)
                for row, is_roundup in page:
                    if not is_roundup and (change := _check(connection, stories, row, grown)):
                        changes.append(change)
            if not page:
                break
            after = page[-1][0].row
            advance(len(page))
        if grown:
            index.set_swept(max(grown.values()))
    finally:
        database.close()
    return changes


def _check(
    connection: Connection, stories: StoryIndex, row: Row[Any], grown: Mapping[str, int]
) -> Move | None:
    """Return what had to change about a text's relation; most are right as they are."""
    stored = rows.to_stored(row)
    before = stored.relation
    if before is None and row.story is not None:
        return None
    if before and (before.kind not in COPIES or stored.article.site not in grown):
        return None
    signature = sign(row.body)
    words = stories.words(signature)
    if before and _holds(connection, stories, row, words):
        return None
    earlier = [
        candidate
        for candidate in stories.near(words)
        if candidate.text.document < row.row and candidate.text.article_id != row.id
    ]
    verdict = decide_copy(stored.article, signature, words=words, candidates=earlier)
    named = verdict.relation or before
    if named is None or verdict.links:
        return None
    _relate(connection, row, verdict.relation)
    _move(connection, stories, row, verdict.story)
    kind = verdict.relation.kind.value if verdict.relation else FREED
    return Move(article_id=stored.id, kind=kind, to=named.to, score=named.score)


def _holds(connection: Connection, stories: StoryIndex, row: Row[Any], words: Words) -> bool:
    """Return whether a text still is a copy of an earlier text of the article it is related to."""
    texts = list(connection.scalars(_EARLIER, {"key": row.to_id, "before": row.row}))
    return any(
        candidate.words.content_hash == words.content_hash
        or compare(words, candidate.words, same_site=candidate.text.site == row.record["site"])
        for candidate in stories.of(texts)
        if candidate.text.article_id == row.to_id
    )


def _relate(connection: Connection, row: Row[Any], relation: Relation | None) -> None:
    """Write the relation of a text over what it had."""
    place = {"article_id": row.id, "revision": row.number, "position": 0}
    connection.execute(_REMOVE, {f"old_{name}": value for name, value in place.items()})
    if relation:
        found = {
            "kind": relation.kind.value,
            "to_id": relation.to,
            "score": relation.score,
            "evidence": dict(relation.evidence) | {"found_by": "sweep"},
        }
        connection.execute(sa.insert(_relations), place | found)


def _move(connection: Connection, stories: StoryIndex, row: Row[Any], story: int) -> None:
    """Move a text, its revisions and its copies to a story, 0 for its own, and post their keys."""
    articles, ahead = {row.id}, [row.id]
    while ahead:
        ahead = [key for key in connection.scalars(_COPIES_OF, {"keys": ahead}) if key not in articles]
        articles.update(ahead)
    moved = connection.execute(_TEXTS_OF, {"keys": list(articles)}).all()
    numbers = [text.row for text in moved]
    connection.execute(
        sa.update(_revisions).where(_revisions.c.row.in_(numbers)).values(story=story or row.row)
    )
    if not story:
        connection.execute(sa.update(_revisions).where(_revisions.c.row == row.row).values(story=None))
    stories.forget()  # the texts that it holds have their old stories
    for text in moved:
        stories.repost(sign(text.body), document=text.row, story=story or row.row)
