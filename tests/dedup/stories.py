"""Invented news with enough words to be compared: each story has sentences of its own."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, datetime
from typing import Any

from scraper.dedup.decide import decide
from scraper.dedup.memory_index import MemoryIndex
from scraper.model import Article, ArticleId, RelationKind, StoredArticle, Verdict

NOW = datetime(2031, 5, 1, 8, tzinfo=UTC)
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo ka len mar tos win dre".split()  # noqa: SIM905


def sentence(dice: random.Random, words: int = 14) -> str:
    """A sentence of invented words, capitalised, with a name now and then."""
    made = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 3))) for _ in range(words)]
    made[dice.randrange(words)] = made[0].capitalize() + "ov"
    return " ".join(made).capitalize() + "."


def story(seed: int, paragraphs: int = 8) -> list[str]:
    """The paragraphs of a story, about 42 words each."""
    dice = random.Random(seed)
    return [" ".join(sentence(dice) for _ in range(3)) for _ in range(paragraphs)]


def article(url: str, body: list[str] | str, **changes: Any) -> Article:
    made = Article(
        url=url,
        canonical_url=url,
        site=url.split("/")[2],
        body=body if isinstance(body, str) else "\n".join(body),
        raw_sha256="",
        fetched_at=NOW,
        extractor="test",
    )
    return dataclasses.replace(made, **changes)


class Desk:
    """A memory of articles, each of which is judged as it comes."""

    def __init__(self) -> None:
        self.index = MemoryIndex()
        self.held: dict[str, StoredArticle] = {}

    def take(self, made: Article) -> Verdict:
        url = made.url or ""
        verdict = decide(made, stored=self.held.get(url), index=self.index)
        if verdict.relation is None or verdict.relation.kind is not RelationKind.UNCHANGED:
            self.held[url] = StoredArticle(
                id=ArticleId(url),
                article=made,
                content_hash=verdict.signature.content_hash,
                revision=verdict.expected_revision + 1,
                relation=verdict.relation,
                first_seen=NOW,
            )
            self.index.add(self.held[url], verdict)
        return verdict

    def relation(self, url: str, body: list[str] | str, **changes: Any) -> tuple[str, str] | None:
        """Take an article; return its relation's kind and target."""
        relation = self.take(article(url, body, **changes)).relation
        return (relation.kind.value, relation.to) if relation else None
