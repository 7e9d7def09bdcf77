"""The search index as searches ask it."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scraper.store.search.engine import Facet, month_name
from scraper.store.search.expressions import to_fts5, to_tsquery
from scraper.store.search.terms import terms_version
from scraper.store.sql import rows, tables
from scraper.store.sql.articles import CURRENT
from scraper.store.sql.deadline import STEPS_BETWEEN, left

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from scraper.model import StoredArticle
    from scraper.store.search.expressions import Expression

SECONDS = 10.0
"""How long one search may run; an ordinary one takes hundredths."""
_FEW = 500
"""The newest articles that are looked through first: half of them or a tenth hold what every article says."""
_NEAR = {"sqlite": "search_terms.rowid >= ? AND search_terms.rowid < ?", "postgresql": "key >= ? AND key < ?"}
_MATCH = {"sqlite": "search_terms MATCH ?", "postgresql": "terms @@ CAST(? AS tsquery)"}
_COUNT = "SELECT count(*) FROM {}"
_COUNTED = {"sqlite": "search_terms WHERE ", "postgresql": "search_entries WHERE "}
_NEWEST = """
SELECT rowid FROM search_terms WHERE search_terms MATCH ? AND rowid >= ? AND rowid < ?
ORDER BY rowid DESC LIMIT ?
"""
_NEWEST_FEW = """
SELECT key FROM (
    SELECT key, terms FROM search_entries WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?
) newest
WHERE terms @@ CAST(? AS tsquery) ORDER BY key DESC LIMIT ?
"""
_NEWEST_OF_ALL = """
WITH found AS MATERIALIZED (SELECT key FROM search_entries WHERE terms @@ CAST(? AS tsquery))
SELECT key FROM found WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?
"""
_FACETS = """
WITH hits AS {} (SELECT site, language, month, agencies FROM {})
SELECT 'site', site, count(*) FROM hits GROUP BY site
UNION ALL SELECT 'language', language, count(*) FROM hits GROUP BY language
UNION ALL SELECT 'month', CAST(month AS text), count(*) FROM hits GROUP BY month
UNION ALL SELECT 'agency', agencies, count(*) FROM hits WHERE agencies IS NOT NULL GROUP BY agencies
"""
_READ_ONCE = {"sqlite": "", "postgresql": "MATERIALIZED"}
_HITS = {
    "sqlite": "search_terms CROSS JOIN search_entries ON search_entries.key = search_terms.rowid WHERE ",
    "postgresql": "search_entries WHERE ",
}
_TUNE = (
    "SET LOCAL statement_timeout = {:.0f}",
    "SET LOCAL jit = off",  # compiling takes longer than the search
    "SET LOCAL enable_seqscan = off",  # reading all terms takes longer than the planner knows
)
_PAGE = 500


class SqlIndex:
    """The index over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def codes(self) -> Sequence[str]:
        """Return the codes of the stems that there are."""
        return [code for (code,) in self._run("SELECT code FROM search_codes ORDER BY code")]

    def newest(self, expression: Expression, low: int, high: int, limit: int) -> Sequence[int]:
        """Return the last keys, at most so many, that answer; from low on and below high, descending."""
        if self._dialect == "sqlite":
            found = self._run(_NEWEST, to_fts5(expression), low, high, limit)
            return [key for (key,) in found]
        asked = to_tsquery(expression)
        found = self._run(_NEWEST_FEW, low, high, _FEW, asked, limit) if limit < _FEW else ()
        if len(found) < limit:
            found = self._run(_NEWEST_OF_ALL, asked, low, high, limit)
        return [key for (key,) in found]

    def count(self, expression: Expression, low: int, high: int) -> int:
        """Return how many keys answer."""
        statement = _COUNT.format(_COUNTED[self._dialect] + self._where)
        return int(self._run(statement, *self._values(expression, low, high))[0][0])

    def facets(self, expression: Expression, low: int, high: int) -> Iterable[Facet]:
        """Yield how many of those have each value."""
        statement = _FACETS.format(_READ_ONCE[self._dialect], _HITS[self._dialect] + self._where)
        for name, value, number in self._run(statement, *self._values(expression, low, high)):
            if name == "agency":
                yield from (Facet(name, agency, number) for agency in json.loads(value))
            else:
                yield Facet(name, month_name(int(value)) if name == "month" else value or "", number)

    def stored(self, keys: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return the articles of some keys."""
        entries = tables.search_entries
        found: dict[int, StoredArticle] = {}
        for start in range(0, len(keys), _PAGE):
            statement = CURRENT.add_columns(entries.c.key).join(
                entries, entries.c.row == tables.revisions.c.row
            )
            for row in self._connection.execute(
                statement.where(entries.c.key.in_(keys[start : start + _PAGE]))
            ):
                found[row.key] = rows.to_stored(row)
        return found

    def size(self) -> int:
        """Return how many articles it holds."""
        return int(self._run("SELECT count(*) FROM search_entries")[0][0])

    def unindexed(self) -> int:
        """Return how many articles it lacks as yet."""
        version, unread = self._run("SELECT version, unread FROM search_state")[0]
        is_other = version not in {"", terms_version()}
        if not unread and not is_other:
            return 0
        return int(self._run("SELECT count(*) FROM articles")[0][0]) - (0 if is_other else self.size())

    @property
    def _where(self) -> str:
        return f"{_MATCH[self._dialect]} AND {_NEAR[self._dialect]}"

    def _values(self, expression: Expression, low: int, high: int) -> tuple[Any, ...]:
        made = to_fts5(expression) if self._dialect == "sqlite" else to_tsquery(expression)
        return made, low, high

    def _run(self, statement: str, *values: Any) -> Sequence[Any]:  # noqa: ANN401
        if self._dialect == "postgresql":
            statement = statement.replace("?", "%s")
        return self._connection.exec_driver_sql(statement, values).all()


@contextmanager
def hurried(connection: Connection) -> Iterator[SqlIndex]:
    """Give the index, of which no question may take longer than a search may; StoreError says so then."""
    seconds = min(SECONDS, left(connection))
    if connection.dialect.name == "postgresql":
        for statement in _TUNE:
            connection.exec_driver_sql(statement.format(seconds * 1000))
        yield SqlIndex(connection)
        return
    raw: Any = connection.connection.dbapi_connection
    end = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, STEPS_BETWEEN)
    try:
        yield SqlIndex(connection)
    finally:
        raw.set_progress_handler(None, 0)
