"""What extracting again costs beside extraction alone: ./run bench reextract [PAGES].

Archives copies of the corpus pages as a crawl does and stores an article of older rules for each. Then runs,
side by side, with one worker each: the road of scraper reextract over all of them, with store, archive and
comparison; and the same pages from memory through the same workers, and nothing else. Prints pages a CPU
second of both, workers included, and the memory on the way. Needs ../shared/corpora.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing.forkserver
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bench.crawl import CORPORA, corpus, tell
from bench.processes import tree_memory
from scraper.archive.capture import Capture, to_page
from scraper.archive.place import Place
from scraper.archive.reader import Tally, read_captures
from scraper.archive.warc import ArchiveWriter
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.reextracting import Reextractor
from scraper.dedup.shingle import sign
from scraper.model import Article, Site, Verdict
from scraper.store import ArticleQuery, Fetch, Outcome, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Page
    from scraper.store import Store

PAGES = 2_000
MARKS = (500, 1_000, 1_500, 2_000)
MIN_RATIO, MAX_GROWTH = 0.9, 1.1
_NOON = datetime(2031, 5, 2, 12, tzinfo=UTC)
_SITE = Site(name="bench")


def main() -> int:
    """Run one part (its name is the first argument), or make the archive, run both and judge."""
    if len(sys.argv) > 2:  # noqa: PLR2004 - a part and its folder
        os.chdir(sys.argv[2])
        {"again": extract_again, "alone": extract_alone}[sys.argv[1]]()
        multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]  # noqa: SLF001 - waited for, its workers' time counts
        return 0
    if not CORPORA.is_dir():
        print("bench reextract needs the corpora in ../shared/corpora", file=sys.stderr)
        return 2
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), pages)
        parts = [Part(name, folder) for name in ("again", "alone")]
        again, alone = (part.finish() for part in parts)
    return report(parts[0].memory, pages, again, alone)


def prepare(folder: Path, pages: int) -> None:
    """Archive the pages, each copy made another one, and store an article of other rules for each."""
    with (
        open_store(f"sqlite:///{folder}/news.db") as store,
        ArchiveWriter(str(folder / "archive"), _SITE.name) as writer,
        store.transaction(),
    ):
        for number, content in enumerate(islice(corpus(), pages)):
            capture = Capture(
                url=f"https://corpus.test/2031/05/02/page-number-{number}.html",
                fetched_at=_NOON + timedelta(seconds=number),
                status=200,
                headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
                payload=gzip.compress(content + f"<!-- {number} -->".encode(), compresslevel=1),
            )
            keep(store, to_page(capture, writer.write(capture)))


def keep(store: Store, page: Page) -> None:
    """Store an article that older rules made of the page, and its fetch."""
    assert page.url is not None
    assert page.fetched_at is not None
    assert page.archived is not None
    article = Article(
        url=page.url,
        canonical_url=page.url,
        site=_SITE.name,
        body=f"What older rules made of {page.url}.",
        raw_sha256=page.raw_sha256,
        fetched_at=page.fetched_at,
        extractor="older rules",
    )
    store.save(Verdict(article=article, signature=sign(article.body)))
    store.record_fetch(
        Fetch(
            url=page.url,
            site=_SITE.name,
            fetched_at=page.fetched_at,
            outcome=Outcome.STORED,
            canonical_url=page.url,
            raw_sha256=page.raw_sha256,
            archived=(page.archived,),
        )
    )


def extract_again() -> None:
    """Run the command's road over everything; print how far it is."""
    with open_store("sqlite:///news.db") as store, ExtractionPool(1) as pool:
        reextractor = Reextractor(
            store=store, place=Place("archive"), pool=pool, sites={_SITE.name: _SITE}, refinements={}
        )
        for number, found in enumerate(reextractor.run(ArticleQuery()), start=1):
            assert found.missing is None
            assert found.fields or found.outcome is not None
            if number % 100 == 0:
                tell(done=number)


def extract_alone() -> None:
    """Extract the pages, which are read from memory."""
    pages = list(read_pages())
    with ExtractionPool(1) as pool:
        for _ in pool.extract_each((page, _SITE) for page in pages):
            pass


def read_pages() -> Iterator[Page]:
    """Yield the archived pages, still packed in memory, unpacked one by one."""
    place = Place("archive")
    for name in place.names():
        with place.open(name) as stream:
            yield from (to_page(found.capture) for found in read_captures(stream, Tally()))


class Part:
    """A part of the benchmark in a process of its own."""

    def __init__(self, name: str, folder: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.reextract", name, folder], stdout=subprocess.PIPE, text=True
        )
        self.memory: dict[int, tuple[float, float]] = {}
        """MB of the process's own, and of it and its worker in all, when so many pages were done."""

    def finish(self) -> float:
        """Wait for the part's end; return the CPU seconds of it and its workers."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            own, whole = anonymous(self._process.pid), tree_memory(self._process.pid)
            self.memory[json.loads(line)["done"]] = own, whole
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        if self._process.returncode:
            sys.exit(f"a part of the benchmark ended with {self._process.returncode}")
        return usage.ru_utime + usage.ru_stime


def anonymous(process: int) -> float:
    """Return the MB that a process allocated: what it shares grows and shrinks with other processes."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:")) / 1024


def report(memory: dict[int, tuple[float, float]], pages: int, again: float, alone: float) -> int:
    """Print the figures; return 1 where one misses its target."""
    ratio = alone / again
    print(f"{pages} pages; CPU seconds: {again:.1f} extracted again, {alone:.1f} extracted alone")
    print(f"pages a CPU second: {pages / again:.1f} and {pages / alone:.1f}")
    print(f"ratio {ratio:.3f} (at least {MIN_RATIO})")
    for mark in MARKS:
        if mark in memory:
            own, whole = memory[mark]
            print(f"at page {mark}: {own:.1f} MB of its own, in all with its worker {whole:.0f} MB")
    first, last = (memory.get(mark, (0.0, 0.0))[0] for mark in (MARKS[0], MARKS[-1]))
    grown = last / first if first and last else 1.0
    print(f"memory at page {MARKS[-1]} against page {MARKS[0]}: {grown:.2f} (at most {MAX_GROWTH})")
    return int(ratio < MIN_RATIO or grown > MAX_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
