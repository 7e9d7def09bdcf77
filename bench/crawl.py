"""What a crawl costs: ./run bench crawl [known] [PAGES].

Serves the corpus pages on loopback from a process of their own and measures, in one run, processes and their
children: the crawl with extraction and storing; Scrapy fetching the same pages alone; trafilatura's
bare_extraction(with_metadata=True) of the same pages alone. Also the memory of all processes of the crawl,
and, in a crawl of its own, since timing each callback takes a second, the longest block of the event loop.
What a few pages cost is start-up for the most part: it is told, and all is told without it as well, by parts.

`known`: the pages of two portals, each time in other words, at a site that was learned from 120 others.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bench.blocks import Blocks, measure_blocks
from bench.processes import cpu_seconds, thread_seconds, tree, tree_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from scraper.crawl.run import Progress

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
NAMES = ("fundus-dev", "wcxb-dev", "portals-dev")
KNOWN = "known"
LEARNED_FROM = 120
FEW = 20
"""Pages of the crawl that tells what start-up costs."""
_TEXT = re.compile(rb">[^<]{60,}<")
_LONG_WORD = re.compile(rb"\b[a-z]{6,}\b")
HOST = "corpus.test"
PAGES = 1_050
MARKS = (500, 1_000)
"""Pages stored or rejected when the memory is noted."""
TIMED = ("copies", "archive")
MAX_RATIO, MAX_BLOCK_MS, MAX_MEMORY_MB = 1.2, 50, 500


def main() -> None:
    """Run one part (its name is the first argument), or all of them and judge."""
    if len(sys.argv) > 1 and sys.argv[1] in PARTS:
        PARTS[sys.argv[1]](*sys.argv[2:])
        return
    if not CORPORA.is_dir():
        sys.exit("bench crawl needs the corpora in ../shared/corpora")
    given = sys.argv[1:]
    known = [KNOWN] if KNOWN in given else []
    pages = next((int(each) for each in given if each.isdecimal()), PAGES)
    with Part("serve", str(pages), *known) as server, tempfile.TemporaryDirectory() as folder:
        port = server.line()
        fetching = [Part("fetch", port, each).finish() for each in (str(FEW), str(pages))]
        if known:
            Part("learn", port, folder, str(pages)).finish()
        crawls = [
            Part(*arguments, *([folder] if known else [])).finish()
            for arguments in (("start", port, str(pages)), ("crawl", port))
        ]
        timed = Part("timed", port).finish()
    library = [Part("library", each, *known).finish() for each in (str(FEW), str(pages))]
    report_parts(fetching, library, crawls, pages)
    report(crawls[1], timed, fetching[1].spent + library[1].spent, pages)


class Part:
    """A part of the benchmark in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.crawl", *arguments], stdout=subprocess.PIPE, text=True
        )
        self.memory: dict[int, float] = {}
        self.peak = 0.0
        self.last: dict[str, Any] = {}
        self.spent = 0.0
        """CPU seconds of it, and of the children that it waited for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    def line(self) -> str:
        """Return the next line that the part prints."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def finish(self) -> Self:
        """Wait for the part's end."""
        while line := self.line():
            self.last = json.loads(line)
            memory = tree_memory(self._process.pid)
            self.peak = max(self.peak, memory)
            self.memory[self.last.get("done", 0)] = memory
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        if self._process.returncode:
            sys.exit(f"a part of the benchmark ended with {self._process.returncode}")
        told = self.last.get("own", 0.0) + self.last.get("workers", 0.0)
        self.spent = max(usage.ru_utime + usage.ru_stime, told)
        return self

    def memory_at(self, pages: int) -> float:
        """Return the memory in MB when so many pages were done."""
        return next((memory for done, memory in sorted(self.memory.items()) if done >= pages), 0.0)


