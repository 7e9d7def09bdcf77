"""Verdicts on the records of a file, whatever their order: pairs of copies first, then stories of them all.

A working database stands beside the result: begun again, it goes on where it was.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, repeat
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Self

from scraper.dedup.compare import Match, measure
from scraper.dedup.decide import copy_relation, equal_relation
from scraper.dedup.index import Candidate, IndexedText
from scraper.dedup.stories import Evidence, likeliest_pairs, nearest_earlier
from scraper.errors import ConfigError
from scraper.model import ArticleId, RelationKind
from scraper.store.copies.frames import Frames, HeldText
from scraper.store.copies.records import (
    ADD_KEYS,
    Records,
    key_rows,
    numbered_lines,
    opened_manifest,
    plain_article,
    read_record,
    relation_line,
    signed,
)
from scraper.store.copies.texts import Texts, compared
from scraper.store.sql.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.dedup.stories import Pair, Stories

FORMAT = 2
"""Of the working database's tables: one of another cannot be gone on with."""
RECORDS_AT_ONCE = 500
"""Records a transaction: what a kill loses is read again, with the same result."""
PAIRS_AT_ONCE = 1_000
"""Pairs that a worker compares, and a transaction keeps."""

_TABLES = """
CREATE TABLE IF NOT EXISTS records (
    document INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    address INTEGER,
    site TEXT,
    hash BLOB NOT NULL,
    twin INTEGER,
    before INTEGER,
    revision INTEGER NOT NULL,
    relation TEXT,
    paragraphs BLOB NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS records_by_address ON records (address) WHERE address IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_hash ON records (hash);
CREATE TABLE IF NOT EXISTS matches (
    earlier INTEGER, later INTEGER, shared INTEGER, first INTEGER, second INTEGER, conflict REAL,
    is_part INTEGER
);
CREATE TABLE IF NOT EXISTS frames (paragraph INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS framed (document INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS progress (manifest TEXT, stage INTEGER, lines INTEGER, bad INTEGER, pairs INTEGER)
"""
_SHARED = (
    "SELECT key, document FROM shingles WHERE key IN "
    "(SELECT key FROM shingles GROUP BY key HAVING count(*) > 1) ORDER BY key, document"
)
_SHARING = (
    "SELECT DISTINCT document FROM shingles WHERE key IN "
    "(SELECT key FROM shingles GROUP BY key HAVING count(*) > 1)"
)
_HELD = (
    "SELECT records.document, records.twin, records.site, same.paragraphs FROM records "  # noqa: S608
    f"JOIN records AS same ON same.document = records.twin WHERE records.twin IN ({_SHARING}) "
    "ORDER BY records.document"
)
_DIGESTS = "SELECT document, hash FROM records"
_MATCH = "INSERT INTO matches VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADDRESSES = (
    "SELECT before.twin, after.twin FROM records AS after "
    "JOIN records AS before ON before.document = after.before "
    "WHERE after.twin IS NOT NULL AND before.twin != after.twin ORDER BY after.document"
)
_ORIGINS = "SELECT document, id, site FROM records"
_TWINS = "SELECT DISTINCT twin FROM records WHERE twin != document"
_RECORDS = (
    "SELECT document, id, site, twin, relation FROM records WHERE document > ? ORDER BY document LIMIT 1000"
)


class Stage(IntEnum):
    """How far a batch is."""

    READING = 0
    COMPARING = 1
    """Texts as they are."""
    COMPARING_AGAIN = 2
    """Those that hold frames, without them."""
    WRITING = 3


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
    workers: int = 1,
) -> Done:
    """Judge the records and write a line for each, in their order; the file appears when it is whole.

    Which texts are one story depends on the texts alone; a relation leads to an earlier line. `complain` is
    told each line that is no record, `advance` how many lines were read. Raises InputError for a manifest
    that cannot be read, ConfigError for a working database of another manifest.
    """
    with ExitStack() as stack:
        lines = stack.enter_context(opened_manifest(manifest))
        desk = stack.enter_context(Desk(work))
        stage, done = desk.begin(f"{manifest.name} {manifest.stat().st_size} {FORMAT}")
        advance(done)
        if stage is Stage.READING:
            numbered = islice(enumerate(lines, start=1), done, None)
            desk.read(numbered_lines(numbered, manifest), complain, advance)
        pool = None
        if workers > 1:
            pool = stack.enter_context(ProcessPoolExecutor(workers, get_context("forkserver")))
        desk.compare(Stage.COMPARING, pool)
        desk.compare(Stage.COMPARING_AGAIN, pool)
        part = out.with_name(out.name + ".part")
        with part.open("wb") as result:
            result.writelines(desk.verdicts())
            result.flush()
            os.fsync(result.fileno())
        part.replace(out)
        return desk.done()


