"""The tables of the index of stored texts, as dedup.index asks for them; used by the store in SQL."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.dedup import hashes, shingle, words
from scraper.dedup.index import IndexedText
from scraper.errors import StoreError
from scraper.model import ArticleId, RelationKind
from scraper.store.sql import tables
from scraper.store.sql.saving.multirow import RowWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.dedup.words import Words
    from scraper.model import StoredArticle
    from scraper.store.sql.database import Database

PARAMETERS = {
    "version": str(shingle.VERSION),
    "shingle": str(hashes.SHINGLE),
    "keys": str(words.KEYS),
    "postings": "all",
}
"""What an index was made with: another one's keys cannot be compared, or are not all there."""

_DOCUMENT = "SELECT row FROM revisions WHERE article_id = ? AND number = ?"
_STORY = "SELECT coalesce(story, row) FROM revisions WHERE article_id = ? AND number = 1"
_EQUAL = "SELECT min(row) FROM revisions WHERE content_hash = ?"
_revisions = tables.revisions
_relations = tables.relations
_IS_ROUNDUP = sa.exists().where(
    _relations.c.article_id == _revisions.c.article_id,
    _relations.c.revision == _revisions.c.number,
    _relations.c.kind == RelationKind.CONTAINS.value,
)
_TEXTS = sa.select(
    _revisions.c.row,
    _revisions.c.story,
    _revisions.c.article_id,
    _revisions.c.record,
    _revisions.c.body,
    _IS_ROUNDUP.label("is_roundup"),
).where(_revisions.c.row.in_(sa.bindparam("rows", expanding=True)))
_POSTINGS = (
    f"SELECT key, document FROM shingles WHERE key IN ({', '.join('?' * words.KEYS)}) ORDER BY key, document"  # noqa: S608
)
_ALL_POSTINGS = "SELECT key, document FROM shingles WHERE key {numbers} ORDER BY key, document"
_ALL_EQUAL = "SELECT content_hash, min(row) FROM revisions WHERE content_hash {texts} GROUP BY content_hash"
_ALL_RESIDUE = "SELECT paragraph FROM residue WHERE paragraph {numbers}"
_STORIES_OF = "SELECT row, coalesce(story, row) FROM revisions WHERE row {numbers}"
_WINDOW = "SELECT paragraphs FROM site_paragraphs WHERE site = ?"
_DROP_POSTING = "DELETE FROM shingles WHERE key = ? AND document = ?"
_PARAMETERS = "SELECT name, value FROM dedup_parameters"
_ADD_PARAMETER = "INSERT INTO dedup_parameters (name, value) VALUES (?, ?)"
_ALL_STORIES = (
    "SELECT article_id, coalesce(story, row) FROM revisions WHERE number = 1 AND article_id {texts}"
)
_ALL_WINDOWS = "SELECT site, paragraphs FROM site_paragraphs WHERE site {texts}"
_WRITE_POSTINGS = RowWriter(tables.shingles, ("key", "document"))
_WRITE_PAIRS = RowWriter(tables.copy_pairs, ("earlier", "later", "closeness"))
_WRITE_RESIDUE = RowWriter(tables.residue, ("paragraph", "texts", "seen"))
_WRITE_UNSWEPT = RowWriter(tables.unswept, ("document", "is_linked"), over="document")
_WRITE_WINDOWS = RowWriter(tables.site_paragraphs, ("site", "paragraphs"), over="site")
_EMPTY = ("shingles", "site_paragraphs", "residue", "pairs", "unswept", "dedup_parameters")


@dataclass(slots=True)
class _Found:
    """What was looked up in one transaction, with what was added since, and what is yet to be written."""

    turn: int
    postings: dict[int, list[int]] = field(default_factory=dict)
    equal: dict[str, int] = field(default_factory=dict)
    windows: dict[str, bytes] = field(default_factory=dict)
    documents: dict[tuple[ArticleId, int], int] = field(default_factory=dict)
    stories: dict[ArticleId, int] = field(default_factory=dict)
    """Of articles …"""
    stories_of: dict[int, int | None] = field(default_factory=dict)
    """… and of texts; 0: there is no such text."""
    residue: dict[int, bool | None] = field(default_factory=dict)
    new_postings: list[tuple[int, int]] = field(default_factory=list)
    new_pairs: list[tuple[int, int, float]] = field(default_factory=list)
    new_residue: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    new_unswept: dict[int, tuple[int, int]] = field(default_factory=dict)


