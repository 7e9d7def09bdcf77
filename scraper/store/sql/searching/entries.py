"""The entries of the search index: written with the articles, and taken out with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.store.search.engine import agencies_of, key_of, month_of
from scraper.store.search.expressions import to_tsvector
from scraper.store.search.terms import document, stem_code, terms_version
from scraper.store.sql import tables
from scraper.store.sql.saving.multirow import RowWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from scraper.model import Article
    from scraper.store.sql.database import Database

_FACTS = ("key", "row", "site", "language", "month", "agencies")
_WRITE_ENTRIES = {
    "sqlite": RowWriter(tables.search_entries, _FACTS),
    "postgresql": RowWriter(
        tables.search_entries, (*_FACTS, "terms"), expressions={"terms": "CAST(terms AS tsvector)"}
    ),
}
_WRITE_TERMS = "INSERT INTO search_terms (rowid, terms) VALUES (?, ?)"
_DELETE_TERMS = "INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', ?, ?)"
_MERGE_TERMS = "INSERT INTO search_terms (search_terms) VALUES ('optimize')"
"""Until the index is merged, deleted terms stay in the file beside a mark."""
_DROP_TERMS = "INSERT INTO search_terms (search_terms) VALUES ('delete-all')"
_DELETE_ENTRY = "DELETE FROM search_entries WHERE key = ?"
_ADD_CODE = "INSERT INTO search_codes VALUES (?) ON CONFLICT DO NOTHING"
_KEYS = "SELECT row, key FROM search_entries WHERE row {numbers}"
_TAKEN = "SELECT key FROM search_entries WHERE key {numbers}"
_EARLIER = "SELECT row FROM revisions WHERE article_id = ? AND number = ?"
_STATE = "SELECT version, unread FROM search_state"
_SET_VERSION = "UPDATE search_state SET version = ?"
_SET_UNREAD = "UPDATE search_state SET unread = ?"
_EMPTY = ("DELETE FROM search_entries", "DELETE FROM search_codes")
_START_AGAIN = "UPDATE search_state SET version = ?, unread = (SELECT coalesce(max(row), 0) FROM revisions)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchEntry:
    """A text that is to be found."""

    row: int
    """Of its revision."""
    article: Article
    dated: datetime
    terms: str
    """As `indexed` gives them."""
    earlier: tuple[str, int, Article] | None = None
    """The revision that it takes the place of: its article's id, its number, and what it was."""


def indexed(article: Article, dialect: str) -> str:
    """Return the terms of an article as a database takes them."""
    line = document(article)
    return to_tsvector(line) if dialect == "postgresql" else line


class SearchEntries:
    """Writes the index in the open transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_in = -1
        self._was_current = False

    @property
    def is_current(self) -> bool:
        """Whether the index holds terms as this version makes them; an empty one does from now on."""
        if self._read_in != self._database.turn:
            version = self._database.run(_STATE, apart=True)[0][0]
            if not version:
                self._database.put(_SET_VERSION, (terms_version(),))
            self._was_current = version in {"", terms_version()}
            self._read_in = self._database.turn
        return self._was_current

    def add(self, entries: Sequence[SearchEntry]) -> None:
        """Add entries, of each revision one, and take out those whose place they take."""
        if not entries:
            return
        if not self.is_current:  # whoever makes it anew finds them
            self._database.put(_SET_UNREAD, (max(entry.row for entry in entries),))
            return
        self._drop(dict(filter(None, map(self._replaced, entries))))
        last = {entry.earlier[0]: entry for entry in entries if entry.earlier}  # of two in a row
        kept = [entry for entry in entries if not entry.earlier or last[entry.earlier[0]] is entry]
        self._write(self._with_keys(kept))
        codes = {stem_code(entry.article.language) for entry in entries}
        self._database.put(_ADD_CODE, [(code,) for code in sorted(codes)], many=True)

    def drop(self, documents: Mapping[int, Article]) -> None:
        """Take the entries of some rows out for good: of their words nothing is left in the file."""
        if not self.is_current:
            self.start_again()
        elif documents:
            self._drop(documents)
            if self._database.dialect == "sqlite":
                self._database.put(_MERGE_TERMS, ())

    def start_again(self) -> None:
        """Empty the index: all that is stored is to be read again."""
        if self._database.dialect == "sqlite":
            self._database.put(_DROP_TERMS, ())
        for statement in _EMPTY:
            self._database.put(statement, ())
        self._database.put(_START_AGAIN, (terms_version(),))
        self._read_in = -1

    def unread(self) -> int:
        """Return up to which row texts are still to be read; 0 where the index holds all."""
        return int(self._database.run(_STATE, apart=True)[0][1])

    def set_unread(self, row: int) -> None:
        """Write up to which row."""
        self._database.put(_SET_UNREAD, (row,))

    def _replaced(self, entry: SearchEntry) -> tuple[int, Article] | None:
        if entry.earlier is None:
            return None
        article_id, number, article = entry.earlier
        found = self._database.run(_EARLIER, (article_id, number), apart=True)
        return (found[0][0], article) if found else None

    def _drop(self, documents: Mapping[int, Article]) -> None:
        """Take entries out; SQLite's index has to be told the terms that it holds."""
        if not documents:
            return
        found = sorted(
            (key, row) for row, key in self._database.run_among(_KEYS, list(documents), apart=True)
        )
        if not found:
            return
        if self._database.dialect == "sqlite":
            told = [(key, document(documents[row])) for key, row in found]
            self._database.put(_DELETE_TERMS, told, many=True)
        self._database.put(_DELETE_ENTRY, [(key,) for key, _ in found], many=True)

    def _with_keys(self, entries: Iterable[SearchEntry]) -> list[tuple[int, SearchEntry]]:
        """Return the entries with free keys, ascending: SQLite writes those at a fraction of the cost."""
        keyed: dict[int, SearchEntry] = {}
        waiting = [(key_of(entry.dated, entry.row), entry) for entry in entries]
        while waiting:
            taken = {
                key for (key,) in self._database.run_among(_TAKEN, [key for key, _ in waiting], apart=True)
            }
            later = []
            for key, entry in waiting:
                if key in taken or key in keyed:
                    later.append((key + 1, entry))
                else:
                    keyed[key] = entry
            waiting = later
        return sorted(keyed.items())

    def _write(self, keyed: Sequence[tuple[int, SearchEntry]]) -> None:
        facts: list[tuple[Any, ...]] = [
            (
                key,
                entry.row,
                entry.article.site,
                entry.article.language,
                month_of(entry.dated),
                json.dumps(agencies, ensure_ascii=False)
                if (agencies := agencies_of(entry.article))
                else None,
            )
            for key, entry in keyed
        ]
        if self._database.dialect == "postgresql":
            facts = [(*fact, entry.terms) for fact, (_, entry) in zip(facts, keyed, strict=True)]
        else:
            self._database.put(_WRITE_TERMS, [(key, entry.terms) for key, entry in keyed], many=True)
        _WRITE_ENTRIES[self._database.dialect].write(self._database, facts)
