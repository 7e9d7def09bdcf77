"""A search on any kind of store: what is asked of its index, and what its answers make together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scraper.store.queries import Hit, SearchPage, Sort
from scraper.store.search.expressions import AllOf, choice, codes_of, in_title, to_expression, wanted_terms
from scraper.store.search.query import Both, Query, parse_query
from scraper.store.search.snippets import marked, snippet
from scraper.store.search.terms import stem_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scraper.model import Article, StoredArticle
    from scraper.store.queries import ArticleQuery
    from scraper.store.search.expressions import Expression, Terms

PAGE_OF_HITS = 50
FACETS = ("site", "language", "month", "agency")
_SLOTS = 16
"""Bits of a key below its minute: what is dated in the same minute has different ones."""
_MINUTE = timedelta(minutes=1)
_BEGIN = datetime.min.replace(tzinfo=UTC)
FIRST_KEY, LAST_KEY = 0, 1 << 62
IN_TITLE = {"every": 365 * 1440, "some": 90 * 1440}
"""By how many minutes words of the query in its title make an article newer: a year for all of them."""
_TIERS = 2
"""Bits of a cursor that tell how much of the query stands in the title: no two hits have the same cursor."""


class Facet(NamedTuple):
    """How many hits have a value."""

    name: str
    """One of FACETS."""
    value: str
    number: int


class SearchIndex(Protocol):
    """The terms of each current article under its key; keys ascend by date."""

    def codes(self) -> Sequence[str]:
        """Return the codes of the stems that there are, "" among them where words stand without."""

    def newest(self, expression: Expression, low: int, high: int, limit: int) -> Sequence[int]:
        """Return the last keys, at most so many, that answer; from low on and below high, descending."""

    def count(self, expression: Expression, low: int, high: int) -> int:
        """Return how many keys answer."""

    def facets(self, expression: Expression, low: int, high: int) -> Iterable[Facet]:
        """Yield how many of those have each value; each has one site, and agencies as many as it names."""

    def stored(self, keys: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return the articles of some keys; what was removed meanwhile is absent."""

    def size(self) -> int:
        """Return how many articles it holds."""

    def unindexed(self) -> int:
        """Return how many articles it lacks as yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query in the terms of an index."""

    expression: Expression
    tiers: Sequence[tuple[int, Expression]]
    """Apart from each other: how many minutes newer its articles count, and which these are."""
    low: int = FIRST_KEY
    high: int = LAST_KEY
    shown: Sequence[Terms] = ()
    """What is marked in title and text."""


def key_of(dated: datetime, row: int) -> int:
    """Return the key of an article of a date, in the row of its revision; taken ones give way to the next."""
    return (_minutes(dated) << _SLOTS) | (row & ((1 << _SLOTS) - 1))


def month_of(dated: datetime) -> int:
    """Return the number of a date's month."""
    return dated.year * 12 + dated.month - 1


def month_name(month: int) -> str:
    """Return the month of a number.

    >>> month_name(month_of(datetime(2026, 3, 1, tzinfo=UTC)))
    '2026-03'
    """
    return f"{month // 12:04}-{month % 12 + 1:02}"


def agencies_of(article: Article) -> tuple[str, ...]:
    """Return the agencies that an article names."""
    return article.credit.agencies if article.credit else ()


def asked_of(query: ArticleQuery, codes: Sequence[str], sort: Sort = Sort.NEWEST) -> Asked:
    """Return what a query asks of an index. Raises QueryError."""
    parsed = Query(node=Both()) if query.search is None else parse_query(query.search)
    wanted, unwanted = choice(
        site=query.site,
        language=query.language,
        kind=query.kind.value if query.kind else None,
        in_doubt=query.in_doubt,
    )
    among = [stem_code(query.language)] if query.language is not None else codes_of(parsed.node, codes)
    text = to_expression(parsed.node, among)
    expression = AllOf(wanted=(text, *wanted), unwanted=tuple(unwanted)) if wanted or unwanted else text
    titles = in_title(parsed.node, among) if sort is Sort.RELEVANCE else None
    since = max(filter(None, (query.since, parsed.after)), default=None)
    until = min(filter(None, (query.until, parsed.before)), default=None)
    return Asked(
        expression=expression,
        tiers=_tiers(expression, titles),
        low=key_of(since, 0) if since else FIRST_KEY,
        high=key_of(until, 0) if until else LAST_KEY,
        shown=tuple(dict.fromkeys(wanted_terms(text))),
    )


def _tiers(
    expression: Expression, titles: tuple[Expression, Expression] | None
) -> Sequence[tuple[int, Expression]]:
    if titles is None:
        return [(0, expression)]
    every, some = titles
    tiers = [(0, AllOf(wanted=(expression,), unwanted=(some,)))]
    if every != some:
        tiers.append((IN_TITLE["some"], AllOf(wanted=(expression, some), unwanted=(every,))))
    return [*tiers, (IN_TITLE["every"], AllOf(wanted=(expression, every)))]


def find_hits(
    index: SearchIndex, query: ArticleQuery, sort: Sort, *, after: int | None = None, facets: bool = False
) -> SearchPage:
    """Return a page of hits. Raises QueryError."""
    asked = asked_of(query, index.codes(), sort)
    limit = query.limit or PAGE_OF_HITS
    ranked = _ranked(index, asked, after, limit + 1)
    page = ranked[:limit]
    stored = index.stored([key for _, key in page])
    counts = _facets(index.facets(asked.expression, asked.low, asked.high)) if facets else {}
    return SearchPage(
        hits=tuple(_hit(stored[key], asked.shown) for _, key in page if key in stored),
        count=sum(counts["site"].values())
        if facets
        else index.count(asked.expression, asked.low, asked.high),
        facets=counts,
        after=page[-1][0] if len(ranked) > limit else None,
        unindexed=index.unindexed(),
    )


def _ranked(index: SearchIndex, asked: Asked, after: int | None, limit: int) -> list[tuple[int, int]]:
    """Return the best cursors with their keys, at most so many, that come after a cursor."""

    def cursors(tier: int, minutes: int, expression: Expression) -> Iterable[tuple[int, int]]:
        newer = minutes << _SLOTS
        high = asked.high if after is None else min(asked.high, (after - tier - 1 >> _TIERS) - newer + 1)
        keys = index.newest(expression, asked.low, high, limit) if high > asked.low else ()
        return ((((key + newer) << _TIERS) | tier, key) for key in keys)

    return nlargest(limit, chain.from_iterable(cursors(tier, *each) for tier, each in enumerate(asked.tiers)))


def _hit(stored: StoredArticle, shown: Sequence[Terms]) -> Hit:
    article = stored.article
    code = stem_code(article.language)
    in_text = snippet(article.body, code, shown)
    if article.standfirst and not in_text.marks:
        in_standfirst = snippet(article.standfirst, code, shown)
        in_text = in_standfirst if in_standfirst.marks else in_text
    return Hit(article=stored, title=marked(article.title or "", code, shown), snippet=in_text)


def _facets(found: Iterable[Facet]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for facet in found:
        counts[facet.name][facet.value] += facet.number
    return {
        name: dict(sorted(values.items(), key=lambda each: (-each[1], each[0])))
        for name, values in counts.items()
    }


def _minutes(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _BEGIN) // _MINUTE
