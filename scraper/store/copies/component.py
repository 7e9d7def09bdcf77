"""Texts that pairs of copies and addresses connect: read from the store, told apart into stories, written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from scraper.dedup.compare import measure
from scraper.dedup.decide import copy_relation, equal_relation
from scraper.dedup.stories import Evidence, Stories, copies_of, nearest_earlier
from scraper.model import ArticleId, RelationKind
from scraper.store.copies.frames import frames_joining
from scraper.store.sql import tables
from scraper.store.sql.rows import article_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from scraper.dedup.index import Candidate, StoryIndex
    from scraper.dedup.stories import Pair
    from scraper.dedup.words import Words
    from scraper.model import Article, Relation
    from scraper.store.sql.database import Database

FREED = "freed"
"""In place of a kind: the relation was removed."""
MOVED = "story changed"
"""In place of a kind: the relation stays, and leads to a text of another story than before."""
TEXTS_READ = 96
"""Texts that are looked at for frames, first those that something touched: a frame shows in a few."""

_COLUMNS = "SELECT row, article_id, number, content_hash, coalesce(story, row) FROM revisions"
_ROWS = f"{_COLUMNS} WHERE row {{numbers}}"
_EQUAL = f"{_COLUMNS} WHERE content_hash {{texts}}"
_OF_ARTICLES = f"{_COLUMNS} WHERE article_id {{texts}}"
_LATER = "SELECT earlier, later, closeness FROM pairs WHERE earlier {numbers}"
_EARLIER = "SELECT earlier, later, closeness FROM pairs WHERE later {numbers}"
_HELD = (
    "SELECT article_id, position, kind, to_id, score FROM relations WHERE revision = 1 AND article_id {texts}"
)
_SET_STORY = "UPDATE revisions SET story = ? WHERE row = ?"
_REMOVE = "DELETE FROM relations WHERE article_id = ? AND revision = 1"
_relations, _revisions = tables.relations, tables.revisions
_RECORD = sa.select(_revisions.c.record).where(_revisions.c.row == sa.bindparam("number"))


class LinkedText(NamedTuple):
    """A stored text."""

    row: int
    article_id: ArticleId
    number: int
    """Of the revision."""
    content_hash: str
    story: int
    """Of which it was until now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a sweep did to an article."""

    article_id: ArticleId
    kind: str
    """Of the relation that the article has now; FREED where it has none any more, MOVED where it stays."""
    to: ArticleId
    """The article that it is related to; of a freed one, was; of a moved one, the first of its story."""
    score: float


class Component:
    """All texts that a text is connected with, through whatever stands between."""

    def __init__(self, database: Database, index: StoryIndex, first: int) -> None:
        self._database = database
        self._index = index
        self._texts: dict[int, LinkedText] = {}
        self._documents: dict[int, int] = {}
        self._pairs: dict[Pair, float] = {}
        ahead = [first]
        while ahead:
            ahead = self._read(ahead)
        self._copies = copies_of(self._pairs)

    @property
    def documents(self) -> Sequence[int]:
        """The texts, of equal ones the first."""
        return sorted(set(self._documents.values()))

    def _read(self, ahead: Sequence[int]) -> list[int]:
        """Read texts; return those that they are connected with and that were not read yet."""
        found = [LinkedText(*row) for row in self._database.run_among(_ROWS, ahead)]
        equal: dict[str, list[LinkedText]] = defaultdict(list)
        for row in self._database.run_among(_EQUAL, sorted({text.content_hash for text in found})):
            equal[row[3]].append(LinkedText(*row))
        for text in found:
            group = [text]
            if text.row not in self._documents and self._tells(equal[text.content_hash]):
                group = equal[text.content_hash]
            first = min(each.row for each in group)
            for each in group:
                self._texts[each.row] = each
                self._documents.setdefault(each.row, first)
        documents = sorted({self._documents[text.row] for text in found})
        for statement in (_LATER, _EARLIER):
            for earlier, later, closeness in self._database.run_among(statement, documents):
                self._pairs[earlier, later] = closeness
        articles = sorted({text.article_id for text in self._texts.values()})
        reached = {row[0] for row in self._database.run_among(_OF_ARTICLES, articles)}
        reached.update(document for pair in self._pairs for document in pair)
        return sorted(reached.difference(self._texts))

    def _tells(self, equal: Sequence[LinkedText]) -> bool:
        """Return whether texts of the same words are copies of each other."""
        first = min(equal).row
        return len(equal) > 1 and all(each.words.tells for each in self._index.of([first]))

    def near(self, touched: Iterable[int]) -> Sequence[int]:
        """Return the texts that something touched and others, as many as tell what joins them all."""
        first = [self._documents[row] for row in touched if row in self._documents]
        return sorted(list(dict.fromkeys([*first, *self._documents.values()]))[:TEXTS_READ])

    def frames(self, documents: Sequence[int]) -> set[int]:
        """Return the paragraphs, not known yet, that are all that joins some of the texts."""
        return frames_joining(documents, Stories(self._addresses()), self._index)

    def settle(self, connection: Connection) -> Iterator[Move]:
        """Write the stories of the texts and the relations of their articles; yield what changed."""
        hashes = {self._documents[text.row]: text.content_hash for text in self._texts.values()}
        evidence = Evidence(self._pairs, self._addresses(), words=self._words, rank=hashes.__getitem__)
        stories, roundups = evidence.stories()
        new = self._numbered(stories)
        changed = [(new[row], row) for row, text in self._texts.items() if new[row] != text.story]
        if changed:
            self._database.run_many(
                _SET_STORY, [(None if story == row else story, row) for story, row in changed]
            )
        firsts = sorted(text for text in self._texts.values() if text.number == 1)
        held: dict[str, list[tuple[int, str, ArticleId, float]]] = defaultdict(list)
        for key, *relation in self._database.run_among(_HELD, [text.article_id for text in firsts]):
            held[key].append(tuple(relation))
        for text in firsts:
            wanted = list(self._wanted(text, stories, roundups))
            now = sorted(held[text.article_id])
            before = [(kind == RelationKind.CONTAINS, to) for _, kind, to, _ in now]
            if sorted(before) != sorted((is_part, self._texts[to].article_id) for is_part, to in wanted):
                made = [self._relation(connection, text, *each) for each in wanted]
                self._write(connection, text, made)
                yield from _told(text, made, now)
            elif new[text.row] != text.story:
                to = self._texts[new[text.row]].article_id
                yield Move(article_id=text.article_id, kind=MOVED, to=to, score=0.0)

    def _addresses(self) -> Iterator[Pair]:
        """Yield the texts that one address had after each other."""
        by_article: dict[ArticleId, list[tuple[int, int]]] = defaultdict(list)
        for text in self._texts.values():
            by_article[text.article_id].append((text.number, self._documents[text.row]))
        for _, texts in sorted(by_article.items()):
            for (_, before), (_, after) in pairwise(sorted(texts)):
                if before != after:
                    yield before, after

    def _numbered(self, stories: Stories) -> dict[int, int]:
        """Return the story of each text: the first text that is of it."""
        first: dict[int, int] = {}
        for row in sorted(self._texts):
            first.setdefault(stories.of(self._documents[row]), row)
        return {row: first[stories.of(self._documents[row])] for row in self._texts}

    def _wanted(
        self, text: LinkedText, stories: Stories, roundups: Mapping[int, Sequence[int]]
    ) -> Iterable[tuple[bool, int]]:
        """Return the texts that an article's first one comes from; or, True, holds a part of."""
        document = self._documents[text.row]
        if document != text.row:
            return [(False, document)]
        if document in roundups:
            return [(True, held) for held in roundups[document]]
        closeness = partial(self._closeness, document)
        nearest = nearest_earlier(document, stories, self._copies, closeness)
        return [] if nearest is None else [(False, nearest)]

    def _closeness(self, document: int, earlier: int) -> float:
        known = self._copies.get((earlier, document))
        return measure(self._words(document), self._words(earlier)).closeness if known is None else known

    def _relation(self, connection: Connection, text: LinkedText, is_part: bool, to: int) -> Relation:  # noqa: FBT001 - as wanted
        article = self._article(connection, text.row)
        origin = self._candidate(to)
        if origin.words.content_hash == text.content_hash:
            return equal_relation(article, origin)
        match = measure(self._words(text.row), origin.words)
        return copy_relation(article, match, origin, kind=RelationKind.CONTAINS if is_part else None)

    def _write(self, connection: Connection, text: LinkedText, made: Sequence[Relation]) -> None:
        """Write the relation or links of an article's first text over what it had."""
        self._database.run(_REMOVE, (text.article_id,), writes=True)
        for position, relation in enumerate(made):
            row = {
                "article_id": text.article_id,
                "revision": 1,
                "position": position + (relation.kind is RelationKind.CONTAINS),
                "kind": relation.kind.value,
                "to_id": relation.to,
                "score": relation.score,
                "evidence": dict(relation.evidence) | {"found_by": "sweep"},
            }
            connection.execute(sa.insert(_relations), row)

    def _article(self, connection: Connection, row: int) -> Article:
        return article_of(connection.scalar(_RECORD, {"number": row}) or {}, "")

    def _candidate(self, document: int) -> Candidate:
        (found,) = self._index.of([document])
        return found

    def _words(self, document: int) -> Words:
        return self._candidate(document).words


def _told(
    text: LinkedText, made: Sequence[Relation], before: Sequence[tuple[int, str, ArticleId, float]]
) -> Iterator[Move]:
    """Yield what an article is now."""
    for relation in made:
        yield Move(article_id=text.article_id, kind=relation.kind.value, to=relation.to, score=relation.score)
    if not made:
        _, _, to, score = before[0]
        yield Move(article_id=text.article_id, kind=FREED, to=to, score=score)
