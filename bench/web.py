"""What the pages cost: ./run bench web [ARTICLES] [--url POSTGRESQL].

Of a store of invented articles, 200,000 unless told, the list, a search, an article and a story are asked of
the application, and what they asked of the database is asked plainly in the same run: processor time of this
process and PostgreSQL. Then, on the SQLite file: 50 readers at once beside a process that saves articles, and
the list and an article from Datasette (pip install datasette; left out without it), server against server.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import sqlalchemy as sa

from bench.processes import cpu_seconds
from bench.search import BATCH, index_articles, invented, keep_articles
from bench.store import _server_seconds, database_at, page_of, save_batch
from scraper.model import Site
from scraper.store import open_store
from scraper.store.sql.database import Database
from scraper.store.sql.searching.entries import SearchEntries
from scraper.web.application import WebParts, make_application
from scraper.web.readers import Readers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.types import ASGIApp, Message

    from scraper.store.service.reader import Reader

OF_STORY = 5
"""Articles of each story."""
ROUNDS, SECONDS = 3, 1.0
"""How often, and for how long, each page is asked for at least."""
READERS, ASKED = 50, 20
"""At once, and how many pages each asks for."""
SAVED = 10
"""Batches of 50 articles that are saved beside them."""
COMPARED = 50
"""Pages that each of two servers answers."""
MAX_OF_SQL, MAX_MS, MAX_KILOBYTES, MAX_TAIL, MAX_OF_SAVING, MAX_OF_DATASETTE = (
    3.0,
    60.0,
    60.0,
    10.0,
    1.05,
    0.5,
)


def fill(url: str, total: int) -> None:
    """Keep and index articles, each five of which are one story."""
    random = np.random.default_rng(1)
    with open_store(url) as store:
        database: Database = store._database  # type: ignore[attr-defined]  # noqa: SLF001
        entries = SearchEntries(database)
        for first in range(1, total + 1, BATCH):
            rows = range(first, min(first + BATCH, total + 1))
            batch = [(row, invented(row, total, random)) for row in rows]
            with database.write():
                keep_articles(database, batch)
                index_articles(database, entries, batch)
                copies = [
                    (f"{row:016x}", f"{row - row % OF_STORY:016x}")
                    for row in rows
                    if row % OF_STORY and row > OF_STORY
                ]
                database.put(
                    "INSERT INTO relations VALUES (?, 1, 0, 'syndicated', ?, .9, '{}')", copies, many=True
                )
        with database.write():
            database.run(
                f"UPDATE revisions SET story = row - row % {OF_STORY} "  # noqa: S608 - our own numbers
                f"WHERE row % {OF_STORY} > 0 AND row > {OF_STORY}",
                writes=True,
            )
        database.run("ANALYZE", writes=True)


def asked_pages(total: int) -> Mapping[str, str]:
    """Return the addresses of the pages that are measured."""
    middle = f"{total // 2 - total // 2 % OF_STORY:016x}"
    return {
        "list of articles": "/articles",
        "search for a rare word": "/articles?q=w9b00",
        "search for a common word": "/articles?q=w0001",
        "article": f"/articles/{middle}",
        "story": f"/stories/{middle}",
    }


async def answer(app: ASGIApp, address: str) -> tuple[int, bytes]:
    """Return the status and the compressed body of a page."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


