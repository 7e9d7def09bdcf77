"""Archived pages that were refused, judged by today's rules; read by scraper reextract."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.archive.capture import to_page
from scraper.archive.reader import capture_at
from scraper.crawl.pages.saving import Extracted, save
from scraper.crawl.pages.stored_work import StoredWork
from scraper.errors import InputError
from scraper.model import Article, Reason, Rejection, Site
from scraper.shard import WHOLE
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive.place import Place
    from scraper.crawl.pages.workers import Work
    from scraper.crawl.rework.reextracting import Reextractor
    from scraper.model import Page
    from scraper.shard import Shard
    from scraper.store.protocol import Fetch, Store
    from scraper.store.queries import RejectionQuery

_NOT_OF_THE_PAGE = {Reason.OUT_OF_RANGE, Reason.RESTRICTED}
"""Reasons that no rule of extraction gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconsidered:
    """A refused page and what it is today."""

    rejection: Rejection
    page: Page
    site: Site
    fetch: Fetch
    outcome: Article | Rejection


def reconsider(tools: Reextractor, query: RejectionQuery, shard: Shard = WHOLE) -> Iterator[Reconsidered]:
    """Yield what each refused page is today, once an address, of those addresses that the shard owns.

    Left out are pages that are not archived, and addresses that a stored article has by now.
    """
    waiting: deque[tuple[Rejection, Page, Site, Fetch]] = deque()
    prepared = StoredWork(tools.store, tools.refinements)

    def work() -> Iterator[Work]:
        for rejection, page, fetch in _pages(tools, query, shard):
            site = tools.sites.get(rejection.site or "", Site(name=rejection.site or ""))
            waiting.append((rejection, page, site, fetch))
            yield prepared.of(page, site)

    for part in tools.pool.extract_parts(work()):
        rejection, page, site, fetch = waiting.popleft()
        yield Reconsidered(rejection=rejection, page=page, site=site, fetch=fetch, outcome=part.outcome)


def store_reconsidered(store: Store, found: Reconsidered) -> bool:
    """Store the article that a refused page is today; False where the store has a reason against it."""
    extracted = Extracted(page=found.page, outcome=found.outcome, archived=tuple(found.fetch.archived))
    return not isinstance(save(store, extracted, found.site), Rejection)


def _pages(
    tools: Reextractor, query: RejectionQuery, shard: Shard
) -> Iterator[tuple[Rejection, Page, Fetch]]:
    seen: set[str] = set()
    for rejection in tools.store.rejections(query):
        address = canonical_url(rejection.url or "")
        is_ours = rejection.reason not in _NOT_OF_THE_PAGE and not rejection.reason.is_quarantine
        if not is_ours or not shard.owns(address) or address in seen or tools.store.find(address):
            continue
        seen.add(address)
        fetch = refused_fetch(tools.store, rejection)
        if fetch is None:
            continue
        try:
            page = refused_page(tools.place, rejection, fetch)
        except InputError:  # the archive was pruned
            continue
        yield rejection, page, fetch


def refused_fetch(store: Store, rejection: Rejection) -> Fetch | None:
    """Return the archived fetch that brought the page; a redirected one is known by its bytes."""
    fetches = tuple(store.archived(rejection.raw_sha256))
    address = canonical_url(rejection.url or "")
    return next((each for each in fetches if each.url == address), fetches[-1] if fetches else None)


def refused_page(place: Place, rejection: Rejection, fetch: Fetch) -> Page:
    """Return the page as it was refused. InputError where the archive has it no longer."""
    pointer = fetch.archived[0]
    page = to_page(capture_at(place, pointer), pointer)
    return replace(page, fetched_at=rejection.fetched_at, status=rejection.status)
