"""The records of a batch, a line of JSON each: id, body and whatever else is known."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scraper.dedup.decide import decide_revision
from scraper.dedup.hashes import TEXTS_TOGETHER
from scraper.dedup.shingle import NORMAL_VERSION, sign_all
from scraper.dedup.words import paragraphs_of, prepare, shares_of_names
from scraper.errors import InputError
from scraper.model import Article, ArticleId, RelationKind, Signature, StoredArticle
from scraper.store.copies.texts import PARAGRAPH_BITS
from scraper.store.storable import storable
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scraper.dedup.words import Words
    from scraper.model import Relation
    from scraper.store.copies.texts import Texts
    from scraper.store.sql.database import Database

_INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
ADD_KEYS = "INSERT INTO shingles (key, document) VALUES (?, ?)"
_TWINS = "SELECT hash, min(document) FROM records WHERE twin IS NOT NULL AND hash IN ({}) GROUP BY hash"
_LATEST = (
    "SELECT address, document, id, hash, revision, body FROM records "
    "WHERE twin IS NOT NULL AND address IN ({}) ORDER BY document"
)
HELD_PARAGRAPH = np.dtype([("key", "<i8"), ("words", "<u2"), ("names", "<u2")])
"""What is kept of a paragraph: its key, how many words it has, how many of them are names or numbers.

Of a longer paragraph WORDS_COUNTED are counted, with its share of names: what is asked of both is whether
they reach a few, and that share a tenth. So each takes 46 + 5 + 5 bits.
"""
WORDS_COUNTED = 30
_COUNT_BITS = np.uint64(5)
HELD_BYTES = 7
_ROUNDING = 1e-4
"""For a share of names that is a tenth, and a little less in 32 bits."""
OPTIONAL = ("url", "site", "title", "language", "fetched_at")


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
    record = {name: storable(record.get(name)) for name in ("id", "body", *OPTIONAL)}
    return ArticleId(record["id"]), plain_article(record)


def plain_article(record: dict[str, Any]) -> Article:
    """Return what a record says as an article."""
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


def opened_manifest(path: Path) -> Any:  # noqa: ANN401 - gzip and plain files share no type that iterates over bytes
    """Return the open file, unpacked where it ends in .gz. Raises InputError where it cannot be read."""
    try:
        return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def numbered_lines(lines: Iterator[tuple[int, bytes]], manifest: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the numbered lines. Raises InputError where the file breaks off."""
    try:
        yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{manifest}: cannot be read to its end: {error}") from error


class ReadRecord(NamedTuple):
    """A record as it was read."""

    identity: ArticleId
    article: Article
    signature: Signature
    paragraphs: Sequence[int]
    """The keys of its paragraphs."""
    held: bytes
    """These with how many words each has, and how many of them are names."""
    digest: bytes
    address: int | None


def signed(articles: Sequence[tuple[ArticleId, Article]]) -> list[ReadRecord]:
    """Return the records with what follows from their texts."""
    found = []
    for at in range(0, len(articles), TEXTS_TOGETHER):
        group = articles[at : at + TEXTS_TOGETHER]
        signatures = sign_all([article.body for _, article in group])
        keys = paragraphs_of(signatures, PARAGRAPH_BITS)
        for record in zip(group, signatures, keys, _held(signatures, keys), strict=True):
            (identity, article), signature, paragraphs, held = record
            digest = bytes.fromhex(signature.content_hash.partition(":")[2])
            address = _number(article.canonical_url) if article.canonical_url else None
            found.append(ReadRecord(identity, article, signature, paragraphs, held, digest, address))
    return found