class Statements:
    """What is asked of the database, while this context lasts."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Any]] = []
        self._unwatched = Database._on  # noqa: SLF001 - the one place where statements go past SQLAlchemy

    def __enter__(self) -> list[tuple[str, Any]]:
        def on(database: Database, raw: Any, method: str, statement: str, parameters: Any) -> Any:  # noqa: ANN401
            self._note(None, None, statement, parameters)
            return self._unwatched(database, raw, method, statement, parameters)

        Database._on = on  # type: ignore[method-assign, assignment]  # noqa: SLF001
        sa.event.listen(sa.Engine, "before_cursor_execute", self._note)
        return self.found

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.found.append((statement, parameters))

    def __exit__(self, *error: object) -> None:
        Database._on = self._unwatched  # type: ignore[method-assign]  # noqa: SLF001
        sa.event.remove(sa.Engine, "before_cursor_execute", self._note)


def against_sql(url: str, total: int) -> Iterator[str]:
    """Print each page beside its own statements, asked plainly; yield what misses its target."""
    readers = Readers(url)
    app = make_application(WebParts(readers=readers))
    with asyncio.Runner() as runner:
        for name, address in asked_pages(total).items():

            def page(address: str = address) -> tuple[int, bytes]:
                return runner.run(answer(app, address))

            page()
            with Statements() as found:
                status, body = page()
            if status != http.HTTPStatus.OK or not found:
                sys.exit(f"{address} was answered with {status} and {len(found)} statements")
            ours = _cost(page, lambda: _of_servers(readers))
            reader = readers._taken()  # noqa: SLF001 - a connection that knows what the statements use
            plain = _cost(partial(_ask, reader, found), partial(_server_seconds, reader))
            readers._idle.append(reader)  # noqa: SLF001
            print(
                f"{name:<28}{ours:8.2f} ms {plain:8.2f} ms in {len(found):2} statements {ours / plain:6.2f} x"
                f" {len(body) / 1000:6.1f} kB of {len(gzip.decompress(body)) / 1000:.1f}"
            )
            is_slow = ours > MAX_MS if "common" in name else ours > MAX_OF_SQL * plain
            if is_slow or len(body) > MAX_KILOBYTES * 1000:
                yield name
    readers.close()


def _ask(reader: Reader, found: list[tuple[str, Any]]) -> None:
    with reader._database.read() as connection:  # noqa: SLF001
        raw: Any = connection.connection.dbapi_connection
        for statement, parameters in found:
            cursor = raw.cursor()
            cursor.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
            cursor.close()


def _of_servers(readers: Readers) -> float:
    return sum(_server_seconds(reader) for reader in readers._idle)  # noqa: SLF001


def _cost(work: Callable[[], object], server: Callable[[], float]) -> float:
    """Return the CPU milliseconds of a piece of work, here and on the server."""
    work()
    began, wall, times = time.process_time() + server(), time.perf_counter(), 0
    while time.perf_counter() - wall < SECONDS or times < ROUNDS:
        work()
        times += 1
    return 1000 * (time.process_time() + server() - began) / times


@contextmanager
def served(arguments: list[str], folder: Path, mark: str) -> Iterator[tuple[int, str]]:
    """Give the number and the address of a server that prints the latter after a mark."""
    log = folder / "served.log"
    with log.open("w") as output:
        process = subprocess.Popen(arguments, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        while mark not in log.read_text():
            if process.poll() is not None:
                sys.exit(f"{arguments[0]} ended:\n{log.read_text()}")
            time.sleep(0.1)
        yield process.pid, log.read_text().partition(mark)[2].split()[0]
    finally:
        process.terminate()
        process.wait()


def beside_saving(file: Path, folder: Path, total: int) -> Iterator[str]:
    """Print how long readers wait beside a process that saves, and what that costs it; yield what misses."""
    pages = list(asked_pages(total).values())
    with served([program("scraper"), "web", "--port", "0"], folder, "the pages are at ") as (_, address):
        alone, beside, waits = list[float](), list[float](), list[float]()
        for _ in range(ROUNDS):
            alone.append(_save(file))
            ended = threading.Event()
            threads = [
                threading.Thread(target=_read, args=(address, pages, waits, ended)) for _ in range(READERS)
            ]
            for thread in threads:
                thread.start()
            beside.append(_save(file))
            ended.set()
            for thread in threads:
                thread.join()
    tail, more = quantiles(waits, n=100)[-1] / median(waits), median(beside) / median(alone)
    print(
        f"{READERS} readers: {len(waits)} pages, median {1000 * median(waits):.0f} ms, "
        f"p99 {tail:.1f} x the median; "
        f"saving costs {more:.2f} x ({median(alone):.2f} → {median(beside):.2f} CPU s)"
    )
    if tail > MAX_TAIL:
        yield "waits"
    if more > MAX_OF_SAVING:
        yield "saving"


def _read(address: str, pages: list[str], waits: list[float], ended: threading.Event) -> None:
    number = 0
    connection = _connection(address)
    while number < ASKED or not ended.is_set():
        began = time.perf_counter()
        _get(connection, pages[number % len(pages)])
        waits.append(time.perf_counter() - began)
        number += 1


def _save(file: Path) -> float:
    """Return the CPU seconds of a process that saves articles."""
    code = f"from bench.web import save; save({str(file)!r})"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(told.stdout)


def save(file: str) -> None:
    """Save articles as a crawl does; print the CPU seconds that it took."""
    start = time.time_ns() // 1000 % 1_000_000_000
    batches = [[page_of(start + BATCH * at + number) for number in range(50)] for at in range(SAVED)]
    with open_store(f"sqlite:///{file}") as store:
        began = time.process_time()
        for batch in batches:
            save_batch(store, batch, Site(name="saved"))
    print(time.process_time() - began)


def against_datasette(file: Path, folder: Path, total: int) -> Iterator[str]:
    """Print what two servers take for a list and for one row of it; yield what misses its target."""
    if shutil.which(program("datasette")) is None:
        print("Datasette is not installed: left out")
        return
    middle = asked_pages(total)["article"]
    spent: dict[str, list[float]] = defaultdict(list)
    ours = served([program("scraper"), "web", "--port", "0"], folder, "the pages are at ")
    theirs = [
        program("datasette"),
        "serve",
        str(file),
        "--port",
        "0",
        "--setting",
        "max_returned_rows",
        "100",
    ]
    other = Path(tempfile.mkdtemp(dir=folder))
    with ours as (one, address), served(theirs, other, "Uvicorn running on ") as (two, place):
        asked = {
            ("list", one): (address, "/articles"),
            ("list", two): (place, f"/{file.stem}/articles?_size=30&_sort_desc=dated"),
            ("article", one): (address, middle),
            ("article", two): (place, f"/{file.stem}/revisions/{int(middle.rpartition('/')[2], 16)}"),
        }
        for _ in range(ROUNDS):
            for (name, pid), (where, page) in asked.items():
                spent[f"{name} {'ours' if pid == one else 'datasette'}"].append(
                    _server_cost(pid, where, page)
                )
    for name in ("list", "article"):
        mine, peer = median(spent[f"{name} ours"]), median(spent[f"{name} datasette"])
        print(f"{name:<28}{mine:8.2f} ms, Datasette {peer:8.2f} ms {mine / peer:6.2f} x")
        if mine > MAX_OF_DATASETTE * peer:
            yield f"{name} beside Datasette"


def _server_cost(pid: int, address: str, page: str) -> float:
    """Return the CPU milliseconds that a process takes for a page."""
    connection = _connection(address)
    _get(connection, page)
    began = cpu_seconds(pid)
    for _ in range(COMPARED):
        _get(connection, page)
    return 1000 * (cpu_seconds(pid) - began) / COMPARED


def _connection(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)


def _get(connection: http.client.HTTPConnection, page: str) -> None:
    connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
    answered = connection.getresponse()
    if answered.read() == b"" or answered.status != http.HTTPStatus.OK:
        sys.exit(f"{page} was answered with {answered.status}")


def program(name: str) -> str:
    """Return where a command of this environment is."""
    return str(Path(sys.executable).with_name(name))


def main() -> None:
    """Print the figures; end with 1 where one misses its target."""
    parser = argparse.ArgumentParser(prog="./run bench web", description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=200_000)
    parser.add_argument(
        "--url", default=os.environ.get("NEWS_TEST_POSTGRESQL", ""), help="a PostgreSQL server"
    )
    given = parser.parse_args()
    missed: list[str] = []
    with database_at("") as url:
        file = Path(url.removeprefix("sqlite:///"))
        (file.parent / "scraper.toml").write_text(f'store = "{url}"\n')
        fill(url, given.articles)
        print("SQLite")
        missed += against_sql(url, given.articles)
        missed += against_datasette(file, file.parent, given.articles)
        missed += beside_saving(file, file.parent, given.articles)
    if given.url:
        with database_at(given.url) as url:
            fill(url, given.articles)
            print("PostgreSQL")
            missed += against_sql(url, given.articles)
    print(f"missed: {', '.join(missed)}" if missed else "every figure meets its target")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
