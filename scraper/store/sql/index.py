"""The tables of the index of stored texts, as dedup.index asks for them; used by the store in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.dedup import shingle, words
from scraper.dedup.index import IndexedText
from scraper.errors import StoreError
from scraper.model import ArticleId
from scraper.store.sql import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.model import StoredArticle
    from scraper.store.sql.database import Database

PARAMETERS = {"version": str(shingle.VERSION), "shingle": str(words.SHINGLE), "keys": str(words.KEYS)}
"""What an index was made with: another one's keys cannot be compared."""

_DOCUMENT = "SELECT row FROM revisions WHERE article_id = ? AND number = ?"
_STORY = "SELECT coalesce(story, row) FROM revisions WHERE article_id = ? AND number = 1"
_EQUAL = "SELECT min(row) FROM revisions WHERE content_hash = ?"
_revisions = tables.revisions
_TEXTS = sa.select(
    _revisions.c.row, _revisions.c.story, _revisions.c.article_id, _revisions.c.record, _revisions.c.body
).where(_revisions.c.row.in_(sa.bindparam("rows", expanding=True)))
_POSTINGS = (
    f"SELECT key, document FROM shingles WHERE key IN ({', '.join('?' * words.KEYS)}) ORDER BY key, document"  # noqa: S608
)
_ADD_POSTING = "INSERT INTO shingles (key, document) VALUES (?, ?)"
_RESIDUE = "SELECT row, paragraph FROM residue WHERE row > ? ORDER BY row"
_ADD_RESIDUE = "INSERT INTO residue (paragraph, unswept) VALUES (?, ?)"
_UNSWEPT = "SELECT unswept, max(row) FROM residue WHERE unswept IS NOT NULL GROUP BY unswept"
_SWEPT = "UPDATE residue SET unswept = NULL WHERE row <= ? AND unswept IS NOT NULL"
_WINDOW = "SELECT paragraphs FROM site_paragraphs WHERE site = ?"
_SET_WINDOW = (
    "INSERT INTO site_paragraphs (site, paragraphs) VALUES (?, ?) "
    "ON CONFLICT (site) DO UPDATE SET paragraphs = excluded.paragraphs"
)
_PARAMETERS = "SELECT name, value FROM dedup_parameters"
_ADD_PARAMETER = "INSERT INTO dedup_parameters (name, value) VALUES (?, ?)"
_EMPTY = ("shingles", "site_paragraphs", "residue", "dedup_parameters")


class SqlTables:
    """What a StoryIndex knows, in a database: the texts are the rows of the revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._residue: set[int] = set()
        self._last_residue = 0
        self._turn = 0
        self._is_checked = False
        self._windows: dict[str, bytes] = {}
        """Of the sites whose pages came in this transaction; written at its end."""
        database.on_rollback(self._reset)
        database.before_commit(self._write_windows)

    def _reset(self) -> None:
        self._residue.clear()
        self._last_residue = self._turn = 0
        self._is_checked = False
        self._windows.clear()

    def clear(self) -> None:
        """Empty the index; its next text is added with the parameters of this version."""
        for table in _EMPTY:
            self._database.run(f"DELETE FROM {table}", writes=True)  # noqa: S608 - our own names
        self._reset()

    def document(self, stored: StoredArticle, /) -> int:
        """Return the row of the revision."""
        return int(self._database.run(_DOCUMENT, (stored.id, stored.revision))[0][0])

    def story(self, article_id: ArticleId, /) -> int:
        """Return the story of an article's first revision."""
        return _first(self._database.run(_STORY, (article_id,)))

    def equal(self, content_hash: str, /) -> int:
        """Return the first revision with the content hash."""
        return _first(self._database.run(_EQUAL, (content_hash,)))

    def texts(self, documents: Sequence[int], /) -> Iterable[IndexedText]:
        """Return the texts of the revisions."""
        with self._database.read() as connection:
            found = connection.execute(_TEXTS, {"rows": documents}).all()
        return [
            IndexedText(
                document=row.row,
                story=row.story or row.row,
                article_id=ArticleId(row.article_id),
                site=row.record["site"],
                publisher=row.record["publisher"],
                agencies=tuple((row.record["credit"] or {}).get("agencies", ())),
                published=row.record["published"],
                body=row.body,
            )
            for row in found
        ]

    def postings(self, keys: Sequence[int], /) -> Iterable[tuple[int, int]]:
        """Return the pairs of key and document under the keys, in ascending order."""
        if not keys:
            return []
        padded = [*keys, *[keys[0]] * (words.KEYS - len(keys))]
        return self._database.run(_POSTINGS, padded)

    def add_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Add the document under each key."""
        self._mark()
        if keys:
            self._database.run_many(_ADD_POSTING, [(key, document) for key in keys])

    def residue(self) -> AbstractSet[int]:
        """Return every paragraph that is residue: read once, then what each transaction finds added."""
        if self._database.is_writing and self._turn == self._database.turn:
            return self._residue
        if not self._is_checked:
            self._check(dict(self._database.run(_PARAMETERS)))
        for row, paragraph in self._database.run(_RESIDUE, (self._last_residue,)):
            self._residue.add(paragraph)
            self._last_residue = row
        self._turn = self._database.turn
        return self._residue

    def add_residue(self, paragraphs: Sequence[int], site: str, /) -> None:
        """Add paragraphs that a site showed to be residue."""
        if paragraphs:
            self._database.run_many(_ADD_RESIDUE, [(paragraph, site) for paragraph in paragraphs])
            self._residue.update(paragraphs)

    def unswept(self) -> Mapping[str, int]:
        """Return the sites whose residue grew since the last sweep, each with the last row of it."""
        return dict(self._database.run(_UNSWEPT))

    def set_swept(self, row: int) -> None:
        """Note that the residue up to the row was swept."""
        self._database.run(_SWEPT, (row,), writes=True)

    def window(self, site: str, /) -> bytes:
        """Return what is remembered of the site's last paragraphs."""
        if (window := self._windows.get(site)) is not None:
            return window
        found = self._database.run(_WINDOW, (site,))
        return bytes(found[0][0]) if found else b""

    def set_window(self, site: str, window: bytes, /) -> None:
        """Remember the site's last paragraphs."""
        self._windows[site] = window
        if not self._database.is_writing:
            self._write_windows()

    def _write_windows(self) -> None:
        if self._windows:
            self._database.run_many(_SET_WINDOW, list(self._windows.items()))
            self._windows.clear()

    def _check(self, found: dict[str, str]) -> None:
        """Raise StoreError for an index that was made with other parameters."""
        if found and found != PARAMETERS:
            raise StoreError(
                f"{self._database.name}: its index of copies was made with {found}, this program "
                f"makes it with {PARAMETERS}: run scraper dedup rebuild"
            )
        self._is_checked = bool(found)

    def _mark(self) -> None:
        """Write the parameters with the first text."""
        if not self._is_checked:
            if not self._database.run(_PARAMETERS):
                self._database.run_many(_ADD_PARAMETER, list(PARAMETERS.items()))
            self._is_checked = True


def _first(rows: Sequence[Sequence[int | None]]) -> int:
    """Return the first number of the first row, 0 where there is none."""
    return (rows[0][0] or 0) if rows else 0
