"""The tables of the index of stored texts, as dedup.index asks for them; used by the store in SQL."""

from __future__ import annotations

import json
from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.dedup import shingle, words
from scraper.dedup.index import IndexedText
from scraper.errors import StoreError
from scraper.model import ArticleId
from scraper.store.sql import tables
from scraper.store.sql.saving.multirow import RowWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.dedup.words import Words
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
_ALL_POSTINGS = {
    "sqlite": (
        "SELECT key, document FROM shingles "
        "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key, document"
    ),
    "postgresql": "SELECT key, document FROM shingles WHERE key = ANY(?::bigint[]) ORDER BY key, document",
}
_ALL_EQUAL = {
    "sqlite": (
        "SELECT content_hash, min(row) FROM revisions "
        "WHERE content_hash IN (SELECT value FROM json_each(?)) GROUP BY content_hash"
    ),
    "postgresql": (
        "SELECT content_hash, min(row) FROM revisions "
        "WHERE content_hash = ANY(?::text[]) GROUP BY content_hash"
    ),
}
_RESIDUE = "SELECT row, paragraph FROM residue WHERE row > ? ORDER BY row"
_UNSWEPT = "SELECT unswept, max(row) FROM residue WHERE unswept IS NOT NULL GROUP BY unswept"
_SWEPT = "UPDATE residue SET unswept = NULL WHERE row <= ? AND unswept IS NOT NULL"
_WINDOW = "SELECT paragraphs FROM site_paragraphs WHERE site = ?"
_PARAMETERS = "SELECT name, value FROM dedup_parameters"
_ADD_PARAMETER = "INSERT INTO dedup_parameters (name, value) VALUES (?, ?)"
_ALL_STORIES = {
    "sqlite": (
        "SELECT article_id, coalesce(story, row) FROM revisions "
        "WHERE number = 1 AND article_id IN (SELECT value FROM json_each(?))"
    ),
    "postgresql": (
        "SELECT article_id, coalesce(story, row) FROM revisions "
        "WHERE number = 1 AND article_id = ANY(?::text[])"
    ),
}
_ALL_WINDOWS = {
    "sqlite": "SELECT site, paragraphs FROM site_paragraphs WHERE site IN (SELECT value FROM json_each(?))",
    "postgresql": "SELECT site, paragraphs FROM site_paragraphs WHERE site = ANY(?::text[])",
}
_WRITE_POSTINGS = RowWriter(tables.shingles, ("key", "document"))
_WRITE_RESIDUE = RowWriter(tables.residue, ("paragraph", "unswept"))
_WRITE_WINDOWS = RowWriter(tables.site_paragraphs, ("site", "paragraphs"), over="site")
_EMPTY = ("shingles", "site_paragraphs", "residue", "dedup_parameters")


@dataclass(slots=True)
class _Found:
    """What was looked up in one transaction, with what was added since, and what is yet to be written."""

    turn: int
    postings: dict[int, list[int]] = field(default_factory=dict)
    equal: dict[str, int] = field(default_factory=dict)
    windows: dict[str, bytes] = field(default_factory=dict)
    documents: dict[tuple[ArticleId, int], int] = field(default_factory=dict)
    stories: dict[ArticleId, int] = field(default_factory=dict)
    new_postings: list[tuple[int, int]] = field(default_factory=list)
    new_residue: list[tuple[int, str]] = field(default_factory=list)