class Records:
    """The records in the working database of a batch."""

    def __init__(self, database: Database, texts: Texts) -> None:
        self._database = database
        self._texts = texts
        self._last: int = database.run("SELECT max(document) FROM records")[0][0] or 0

    def keep(self, records: Sequence[ReadRecord]) -> None:
        """Keep records in their order, with what each is to the text that its address had, and its keys."""
        twins = dict(self._among(_TWINS, [record.digest for record in records]))
        latest = {
            address: held for address, *held in self._among(_LATEST, [record.address for record in records])
        }
        rows: list[tuple[Any, ...]] = []
        fresh: dict[int, Words] = {}
        for record in records:
            self._last += 1
            relation, before, revision = None, None, 1
            if record.address is not None and record.address in latest:
                before, identity, digest, number, body = latest[record.address]
                stored = _stored(identity, record.article, body, digest, number)
                relation = decide_revision(record.article, record.signature, stored=stored, story=0).relation
                revision = number + 1
            is_kept = relation is None or relation.kind is not RelationKind.UNCHANGED
            twin = twins.setdefault(record.digest, self._last) if is_kept else None
            if twin == self._last:
                fresh[self._last] = self._texts.add(self._last, record.signature, record.paragraphs)
            body = record.article.body
            if is_kept and record.address is not None:
                latest[record.address] = [self._last, record.identity, record.digest, revision, body]
            rows.append(
                (
                    *(self._last, record.identity, record.address, record.article.site, record.digest),
                    *(twin, before, revision),
                    json.dumps(relation_line(relation), ensure_ascii=False) if relation else None,
                    record.held if twin == self._last else b"",
                    body if is_kept else "",
                )
            )
        self._database.run_many(_INSERT, rows)
        prepare(fresh.values())
        postings = [row for document, words in fresh.items() for row in key_rows(document, words)]
        self._database.run_many(ADD_KEYS, sorted(postings))  # into the index in its order, at half the cost

    def _among(self, statement: str, values: Sequence[Any]) -> Sequence[Any]:
        """Return the rows of a statement for these values."""
        return self._database.run(statement.format(", ".join("?" * len(values))), values)


def _stored(identity: str, article: Article, body: str, digest: bytes, revision: int) -> StoredArticle:
    return StoredArticle(
        id=ArticleId(identity),
        article=plain_article({"url": article.url, "site": article.site, "body": body}),
        content_hash=f"{NORMAL_VERSION}:{digest.hex()}",
        revision=revision,
        first_seen=article.fetched_at or datetime.min.replace(tzinfo=UTC),
    )


def key_rows(document: int, words: Words) -> Sequence[tuple[int, int]]:
    """Return the rows by which a text is found."""
    return [(key, document) for key in dict.fromkeys(words.keys)] if words.tells else []


def _held(signatures: Sequence[Signature], keys: Sequence[Sequence[int]]) -> list[bytes]:
    """Return the keys of each text's paragraphs, how many words each has, and how many of them are names."""
    lengths = np.frombuffer(b"".join([each.paragraphs for each in signatures]), "<u4")
    lengths = np.minimum(lengths, WORDS_COUNTED)
    names = (shares_of_names(*signatures) * lengths + _ROUNDING).astype(np.uint64)
    held = np.array([key for of_text in keys for key in of_text], "<u8") << _COUNT_BITS | lengths
    held = held << _COUNT_BITS | names
    numbers: NDArray[np.uint8] = held.view(np.uint8).reshape(-1, held.itemsize)[:, :HELD_BYTES]
    packed = numbers.tobytes()
    ends = np.cumsum([HELD_BYTES * len(of_text) for of_text in keys]).tolist()
    return [packed[begin:end] for begin, end in pairwise([0, *ends])]


def held_paragraphs(held: bytes) -> NDArray[Any]:
    """Return what was kept of the paragraphs of one text or of several, HELD_BYTES each."""
    packed = np.frombuffer(held, np.uint8).reshape(-1, HELD_BYTES)
    numbers = np.zeros(len(packed), "<u8")
    numbers.view(np.uint8).reshape(-1, numbers.itemsize)[:, :HELD_BYTES] = packed
    count = (np.uint64(1) << _COUNT_BITS) - np.uint64(1)
    found = np.empty(len(numbers), HELD_PARAGRAPH)
    found["key"] = numbers >> (_COUNT_BITS + _COUNT_BITS)
    found["words"], found["names"] = (numbers >> _COUNT_BITS) & count, numbers & count
    return found


def relation_line(relation: Relation) -> dict[str, Any]:
    """Return a relation as a line of the result has it."""
    return {
        "kind": relation.kind.value,
        "to": relation.to,
        "score": relation.score,
        "evidence": dict(relation.evidence),
    }


def _number(address: str) -> int:
    """Return 64 bits of the address, signed."""
    return int.from_bytes(hashlib.sha256(address.encode("utf-8", "replace")).digest()[:8], "big", signed=True)