class Desk:
    """The working database of a batch: what its records are to each other."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._database = Database(f"sqlite:///{work}")
        for statement in _TABLES.split(";"):
            self._database.run(statement, writes=True)
        self._texts = Texts(self._database)
        self._origins: dict[int, tuple[str, str | None]] = {}
        """Of the texts that a relation may lead to."""
        self._digests: dict[int, bytes] = {}
        """Of the texts that share keys with others."""
        self._records = Records(self._database, self._texts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def begin(self, manifest: str) -> tuple[Stage, int]:
        """Return the stage that an earlier run of the same manifest was in, and how many lines it read."""
        found = self._rows("SELECT manifest, stage, lines FROM progress")
        if not found:
            self._database.run("INSERT INTO progress VALUES (?, 0, 0, 0, 0)", (manifest,), writes=True)
            return Stage.READING, 0
        begun, stage, lines = found[0]
        if begun != manifest:
            raise ConfigError(
                f"{self._work}: this working database was begun for {begun}, not {manifest}: "
                "remove it, or name another with --work"
            )
        return Stage(stage), lines

    def done(self) -> Done:
        """Return how many lines there were."""
        lines, bad = self._rows("SELECT lines, bad FROM progress")[0]
        return Done(lines=lines, bad=bad)

    def read(
        self,
        numbered: Iterator[tuple[int, bytes]],
        complain: Callable[[str], None],
        advance: Callable[[int], None],
    ) -> None:
        """Keep each record, with what it is to the text that its address had, and its keys."""
        while group := list(islice(numbered, RECORDS_AT_ONCE)):
            records, bad = [], 0
            for number, line in group:
                try:
                    if line.strip():
                        records.append(read_record(line))
                except ValueError as error:
                    complain(f"line {number}: {error}")
                    bad += 1
            with self._database.transaction():
                self._records.keep(signed(records))
                self._database.run(
                    "UPDATE progress SET lines = ?, bad = bad + ?", (group[-1][0], bad), writes=True
                )
            advance(len(group))
        with self._database.transaction():
            self._enter(Stage.COMPARING)

    def compare(self, stage: Stage, pool: ProcessPoolExecutor | None) -> None:
        """Compare the likeliest pairs, but for those that are done; at the end find what is a frame."""
        found, done = self._rows("SELECT stage, pairs FROM progress")[0]
        if found != stage:
            return
        pairs = self._pairs()
        if stage is Stage.COMPARING_AGAIN:
            framed = {document for (document,) in self._rows("SELECT document FROM framed")}
            pairs = [pair for pair in pairs if not framed.isdisjoint(pair)]
        sites = self._sites()
        asked = [(*pair, sites[pair[0]] == sites[pair[1]]) for pair in pairs]
        groups = [asked[at : at + PAIRS_AT_ONCE] for at in range(done, len(asked), PAIRS_AT_ONCE)]
        if pool:
            answers = pool.map(compared, repeat(str(self._work)), repeat(int(stage)), groups)
        else:
            answers = map(self._texts.compared, groups)
        for group, matches in zip(groups, answers, strict=True):
            with self._database.transaction():
                self._database.run_many(_MATCH, [(*pair, *match) for pair, match in matches])
                self._database.run("UPDATE progress SET pairs = pairs + ?", (len(group),), writes=True)
        with self._database.transaction():
            if stage is Stage.COMPARING:
                self._drop_frames()
            self._enter(Stage(stage + 1))

    def _pairs(self) -> Sequence[Pair]:
        postings = self._rows(_SHARED)
        sharing = {document for _, document in postings}
        self._digests |= {
            document: digest for document, digest in self._rows(_DIGESTS) if document in sharing
        }
        return likeliest_pairs(postings, self._digests.__getitem__)

    def _sites(self) -> dict[int, str | None]:
        """Return the site of each text; the first in the alphabet where several sites have the same."""
        return dict(self._rows("SELECT twin, min(site) FROM records WHERE twin IS NOT NULL GROUP BY twin"))

    def _drop_frames(self) -> None:
        """Find the paragraphs that are no story's own; take them from the texts that hold them."""
        stories, _ = self._evidence(self._matches()).stories()
        rows = [HeldText(*row) for row in self._rows(_HELD)]
        frames = Frames(rows, stories, self._rows(_ADDRESSES), self._texts.words)
        framed = frames.framed()
        self._database.run_many("INSERT INTO frames VALUES (?)", [(key,) for key in frames.keys])
        self._texts.forget()
        self._database.run_many("INSERT INTO framed VALUES (?)", [(document,) for document in framed])
        for place in ("matches WHERE earlier", "matches WHERE later", "shingles WHERE document"):
            statement = f"DELETE FROM {place} IN (SELECT document FROM framed)"  # noqa: S608 - our own names
            self._database.run(statement, writes=True)
        self._database.run_many(
            ADD_KEYS,
            [row for document in framed for row in key_rows(document, self._texts.words(document))],
        )

    def _evidence(self, matches: Mapping[Pair, Match]) -> Evidence:
        documents = {document for pair in matches for document in pair}
        if not documents <= self._digests.keys():  # begun by an earlier run
            self._digests = dict(self._rows(_DIGESTS))
        pairs = {pair: match.closeness for pair, match in matches.items()}
        addresses = self._rows(_ADDRESSES)
        return Evidence(pairs, addresses, words=self._texts.words, rank=self._digests.__getitem__)

    def _matches(self) -> dict[Pair, Match]:
        return {
            (earlier, later): Match(*figures)
            for earlier, later, *figures in self._rows("SELECT * FROM matches ORDER BY later, earlier")
        }

    def verdicts(self) -> Iterator[bytes]:
        """Yield the line of each record; the links of a round-up stand beside its missing relation."""
        matches, after = self._matches(), 0
        copies = {pair: match for pair, match in matches.items() if not match.is_part}
        stories, roundups = self._evidence(matches).stories()
        named = {twin for (twin,) in self._rows(_TWINS)}.union(*roundups.values())
        self._origins = {
            document: (identity, site)
            for document, identity, site in self._rows(_ORIGINS)
            if document in named or len(stories.members(document)) > 1
        }
        while page := self._rows(_RECORDS, (after,)):
            after = page[-1][0]
            for document, identity, site, twin, relation in page:
                line: dict[str, Any] = {
                    "id": identity,
                    "relation": json.loads(relation) if relation else None,
                }
                if relation is None and twin == document and document in roundups:
                    line["links"] = [self._link(document, site, held, matches) for held in roundups[document]]
                elif relation is None and (twin != document or len(stories.members(document)) > 1):
                    line["relation"] = self._copy(document, site, twin, stories, copies)
                yield json.dumps(line, ensure_ascii=False).encode() + b"\n"

    def _copy(
        self,
        document: int,
        site: str | None,
        twin: int,
        stories: Stories,
        copies: Mapping[Pair, Match],
    ) -> dict[str, Any] | None:
        """Return the relation of a text to an equal one, or to the nearest earlier one of its story."""
        article = plain_article({"site": site, "body": ""})
        if twin != document:
            twin_text = self._candidate(twin)
            return relation_line(equal_relation(article, twin_text)) if twin_text.words.tells else None
        words = self._texts.words

        def measured(other: int) -> Match:
            return copies.get((other, document)) or measure(words(document), words(other))

        nearest = nearest_earlier(document, stories, copies, lambda other: measured(other).closeness)
        if nearest is None:
            return None
        return relation_line(copy_relation(article, measured(nearest), self._candidate(nearest)))

    def _link(
        self, document: int, site: str | None, held: int, matches: Mapping[Pair, Match]
    ) -> dict[str, Any]:
        """Return the relation of a round-up to a text that it holds a part of."""
        article = plain_article({"site": site, "body": ""})
        match = matches[min(document, held), max(document, held)]
        return relation_line(copy_relation(article, match, self._candidate(held), kind=RelationKind.CONTAINS))

    def _candidate(self, document: int) -> Candidate:
        identity, site = self._origins[document]
        text = IndexedText(document=document, story=0, article_id=ArticleId(identity), site=site, body="")
        return Candidate(text=text, words=self._texts.words(document))

    def _enter(self, stage: Stage) -> None:
        self._database.run("UPDATE progress SET stage = ?, pairs = 0", (int(stage),), writes=True)

    def _rows(self, statement: str, parameters: Sequence[Any] = ()) -> Sequence[Any]:
        return self._database.run(statement, parameters)
