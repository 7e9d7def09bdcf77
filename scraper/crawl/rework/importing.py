"""Archived responses taken in as if they had just been fetched."""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from scraper.archive.capture import to_page
from scraper.archive.images import ImageFiles
from scraper.archive.reader import Found, Tally, read_captures
from scraper.crawl.pages.learned import Lessons, host_of
from scraper.crawl.pages.saving import Extracted, allowed, counters, expected, save
from scraper.crawl.pages.stored_work import StoredWork
from scraper.crawl.rework.mending import mend
from scraper.crawl.rework.reextracting import Reextractor
from scraper.crawl.sites import load_refinements, load_sites, site_of, site_page
from scraper.errors import InputError
from scraper.extraction.pagination import MOST_PAGES, join_pages
from scraper.learned.layout import LEAST_PAGES
from scraper.model import Article, Pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from scraper.archive.place import Place
    from scraper.crawl.pages.workers import ExtractionPool, Refine, Work
    from scraper.extraction.pagination import Part
    from scraper.model import Page, Rejection, Site
    from scraper.store.protocol import Store

BATCH = 50
"""Pages a transaction, as in a crawl."""
_NEAR = 200
"""Captures after a page among which its continuation is sought: a crawl fetches it next."""
_SCOUTED = 1_000
"""Captures of an import, the earliest, from which layouts are learned before it begins …"""
_FIRST_OF_HOST = 30
"""… and of a host among them, so many pages."""
_HTML = ("text/html", "application/xhtml+xml")
_HEAD = 1_000
"""Bytes in which a page that is called text/plain shows that it is one, as browsers tell it."""
_OK = range(200, 300)
_PARTIAL = 206
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_OTHERS = ("image/", "video/", "audio/", "font/")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A WARC file."""

    place: Place
    name: str
    key: str
    """What the store calls it."""

    def pointer(self, found: Found) -> Pointer:
        """Return where a capture of this file lies."""
        return Pointer(file=self.key, offset=found.offset, digest=found.capture.digest)

    def size(self) -> int:
        """Return how many bytes it has."""
        with self.place.open(self.name) as stream:
            return stream.seek(0, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone:
    """A page that was extracted, and where it stood."""

    file: File
    offset: int
    extracted: Extracted
    site: Site


@dataclass(kw_only=True)
class Importer:
    """Takes in archive files: extracts in workers, saves in batches, keeps the place that it reached."""

    store: Store
    pool: ExtractionPool
    sites: Mapping[str, Site] = field(default_factory=load_sites)
    refinements: Mapping[str, Refine] = field(default_factory=load_refinements)
    work: StoredWork = field(init=False)
    """With the templates of the crawls before, and the layouts that the first captures taught."""
    excluded: Collection[str] = ()
    """A page that forbids one of these is no article."""
    home: Place | None = None
    """The archive in which files have the names that the store knows: what a layout gave that proves wrong is
    read again from there. None: every page is read in full."""
    is_part: bool = False
    """Others take in other files meanwhile: layouts are those that learn() left, and none is forgotten."""
    is_asked_to_end: Callable[[], bool] = lambda: False
    """Asked after each batch: the rest is left for the next time."""
    counts: Counter[str] = field(default_factory=Counter)
    """responses, those passed over by cause, and what became of the pages, as a crawl counts them."""

    def __post_init__(self) -> None:
        """Read no template yet."""
        self.work = StoredWork(self.store, self.refinements, layouts=self.home is not None)
        self._lessons = Lessons()

    def take(self, files: Sequence[File], *, step: Callable[[int], object]) -> None:
        """Take in files, their captures in order of time, from where an earlier import of each ended.

        `step` hears of each response. Raises StoreError and InputError; what was committed stays.
        """
        sites = self._begin(files)
        batch: list[ImportDone] = []
        for done in self._extracted(self._in_time(files), step):
            batch.append(done)
            if len(batch) >= BATCH:
                self._commit(batch)
                batch = []
                if self.is_asked_to_end():
                    return
        self._commit(batch, {file.key: file.size() for file in files})
        if not self.is_part:
            self._lessons.save(self.store)
        self._mend(sites.union(self._lessons.sites))

    def _begin(self, files: Sequence[File]) -> set[str]:
        """Learn what an import that begins learns; return the sites of which one that goes on had pages."""
        if not any(self.store.imported(file.key) for file in files):
            if not self.is_part:
                self.learn(files)
            return set()
        return {counted.site for counted in self.store.site_counts()}

    def learn(self, files: Sequence[File]) -> None:
        """Learn the layouts of hosts of which none is known, from their first captures in order of time."""
        if self.home is None:
            return
        counts, self.counts = self.counts, Counter()  # all of these are read once more
        first: dict[tuple[str, str], list[Work]] = defaultdict(list)
        for found, file in islice(self._in_time(files), _SCOUTED):
            page = self._page(found, file)
            if page is not None and page.url is not None:
                site = self._site(page, found)
                works = first[site.name, host_of(page.url)]
                work = self.work.of(page, site)
                if not work[3].layouts and len(works) < _FIRST_OF_HOST:
                    works.append((*work[:4], True))
        lessons = Lessons()
        chosen = [work for works in first.values() if len(works) >= LEAST_PAGES for work in works]
        for (page, site, *_), part in zip(chosen, self.pool.extract_parts(chosen), strict=True):
            lessons.add(site.name, page, part)
        lessons.save(self.store)
        self.work, self.counts = StoredWork(self.store, self.refinements, layouts=True), counts

    def _mend(self, sites: Iterable[str]) -> None:
        """Extract again what layouts gave that proved wrong; forget them unless others still read by them."""
        if self.home is None:
            return
        tools = Reextractor(
            store=self.store,
            place=self.home,
            pool=self.pool,
            sites=self.sites,
            refinements=self.refinements,
        )
        for site in sorted(sites):
            self.counts["layout/mended"] += mend(tools, site, forgets=not self.is_part)

    def _in_time(self, files: Sequence[File]) -> Iterator[tuple[Found, File]]:
        """Yield the captures of all files in order of time, as far as each file is in order itself.

        Open are, each with one capture in memory, only the files whose times overlap.
        """
        waiting = deque(sorted(self._begins(files)))
        running: list[tuple[datetime, int, Found, Iterator[Found]]] = []
        while waiting or running:
            if waiting and (not running or waiting[0] <= running[0][:2]):
                number = waiting.popleft()[1]
                captures = self._read(files[number])
            else:
                _, number, found, captures = heapq.heappop(running)
                yield found, files[number]
            following = next(captures, None)
            if following is not None:
                heapq.heappush(running, (following.capture.fetched_at, number, following, captures))

    def _begins(self, files: Sequence[File]) -> Iterator[tuple[datetime, int]]:
        """Yield the time of the first capture of each file that has one to be taken in, and its number."""
        for number, file in enumerate(files):
            tally = Tally()
            first = next(self._captures(file, tally), None)
            if first is not None:
                yield first.capture.fetched_at, number
            else:
                self._pass_over(tally)

    def _read(self, file: File) -> Iterator[Found]:
        """Yield the captures that are left of a file; count what is passed over."""
        tally = Tally()
        yield from self._captures(file, tally)
        self._pass_over(tally)

    def _pass_over(self, tally: Tally) -> None:
        for cause, number in tally.passed.items():
            self.counts[f"passed/{cause}"] += number

    def _captures(self, file: File, tally: Tally) -> Iterator[Found]:
        """Yield the captures after the one that an earlier import ended with."""
        begun = self.store.imported(file.key)
        with file.place.open(file.name) as stream:
            for found in read_captures(stream, tally, start=begun):
                if not begun or found.offset != begun:
                    yield found

    def _commit(self, batch: Sequence[ImportDone], ends: Mapping[str, int] | None = None) -> None:
        with self.store.transaction([expected(done.extracted) for done in batch]):
            self._lessons.write_doubts(self.store)
            for done in batch:
                result = save(self.store, done.extracted, done.site, in_time=True)
                self.counts.update(counters(result))
            reached = {done.file.key: done.offset for done in batch} | dict(ends or {})
            for key, offset in reached.items():
                self.store.record_import(key, offset)

    def _extracted(
        self, found: Iterator[tuple[Found, File]], step: Callable[[int], object]
    ) -> Iterator[ImportDone]:
        """Yield each page with what it is, in the order given."""
        waiting: deque[tuple[Found, File, Page, Site]] = deque()

        def pages() -> Iterator[Work]:
            for each, file in found:
                step(1)
                page = self._page(each, file)
                if page is not None:
                    site = self._site(page, each)
                    waiting.append((each, file, page, site))
                    work = self.work.of(page, site)
                    yield (*work[:4], self._learns(page) and self._wants(page, site))

        for part in self.pool.extract_parts(pages()):
            each, file, page, site = waiting.popleft()
            if self._learns(page):
                self._lessons.add(site.name, page, part)
            outcome, archived = self._whole(part, page, site, file, each.offset)
            outcome = allowed(outcome, page, self.excluded)
            extracted = Extracted(page=page, outcome=outcome, archived=archived)
            yield ImportDone(file=file, offset=each.offset, extracted=extracted, site=site)

    def _site(self, page: Page, found: Found) -> Site:
        return site_of(site_page(page), self.sites, found.capture.site)

    def _wants(self, page: Page, site: Site) -> bool:
        return not self.is_part and self._lessons.wants(site.name, page)

    def _learns(self, page: Page) -> bool:
        """Return whether a page may teach its host's layout: one without address has no host."""
        return self.home is not None and page.url is not None

    def _page(self, found: Found, file: File) -> Page | None:
        """Return the page of a capture; None, counted, for what is no article page."""
        capture = found.capture
        self.counts["responses"] += 1
        kind = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
        cause = None
        if not capture.role.is_page:
            cause = capture.role.value
        elif capture.status == _PARTIAL:
            cause = "cut"
        elif capture.status not in _OK:
            cause = f"status {capture.status}"
        elif kind.startswith(_OTHERS):
            cause = "not html"
        else:
            try:
                page = to_page(capture, file.pointer(found))
            except InputError:
                cause = "damaged"
            else:
                is_told = not kind or kind in _HTML or capture.role.is_saved
                if is_told or _MARKUP.search(page.content[:_HEAD]):
                    return page
                cause = "not html"
        self.counts[f"passed/{cause}"] += 1
        return None

    def _whole(
        self, part: Part, page: Page, site: Site, file: File, offset: int
    ) -> tuple[Article | Rejection, tuple[Pointer, ...]]:
        """Return what the page is, joined with the pages that continue it and stand near it in the file."""
        pointers = [page.archived] if page.archived else []
        articles = [part.outcome] if isinstance(part.outcome, Article) else []
        seen = {page.url}
        while part.following and part.following not in seen and len(articles) < MOST_PAGES:
            seen.add(part.following)
            following = _near(part.following, file, offset)
            if following is None:
                self.counts["continuation missing"] += 1
                break
            pointer = file.pointer(following)
            (part,) = self.pool.extract_parts([self.work.of(to_page(following.capture, pointer), site)])
            if not isinstance(part.outcome, Article):
                break
            articles.append(part.outcome)
            pointers.append(pointer)
        whole = join_pages(articles) if articles else part.outcome
        if self.home is not None and isinstance(whole, Article):
            whole = ImageFiles(self.home).named(whole)
        return whole, tuple(pointers)


def _near(url: str, file: File, offset: int) -> Found | None:
    """Return the capture of the address, if it stands among the next ones."""
    with file.place.open(file.name) as stream:
        near = islice(read_captures(stream, Tally(), start=offset), _NEAR)
        return next((each for each in near if each.capture.url == url and each.capture.status in _OK), None)
