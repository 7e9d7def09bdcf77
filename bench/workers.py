"""One worker against two on one PostgreSQL: ./run bench workers [SITES].

Loopback sites whose robots.txt asks for five seconds between requests, so that waiting, not the processor,
is what takes the time. In one run, first one `scraper worker` and then two crawl them all into a schema of
their own on the server that NEWS_TEST_POSTGRESQL names. Fails unless every article is stored once, each site
is crawled once, no site is asked faster than it wants, and two workers take at most .6 of one's time.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa

from bench.jobs_kill import ARTICLES, Pages
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SITES, SLOTS, DELAY = 20, 2, 5.0
MAX_RATIO = 0.6
JITTER = 0.5
"""Seconds by which a request may arrive early at a server, since the one before it arrived late."""
PATIENCE = 1800
SERVER = "postgresql+psycopg://127.0.0.1:5432/test"


class Polite(Pages):
    """Pages that ask for a delay, and note when what was asked for."""

    asked: ClassVar[dict[str, list[tuple[float, str]]]] = defaultdict(list)

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        """Answer, after noting it."""
        self.asked[self.headers["Host"]].append((time.monotonic(), self.path))
        if self.path == "/robots.txt":
            self._answer(f"User-agent: *\nCrawl-delay: {DELAY:g}\n")
        else:
            super().do_GET()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass over all sites came to."""

    seconds: float
    articles: int
    doubled: int
    states: Counter[str]
    runs: int
    hosts: Counter[int]
    """Process of a worker → the runs that it had."""
    shortest: float
    """Seconds between two requests to one site."""


def main() -> None:
    """Measure both and judge."""
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else SITES
    server = ThreadingHTTPServer(("0.0.0.0", 0), Polite)  # noqa: S104 - the sites are 127.0.2.1 and on
    threading.Thread(target=server.serve_forever, daemon=True).start()
    addresses = [f"http://127.0.2.{number + 1}:{server.server_port}/" for number in range(sites)]
    passes = {}
    for workers in (1, 2):
        passes[workers] = found = measure(addresses, workers)
        print(
            f"{workers} workers: {found.seconds:.0f} s; runs {dict(found.states)} by "
            f"{sorted(found.hosts.values())}; articles {found.articles} of {sites * ARTICLES}, "
            f"{found.doubled} doubled; shortest time between two requests to a site {found.shortest:.2f} s"
        )
    ratio = passes[2].seconds / passes[1].seconds
    print(f"two workers take {ratio:.2f} of the time of one")
    whole = all(
        (found.articles, found.doubled, found.runs) == (sites * ARTICLES, 0, sites)
        and found.shortest >= DELAY - JITTER
        for found in passes.values()
    )
    if not whole or ratio > MAX_RATIO:
        sys.exit("failed")


def measure(sites: Sequence[str], workers: int) -> Pass:
    """Crawl the sites once with so many workers."""
    Polite.asked.clear()
    with schema() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = ", ".join(f'"{site}"' for site in sites)
        (folder / "scraper.toml").write_text(
            f'store = "{url}"\nworkers = 1\narchive = ""\nallowed_networks = ["127.0.0.0/8"]\n'
            f'[jobs.all]\nsites = [{names}]\nevery = "1d"\n'
        )
        with ServiceStore(url) as ledger:
            begin = time.monotonic()
            processes = [_start(folder, number) for number in range(workers)]
            try:
                _wait(ledger, len(sites), begin)
                seconds = time.monotonic() - begin
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait()
            for run in ledger.runs.find():
                if run.state is not RunState.SUCCEEDED:
                    print(f"{run.site}: {run.state.value}, {run.reason}")
            return _judge(ledger, url, seconds)


@contextmanager
def schema() -> Iterator[str]:
    """Give the address of an empty schema, dropped afterwards."""
    server, name = os.environ.get("NEWS_TEST_POSTGRESQL", SERVER), f"news_bench_{secrets.token_hex(4)}"
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        yield f"{server}?options=-csearch_path%3D{name}"
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


def _start(folder: Path, number: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scraper", "worker", "--slots", str(SLOTS)]
    with (folder / f"worker-{number}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, stderr=log)


def _wait(ledger: ServiceStore, sites: int, begin: float) -> None:
    """Wait until each site's run has ended."""
    while time.monotonic() - begin < PATIENCE:
        time.sleep(0.5)
        runs = ledger.runs.find()
        if len(runs) >= sites and not any(run.state.is_active for run in runs):
            return
    sys.exit(f"not done after {PATIENCE} s")


def _judge(ledger: ServiceStore, url: str, seconds: float) -> Pass:
    runs = ledger.runs.find()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        count = "SELECT count(*), count(DISTINCT canonical_url) FROM articles"
        stored, addresses = connection.exec_driver_sql(count).one()
    pages = [[at for at, path in asked if path != "/robots.txt"] for asked in Polite.asked.values()]
    return Pass(
        seconds=seconds,
        articles=stored,
        doubled=stored - addresses,
        states=Counter(run.state.value for run in runs),
        runs=len(runs),
        hosts=Counter(run.owner.pid for run in runs if run.owner),
        shortest=min(later - earlier for times in pages for earlier, later in pairwise(times)),
    )


if __name__ == "__main__":
    main()
