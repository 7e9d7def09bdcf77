"""What a transaction read at once, and the rows that it has yet to write; used by the store's methods."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from scraper.errors import StaleVerdictError
from scraper.model import ArticleId, StoredArticle
from scraper.record import article_id
from scraper.store.protocol import address_key, fetch_time, visit_after
from scraper.store.sql import articles as sql_articles
from scraper.store.sql import log as sql_log
from scraper.store.sql import rows, tables
from scraper.store.sql.saving.multirow import RowWriter
from scraper.store.sql.searching.entries import SearchEntry, indexed
from scraper.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from scraper.model import Article, Rejection, Verdict
    from scraper.store.protocol import Fetch, Visit
    from scraper.store.sql.database import Database
    from scraper.store.sql.searching.entries import SearchEntries

_MOMENTS = ("dated", "first_seen", "fetched_at")
_ARTICLE = ("id", "canonical_url", "site", "kind", "in_doubt", "language", *_MOMENTS, "revision")
_REVISION = ("row", "article_id", "number", "content_hash", "story", "record", "body")
_RELATION = ("article_id", "revision", "position", "kind", "to_id", "score", "evidence")
_VISIT = ("address", *rows.VISIT)
_FETCH = ("address", *rows.FETCH)
_REJECTION = ("id", "url", "site", "reason", "detail", "confidence", "raw_sha256", "fetched_at", "status")

_WRITE_ARTICLES = RowWriter(tables.articles, _ARTICLE, over="id")
_WRITE_REVISIONS = RowWriter(tables.revisions, _REVISION)
_WRITE_RELATIONS = RowWriter(tables.relations, _RELATION)
_WRITE_VISITS = RowWriter(tables.visits, _VISIT, over="address")
_WRITE_FETCHES = RowWriter(tables.fetches, _FETCH)
_WRITE_REJECTIONS = RowWriter(tables.rejections, _REJECTION)
_LAST_ROW = {
    "sqlite": "SELECT coalesce(max(row), 0) FROM revisions",
    "postgresql": "SELECT nextval(pg_get_serial_sequence('revisions', 'row')) - 1",
}
_SET_LAST_ROW = "SELECT setval(pg_get_serial_sequence('revisions', 'row'), ?)"
_NOTED = {
    "sqlite": "(SELECT value FROM json_each(?))",
    "postgresql": "(SELECT unnest(CAST(? AS text[])))",
}
_MARKS = " UNION ALL ".join(
    f"SELECT '{table}', address FROM {table} WHERE address IN {{keys}}"  # noqa: S608 - our own names
    for table in ("forgotten", "disbelieved", "quarantine")
)


@dataclass(slots=True)
class _Prepared:
    """What saving an article needs that no other row decides."""

    article: Article
    storable: Article
    record: str
    terms: str


@dataclass(slots=True)
class _Kept:
    """What is known in one transaction, and to be written at its end."""

    turn: int
    keys: set[str] = field(default_factory=set)
    """Of the addresses that were looked up: what is not below is in none of the tables."""
    articles: dict[ArticleId, StoredArticle] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    marks: dict[str, set[str]] = field(default_factory=dict)
    """Of the tables forgotten, disbelieved and quarantine, the keys that are there."""
    last_row: int | None = None
    new_articles: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    new_visits: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    revisions: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[SearchEntry] = field(default_factory=list)
    relations: list[tuple[Any, ...]] = field(default_factory=list)
    fetches: list[tuple[Any, ...]] = field(default_factory=list)
    rejections: list[tuple[Any, ...]] = field(default_factory=list)


class Pending:
    """Keeps what the methods of a store ask for and write within a transaction, and writes it at its end.

    Whatever else is read in the transaction finds it written; what else is written ends what is known.
    """

    def __init__(self, database: Database, entries: SearchEntries) -> None:
        self._database = database
        self._entries = entries
        self._prepared: dict[int, _Prepared] = {}
        self._state = _Kept(turn=-1)
        database.before_use(self._settle)
        database.before_commit(self._write)
        database.on_rollback(self._reset)

    @property
    def _kept(self) -> _Kept:
        if self._state.turn != self._database.turn:
            self._state = _Kept(turn=self._database.turn)
        return self._state

    def _reset(self) -> None:
        self._state = _Kept(turn=-1)

    def _settle(self, writes: bool) -> None:  # noqa: FBT001 - as the database tells it
        self._write()
        if writes:
            self._forget()

    def _forget(self) -> None:
        kept = self._kept
        kept.last_row = None
        for each in (kept.keys, kept.articles, kept.visits, kept.marks):
            each.clear()

    def prepare(self, articles: Iterable[Article]) -> None:
        """Make of articles that will soon be saved what needs no database."""
        self._prepared = {id(article): self._prepare(article) for article in articles}

    def _prepare(self, article: Article) -> _Prepared:
        clean = storable(article)
        return _Prepared(
            article=article,
            storable=clean,
            record=rows.json_text(rows.record_of(clean)),
            terms=indexed(clean, self._database.dialect),
        )

    def look_up(self, addresses: Iterable[str]) -> None:
        """Read at once what is held of addresses."""
        keys = sorted({address_key(address) for address in addresses})
        kept = self._kept
        for start in range(0, len(keys), sql_log.ROWS_AT_ONCE):
            chunk = keys[start : start + sql_log.ROWS_AT_ONCE]
            with self._database.read() as connection:
                kept.articles |= sql_articles.find_all(connection, chunk)
                kept.visits |= sql_log.find_visits(connection, chunk)
            given: Any = json.dumps(chunk) if self._database.dialect == "sqlite" else chunk
            statement = _MARKS.format(keys=_NOTED[self._database.dialect])
            for table, key in self._database.run(statement, [given] * 3):
                kept.marks.setdefault(table, set()).add(key)
            kept.keys |= set(chunk)

    def held(self) -> Mapping[ArticleId, StoredArticle]:
        """Return the articles at the addresses that were looked up."""
        return self._kept.articles

    def knows(self, keys: Collection[str]) -> bool:
        """Return whether these were looked up in the open transaction."""
        return self._database.is_writing and self._kept.keys.issuperset(keys)

    def is_in(self, table: str, key: str) -> bool:
        """Return whether a key that was looked up is in forgotten, disbelieved or quarantine."""
        return key in self._kept.marks.get(table, ())

    def article(self, key: ArticleId) -> StoredArticle | None:
        """Return the current revision of the article."""
        if self.knows({key}):
            return self._kept.articles.get(key)
        with self._database.read() as connection:
            return sql_articles.find(connection, key)

    def visit(self, key: str) -> Visit | None:
        """Return what is known of an address."""
        if self.knows({key}):
            return self._kept.visits.get(key)
        with self._database.read() as connection:
            return sql_log.find_visits(connection, [key]).get(key)

    def add_revision(self, verdict: Verdict) -> tuple[StoredArticle, int]:
        """Add an article's next revision; return it and its row. In a transaction.

        Raises StaleVerdictError if the verdict expected another one.
        """
        prepared = self._prepared.get(id(verdict.article))
        if prepared is None or prepared.article is not verdict.article:
            prepared = self._prepare(verdict.article)
        article = prepared.storable
        key = article_id(article)
        before = self.article(key)
        revision = before.revision if before else 0
        if revision != verdict.expected_revision:
            raise StaleVerdictError(
                f"{article.canonical_url or key}: the store has revision {revision}, "
                f"the verdict expected {verdict.expected_revision}; decide again"
            )
        stored = StoredArticle(
            id=key,
            article=article,
            content_hash=verdict.signature.content_hash,
            revision=revision + 1,
            relation=storable(verdict.relation),
            first_seen=before.first_seen if before else fetch_time(article),
            gone=before.gone if before else None,
        )
        self._keep(stored, verdict, prepared, before)
        return stored, self._kept.last_row or 0

    def _keep(
        self, stored: StoredArticle, verdict: Verdict, prepared: _Prepared, before: StoredArticle | None
    ) -> None:
        row = self._next_row()
        kept = self._kept
        if stored.id in kept.keys:
            kept.articles[stored.id] = stored
        article = rows.article_row(stored)
        kept.new_articles[stored.id] = tuple(article[name] for name in _ARTICLE)
        text = (row, stored.id, stored.revision, stored.content_hash, verdict.story or None)
        kept.revisions.append((*text, prepared.record, stored.article.body))
        earlier = (before.id, before.revision, before.article) if before else None
        kept.entries.append(
            SearchEntry(
                row=row, article=stored.article, dated=article["dated"], terms=prepared.terms, earlier=earlier
            )
        )
        edges = ([(0, stored.relation)] if stored.relation else []) + list(
            enumerate(storable(verdict.links), start=1)
        )
        for edge in edges:
            relation = rows.relation_row(stored, *edge)
            relation["evidence"] = rows.json_text(relation["evidence"])
            kept.relations.append(tuple(relation[name] for name in _RELATION))

    def _next_row(self) -> int:
        """Return the row of the next revision: only this transaction adds any."""
        kept = self._kept
        if kept.last_row is None:
            found = self._database.run(_LAST_ROW[self._database.dialect])
            kept.last_row = int(found[0][0])
        kept.last_row += 1
        return kept.last_row

    def mark_gone(self, key: ArticleId, at: datetime | None) -> bool:
        """Return whether the row of an article is there and has to be marked; what is known of it follows."""
        stored = self.article(key)
        if stored is None or bool(stored.gone) is bool(at):
            return False
        if key in self._kept.new_articles:
            self._write()
        if self.knows({key}):
            self._kept.articles[key] = replace(stored, gone=at)
        return True

    def add_fetch(self, fetch: Fetch, key: str) -> None:
        """Add to the fetch log and bring the address's visit up to date. In a transaction."""
        visit = visit_after(self.visit(key), fetch)
        kept = self._kept
        if key in kept.keys:
            kept.visits[key] = visit
        kept.new_visits[key] = (key, *rows.visit_values(visit))
        kept.fetches.append((key, *rows.fetch_values(fetch)))

    def add_rejection(self, rejection: Rejection) -> None:
        """Add a rejected page. In a transaction."""
        row = {"id": rejection.id} | rows.rejection_row(rejection)
        self._kept.rejections.append(tuple(row[name] for name in _REJECTION))

    def _write(self) -> None:
        """Write what is kept, in the order in which rows refer to each other."""
        kept, database = self._kept, self._database
        new = (
            kept.new_articles,
            kept.revisions,
            kept.entries,
            kept.relations,
            kept.new_visits,
            kept.fetches,
            kept.rejections,
        )
        if not any(new):
            return
        _WRITE_ARTICLES.write(database, list(kept.new_articles.values()))
        _WRITE_REVISIONS.write(database, kept.revisions)
        if kept.revisions and database.dialect == "postgresql":
            database.put(_SET_LAST_ROW, (kept.last_row,))
        self._entries.add(kept.entries)
        _WRITE_RELATIONS.write(database, kept.relations)
        _WRITE_VISITS.write(database, list(kept.new_visits.values()))
        _WRITE_FETCHES.write(database, kept.fetches)
        _WRITE_REJECTIONS.write(database, kept.rejections)
        for each in new:
            each.clear()
