"""./run bench search [ARTICLES] [--url POSTGRESQL]: what a search costs beside a plain query of the database.

Articles of invented words, 200,000 unless told, are indexed twice: as a store does it, and as plain text in
FTS5 or a tsvector, with what is counted of them in a table beside it. Printed is processor time of this
process and PostgreSQL: of indexing; of the newest 50 rows and the count, for words and phrases, by
date and by relevance; of facets beside one plain GROUP BY each; of whole pages with snippets. Runs alone.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.store import _server_seconds, database_at  # the same databases, measured the same way
from scraper.model import Article, Credit
from scraper.store import ArticleQuery, Sort, open_store
from scraper.store.search.engine import asked_of, find_hits
from scraper.store.sql import rows
from scraper.store.sql.searching.entries import SearchEntries, SearchEntry, indexed
from scraper.store.sql.searching.reading import hurried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.store.sql.database import Database

WORDS, VOCABULARY = 250, 40_000
BATCH = 500
START = datetime(2022, 1, 1, tzinfo=UTC)
AGENCIES = ("dpa", "AFP", "Reuters", None, None)
PAGE = 50
ROUNDS, SECONDS = 3, 1
"""How often, and for how long, each query is asked at least."""
QUERIES = {
    "a word that half of them have": "w0001",
    "a word that one in 20 has": "w0100",
    "a word that one in 400 has": "w4000",
    "a rare word": "w9b00",
    "two common words": "w0001 w0002",
    "a phrase of common words": '"w0000 w0001"',
    "not a common word": "w0100 -w0001",
}
_COLUMNS = "site TEXT, language TEXT, month TEXT, agency TEXT"
_PLAIN = {
    "sqlite": (
        "CREATE VIRTUAL TABLE plain USING fts5 (words, content='', tokenize='unicode61')",
        f"CREATE TABLE plain_facts (row INTEGER PRIMARY KEY, {_COLUMNS})",
    ),
    "postgresql": (
        "CREATE TABLE plain (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX plain_by_words ON plain USING gin (words)",
        f"CREATE TABLE plain_facts (row BIGINT PRIMARY KEY, {_COLUMNS})",
    ),
}
_ADD = {
    "sqlite": "INSERT INTO plain (rowid, words) VALUES (?, ?)",
    "postgresql": "INSERT INTO plain VALUES (?, to_tsvector('simple', ?))",
}
_MATCH = {"sqlite": "plain MATCH ?", "postgresql": "words @@ websearch_to_tsquery('simple', ?)"}


def invented(number: int, total: int, random: np.random.Generator) -> Article:
    """Return an article of words the rarer the higher their numbers; dates ascend over four years."""
    chosen = (random.random(WORDS) ** 3 * VOCABULARY).astype(int).tolist()
    text = [f"w{word:04x}" for word in chosen]
    agency = AGENCIES[number % len(AGENCIES)]
    return Article(
        url=None,
        canonical_url=f"https://news.example/{number}",
        site=f"site{number % 20}",
        title=" ".join(text[:8]),
        body="\n".join(" ".join(text[at : at + 50]) for at in range(8, WORDS, 50)),
        credit=Credit(agencies=(agency,)) if agency else None,
        published=(START + timedelta(days=1400 * number / total)).isoformat(timespec="seconds"),
        language="en",
        raw_sha256="0" * 64,
        fetched_at=START,
        extractor="bench",
    )


def fill(database: Database, total: int, spent: Callable[[], float]) -> tuple[float, float]:
    """Index all articles both ways; return the seconds of each."""
    random, entries = np.random.default_rng(1), SearchEntries(database)
    ours = plain = 0.0
    for first in range(1, total + 1, BATCH):
        batch = [(row, invented(row, total, random)) for row in range(first, min(first + BATCH, total + 1))]
        with database.write():
            keep_articles(database, batch)
            _count_of(database, batch)
            began = spent()
            index_articles(database, entries, batch)
        ours += spent() - began
        with database.write():
            began = spent()
            given = [(row, " ".join(f"{each.title}\n{each.body}".casefold().split())) for row, each in batch]
            database.put(_ADD[database.dialect], given, many=True)
        plain += spent() - began
    return ours, plain


def index_articles(database: Database, entries: SearchEntries, batch: Sequence[tuple[int, Article]]) -> None:
    """Index articles as a store does."""
    entries.add(
        [
            SearchEntry(
                row=row,
                article=article,
                dated=datetime.fromisoformat(article.published or ""),
                terms=indexed(article, database.dialect),
            )
            for row, article in batch
        ]
    )


def keep_articles(database: Database, batch: Sequence[tuple[int, Article]]) -> None:
    """Write the rows of articles."""
    texts, articles = [], []
    for row, article in batch:
        key, dated = f"{row:016x}", article.published
        articles.append((key, article.site, "article", 0, "en", dated, dated, dated, 1))
        texts.append((row, key, 1, str(row), rows.json_text(rows.record_of(article)), article.body))
    names = "id, site, kind, in_doubt, language, dated, first_seen, fetched_at, revision"
    _put(database, f"articles ({names})", articles)
    _put(database, "revisions (row, article_id, number, content_hash, record, body)", texts)


def _count_of(database: Database, batch: Sequence[tuple[int, Article]]) -> None:
    """Write what is counted of articles in the plain table."""
    facts = []
    for row, article in batch:
        agency = article.credit.agencies[0] if article.credit else None
        facts.append((row, article.site, "en", (article.published or "")[:7], agency))
    _put(database, "plain_facts", facts)


def _put(database: Database, table: str, given: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(given[0]))
    database.put(f"INSERT INTO {table} VALUES ({marks})", given, many=True)  # noqa: S608 - our own names


class Plain:
    """The plain queries."""

    def __init__(self, database: Database) -> None:
        self._database = database
        match = _MATCH[database.dialect]
        joined = f"FROM plain JOIN plain_facts ON plain_facts.row = plain.rowid WHERE {match}"
        self.page = (
            f"SELECT rowid FROM plain WHERE {match} ORDER BY rowid DESC LIMIT {PAGE}",  # noqa: S608
            f"SELECT count(*) FROM plain WHERE {match}",  # noqa: S608
        )
        self.facets = [
            f"SELECT {name}, count(*) {joined} GROUP BY 1" for name in ("site", "language", "month", "agency")
        ]

    def run(self, query: str, statements: Sequence[str]) -> None:
        """Ask for what a query finds."""
        given = query.replace(" -", " NOT ") if self._database.dialect == "sqlite" else query
        for statement in statements:
            self._database.run(statement, (given,))


def search(database: Database, query: str, sort: Sort) -> None:
    """Ask the index for a page of keys and the count."""
    with database.read() as connection, hurried(connection) as index:
        asked = asked_of(ArticleQuery(search=query), index.codes(), sort)
        for _, expression in asked.tiers:
            index.newest(expression, asked.low, asked.high, PAGE)
        index.count(asked.expression, asked.low, asked.high)


def count_facets(database: Database, query: str) -> None:
    """Ask the index for the facets."""
    with database.read() as connection, hurried(connection) as index:
        asked = asked_of(ArticleQuery(search=query), index.codes())
        list(index.facets(asked.expression, asked.low, asked.high))


def read_page(database: Database, query: str) -> None:
    """Search, and read the articles with their snippets."""
    with database.read() as connection, hurried(connection) as index:
        find_hits(index, ArticleQuery(search=query, limit=PAGE), Sort.RELEVANCE)


def compared(database: Database, spent: Callable[[], float]) -> Iterator[tuple[str, float, float]]:
    """Yield what was asked, and the milliseconds of a search and of a plain query."""

    def cost(work: Callable[..., None], *given: Any) -> float:  # noqa: ANN401
        work(*given)
        began, wall, times = spent(), time.perf_counter(), 0
        while time.perf_counter() - wall < SECONDS or times < ROUNDS:
            work(*given)
            times += 1
        return 1000 * (spent() - began) / times

    plain = Plain(database)
    for name, query in QUERIES.items():
        beside = cost(plain.run, query, plain.page)
        yield f"{name}, by date", cost(search, database, query, Sort.NEWEST), beside
        yield f"{name}, by relevance", cost(search, database, query, Sort.RELEVANCE), beside
        grouped = cost(plain.run, query, plain.facets)
        yield f"{name}, facets", cost(count_facets, database, query), grouped
        yield f"{name}, page with snippets", cost(read_page, database, query), beside


def main() -> None:
    """Print the figures of each kind of database."""
    parser = argparse.ArgumentParser(prog="./run bench search", description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=200_000)
    parser.add_argument(
        "--url", default=os.environ.get("NEWS_TEST_POSTGRESQL", ""), help="a PostgreSQL server"
    )
    given = parser.parse_args()
    for server in ("", *([given.url] if given.url else [])):
        with database_at(server) as url, open_store(url) as store:
            database: Database = store._database  # type: ignore[attr-defined]  # noqa: SLF001

            def spent() -> float:
                return time.process_time() + _server_seconds(store)

            for statement in _PLAIN[database.dialect]:
                database.run(statement, writes=True)
            ours, plain = fill(database, given.articles, spent)
            if server:
                database.run("ANALYZE", writes=True)
            print(f"{'PostgreSQL' if server else 'SQLite':<52}{'search ms':>10}{'plain ms':>10}{'ratio':>7}")
            lines = [("indexing an article", 1000 * ours / given.articles, 1000 * plain / given.articles)]
            for name, own, beside in (*lines, *compared(database, spent)):
                print(f"  {name:<50}{own:>10.2f}{beside:>10.2f}{own / max(beside, 1e-9):>7.2f}", flush=True)


if __name__ == "__main__":
    main()
