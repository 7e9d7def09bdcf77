"""Records taken in as they stand: of exports, of the change feed, of `scraper extract`, of other programs."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zlib
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from scraper.crawl.pages.saving import OUTCOMES, counters
from scraper.crawl.sites import load_sites, site_of
from scraper.dedup.decide import decide
from scraper.errors import InputError
from scraper.model import Article, Page, Provenance, Reason, Rejection, RelationKind
from scraper.record import SCHEMA_VERSION, article_id, instant, read_moment, read_relation, record_told
from scraper.store.protocol import Fetch, Outcome
from scraper.store.storable import storable
from scraper.store.values import Expected
from scraper.urls import canonical_url
from scraper.version import program_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.model import ArticleId, Relation, Site, StoredArticle, Verdict
    from scraper.store.protocol import Store

LINES_AT_ONCE = 200
"""Records a transaction."""
AS_RECORDED = Provenance(source="record")
"""Of what an imported record does not tell the origin of."""
_SAID = frozenset(each.name for each in fields(Article)) - {
    *("url", "site", "kind", "verdict", "provenance", "raw_sha256", "fetched_at", "extractor")
}
"""The fields that have an origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a line tells of an article, or of a page that was none."""

    outcome: Article | Rejection
    is_exported: bool = False
    """A store wrote the record, and what it says of copies."""
    relation: Relation | None = None
    gone: datetime | None = None


@dataclass(kw_only=True)
class RecordImporter:
    """Takes in files of records; what is stored already, with this text or a later one, stays as it is."""

    store: Store
    sites: Mapping[str, Site] = field(default_factory=load_sites)
    counts: Counter[str] = field(default_factory=Counter)
    """What became of the records, as a crawl counts pages, and what was passed over by cause."""
    faults: list[str] = field(default_factory=list)
    """Each line that is no record: where it is, and what is wrong with it."""
    _exported: set[ArticleId] = field(default_factory=set)
    """The articles that a store wrote into the file."""

    def take(self, path: Path, *, step: Callable[[int], object]) -> None:
        """Take in the records of a file in order of time.

        `step` hears of each. InputError where the file cannot be read; what was stored stays.
        """
        self._exported.clear()
        with _opened(path) as lines:
            written = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
            places = iter(sorted(self._places(lines, path, written)))
            while some := list(islice(places, LINES_AT_ONCE)):
                self._store([self._told_at(lines, place, written) for _, place in some])
                step(len(some))

    def _places(self, lines: IO[bytes], path: Path, written: datetime) -> Iterator[tuple[datetime, int]]:
        """Yield the moment of each record and where its line begins; keep what is wrong with the others."""
        at = 0
        for number, line in enumerate(lines, start=1):
            place, at = at, at + len(line)
            if not line.strip():
                continue
            self.counts["records"] += 1
            try:
                told = self._told(line, written)
            except (ValueError, RecursionError) as error:
                self.faults.append(f"{path}:{number}: {error}")
                self.counts["passed/no record"] += 1
                continue
            if told is None:
                self.counts["passed/nothing told"] += 1
            else:
                if told.is_exported and isinstance(told.outcome, Article):
                    self._exported.add(article_id(told.outcome))
                yield told.outcome.fetched_at or written, place

    def _told_at(self, lines: IO[bytes], place: int, written: datetime) -> Told:
        lines.seek(place)
        told = self._told(lines.readline(), written)
        assert told is not None  # as it was a moment ago
        return told

    def _told(self, line: bytes, written: datetime) -> Told | None:
        """Return what a line tells; None where that is no page. Raises ValueError for what is no record."""
        record = json.loads(line, parse_constant=_no_number)
        if isinstance(record, dict) and "cursor" in record and "event" in record:  # of the change feed
            record = record.get("record")
            if record is None:
                return None
        if not isinstance(record, dict):
            raise ValueError("not a JSON object")  # noqa: TRY004 - a user is told
        if isinstance(version := record.get("schema_version"), int) and version > SCHEMA_VERSION:
            raise ValueError(f"it has the schema_version {version}, of a later version of this program")
        if record.get("reason") == "unreadable":
            return None
        given = self._given(record, line, written)
        if record.get("reason"):
            return Told(outcome=storable(_rejection(given | {"detail": "", "confidence": 1.0}, record)))
        article = storable(record_told(record, given))
        if not article.kind.is_stored or not article.body.strip():
            raise ValueError(
                f"a record of the kind {article.kind}, without a text or a reason, tells nothing"
            )
        return Told(
            outcome=article if "provenance" in record else _with_origins(article),
            is_exported=record.get("id") == article_id(article),
            relation=read_relation(record.get("relation")),
            gone=read_moment(record.get("gone"), "gone"),
        )

    def _given(self, record: Mapping[str, Any], line: bytes, written: datetime) -> dict[str, Any]:
        """Return what stands for what the record lacks."""
        address = record.get("canonical_url") or record.get("url")
        address = address if isinstance(address, str) else None
        return {
            "url": None,
            "canonical_url": canonical_url(address) if address else None,
            "site": site_of(Page(url=address, content=b""), self.sites).name,
            "raw_sha256": hashlib.sha256(line.strip()).hexdigest(),
            "fetched_at": instant(written),
            "extractor": f"news-scraper {program_version()}, import of a record",
        }

    def _store(self, batch: Sequence[Told]) -> None:
        with self.store.transaction([_expected(told.outcome) for told in batch]):
            for told in batch:
                if isinstance(told.outcome, Article):
                    self._save(told, told.outcome)
                else:
                    self._reject(told.outcome)

    def _reject(self, rejection: Rejection) -> None:
        asked = canonical_url(rejection.url or "")
        if self.store.forgotten({asked}):
            self.counts[f"rejected/{Reason.FORGOTTEN}"] += 1
            return
        known = self.store.find_rejection(rejection.id)
        if known is not None and known.fetched_at == rejection.fetched_at:
            self.counts["known"] += 1
            return
        self.store.reject(rejection)
        self.store.record_fetch(_fetch(rejection, Outcome.REJECTED, reason=rejection.reason))
        self.counts[f"rejected/{rejection.reason}"] += 1

    def _save(self, told: Told, article: Article) -> None:
        addresses = {canonical_url(article.url or ""), article.canonical_url or ""}
        if self.store.forgotten(addresses):
            self.counts[f"rejected/{Reason.FORGOTTEN}"] += 1
            return
        stored = self.store.find_by_id(article_id(article))
        if stored is not None and (why := self._held(stored, told, article)):
            self.counts[why] += 1
            self._note_gone(told, article)
            return
        verdict = decide(article, stored=stored, index=self.store.dedup)
        verdict = replace(verdict, relation=self._relation(told, verdict))
        self.store.save(verdict)
        kind = verdict.relation.kind if verdict.relation and stored is not None else None
        outcome = OUTCOMES.get(kind, Outcome.STORED)
        self.store.record_fetch(_fetch(article, outcome, address=article.canonical_url))
        self._note_gone(told, article)
        self.counts.update(counters(verdict))

    def _note_gone(self, told: Told, article: Article) -> None:
        if told.gone and article.canonical_url:
            self.store.mark_gone(article.canonical_url, told.gone)

    def _held(self, stored: StoredArticle, told: Told, article: Article) -> str:
        """Return why an article is not to be stored beside what its address has, empty where it is."""
        assert stored.article.fetched_at is not None
        assert article.fetched_at is not None
        held = [each.article for each in self.store.revisions(stored.id)]
        if article in held or (not told.is_exported and any(_is_same(each, article) for each in held)):
            return "known"
        return "passed/older" if stored.article.fetched_at > article.fetched_at else ""

    def _relation(self, told: Told, verdict: Verdict) -> Relation | None:
        """Return what a store said of an article that it exported, as far as it spoke of what is here too."""
        relation, found = told.relation, verdict.relation
        if verdict.expected_revision:
            is_revision = relation is not None and relation.kind is RelationKind.REVISION
            return relation if told.is_exported and is_revision else found
        if relation is None:
            return None if told.is_exported and found and found.to in self._exported else found
        is_here = relation.to in self._exported or self.store.find_by_id(relation.to) is not None
        return relation if is_here and relation.kind is not RelationKind.UNCHANGED else found


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no number")


def _is_same(one: Article, other: Article) -> bool:
    return one.body == other.body and one.fetched_at == other.fetched_at


def _fetch(
    outcome: Article | Rejection, what: Outcome, *, reason: str | None = None, address: str | None = None
) -> Fetch:
    assert outcome.fetched_at is not None  # which is given where a record has none
    return Fetch(
        url=canonical_url(outcome.url or address or ""),
        site=outcome.site or "",
        fetched_at=outcome.fetched_at,
        outcome=what,
        reason=reason,
        canonical_url=address,
        raw_sha256=outcome.raw_sha256,
    )


def _expected(outcome: Article | Rejection) -> Expected:
    article = outcome if isinstance(outcome, Article) else None
    named = (outcome.url and canonical_url(outcome.url), article and article.canonical_url)
    return Expected(addresses=frozenset(name for name in named if name), article=article)


def _with_origins(article: Article) -> Article:
    """Return the article with the record as the origin of each field that has a value."""
    told = (name for name in sorted(_SAID) if getattr(article, name))
    return replace(article, provenance=dict.fromkeys(told, AS_RECORDED))


def _rejection(given: Mapping[str, Any], record: Mapping[str, Any]) -> Rejection:
    """Return the rejection that a record tells. Raises ValueError."""
    names = [each.name for each in fields(Rejection) if each.name != "status"]
    told: dict[str, Any] = {
        name: record[name] if record.get(name) is not None else given.get(name) for name in names
    }
    for name in ("url", "site", "detail", "raw_sha256"):
        if not isinstance(told[name], (str, type(None))):
            raise ValueError(f"the key {name!r} must be text")  # noqa: TRY004 - a user is told
    if not isinstance(told["confidence"], (int, float)):
        raise ValueError("the key 'confidence' must be a number")  # noqa: TRY004 - likewise
    moment = read_moment(told["fetched_at"], "fetched_at")
    return Rejection(**told | {"reason": Reason(told["reason"]), "fetched_at": moment})


def _opened(path: Path) -> IO[bytes]:
    """Open a file in which every place can be found again. InputError where it cannot be read."""
    try:
        if path.suffix != ".gz":
            return path.open("rb")
        with ExitStack() as stack:
            lines = stack.enter_context(TemporaryFile())
            shutil.copyfileobj(stack.enter_context(gzip.open(path)), lines)
            lines.seek(0)
            stack.pop_all()
            return lines
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from error