class SqlTables:
    """What a StoryIndex knows, in a database: the texts are the rows of the revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._residue: set[int] = set()
        self._last_residue = 0
        self._turn = 0
        self._is_checked = False
        self._found = _Found(turn=-1)
        self._windows: dict[str, bytes] = {}
        """Of the sites whose pages came in this transaction; written at its end."""
        database.on_rollback(self._reset)
        database.before_use(self._settle)
        database.before_commit(self._write)

    def _reset(self) -> None:
        self._residue.clear()
        self._last_residue = self._turn = 0
        self._is_checked = False
        self._windows.clear()
        self._found = _Found(turn=-1)

    @property
    def _now(self) -> _Found:
        """What is known in this transaction."""
        if self._found.turn != self._database.turn:
            self._found = _Found(turn=self._database.turn)
        return self._found

    def _settle(self, writes: bool) -> None:  # noqa: FBT001 - as the database tells it
        """Write what was added, for what is read now; what is written now may change what was found."""
        self._write_added()
        if writes:
            self._found = _Found(turn=self._database.turn)

    def look_up(self, words: Sequence[Words], sites: Iterable[str], /) -> None:
        """Read at once what equals texts or shares keys with them, and the windows of the sites."""
        keys = list({key for each in words for key in each.keys})
        hashes = list({each.content_hash for each in words})
        found: dict[int, list[int]] = {key: [] for key in keys}
        for key, document in self._at_once(_ALL_POSTINGS, keys):
            found[key].append(document)
        equal = dict.fromkeys(hashes, 0) | dict(self._at_once(_ALL_EQUAL, hashes))
        names = [site for site in sites if site not in self._windows]
        windows = dict.fromkeys(names, b"") | {
            site: bytes(window) for site, window in self._at_once(_ALL_WINDOWS, names)
        }
        now = self._now
        now.postings, now.equal, now.windows = found, equal, windows

    def look_up_stories(self, articles: Sequence[ArticleId]) -> None:
        """Read at once of which stories articles are."""
        self._now.stories |= {ArticleId(key): story for key, story in self._at_once(_ALL_STORIES, articles)}

    def _at_once(self, statements: Mapping[str, str], values: Sequence[Any]) -> Sequence[Any]:
        """Return what a statement finds under any of the values."""
        dialect = self._database.dialect
        given = json.dumps(values) if dialect == "sqlite" else values
        return self._database.run(statements[dialect], (given,)) if values else ()

    def keep_text(self, stored: StoredArticle, row: int, story: int) -> None:
        """Give a text that is yet to be written its row and story."""
        now = self._now
        now.documents[stored.id, stored.revision] = row
        if not now.equal.get(stored.content_hash, 1):
            now.equal[stored.content_hash] = row
        if stored.revision == 1:
            now.stories[stored.id] = story

    def clear(self) -> None:
        """Empty the index; its next text is added with the parameters of this version."""
        for table in _EMPTY:
            self._database.run(f"DELETE FROM {table}", writes=True)  # noqa: S608 - our own names
        self._reset()

    def document(self, stored: StoredArticle, /) -> int:
        """Return the row of the revision."""
        known = self._now.documents.get((stored.id, stored.revision))
        return known or int(self._database.run(_DOCUMENT, (stored.id, stored.revision))[0][0])

    def story(self, article_id: ArticleId, /) -> int:
        """Return the story of an article's first revision."""
        known = self._now.stories.get(article_id)
        return known or _first(self._database.run(_STORY, (article_id,)))

    def equal(self, content_hash: str, /) -> int:
        """Return the first revision with the content hash."""
        known = self._now.equal.get(content_hash)
        return _first(self._database.run(_EQUAL, (content_hash,))) if known is None else known

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
        known = self._now.postings
        if all(key in known for key in keys):
            return [(key, document) for key in dict.fromkeys(keys) for document in known[key]]
        padded = [*keys, *[keys[0]] * (words.KEYS - len(keys))]
        return self._database.run(_POSTINGS, padded)

    def add_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Add the document under each key."""
        self._mark()
        now = self._now
        for key in keys:
            now.new_postings.append((key, document))
            if key in now.postings:
                insort(now.postings[key], document)
        if not self._database.is_writing:
            self._write_added()

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
            self._now.new_residue.extend((paragraph, site) for paragraph in paragraphs)
            self._residue.update(paragraphs)
            if not self._database.is_writing:
                self._write_added()

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
        if (window := self._now.windows.get(site)) is not None:
            return window
        found = self._database.run(_WINDOW, (site,))
        return bytes(found[0][0]) if found else b""

    def set_window(self, site: str, window: bytes, /) -> None:
        """Remember the site's last paragraphs."""
        self._windows[site] = window
        if not self._database.is_writing:
            self._write()

    def _write(self) -> None:
        """Write what was kept for the end of the transaction."""
        self._write_added()
        if self._windows:
            _WRITE_WINDOWS.write(self._database, list(self._windows.items()))
            self._windows.clear()

    def _write_added(self) -> None:
        now = self._now
        for writer, rows in ((_WRITE_POSTINGS, now.new_postings), (_WRITE_RESIDUE, now.new_residue)):
            writer.write(self._database, rows)
            rows.clear()

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
                self._database.put(_ADD_PARAMETER, list(PARAMETERS.items()), many=True)
            self._is_checked = True


def _first(rows: Sequence[Sequence[int | None]]) -> int:
    """Return the first number of the first row, 0 where there is none."""
    return (rows[0][0] or 0) if rows else 0
