"""Searches of a store in memory: every article is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.listing_date import dated
from scraper.store.search.engine import Facet, agencies_of, asked_of, key_of, month_name, month_of
from scraper.store.search.expressions import holds
from scraper.store.search.terms import STEMMERS, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scraper.model import StoredArticle
    from scraper.store.memory_rows import Rows
    from scraper.store.queries import ArticleQuery
    from scraper.store.search.expressions import Expression


class MemorySearch:
    """The current articles under their keys."""

    def __init__(self, rows: Rows) -> None:
        self._held: dict[int, StoredArticle] = {}
        numbers = {(stored.id, stored.revision): row for row, (stored, _) in enumerate(rows.saved, start=1)}
        for known in rows.revisions.values():
            key = key_of(
                dated(known[-1].article, known[-1].first_seen), numbers[known[-1].id, known[-1].revision]
            )
            while key in self._held:
                key += 1
            self._held[key] = known[-1]
        self._terms = {key: document(stored.article) for key, stored in self._held.items()}

    def codes(self) -> Sequence[str]:
        """Return the codes of the stems that there may be."""
        return ["", *STEMMERS]

    def newest(self, expression: Expression, low: int, high: int, limit: int) -> Sequence[int]:
        """Return the last keys, at most so many, that answer; from low on and below high, descending."""
        return sorted(self._answering(expression, low, high), reverse=True)[:limit]

    def count(self, expression: Expression, low: int, high: int) -> int:
        """Return how many keys answer."""
        return sum(1 for _ in self._answering(expression, low, high))

    def facets(self, expression: Expression, low: int, high: int) -> Iterable[Facet]:
        """Yield how many of those have each value."""
        for key in self._answering(expression, low, high):
            article = self._held[key].article
            yield Facet("site", article.site or "", 1)
            yield Facet("language", article.language or "", 1)
            yield Facet("month", month_name(month_of(dated(article, self._held[key].first_seen))), 1)
            yield from (Facet("agency", agency, 1) for agency in agencies_of(article))

    def stored(self, keys: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return the articles of some keys."""
        return {key: self._held[key] for key in keys}

    def size(self) -> int:
        """Return how many articles there are."""
        return len(self._held)

    def unindexed(self) -> int:
        """Return how many articles no search finds as yet."""
        return 0

    def _answering(self, expression: Expression, low: int, high: int) -> Iterable[int]:
        return (key for key, terms in self._terms.items() if low <= key < high and holds(terms, expression))


def answered(query: ArticleQuery) -> Callable[[StoredArticle], bool]:
    """Return what tells whether an article answers the words of a query. Raises QueryError."""
    if query.search is None:
        return lambda _: True
    asked = asked_of(query, ["", *STEMMERS])

    def answers(stored: StoredArticle) -> bool:
        key = key_of(dated(stored.article, stored.first_seen), 0)
        return asked.low <= key < asked.high and holds(document(stored.article), asked.expression)

    return answers
