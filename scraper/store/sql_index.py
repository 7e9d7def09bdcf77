"""The index of stored texts in the store's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.dedup import shingle, words
from scraper.dedup.index import Text
from scraper.errors import StoreError
from scraper.model import ArticleId
from scraper.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.model import StoredArticle
    from scraper.store.database import Database

PARAMETERS = {"version": str(shingle.VERSION), "shingle": str(words.SHINGLE), "keys": str(words.KEYS)}
"""What an index was made with: another one's keys cannot be compared."""

_revisions = tables.revisions
_DOCUMENT = sa.select(_revisions.c.row).where(
    _revisions.c.article_id == sa.bindparam("id"), _revisions.c.number == sa.bindparam("number")
)
_STORY = sa.select(sa.func.coalesce(_revisions.c.story, _revisions.c.row)).where(
    _revisions.c.article_id == sa.bindparam("id"), _revisions.c.number == 1
)
_EQUAL = sa.select(sa.func.min(_revisions.c.row)).where(_revisions.c.content_hash == sa.bindparam("hash"))
_TEXTS = sa.select(
    _revisions.c.row, _revisions.c.story, _revisions.c.article_id, _revisions.c.record, _revisions.c.body
).where(_revisions.c.row.in_(sa.bindparam("rows", expanding=True)))
_KEYS = [f"key{place}" for place in range(words.KEYS)]
_POSTINGS = sa.text(
    f"SELECT key, document FROM shingles WHERE key IN ({', '.join(f':{key}' for key in _KEYS)})"  # noqa: S608
    " ORDER BY key, document"
)
_ADD_POSTING = sa.text("INSERT INTO shingles (key, document) VALUES (:key, :document)")
_RESIDUE = sa.text("SELECT row, paragraph FROM residue WHERE row > :last ORDER BY row")
_ADD_RESIDUE = sa.text("INSERT INTO residue (paragraph) VALUES (:paragraph)")
_WINDOW = sa.text("SELECT paragraphs FROM site_paragraphs WHERE site = :site")
_SET_WINDOW = sa.text(
    "INSERT INTO site_paragraphs (site, paragraphs) VALUES (:site, :paragraphs) "
    "ON CONFLICT (site) DO UPDATE SET paragraphs = excluded.paragraphs"
)
_PARAMETERS = sa.text("SELECT name, value FROM dedup_parameters")
_ADD_PARAMETER = sa.text("INSERT INTO dedup_parameters (name, value) VALUES (:name, :value)")
_EMPTY = ("shingles", "site_paragraphs", "residue", "dedup_parameters")


class SqlTables:
    """What a StoryIndex knows, in a database: the texts are the rows of the revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._residue: set[int] = set()
        self._last_residue = 0
        self._is_checked = False
        database.on_rollback(self._reset)

    def _reset(self) -> None:
        self._residue.clear()
        self._last_residue, self._is_checked = 0, False

    def clear(self) -> None:
        """Empty the index; its next text is added with the parameters of this version."""
        with self._database.write() as connection:
            for table in _EMPTY:
                connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
        self._reset()

    def document(self, stored: StoredArticle, /) -> int:
        """Return the row of the revision."""
        with self._database.read() as connection:
            return int(
                connection.execute(_DOCUMENT, {"id": stored.id, "number": stored.revision}).scalar_one()
            )

    def story(self, article_id: ArticleId, /) -> int:
        """Return the story of an article's first revision."""
        with self._database.read() as connection:
            return connection.execute(_STORY, {"id": article_id}).scalar() or 0

    def equal(self, content_hash: str, /) -> int:
        """Return the first revision with the content hash."""
        with self._database.read() as connection:
            return connection.execute(_EQUAL, {"hash": content_hash}).scalar() or 0

    def texts(self, documents: Sequence[int], /) -> Iterable[Text]:
        """Return the texts of the revisions."""
        with self._database.read() as connection:
            found = connection.execute(_TEXTS, {"rows": documents}).all()
        return [
            Text(
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
        with self._database.read() as connection:
            found = connection.execute(_POSTINGS, dict(zip(_KEYS, padded, strict=True))).all()
        return [(row[0], row[1]) for row in found]

    def add_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Add the document under each key."""
        with self._database.write() as connection:
            self._mark()
            if keys:
                connection.execute(_ADD_POSTING, [{"key": key, "document": document} for key in keys])

    def residue(self) -> AbstractSet[int]:
        """Return every paragraph that is residue: read once, then only what was added since."""
        with self._database.read() as connection:
            if not self._is_checked:
                rows = connection.execute(_PARAMETERS)
                self._check({row.name: row.value for row in rows})
            for row, paragraph in connection.execute(_RESIDUE, {"last": self._last_residue}):
                self._residue.add(paragraph)
                self._last_residue = row
        return self._residue

    def add_residue(self, paragraphs: Sequence[int], /) -> None:
        """Add paragraphs that are residue from now on."""
        if paragraphs:
            with self._database.write() as connection:
                connection.execute(_ADD_RESIDUE, [{"paragraph": paragraph} for paragraph in paragraphs])

    def window(self, site: str, /) -> bytes:
        """Return what is remembered of the site's last paragraphs."""
        with self._database.read() as connection:
            return bytes(connection.execute(_WINDOW, {"site": site}).scalar() or b"")

    def set_window(self, site: str, window: bytes, /) -> None:
        """Remember the site's last paragraphs."""
        with self._database.write() as connection:
            connection.execute(_SET_WINDOW, {"site": site, "paragraphs": window})

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
            with self._database.write() as connection:
                if not connection.execute(_PARAMETERS).all():
                    rows = [{"name": name, "value": value} for name, value in PARAMETERS.items()]
                    connection.execute(_ADD_PARAMETER, rows)
            self._is_checked = True