def report_parts(
    fetching: Sequence[Part], library: Sequence[Part], crawls: Sequence[Part], pages: int
) -> None:
    """Print what a page costs once all has started: what all pages cost beyond the few."""

    def each(parts: Sequence[Part], of: Callable[[Part], float]) -> float:
        return 1000 * (of(parts[1]) - of(parts[0])) / (pages - FEW)

    fetched, read, whole = (each(parts, lambda part: part.spent) for parts in (fetching, library, crawls))
    named = [Counter(part.last["parts"]) for part in crawls]
    told = {name: 1000 * (named[1][name] - named[0][name]) / (pages - FEW) for name in TIMED}
    extraction = each(crawls, lambda part: part.last["workers"])
    store = each(crawls, lambda part: part.last["threads"].get("store", 0.0)) - sum(told.values())
    rest = whole - extraction - store - sum(told.values())
    parts = {"extraction": extraction, **told, "store": store, "fetching and discovery": rest}
    few = crawls[0].spent, fetching[0].spent
    print(f"start-up with {FEW} pages: {few[0]:.1f} s of CPU, of fetching alone {few[1]:.1f}")
    alone = f"fetching alone {fetched:.1f}, trafilatura alone {read:.1f}"
    print(f"then in ms a page: {alone}, the crawl {whole:.1f}")
    print(", ".join(f"{name} {spent:.1f}" for name, spent in parts.items()))
    print(f"ratio without start-up {whole / (fetched + read):.2f}")


def report(crawl: Part, timed: Part, others: float, pages: int) -> None:
    """Print the figures with start-up; exit with 1 where one misses its target."""
    ratio = crawl.spent / others
    block = timed.last["block_ms"]
    first, second = (crawl.memory_at(mark) for mark in MARKS)
    print(f"{pages} pages: {json.dumps(crawl.last['counts'])}")
    print(f"CPU seconds of the crawl {crawl.spent:.1f}, of which its workers {crawl.last['workers']:.1f}")
    print(f"CPU seconds of fetching alone and trafilatura alone {others:.1f}")
    print(f"ratio {ratio:.2f} (at most {MAX_RATIO})")
    print(f"longest block of the event loop {block:.0f} ms (at most {MAX_BLOCK_MS}): {timed.last['blocker']}")
    print(f"memory of all processes: peak {crawl.peak:.0f} MB (at most {MAX_MEMORY_MB})")
    print(f"at page {MARKS[0]} {first:.0f} MB, at page {MARKS[1]} {second:.0f} MB")
    sys.exit(not (ratio <= MAX_RATIO and block < MAX_BLOCK_MS and crawl.peak < MAX_MEMORY_MB))


def corpus(known: str = "") -> Iterator[bytes]:
    """Yield the pages of the corpora, without end; `known`: of portals alone, each in other words."""
    files: list[Path] = []
    for name in NAMES[-1:] if known else NAMES:
        lines = (CORPORA / name / "manifest.jsonl").read_text().splitlines()
        files += [CORPORA / name / json.loads(line)["file"] for line in lines]
    pages = (gzip.decompress(file.read_bytes()) for file in cycle(files))
    return (reworded(page, number) for number, page in enumerate(pages)) if known else pages


def reworded(page: bytes, number: int) -> bytes:
    """Return a page with half of its longer words spelled backwards, others for each number."""

    def word(found: re.Match[bytes]) -> bytes:
        return found[0][::-1] if zlib.crc32(found[0], number) % 2 else found[0]

    return _TEXT.sub(lambda text: _LONG_WORD.sub(word, text[0]), page)


