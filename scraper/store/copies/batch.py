"""Verdicts on the records of a file, with a working database beside the result: begun again, it goes on."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.dedup import shingle
from scraper.dedup.decide import decide
from scraper.dedup.index import IndexedText, StoryIndex
from scraper.errors import ConfigError, InputError
from scraper.model import Article, ArticleId, RelationKind, StoredArticle
from scraper.store.sql.database import Database
from scraper.store.sql.index import SqlTables
from scraper.store.storable import storable
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    from scraper.model import Relation, Verdict

RECORDS_AT_ONCE = 200
"""Records a transaction: what a kill loses is judged again, with the same result."""
STORIES_CACHED = 2048
"""Texts kept in memory as words, 100 MB of them: with 512 a batch takes a third longer."""
OPTIONAL = ("url", "site", "title", "language", "fetched_at")

_TABLES = """
CREATE TABLE IF NOT EXISTS records (
    document INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    address INTEGER,
    site TEXT,
    hash BLOB NOT NULL,
    story INTEGER,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS records_by_address ON records (address) WHERE address IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_hash ON records (hash);
CREATE TABLE IF NOT EXISTS progress (manifest TEXT, lines INTEGER, bytes INTEGER, bad INTEGER)
"""
_EQUAL = "SELECT min(document) FROM records WHERE hash = ?"
_LATEST = (
    "SELECT id, site, hash, coalesce(story, document), revision, body FROM records WHERE address = ? "
    "ORDER BY document DESC LIMIT 1"
)
_TEXTS = "SELECT document, coalesce(story, document), id, site, body FROM records WHERE document IN "
_INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_LAST = "SELECT max(document) FROM records"
_PROGRESS = "SELECT manifest, lines, bytes, bad FROM progress"
_BEGIN = "INSERT INTO progress VALUES (?, 0, 0, 0)"
_ADVANCE = "UPDATE progress SET lines = ?, bytes = ?, bad = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a batch came to."""

    lines: int
    bad: int
    """Lines that are no record."""


def judge_file(
    manifest: Path,
    out: Path,
    work: Path,
    *,
    complain: Callable[[str], None],
    advance: Callable[[int], None],
) -> Done:
    """Judge the records in order and write a line for each; the file appears when it is whole.

    `complain` is told each line that is no record, `advance` how many lines were done. Raises InputError for
    a manifest that cannot be read, ConfigError for a working database of another manifest.
    """
    part = out.with_name(out.name + ".part")
    desk = Desk(work)
    try:
        with part.open("ab") as result, _opened(manifest) as lines:
            lines_done, written, bad = desk.begin(f"{manifest.name} {manifest.stat().st_size}")
            result.truncate(written)
            advance(lines_done)
            numbered = _read(islice(enumerate(lines, start=1), lines_done, None), manifest)
            while group := list(islice(numbered, RECORDS_AT_ONCE)):
                bad += desk.judge_all(group, result, bad, complain)
                lines_done = group[-1][0]
                advance(len(group))
    finally:
        desk.close()
    part.replace(out)
    return Done(lines=lines_done, bad=bad)


class Desk:
    """The working database of a batch, and its index."""

    def __init__(self, work: Path) -> None:
        self._database = Database(f"sqlite:///{work}")
        for statement in _TABLES.split(";"):
            self._database.run(statement, writes=True)
        self._tables = RecordTables(self._database)
        self._index = StoryIndex(self._tables, cached=STORIES_CACHED)
        self._work = work

    def close(self) -> None:
        """Give back the database."""
        self._database.close()

    def begin(self, manifest: str) -> tuple[int, int, int]:
        """Return how many lines were judged, how many bytes written and how many lines were bad before."""
        found = self._database.run(_PROGRESS)
        if not found:
            self._database.run(_BEGIN, (manifest,), writes=True)
            return 0, 0, 0
        begun, lines, written, bad = found[0]
        if begun != manifest:
            raise ConfigError(
                f"{self._work}: this working database was begun for {begun}, not {manifest}: "
                "remove it, or name another with --work"
            )
        return lines, written, bad

    def judge_all(
        self, group: Sequence[tuple[int, bytes]], result: BinaryIO, bad: int, complain: Callable[[str], None]
    ) -> int:
        """Judge some lines in one transaction that also says how far the result goes; return the bad ones."""
        wrong = 0
        with self.transaction():
            for number, line in group:
                if not line.strip():
                    continue
                try:
                    identity, article = read_record(line)
                except ValueError as error:
                    complain(f"line {number}: {error}")
                    wrong += 1
                    continue
                result.write(_line(identity, self.decide(identity, article)))
            result.flush()
            os.fsync(result.fileno())
            self._database.run(_ADVANCE, (group[-1][0], result.tell(), bad + wrong), writes=True)
        return wrong

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the transaction in which articles are judged."""
        return self._database.transaction()

    def decide(self, identity: ArticleId, article: Article) -> Verdict:
        """Judge an article and keep it."""
        verdict = decide(article, stored=self._tables.latest(article), index=self._index)
        if verdict.relation is None or verdict.relation.kind is not RelationKind.UNCHANGED:
            self._index.add(self._tables.keep(identity, verdict), verdict)
        return verdict


class RecordTables(SqlTables):
    """What a StoryIndex knows, in a working database: the texts are the records."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._last: int = database.run(_LAST)[0][0] or 0
        self._story = 0

    def latest(self, article: Article) -> StoredArticle | None:
        """Return the last text of the article's address, and remember its story."""
        if article.canonical_url is None:
            return None
        found = self._database.run(_LATEST, (_number(article.canonical_url),))
        if not found:
            return None
        identity, site, digest, self._story, revision, body = found[0]
        before = _plain({"url": article.url, "site": site, "body": body})
        return _stored(identity, before, digest, revision)

    def keep(self, identity: ArticleId, verdict: Verdict) -> StoredArticle:
        """Give a text the next number."""
        article, digest = verdict.article, _digest(verdict.signature.content_hash)
        self._last += 1
        address = _number(article.canonical_url) if article.canonical_url else None
        revision = verdict.expected_revision + 1
        row = (
            self._last,
            identity,
            address,
            article.site,
            digest,
            verdict.story or None,
            revision,
            article.body,
        )
        self._database.run(_INSERT, row, writes=True)
        return _stored(identity, article, digest, revision)

    def document(self, stored: StoredArticle, /) -> int:
        """Return the number of the text kept last."""
        del stored
        return self._last

    def story(self, article_id: ArticleId, /) -> int:
        """Return the story of the text that was asked for last."""
        del article_id
        return self._story

    def equal(self, content_hash: str, /) -> int:
        """Return the first record with the content hash."""
        return int(self._database.run(_EQUAL, (_digest(content_hash),))[0][0] or 0)

    def texts(self, documents: Sequence[int], /) -> Iterable[IndexedText]:
        """Return the texts of the records."""
        marks = ", ".join("?" * len(documents))
        return [
            IndexedText(document=document, story=story, article_id=identity, site=site, body=body)
            for document, story, identity, site, body in self._database.run(f"{_TEXTS} ({marks})", documents)
        ]


def _stored(identity: ArticleId, article: Article, digest: bytes, revision: int) -> StoredArticle:
    return StoredArticle(
        id=identity,
        article=article,
        content_hash=f"{shingle.NORMAL_VERSION}:{digest.hex()}",
        revision=revision,
        first_seen=article.fetched_at or datetime.min.replace(tzinfo=UTC),
    )


def read_record(line: bytes) -> tuple[ArticleId, Article]:
    """Return the record of a line with its id. Raises ValueError for anything else."""
    try:
        record = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the caller tells a user, not a programmer
    for name in ("id", "body"):
        if not isinstance(record.get(name), str):
            raise ValueError(f"the key {name!r} must be a text")  # noqa: TRY004
    for name in OPTIONAL:
        if not isinstance(record.get(name), str | None):
            raise ValueError(f"the key {name!r} must be a text or null")  # noqa: TRY004
    record = storable(record)
    return ArticleId(record["id"]), _plain(record)


def _plain(record: dict[str, Any]) -> Article:
    url, moment = record.get("url"), record.get("fetched_at")
    return Article(
        url=url,
        canonical_url=canonical_url(url) if url else None,
        site=record.get("site"),
        title=record.get("title"),
        body=record["body"],
        language=record.get("language"),
        raw_sha256="",
        fetched_at=datetime.fromisoformat(moment) if moment else None,
        extractor="",
    )


def _line(identity: ArticleId, verdict: Verdict) -> bytes:
    """Return the line of a verdict; the links of a round-up stand beside its missing relation."""
    line: dict[str, Any] = {"id": identity, "relation": None}
    if verdict.relation:
        line["relation"] = _edge(verdict.relation)
    if verdict.links:
        line["links"] = [_edge(link) for link in verdict.links]
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _edge(relation: Relation) -> dict[str, Any]:
    return {
        "kind": relation.kind.value,
        "to": relation.to,
        "score": relation.score,
        "evidence": dict(relation.evidence),
    }


def _number(address: str) -> int:
    """Return 64 bits of the address, signed."""
    return int.from_bytes(hashlib.sha256(address.encode("utf-8", "replace")).digest()[:8], "big", signed=True)


def _digest(content_hash: str) -> bytes:
    return bytes.fromhex(content_hash.partition(":")[2])


def _opened(path: Path) -> Any:  # noqa: ANN401 - gzip and plain files share no type that iterates over bytes
    try:
        return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _read(lines: Iterator[tuple[int, bytes]], manifest: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the numbered lines. Raises InputError where the file breaks off."""
    try:
        yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{manifest}: cannot be read to its end: {error}") from error