class SqlTables:
    """What a StoryIndex knows, in a database: the texts are the rows of the revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_checked = False
        self._found = _Found(turn=-1)
        self._windows: dict[str, bytes] = {}
        """Of the sites whose pages came in this transaction; written at its end."""
        database.on_rollback(self._reset)
        database.before_use(self._settle)
        database.before_commit(self._write)

    def _reset(self) -> None:
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
        for key, document in self._database.run_among(_ALL_POSTINGS, keys):
            found[key].append(document)
        equal = dict.fromkeys(hashes, 0) | dict(self._database.run_among(_ALL_EQUAL, hashes))
        names = [site for site in sites if site not in self._windows]
        windows = dict.fromkeys(names, b"") | {
            site: bytes(window) for site, window in self._database.run_among(_ALL_WINDOWS, names)
        }
        now = self._now
        now.postings, now.equal, now.windows = found, equal, windows

    def look_up_stories(self, articles: Sequence[ArticleId]) -> None:
        """Read at once of which stories articles are."""
        self._now.stories |= {
            ArticleId(key): story for key, story in self._database.run_among(_ALL_STORIES, articles)
        }

    def keep_text(self, stored: StoredArticle, row: int, story: int) -> None:
        """Give a text that is yet to be written its row and story."""
        now = self._now
        now.documents[stored.id, stored.revision] = row
        if not now.equal.get(stored.content_hash, 1):
            now.equal[stored.content_hash] = row
        now.stories_of[row] = story
        if stored.revision == 1:
            now.stories[stored.id] = story

    def clear(self) -> None:
        """Empty the index; its next text is added with the parameters of this version."""
        for table in _EMPTY:
            self._database.run(f"DELETE FROM {table}", writes=True)  # noqa: S608 - our own names
        self._database.run("UPDATE swept SET document = 0", writes=True)
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
                is_roundup=bool(row.is_roundup),
                body=row.body,
            )
            for row in found
        ]

    def stories(self, documents: Sequence[int], /) -> Mapping[int, int]:
        """Return of which story each document is now, but for those that are no more."""
        known = {document: self._now.stories_of.get(document) for document in documents}
        if missing := [document for document, story in known.items() if story is None]:
            known |= dict.fromkeys(missing, 0) | dict(self._database.run_among(_STORIES_OF, missing))
            self._now.stories_of |= known
        return {document: story for document, story in known.items() if story}

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

    def drop_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Let the document no more be found under the keys."""
        if keys:
            self._database.run_many(_DROP_POSTING, [(key, document) for key in keys])

    def add_pairs(self, pairs: Sequence[tuple[int, float]], document: int, /) -> None:
        """Add earlier documents of which this one is a copy, with how close they are."""
        self._now.new_pairs += [(earlier, document, closeness) for earlier, closeness in pairs]
        if not self._database.is_writing:
            self._write_added()

    def residue(self, paragraphs: Iterable[int], /) -> AbstractSet[int]:
        """Return which of the paragraphs are residue."""
        if not self._is_checked:
            self._check(dict(self._database.run(_PARAMETERS)))
        known = {paragraph: self._now.residue.get(paragraph) for paragraph in paragraphs}
        if missing := [paragraph for paragraph, is_residue in known.items() if is_residue is None]:
            found = self._database.run_among(_ALL_RESIDUE, missing)
            known |= dict.fromkeys(missing, False) | {paragraph: True for (paragraph,) in found}
            self._now.residue |= known
        return {paragraph for paragraph, is_residue in known.items() if is_residue}

    def add_residue(self, paragraphs: Sequence[int], holders: Sequence[int], /) -> None:
        """Add paragraphs that are residue from now on, and the documents to be compared anew for that."""
        now = self._now
        now.residue |= dict.fromkeys(paragraphs, True)
        last = max(holders, default=0)
        now.new_residue |= {paragraph: (paragraph, 0, last) for paragraph in paragraphs}
        now.new_unswept |= {document: (document, 0) for document in holders}
        if not self._database.is_writing:
            self._write_added()

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
        _WRITE_POSTINGS.write(self._database, now.new_postings)
        _WRITE_PAIRS.write(self._database, now.new_pairs)
        _WRITE_RESIDUE.write(self._database, list(now.new_residue.values()))
        _WRITE_UNSWEPT.write(self._database, list(now.new_unswept.values()))
        for rows in (now.new_postings, now.new_pairs, now.new_residue, now.new_unswept):
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
