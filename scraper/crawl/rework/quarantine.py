"""Today's extractor over the archived pages that an earlier one could not read to the end."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.archive.capture import to_page
from scraper.archive.reader import capture_at
from scraper.crawl.pages.saving import Extracted, decide_page
from scraper.crawl.pages.stored_work import StoredWork
from scraper.errors import InputError
from scraper.model import Page, Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scraper.archive.place import Place
    from scraper.crawl.pages.workers import ExtractionPool, Refine, Work
    from scraper.extraction.pagination import Part
    from scraper.model import Article, Rejection
    from scraper.store.protocol import Fetch, Quarantined, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A page that was in quarantine and what it is; `missing` says why it could not be read."""

    was: Quarantined
    outcome: Article | Rejection | None = None
    missing: str | None = None
    following: str | None = None
    """The page that continues the article: the next fetch brings it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Reads pages from the archive, extracts them in the pool's workers and stores what they are."""

    store: Store
    place: Place
    pool: ExtractionPool
    sites: Mapping[str, Site]
    refinements: Mapping[str, Refine]

    def run(self, pages: Iterable[Quarantined]) -> Iterator[Retried]:
        """Yield what each page is once that is stored, each in a transaction of its own.

        A page whose extraction ends no better stays in quarantine, with the reason of this time. One that a
        crawl fetched meanwhile is left alone, or read again if it is in quarantine once more.
        """
        waiting: deque[tuple[Quarantined, Page]] = deque()
        lost: list[Retried] = []
        changed: list[str] = []
        work = StoredWork(self.store, self.refinements)

        def readable() -> Iterator[Work]:
            for each in pages:
                try:
                    page = archived_page(self.store, self.place, each)
                except InputError as error:
                    lost.append(Retried(was=each, missing=str(error)))
                    continue
                waiting.append((each, page))
                yield work.of(page, self._site(each))

        for part in self.pool.extract_parts(readable()):
            each, page = waiting.popleft()
            if self._settle(each, page, part):
                yield Retried(was=each, outcome=part.outcome, following=part.following)
            else:
                changed.append(each.url)
        yield from lost
        if again := [left for url in changed if (left := self.store.find_quarantined(url))]:
            yield from self.run(again)

    def _site(self, page: Quarantined) -> Site:
        name = page.rejection.site or ""
        return self.sites.get(name, Site(name=name))

    def _settle(self, each: Quarantined, page: Page, part: Part) -> bool:
        """Store what a page is; False if a crawl fetched it again meanwhile."""
        archived = (page.archived,) if page.archived else ()
        extracted = Extracted(page=page, outcome=part.outcome, archived=archived)
        with self.store.transaction():
            if self.store.find_quarantined(each.url) != each:
                return False
            _, fetch = decide_page(self.store, extracted, self._site(each))
            if fetch is not None:
                self.store.amend_fetch(fetch)
        return True


def quarantined_fetch(store: Store, page: Quarantined) -> Fetch:
    """Return the fetch that brought the page. InputError where it is not archived, or no longer."""
    found = [fetch for fetch in store.archived(page.rejection.raw_sha256) if fetch.url == page.url]
    if not found:
        raise InputError(f"{page.url}: its page is not archived; a crawl fetches it again in its time")
    return found[-1]


def archived_page(store: Store, place: Place, page: Quarantined) -> Page:
    """Return the page as it was fetched. InputError where it is not archived, or no longer."""
    pointer = quarantined_fetch(store, page).archived[0]
    found = to_page(capture_at(place, pointer), pointer)
    return replace(
        found,
        requested=None if found.url == page.url else page.url,
        fetched_at=page.rejection.fetched_at,
        status=page.rejection.status,
    )