def serve(pages: str, known: str = "") -> None:
    """Serve the pages and a sitemap of them; print the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        replies: ClassVar[dict[str, tuple[str, bytes]]] = {}

        def do_GET(self) -> None:
            kind, content = self.replies.get("/" + self.path.rpartition(HOST + "/")[2], ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    first = LEARNED_FROM + FEW
    urls = [address(number) for number in range(int(pages) + first)]
    sitemap = "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls[: int(pages)]) + "</urlset>"
    Handler.replies["/robots.txt"] = ("text/plain", f"Sitemap: http://{HOST}/sitemap.xml".encode())
    Handler.replies["/"] = ("text/html", b"<html><a href='/about'>About</a></html>")
    Handler.replies["/sitemap.xml"] = ("application/xml", sitemap.encode())
    for url, content in zip(urls, corpus(known), strict=False):
        Handler.replies["/" + url.rpartition(HOST + "/")[2]] = ("text/html", content)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def address(number: int) -> str:
    """Return where a page is served."""
    return f"http://{HOST}/2031/05/02/page-number-{number}.html"


def crawl_timed(port: str) -> None:
    """Crawl the corpus likewise; print the longest block too."""
    crawl_all(port, blocks=measure_blocks())


def learn(port: str, folder: str, pages: str) -> None:
    """Crawl other pages of the site first, into a store and an archive in the folder."""
    urls = ",".join(address(int(pages) + FEW + number) for number in range(LEARNED_FROM))
    crawl_all(port, folder, urls=urls)


def start(port: str, pages: str, known: str = "") -> None:
    """Crawl a few other pages, for what it costs to start."""
    crawl_all(port, known, urls=",".join(address(int(pages) + number) for number in range(FEW)))


def crawl_all(port: str, known: str = "", *, blocks: Blocks | None = None, urls: str = "") -> None:
    """Crawl the corpus; print progress, then the counts and what it cost.

    `known`: the folder in which an earlier crawl left its store and its archive.
    """
    from scraper.crawl.download.loopback import loopback_settings
    from scraper.crawl.run import Crawl, run_crawls

    blocks = blocks or Blocks()
    parts, threads = time_parts(), dict[str, float]()

    def watch(look: Callable[[], Sequence[Progress]]) -> AbstractContextManager[None]:
        return watching(look, blocks, threads)

    with tempfile.TemporaryDirectory() as made:
        folder = known or made
        settings = {
            **loopback_settings(int(port)),
            "NEWS_STORE": f"sqlite:///{folder}/news.db",
            "NEWS_WORKERS": 2,
            "NEWS_ARCHIVE": f"{folder}/archive" if known else "",
            "LOG_LEVEL": "WARNING",
            "STATS_DUMP": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        }
        (ended,) = run_crawls(
            [Crawl(target=f"http://{HOST}/", arguments={"urls": urls})], settings, watch=watch
        )
    own = resource.getrusage(resource.RUSAGE_SELF)
    tell(
        done=done(ended),
        counts=dict(ended.counts),
        block_ms=blocks.longest * 1000,
        blocker=blocks.stack,
        own=own.ru_utime + own.ru_stime,
        parts=parts,
        threads=threads,
        workers=sum(map(cpu_seconds, tree(os.getpid()) - {os.getpid()})),
    )


@contextmanager
def watching(
    look: Callable[[], Sequence[Progress]], blocks: Blocks, threads: dict[str, float]
) -> Iterator[None]:
    """Print how many pages are done, once a second, and note what the threads have spent."""
    end = threading.Event()

    def run() -> None:
        while not end.wait(1.0):
            (progress,) = look()
            blocks.is_counting = bool(progress.counts)
            threads.update(thread_seconds())
            tell(done=done(progress))

    thread = threading.Thread(target=run)
    thread.start()
    yield
    end.set()
    thread.join()


def done(progress: Progress) -> int:
    """Return the pages that came to an end."""
    counts = Counter(progress.counts)
    return counts["stored"] + counts["unchanged"] + counts["revision"] + progress.total("rejected/")


def tell(**values: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(values), flush=True)


def time_parts() -> dict[str, float]:
    """Return what will hold the CPU seconds of the parts of the store's thread that have a name."""
    from scraper.archive.warc import ArchiveWriter
    from scraper.crawl.pages import saving
    from scraper.dedup.index import StoryIndex

    spent = dict.fromkeys(TIMED, 0.0)

    def time_calls(owner: Any, name: str, part: str) -> None:  # noqa: ANN401 - a class or a module
        call = getattr(owner, name)

        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the call has them
            begin = time.thread_time()
            try:
                return call(*given, **named)
            finally:
                spent[part] += time.thread_time() - begin

        setattr(owner, name, timed)

    for name in ("expect", "look_up", "add"):
        time_calls(StoryIndex, name, "copies")
    time_calls(saving, "decide", "copies")
    time_calls(ArchiveWriter, "write", "archive")
    return spent


def fetch_alone(port: str, pages: str) -> None:
    """Fetch the pages with Scrapy and its project defaults, and nothing else."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    from scraper.crawl.download.loopback import loopback_settings

    class Alone(scrapy.Spider):
        name = "alone"
        start_urls = [address(number) for number in range(int(pages))]  # noqa: RUF012 - Scrapy's way

        def parse(self, response: object) -> None:
            del response

    own = {"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    process = AsyncCrawlerProcess(
        {**loopback_settings(int(port)), **own, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
    )
    process.crawl(Alone)
    process.start()


def library_alone(pages: str, known: str = "") -> None:
    """Extract the pages with trafilatura, one after the other."""
    import trafilatura

    for content in islice(corpus(known), int(pages)):
        trafilatura.bare_extraction(content, with_metadata=True)


PARTS: dict[str, Callable[..., None]] = {
    "serve": serve,
    "fetch": fetch_alone,
    "learn": learn,
    "start": start,
    "crawl": crawl_all,
    "timed": crawl_timed,
    "library": library_alone,
}

if __name__ == "__main__":
    main()
