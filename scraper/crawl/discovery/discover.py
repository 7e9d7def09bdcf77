"""Discovery: from a site to the addresses of its articles that are worth fetching now."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.crawl.discovery.addresses import belongs, is_article, looks_like_section
from scraper.crawl.discovery.announced import Announced
from scraper.crawl.discovery.scope import read_date
from scraper.crawl.discovery.shards import share
from scraper.errors import InputError
from scraper.store.protocol import Source
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from scraper.crawl.discovery.announced import Listing
    from scraper.crawl.discovery.known_pages import KnownPages
    from scraper.crawl.discovery.scope import Scope
    from scraper.crawl.download.side_requests import Answer, Web
    from scraper.model import Page, Site

logger = logging.getLogger(__name__)

MAX_LEVELS = 3
"""Of sitemap indexes inside each other: the protocol allows one, real sites nest two."""
MAX_SECTIONS = 20
"""Sections followed from a home page that names no feed and no sitemap."""
MAX_LISTINGS = 20_000
"""Read in one crawl: a sitemap for each day of 30 years are 11,000; nested indexes may name 10^14."""
MAX_HOSTS = 4
"""Hosts asked for listings at once: each answer may have 50 MB."""
_MISSING = {"404", "410"}
_CHUNK = 500
"""Addresses looked up in the store at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address to fetch as an article."""

    url: str
    announced: Announced
    origin: str | None = None
    """The listing that announced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A listing to read."""

    url: str
    kind: str
    """"feed", "sitemap" or "section"."""
    level: int = 0
    modified: str | None = None
    """As the index said."""
    is_guess: bool = False
    """That it is not there is no failure: nothing names it, or only the head of a page."""


class Discovery:
    """Reads a site's listings, of each host one after the other, and yields what is worth fetching.

    Of a site that is split, each shard reads the sitemaps that robots.txt or the site names and takes its
    share of what they list; a sitemap of an index is one shard's alone, with all that is in it. Feeds, home
    page, sections and revisits are the first shard's.

    Counts news/announced (addresses of articles, each once), news/not_due and news/out_of_range (those
    left out), news/source/read, news/source/not_modified, news/source/failed/<cause> and, beyond 20,000
    listings, news/source/left_out.
    """

    def __init__(
        self,
        *,
        site: Site,
        scope: Scope,
        web: Web,
        read: Callable[[Page, Site], Awaitable[Listing]],
        ledger: KnownPages,
        count: Callable[[str, int], None],
    ) -> None:
        """Read nothing yet."""
        self._site = site
        self._scope = scope
        self._web = web
        self._read = read
        self._ledger = ledger
        self._count = count
        self._seen: set[int] = set()
        self._steps: deque[_Step] = deque()
        self._asked: dict[str, asyncio.Future[tuple[_Step, Source | None, Answer | None]]] = {}
        """Of each host the listing that it was asked for."""
        self._known_steps: set[str] = set()
        self._has_sources = False

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the addresses to fetch, at most as many as the scope allows, the freshest listings first."""
        left = self._scope.limit or float("inf")
        async for target in self._all():
            yield target
            left -= 1
            if left <= 0:
                return

    async def _all(self) -> AsyncIterator[Target]:
        if self._scope.urls:
            urls = [url for url in self._scope.urls if self._scope.shard.owns(canonical_url(url))]
            self._count("announced", len(urls))
            for url in urls:
                yield Target(url=url, announced=Announced(url=url))
            return
        await self._first_steps()
        while self._steps or self._asked:
            self._ask_hosts()
            await asyncio.wait(self._asked.values(), return_when=asyncio.FIRST_COMPLETED)
            for host in [host for host, task in self._asked.items() if task.done()]:
                async for target in self._targets_of(*self._asked.pop(host).result()):
                    yield target
        if self._scope.shard.is_first:
            async for target in self._revisits():
                yield target

    async def _first_steps(self) -> None:
        """Queue what the site declares: feeds, sections, sitemaps, for the fresh is in the short."""
        site = self._site
        pages = tuple(url for url in (site.home, *site.sections) if url)
        entrance = next(iter((*pages, *site.feeds, *site.sitemaps)), None)
        named = await self._web.sitemaps(entrance) if entrance else []
        if self._scope.shard.is_first:
            self._add(*(_Step(url=url, kind="feed") for url in site.feeds))
            self._add(*(_Step(url=url, kind="section") for url in pages))
        self._add(*(_Step(url=url, kind="sitemap") for url in (*named, *site.sitemaps)))
        self._has_sources = bool(named or site.feeds or site.sitemaps)
        if site.home and not named and not site.sitemaps:
            guess = urljoin(site.home, "/sitemap.xml")
            self._add(_Step(url=guess, kind="sitemap", is_guess=True))

    def _add(self, *steps: _Step) -> None:
        """Queue listings that are the site's own and were not queued before, as far as there is room."""
        for step in steps:
            if step.url in self._known_steps or not belongs(step.url, self._site) or step.level > MAX_LEVELS:
                continue
            if len(self._known_steps) < MAX_LISTINGS:
                self._known_steps.add(step.url)
                self._steps.append(step)
            else:
                self._count("source/left_out", 1)

    def _ask_hosts(self) -> None:
        """Ask each host for its next listing, so that one that hangs holds up its own only."""
        waiting, self._steps = self._steps, deque()
        for step in waiting:
            host = urlsplit(step.url).netloc
            if host in self._asked or len(self._asked) == MAX_HOSTS:
                self._steps.append(step)
            else:
                self._asked[host] = asyncio.ensure_future(self._ask(step))

    async def _ask(self, step: _Step) -> tuple[_Step, Source | None, Answer | None]:
        """Return what is known of a listing and what its address answers; None where it was not asked."""
        is_always_read = step.kind == "section" or self._is_split(step)
        known = None if is_always_read else await self._ledger.source(step.url)
        is_known = known is not None and _is_older(step.modified, known)
        return step, known, None if is_known else await self._web.get(step.url, known)

    def _is_split(self, step: _Step) -> bool:
        """Return whether each shard takes a share of what the listing announces."""
        return step.kind == "sitemap" and step.level == 0 and not self._scope.shard.is_whole

    async def _targets_of(
        self, step: _Step, known: Source | None, answer: Answer | None
    ) -> AsyncIterator[Target]:
        if answer is None:
            self._count("source/not_modified", 1)
            self._skip(known.announced if known else 0)
            return
        listing = await self._listing(step, known, answer)
        if listing is None:
            return
        if is_split := self._is_split(step):
            listing = await asyncio.to_thread(share, listing, self._scope.shard)
        self._add(*self._next_steps(step, listing))
        pages = await asyncio.to_thread(lambda: list(self._sift(step, listing)))
        fresh = [(key, page) for key, page in pages if not self._is_seen(key)]
        self._count("announced", len(fresh))
        # an index says nothing of its sitemaps; what is split is known only in part
        conditional = step.kind != "section" and not listing.listings and not is_split
        self._ledger.begin(
            Source(
                url=step.url,
                site=self._site.name,
                kind=step.kind,
                etag=answer.etag if conditional else None,
                last_modified=answer.last_modified if conditional else None,
                fetched_at=_now(),
                result="read",
                announced=len(fresh),
            )
        )
        for at in range(0, len(fresh), _CHUNK):
            for target in await self._worth(step, fresh[at : at + _CHUNK]):
                yield target
        await self._ledger.settle(step.url, good=True)

    async def _listing(self, step: _Step, known: Source | None, answer: Answer) -> Listing | None:
        """Return what the listing announces; None, counted, if it is unchanged or could not be read."""
        if answer.cause == "not modified" and known is not None:
            self._count("source/not_modified", 1)
            self._skip(known.announced)
            return None
        cause = answer.cause
        if answer.page is not None:
            try:
                listing = await self._read(answer.page, self._site)
            except InputError as error:
                cause = str(error)
            else:
                self._count("source/read", 1)
                return listing
        if step.is_guess and cause in _MISSING:
            return None
        logger.warning("%s %s could not be read: %s", step.kind, step.url, cause)
        self._count(f"source/failed/{cause if answer.cause else 'unreadable'}", 1)
        failed = Source(
            url=step.url,
            site=self._site.name,
            kind=step.kind,
            fetched_at=_now(),
            result=cause or "",
        )
        await self._ledger.record(failed)
        return None

    def _skip(self, announced: int) -> None:
        """Count what an unchanged listing announced when it was last read: all of that is known."""
        self._count("announced", announced)
        self._count("not_due", announced)

    def _next_steps(self, step: _Step, listing: Listing) -> Iterator[_Step]:
        kind = "feed" if step.kind == "section" else "sitemap"
        newest = sorted(listing.listings, key=_freshness, reverse=True)
        for found in newest:
            if kind == "feed" or self._scope.may_cover(found.hints):
                modified = found.hints.modified if found.hints else None
                level = step.level + (kind == "sitemap")
                is_guess = kind == "feed"
                yield _Step(url=found.url, kind=kind, level=level, modified=modified, is_guess=is_guess)
        self._has_sources |= bool(newest)
        if step.url == self._site.home and not self._has_sources and not self._site.sections:
            sections = [page.url for page in listing.pages if looks_like_section(page.url)]
            for url in sections[:MAX_SECTIONS]:
                yield _Step(url=url, kind="section")

    def _sift(self, step: _Step, listing: Listing) -> Iterator[tuple[str, Announced]]:
        """Yield the articles among what a listing announced, the newest first, each with its key."""
        for page in sorted(listing.pages, key=_freshness, reverse=True):
            is_news = step.kind == "feed" or bool(page.hints and page.hints.published)
            if is_article(page.url, self._site, text=page.text, announced=is_news):
                yield canonical_url(page.url), page

    def _is_seen(self, key: str) -> bool:
        number = hash(key)  # 8 bytes an address where a site announces millions
        is_seen = number in self._seen
        self._seen.add(number)
        return is_seen

    async def _worth(self, step: _Step, pages: Sequence[tuple[str, Announced]]) -> list[Target]:
        """Return what is in the scope and due."""
        inside = {key: page for key, page in pages if self._scope.may_cover(page.hints)}
        due = await self._ledger.due(inside, site=self._site.name, source=step.kind, now=_now())
        self._count("out_of_range", len(pages) - len(inside))
        self._count("not_due", len(inside) - len(due))
        whole = len(inside) == len(pages) and self._scope.limit is None
        self._ledger.expect(step.url, len(due), whole=whole)
        return [
            Target(url=page.url, announced=page, origin=step.url)
            for key, page in inside.items()
            if key in due
        ]

    async def _revisits(self) -> AsyncIterator[Target]:
        """Yield stored articles that are due although nothing announced them."""
        for url in await self._ledger.revisits(self._site.name, now=_now()):
            if belongs(url, self._site) and not self._is_seen(canonical_url(url)):
                self._count("announced", 1)
                yield Target(url=url, announced=Announced(url=url))


def _is_older(modified: str | None, known: Source) -> bool:
    """Return whether an index dates a sitemap before its last complete reading."""
    moment = read_date(modified)
    if moment is None or not (known.etag or known.last_modified):
        return False
    if isinstance(moment, datetime):
        return moment < known.fetched_at
    return moment < known.fetched_at.date()


def _freshness(page: Announced) -> datetime:
    """Return when a page was published or changed; what does not say comes last."""
    hints = page.hints
    moment = read_date(hints.published) or read_date(hints.modified) if hints else None
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    if isinstance(moment, date):
        return datetime.combine(moment, time(tzinfo=UTC))
    return datetime.min.replace(tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)
