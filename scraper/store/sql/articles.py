"""The statements on articles, their revisions and relations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from scraper.model import ArticleId
from scraper.store.protocol import Edge
from scraper.store.queries import ArticleQuery
from scraper.store.search.engine import asked_of
from scraper.store.search.expressions import to_fts5, to_tsquery
from scraper.store.sql import rows, tables
from scraper.store.values import restricted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from scraper.model import Article, StoredArticle
    from scraper.store.search.engine import Asked

PAGE = 100
"""Articles read at once: about 1 MB of records."""

_articles, _revisions, _relations = tables.articles, tables.revisions, tables.relations

REVISION: Select[Any] = sa.select(
    _articles.c.id,
    _articles.c.first_seen,
    _articles.c.dated,
    _articles.c.gone,
    _revisions.c.row,
    _revisions.c.number,
    _revisions.c.content_hash,
    _revisions.c.story,
    _revisions.c.record,
    _revisions.c.body,
    _relations.c.kind,
    _relations.c.to_id,
    _relations.c.score,
    _relations.c.evidence,
).select_from(
    _revisions.join(_articles, _articles.c.id == _revisions.c.article_id).outerjoin(
        _relations,
        (_relations.c.article_id == _revisions.c.article_id)
        & (_relations.c.revision == _revisions.c.number)
        & (_relations.c.position == 0),
    )
)
"""Every revision with its article and its relation."""

CURRENT = REVISION.where(_revisions.c.number == _articles.c.revision)

# Statements are made once: making one costs more than running it.
_FIND = CURRENT.where(_articles.c.id == sa.bindparam("key"))
_FIND_ALL = CURRENT.where(_articles.c.id.in_(sa.bindparam("keys", expanding=True)))
_UPDATE_RECORD = sa.update(_revisions).where(
    _revisions.c.article_id == sa.bindparam("key"), _revisions.c.number == sa.bindparam("revision")
)


def find(connection: Connection, key: ArticleId) -> StoredArticle | None:
    """Return the current revision of the article."""
    row = connection.execute(_FIND, {"key": key}).first()
    return rows.to_stored(row) if row else None


def find_all(connection: Connection, keys: Sequence[str]) -> dict[ArticleId, StoredArticle]:
    """Return the current revisions of some articles, by id; at most as many as are looked up at once."""
    return {ArticleId(row.id): rows.to_stored(row) for row in connection.execute(_FIND_ALL, {"keys": keys})}


def find_revisions(connection: Connection, key: ArticleId) -> tuple[StoredArticle, ...]:
    """Return every revision of the article, the first one first."""
    found = connection.execute(REVISION.where(_articles.c.id == key).order_by(_revisions.c.number))
    return tuple(rows.to_stored(row) for row in found)


def update_extractor(connection: Connection, stored: StoredArticle, extractor: str) -> None:
    """Write the extractor into the record of the revision."""
    update_article(connection, stored, replace(stored.article, extractor=extractor))


def update_restrictions(connection: Connection, stored: StoredArticle, article: Article) -> None:
    """Write what an article's page forbids, and where it says so, into the record of the revision."""
    update_article(connection, stored, restricted(stored.article, article))


def update_article(connection: Connection, stored: StoredArticle, article: Article) -> None:
    """Write fields of the same text into the record of the revision."""
    record = rows.record_of(article)
    connection.execute(_UPDATE_RECORD, {"key": stored.id, "revision": stored.revision, "record": record})


def mark_gone(connection: Connection, key: ArticleId, at: datetime | None) -> None:
    """Write since when the article is gone, unless that is known; None: it is not."""
    since = _articles.c.gone.is_(None) if at else _articles.c.gone.is_not(None)
    connection.execute(sa.update(_articles).where(_articles.c.id == key, since).values(gone=at))


def _matches(connection: Connection, query: str) -> ColumnElement[bool]:
    """Return the condition that a revision answers a query. Raises QueryError."""
    codes = connection.scalars(sa.select(tables.search_codes.c.code)).all()
    asked = asked_of(ArticleQuery(search=query), codes)
    return _revisions.c.row.in_(matching_rows(connection, asked))


def matching_rows(connection: Connection, asked: Asked) -> Select[Any]:
    """Return the rows of the revisions that answer, as a subquery."""
    entries, terms = tables.search_entries, tables.search_terms
    if connection.dialect.name == "postgresql":
        found = entries.c.terms.op("@@")(sa.cast(to_tsquery(asked.expression), TSQUERY))
    else:
        match = terms.c.search_terms.op("MATCH")(to_fts5(asked.expression))
        found = entries.c.key.in_(sa.select(terms.c.rowid).where(match))
    return sa.select(entries.c.row).where(found, entries.c.key >= asked.low, entries.c.key < asked.high)


def find_page(connection: Connection, query: ArticleQuery, after: Row[Any] | None) -> Sequence[Row[Any]]:
    """Return the rows of the articles that come after the given one, at most a page."""
    statement = _where(CURRENT, connection, query)
    if query.newest_first:
        statement = statement.order_by(_articles.c.dated.desc(), _articles.c.id.desc())
        if after is not None:
            statement = statement.where(_beyond(_articles.c.dated, after.dated, after.id, newest_first=True))
    else:
        statement = statement.order_by(_articles.c.first_seen, _articles.c.id)
        if after is not None:
            statement = statement.where(
                _beyond(_articles.c.first_seen, after.first_seen, after.id, newest_first=False)
            )
    return connection.execute(statement.limit(PAGE)).all()


def _beyond(column: Any, value: Any, key: str, *, newest_first: bool) -> ColumnElement[bool]:  # noqa: ANN401
    here = sa.tuple_(column, _articles.c.id)
    there = sa.tuple_(sa.bindparam(None, value, type_=tables.Instant), sa.bindparam(None, key, type_=sa.Text))
    return here < there if newest_first else here > there


def _where(statement: Select[Any], connection: Connection, query: ArticleQuery) -> Select[Any]:
    columns = _articles.c
    if query.site is not None:
        statement = statement.where(columns.site == query.site)
    if query.since is not None:
        statement = statement.where(columns.dated >= query.since)
    if query.until is not None:
        statement = statement.where(columns.dated < query.until)
    if query.kind is not None:
        statement = statement.where(columns.kind == query.kind.value)
    if query.in_doubt is not None:
        statement = statement.where(columns.in_doubt == int(query.in_doubt))
    if query.language is not None:
        language = query.language.lower()
        ranged = sa.func.lower(columns.language).startswith(f"{language}-", autoescape=True)
        statement = statement.where((sa.func.lower(columns.language) == language) | ranged)
    if not query.part.is_whole:
        first, end = query.part.ids
        statement = statement.where(columns.id >= first, columns.id < end)
    if query.search is not None:
        statement = statement.where(_matches(connection, query.search))
    return statement


def find_edges(connection: Connection, key: ArticleId) -> tuple[Edge, ...]:
    """Return the relations to other articles that start or end at the article, oldest first."""
    columns = _relations.c
    found = connection.execute(
        sa.select(_relations, _revisions.c.row)
        .join(
            _revisions,
            (_revisions.c.article_id == columns.article_id) & (_revisions.c.number == columns.revision),
        )
        .where((columns.article_id == key) | (columns.to_id == key), columns.article_id != columns.to_id)
        .order_by(_revisions.c.row, columns.position)
    )
    return tuple(
        Edge(source=ArticleId(row.article_id), revision=row.revision, relation=rows.to_relation(row._mapping))  # noqa: SLF001
        for row in found
    )
