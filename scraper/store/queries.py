"""Which articles and rejections are asked for, and what a search gives back; read by store.protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.shard import WHOLE, Shard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scraper.model import Kind, Reason, StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleQuery:
    """Which articles: each condition that is given must hold."""

    site: str | None = None
    since: datetime | None = None
    """Dated at or after: published, or first seen where the page does not say."""
    until: datetime | None = None
    """Dated before."""
    kind: Kind | None = None
    in_doubt: bool | None = None
    """True for those alone that are more likely none, False for the others alone."""
    language: str | None = None
    """BCP 47; "en" also finds "en-GB"."""
    search: str | None = None
    """In the query language of scraper.store.search.query."""
    newest_first: bool = False
    """By date, latest first; otherwise in the order they were first seen."""
    part: Shard = WHOLE
    """Only those whose ids are in this part of all."""
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionQuery:
    """Which rejections: each condition that is given must hold."""

    site: str | None = None
    reason: Reason | None = None
    since: datetime | None = None
    """Fetched at or after."""
    until: datetime | None = None
    """Fetched before."""
    limit: int | None = None


class Sort(StrEnum):
    """In which order a search gives its hits."""

    RELEVANCE = "relevance"
    """The newest first; words in the title make an article as much as a year newer."""
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text, and the places in it that answer the query."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    """Where each begins and ends, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that answers a query."""

    article: StoredArticle
    title: Marked
    snippet: Marked
    """The part of the text that answers best; its beginning where only other fields do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of hits."""

    hits: Sequence[Hit]
    count: int
    """Of all hits, on whatever page."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By site, language, month and agency, how many of all hits have which value, most first."""
    after: int | None = None
    """What the next page comes after; None where this is the last one."""
    unindexed: int = 0
    """Articles of an earlier version that the index lacks as yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """An article that shares rare words with another one."""

    article: StoredArticle
    words: Sequence[str]
    """Those that both have, as the other one writes them, the rarest first."""
    score: float
    """How much they tell: the sum of how rare each is, in bits."""
