"""What the store knows that decides whether an address is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from scraper.crawl.discovery.due import is_due
from scraper.store.protocol import Fetch, Outcome, Source
from scraper.store.queries import ArticleQuery
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.crawl.listings.announced import Announced
    from scraper.crawl.store_thread import Writer
    from scraper.store.protocol import Store, Visit


_VAIN, _DISBELIEF = 2, timedelta(days=7)
"""Refetches without a change after which a listing's date of change is not believed, and for how long."""
_GONE = frozenset({404, 410})


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A listing whose pages are under way."""

    source: Source
    waiting: int = 1
    """Its pages that have no end yet; one more while it is being read."""
    whole: bool = True
    """No page of it failed or was left out."""


class ToFetch(NamedTuple):
    """Canonical addresses that are to be fetched."""

    keys: frozenset[str]
    dated: frozenset[str]
    """Of them those that only the date of their listing asks for."""


@dataclass(slots=True)
class _Doubt:
    """How often in a row a listing dated a page anew that had not changed."""

    vain: int = 0
    at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether the listing's dates of change are not believed."""
        return self.vain >= _VAIN and self.at is not None and now - self.at < _DISBELIEF


def _record_failure(store: Store, fetch: Fetch) -> None:
    store.record_fetch(fetch)
    if fetch.status in _GONE:
        store.mark_gone(fetch.url, fetch.fetched_at)


def is_vain(fetches: Sequence[Fetch], first_seen: datetime, hours: Sequence[float], now: datetime) -> bool:
    """Return whether the last two fetches that only a listing's date asked for came to nothing, lately."""
    dates = [first_seen + timedelta(hours=after) for after in hours]
    asked = [
        fetch
        for before, fetch in pairwise(fetches)
        if not any(before.fetched_at < date <= fetch.fetched_at for date in dates)
    ]
    last = [fetch for fetch in asked if now - fetch.fetched_at < _DISBELIEF][-_VAIN:]
    return len(last) == _VAIN and all(fetch.outcome is Outcome.UNCHANGED for fetch in last)


class KnownPages:
    """Reads and writes visits and sources through the store's thread."""

    def __init__(self, writer: Writer, *, hours: Sequence[float]) -> None:
        """Refetch known pages so many hours after first sight."""
        self._writer = writer
        self._hours = hours
        self._readings: dict[str, _Reading] = {}
        self._doubts: dict[str, _Doubt] = {}

    async def due(
        self, pages: Mapping[str, Announced], *, site: str, source: str, origin: str, now: datetime
    ) -> ToFetch:
        """Return which of the addresses, the keys, are to be fetched; `origin` is their listing.

        Those that are new are noted as announced by a source of this kind; forgotten ones are left out.
        """
        visits, forgotten = await self._writer.read(
            lambda store: (store.visits(pages), store.forgotten(pages))
        )
        pages = {key: page for key, page in pages.items() if key not in forgotten}
        if new := {key: page.url for key, page in pages.items() if key not in visits}:
            await self._writer.write(lambda store: store.announce(site, source, new, now), now=True)
        told = {key: page.hints.modified for key, page in pages.items() if page.hints and page.hints.modified}
        due = {key for key in pages if key not in visits or self._is_due(visits[key], now, None)}
        dated = [key for key in told if key not in due and self._is_due(visits[key], now, told[key])]
        if not dated or (await self._doubt(origin)).holds(now):
            return ToFetch(frozenset(due), frozenset())
        fetches = await self._writer.read(lambda store: {key: store.fetches(key) for key in dated})
        believed = {
            key for key in dated if not is_vain(fetches[key], visits[key].first_seen, self._hours, now)
        }
        return ToFetch(frozenset(due | believed), frozenset(believed))

    async def came_back(self, origin: str, *, changed: bool, now: datetime) -> None:
        """Note what a page was that only the date of its listing asked for."""
        doubt = await self._doubt(origin)
        doubt.vain, doubt.at = (0, None) if changed else (doubt.vain + 1, now)

    async def _doubt(self, origin: str) -> _Doubt:
        """Return what is held against a listing's dates of change."""
        if origin not in self._doubts:
            known = await self.source(origin)
            self._doubts.setdefault(origin, _Doubt(known.vain, known.vain_at) if known else _Doubt())
        return self._doubts[origin]

    async def allowed(self, urls: Sequence[str]) -> list[str]:
        """Return the addresses that were not forgotten."""
        keys = {url: canonical_url(url) for url in urls}
        forgotten = await self._writer.read(lambda store: store.forgotten(keys.values()))
        return [url for url in urls if keys[url] not in forgotten]

    async def revisits(self, site: str, *, now: datetime) -> list[str]:
        """Return the stored articles of a site that are due, whether anything announces them or not."""
        recent = now - timedelta(hours=max(self._hours, default=0) + 24)
        return await self._writer.read(lambda store: self._revisits(store, site, recent, now))

    def _revisits(self, store: Store, site: str, recent: datetime, now: datetime) -> list[str]:
        found: list[str] = []
        for stored in store.articles(ArticleQuery(site=site, since=recent)):
            if stored.first_seen < recent or not stored.article.url:
                continue
            visit = store.visit(canonical_url(stored.article.url))
            if visit is not None and self._is_due(visit, now, None):
                found.append(stored.article.url)
        return found

    def _is_due(self, visit: Visit, now: datetime, modified: str | None) -> bool:
        return is_due(
            now=now,
            first_seen=visit.first_seen,
            fetched_at=visit.fetched_at,
            failures=visit.failures,
            modified=modified,
            hours=self._hours,
        )

    async def fail(
        self, url: str, site: str, cause: str, *, now: datetime, status: int | None = None
    ) -> None:
        """Log a fetch that brought no page."""
        fetch = Fetch(
            url=canonical_url(url),
            site=site,
            fetched_at=now,
            outcome=Outcome.FAILED,
            reason=cause,
            status=status,
        )
        await self._writer.write(lambda store: _record_failure(store, fetch))

    async def source(self, url: str) -> Source | None:
        """Return what is known of a listing."""
        return await self._writer.read(lambda store: store.source(url))

    async def record(self, source: Source) -> None:
        """Write what came of a listing that announced nothing to wait for."""
        doubt = await self._doubt(source.url)
        source = replace(source, vain=doubt.vain, vain_at=doubt.at)
        await self._writer.write(lambda store: store.record_source(source), now=True)

    def begin(self, source: Source) -> None:
        """Wait for the pages of a listing before it is recorded.

        Its ETag may be used only when all of them have reached the store: a crawl that is killed would
        otherwise be told "not modified" by the listing and never see the pages that it lost.
        """
        self._readings[source.url] = _Reading(source=source)

    def expect(self, origin: str, pages: int, *, whole: bool) -> None:
        """Wait for so many more pages of a listing; not whole: others of it were left out."""
        if origin in self._readings:
            self._readings[origin].waiting += pages
            self._readings[origin].whole &= whole

    async def settle(self, origin: str | None, *, good: bool) -> None:
        """One page of a listing, or its reading, came to an end; after the last one, record the listing."""
        reading = self._readings.get(origin or "")
        if reading is None:
            return
        reading.waiting -= 1
        reading.whole &= good
        if reading.waiting == 0:
            del self._readings[reading.source.url]
            whole = reading.source
            partly = replace(whole, etag=None, last_modified=None)
            await self.record(whole if reading.whole else partly)
