"""./run bench store [--against FOLDER] [--url POSTGRESQL]: what saving a crawl's pages costs a store.

Batches of 50 pages as a crawl saves them: new articles, copies, unchanged and edited ones, refused pages.
Printed are calls of the database's driver, the time in which no other process can write, and processor time
of this process and PostgreSQL's. With a checkout of an earlier build in a folder, both are run in turn, each
five times, and their medians stand side by side.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.crawl.pages import saving
from scraper.crawl.pages.saving import Extracted, save
from scraper.model import Article, Page, Provenance, Reason, Rejection, Site
from scraper.store import ArticleQuery, open_store
from scraper.store.sql.database import Database
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store import Store

BATCH = 50
START = datetime(2026, 1, 1, tzinfo=UTC)
SITES = 20
ROUNDS = 5
_SCHEMA = "bench_store"
_SIZE = {
    "sqlite": (
        "SELECT (page_count - freelist_count) * page_size "
        "FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()"
    ),
    "postgresql": (
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
        "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    ),
}
_TICKS = os.sysconf("SC_CLK_TCK")


def invented(number: int, words: int = 550) -> Article:
    """Return an article of invented words, a few of them frequent, another for every number."""
    chosen = random.Random(number)  # noqa: S311 - no secret
    text = [f"w{int(chosen.random() ** 3 * 40_000):04x}" for _ in range(words)]
    body = "\n".join(" ".join(text[start : start + 50]) for start in range(0, words, 50))
    url = f"https://news.example/2026/{number}/story"
    return Article(
        url=url,
        canonical_url=canonical_url(url),
        site=f"site{number % SITES}",
        title=" ".join(text[:9]),
        body=body,
        published="2026-01-01",
        language="en",
        provenance={
            name: Provenance(source="json-ld", confidence=0.9) for name in ("title", "published", "body")
        },
        raw_sha256="0" * 64,
        fetched_at=START + timedelta(seconds=number),
        extractor="bench",
    )


def page_of(number: int) -> Extracted:
    """Return a page: of twenty, two are copies, one is unchanged, one edited, one refused, the others new."""
    new = invented(number)
    article: Article | Rejection = new
    kind, earlier = number % SITES, invented(max(0, number - 7 * SITES - 3))
    if kind in {3, 11}:
        article = replace(new, body=f"{new.body[:200]}\n{earlier.body}")
    elif kind == 5:  # noqa: PLR2004 - one of twenty
        article = replace(earlier, fetched_at=new.fetched_at)
    elif kind == 13:  # noqa: PLR2004 - one of twenty
        article = replace(earlier, body=f"{earlier.body}\n{new.body[:300]}", fetched_at=new.fetched_at)
    elif kind == 17:  # noqa: PLR2004 - one of twenty
        article = Rejection(
            url=new.url, site=new.site, reason=Reason.LIST, detail="a list", raw_sha256=new.raw_sha256,
            fetched_at=new.fetched_at,
        )  # fmt: skip
    return Extracted(page=Page(url=article.url, content=b"", fetched_at=article.fetched_at), outcome=article)


def save_batch(store: Store, pages: list[Extracted], site: Site) -> None:
    """Judge and save pages as a crawl does, in one transaction."""
    expected = getattr(saving, "expected", None)  # an earlier build looks up nothing beforehand
    with store.transaction(*([[expected(page) for page in pages]] if expected else [])):
        for page in pages:
            save(store, page, site)


class Meter:
    """Counts calls of the driver and the time between taking the lock and giving it back."""

    def __init__(self) -> None:
        self.calls = 0
        self.held: list[float] = []
        self._began: float | None = None
        sa.event.listen(sa.Engine, "before_cursor_execute", self._count)
        sa.event.listen(sa.Engine, "begin", self._begin)
        unmetered = Database._on  # noqa: SLF001 - the one place where statements go past SQLAlchemy

        def on(database: Database, *arguments: Any) -> Any:  # noqa: ANN401
            self.calls += 1
            return unmetered(database, *arguments)

        Database._on = on  # type: ignore[method-assign, assignment]  # noqa: SLF001

    def _count(self, *_: object) -> None:
        self.calls += 1

    def _begin(self, connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writes"):
            self._began = time.perf_counter()

    def ended(self) -> None:
        """Note that a transaction was committed."""
        if self._began is not None:
            self.held.append(time.perf_counter() - self._began)
            self._began = None


def measure(url: str, total: int) -> dict[str, float]:
    """Save so many pages in a new database; return the figures."""
    sites = [Site(name=f"site{number}") for number in range(SITES)]
    batches = [
        [page_of(number) for number in range(first, first + BATCH)] for first in range(0, total, BATCH)
    ]
    with open_store(url) as store:
        save_batch(
            store, [page_of(-1 - number) for number in range(BATCH)], sites[0]
        )  # once for what is made once
        meter, server, began = Meter(), _server_seconds(store), time.process_time()
        for number, batch in enumerate(batches):
            save_batch(store, batch, sites[number % SITES])
            meter.ended()
        seconds = time.process_time() - began + _server_seconds(store) - server
        began = time.process_time()
        text = sum(len(stored.article.body.encode()) for stored in store.articles(ArticleQuery()))
        reading = time.process_time() - began
        size = _bytes(store)
    return {
        "driver's calls a page": meter.calls / total,
        "ms in the lock a page": 1000 * sum(meter.held) / total,
        "ms in the lock, longest": 1000 * max(meter.held),
        "pages a CPU second": total / seconds,
        "MB read a CPU second": text / reading / 1e6,
        "bytes a page": size / (total + BATCH),
    }


def _database_of(store: Store) -> Database:
    found: Database = store._database  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def _bytes(store: Store) -> float:
    """Return the size of a file or of the tables of a schema with their indexes."""
    database = _database_of(store)
    return float(database.run(_SIZE[database.dialect])[0][0])


def _server_seconds(store: Store) -> float:
    """Return the processor time of PostgreSQL's process for the store, 0 for a file."""
    database = _database_of(store)
    if database.dialect == "sqlite":
        return 0.0
    (pid,) = database.run("SELECT pg_backend_pid()")[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def database_at(server: str) -> Iterator[str]:
    """Give the address of a new database."""
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/news.db"
        return
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
    yield f"{server}?options=-csearch_path%3D{_SCHEMA}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {_SCHEMA} CASCADE")


