"""What stays in memory over a long crawl: ./run bench memory [PAGES] [WORKER_PAGES].

Crawls a loopback site of invented articles, each a page of 100 KB, and notes the crawler's own memory on the
way, and the most that a worker had. Then one worker, never replaced, extracts real pages alone: those of the
corpora in ../shared, else the fixtures.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from bench.crawl import done
from scraper.model import Page, Site
from tests.crawl.site import HOST, article, path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from scraper.crawl.run import Progress

ROOT = Path(__file__).parents[1]
PAGES, WORKER_PAGES = 10_000, 2_000
MAX_CRAWLER_MB, MAX_WORKER_MB = 500, 300
EVERY = 500
"""Pages between two figures."""
FILLER = b"<script>" + b"var filler = 'as real pages have it';" * 2_700 + b"</script></body>"


def main() -> None:
    """Serve, or crawl and judge."""
    if sys.argv[1:] == ["serve"]:
        serve()
        return
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    worker_pages = int(sys.argv[2]) if len(sys.argv) > 2 else WORKER_PAGES  # noqa: PLR2004
    crawler, worker = crawl(pages) if pages else (0, 0)
    alone = extract_alone(worker_pages)
    print(f"crawler over {pages} pages: {crawler} MB at most (limit {MAX_CRAWLER_MB})")
    print(f"the largest of its workers: {worker} MB at most (limit {MAX_WORKER_MB})")
    print(f"one worker after {worker_pages} pages: {alone} MB (limit {MAX_WORKER_MB})")
    sys.exit(crawler > MAX_CRAWLER_MB or max(worker, alone) > MAX_WORKER_MB)


def files() -> list[Path]:
    """Return real pages, or as good as real."""
    corpora = sorted((ROOT.parent / "shared" / "corpora").glob("*/pages/*.gz"))
    return corpora or sorted(ROOT.glob("fixtures/*/*/page.html"))


def address(number: int) -> str:
    """Return where a page is served."""
    return f"http://{HOST}{path(number)}"


def serve() -> None:
    """Serve endless articles by their number; print the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            number = self.path.rpartition("-")[2]
            content = article(int(number)).content if number.isdigit() else b""
            content = content.replace(b"</body>", FILLER)
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "text/html" if content else "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def crawl(pages: int) -> tuple[int, int]:
    """Return the most memory in MB that this process and any of its workers had."""
    from scraper.crawl.download.loopback import loopback_settings
    from scraper.crawl.run import Crawl, run_crawls

    server = subprocess.Popen([sys.executable, "-m", "bench.memory", "serve"], stdout=subprocess.PIPE)
    assert server.stdout is not None
    most: Counter[str] = Counter()

    @contextmanager
    def watch(look: Callable[[], Sequence[Progress]]) -> Iterator[None]:
        with watching(look, most):
            yield

    try:
        port = int(server.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                **loopback_settings(port),
                "NEWS_STORE": f"sqlite:///{folder}/news.db",
                "NEWS_WORKERS": 2,
                "NEWS_ARCHIVE": f"{folder}/archive",
                "LOG_LEVEL": "ERROR",
                "STATS_DUMP": False,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            }
            urls = ",".join(address(number) for number in range(pages))
            (ended,) = run_crawls(
                [Crawl(target=f"http://{HOST}/", arguments={"urls": urls})], settings, watch=watch
            )
        print(f"{done(ended)} pages: {json.dumps(dict(ended.counts))}")
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
    return most["crawler"], most["worker"]


@contextmanager
def watching(look: Callable[[], Sequence[Progress]], most: Counter[str]) -> Iterator[None]:
    """Note the memory of the crawler and its workers twice a second, and print it every EVERY pages."""
    end = threading.Event()

    def run() -> None:
        told = 0
        while not end.wait(0.5):
            (progress,) = look()
            crawler, workers = memory(os.getpid()), [memory(pid) for pid in descendants(os.getpid())]
            most["crawler"] = max(most["crawler"], crawler)
            most["worker"] = max(most["worker"], *workers, 0)
            if done(progress) // EVERY > told:
                told = done(progress) // EVERY
                print(f"{done(progress)} pages: crawler {crawler} MB, its children {workers}", flush=True)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    end.set()
    thread.join()


def extract_alone(pages: int) -> int:
    """Return the memory in MB of a worker that was not replaced, after so many pages."""
    receiver, sender = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_extract, args=(sender, pages))
    process.start()
    sender.close()
    found = 0
    while (line := receiver.recv()) is not None:
        number, found = line
        print(f"{number} pages: worker {found} MB", flush=True)
    process.join()
    return found


def _extract(sender: Connection, pages: int) -> None:
    from scraper.crawl.pages import workers
    from scraper.extraction.article import extract_article

    workers._prepare_worker()  # noqa: SLF001 - as in the pool
    for number, file in enumerate(islice(cycle(files()), pages), start=1):
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        extract_article(Page(url=address(number), content=content), Site(name="bench"))
        if number % EVERY == 0 or number == pages:
            sender.send((number, memory(os.getpid())))
    sender.send(None)


def memory(process: int) -> int:
    """Return the resident memory of a process in MB, 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def descendants(root: int) -> list[int]:
    """Return the processes below one, the server aside."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if "bench.memory\0serve" in (entry / "cmdline").read_text():
                del parents[int(entry.name)]
        except (OSError, KeyError):
            continue
    found, layer = [], [root]
    while layer:
        layer = [child for child, parent in parents.items() if parent in layer]
        found += layer
    return found


if __name__ == "__main__":
    main()