def _once(build: Path, url: str, total: int) -> dict[str, float]:
    """Return the figures of a build, measured in a process of its own."""
    command = [sys.executable, __file__, "--once", url, "--pages", str(total)]
    done = subprocess.run(
        command, cwd=build, env={**os.environ, "PYTHONPATH": str(build)}, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the figures of each kind of database."""
    parser = argparse.ArgumentParser(prog="./run bench store", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--against", type=Path, help="a checkout of an earlier build")
    parser.add_argument(
        "--url", default=os.environ.get("NEWS_TEST_POSTGRESQL", ""), help="a PostgreSQL server"
    )
    parser.add_argument("--once", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        print(json.dumps(measure(given.once, given.pages)))
        return
    builds = [Path(__file__).parent.parent, *([given.against.resolve()] if given.against else [])]
    for server in ("", *([given.url] if given.url else [])):
        found: dict[Path, list[dict[str, float]]] = {build: [] for build in builds}
        for _ in range(ROUNDS):
            for build in builds:
                with database_at(server) as url:
                    found[build].append(_once(build, url, given.pages))
        print(
            f"{'PostgreSQL' if server else 'SQLite':<26}{'this build':>12}"
            + ("      earlier     ratio" if given.against else "")
        )
        for name in found[builds[0]][0]:
            figures = [median(each[name] for each in found[build]) for build in builds]
            ratio = f"{figures[0] / figures[1]:>10.2f}" if given.against else ""
            print(f"  {name:<24}" + "".join(f"{figure:>12.2f} " for figure in figures) + ratio)


if __name__ == "__main__":
    main()
