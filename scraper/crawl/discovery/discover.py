"""Discovery: from a site to the addresses of its articles that are worth fetching now."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin, urlsplit

from scraper.crawl.addresses import belongs, is_article, looks_like_section
from scraper.crawl.discovery.scope import read_date
from scraper.crawl.discovery.shards import share
from scraper.crawl.discovery.steps import MAX_LISTINGS, NOTHING_THERE, Step, Steps, is_empty, usual_places
from scraper.crawl.discovery.trust import is_older, merged, trusted, validators
from scraper.crawl.listings.announced import Announced
from scraper.errors import InputError
from scraper.store.protocol import Source
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from scraper.crawl.discovery.known_pages import KnownPages
    from scraper.crawl.discovery.scope import Scope
    from scraper.crawl.download.side_requests import Answer, Web
    from scraper.crawl.listings.announced import Listing
    from scraper.model import Hints, Page, Site

logger = logging.getLogger(__name__)

MAX_SECTIONS = 20
"""Sections followed from a home page that names no feed and no sitemap."""
MAX_HOSTS = 4
"""Hosts asked for listings at once: each answer may have 50 MB."""
_MISSING = {"404", "410"}
_BEFORE_LINKS = 10
"""Sitemaps that are read before the links of pages count: they say more of an article than a bare link."""
_MOST_TOLD = 50
"""Sources that are named where none of them has an article."""
_CHUNK = 500
"""Addresses looked up in the store at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address to fetch as an article."""

    url: str
    announced: Announced
    origin: str | None = None
    """The listing that announced it."""
    is_dated: bool = False
    """It is known, and only the listing's date of change asks for it."""


_Asked: TypeAlias = "tuple[Step, Source | None, Answer | None]"


class Discovery:
    """Reads a site's listings, of each host one after the other, and yields what is worth fetching.

    Of a site that is split, each shard reads the sitemaps that robots.txt or the site names and takes its
    share of what they list; a sitemap of an index is one shard's alone, with all that is in it. Feeds, home
    page, sections and revisits are the first shard's.

    Feeds come first; the links of pages count only after what feeds and the first sitemaps say. An address
    that was not due by one listing is looked at again where a later one dates it. Where nothing that is named
    has an article, the usual places are asked.

    Counts news/announced (addresses of articles, each once), of them news/revisited (stored ones that nothing
    announced), news/not_due and news/out_of_range (those left out), news/source/read,
    news/source/not_modified, news/source/failed/<cause>, beyond 20,000 listings news/source/left_out, and for
    a shard news/source/of_others, the addresses and sitemaps that are no share of it.
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
        self._passed: dict[int, Hints | None] = {}
        """What feeds and pages said of addresses that were not due."""
        self._steps = Steps(site, lambda: count("source/left_out", 1), MAX_LISTINGS)
        self._asked: dict[str, asyncio.Future[_Asked]] = {}
        """Of each host the listing that it was asked for."""
        self._held: list[tuple[Step, Answer, Listing]] = []
        """Pages whose links wait for what better listings say."""
        self._sitemaps_read = 0
        self._has_sources = False
        self._is_home_read = False
        self._has_named_articles = False
        """A feed or sitemap gave an article's address, or a sitemap others."""
        self._found = 0
        """Addresses of articles that sources gave."""
        self._told: dict[str, str] = {}
        """What each source gave."""

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
            allowed = await self._ledger.allowed(urls)
            self._count("announced", len(allowed))
            self._count("forgotten", len(urls) - len(allowed))
            for url in allowed:
                yield Target(url=url, announced=Announced(url=url))
            return
        await self._first_steps()
        async for target in self._of_steps():
            yield target
        if self._scope.shard.is_first:
            if self._site.home and self._is_home_read and not self._has_named_articles:
                self._steps.add(*usual_places(self._site.home))
                async for target in self._of_steps():
                    yield target
            if not self._found:
                self._tell_of_nothing()
            async for target in self._revisits():
                yield target

    async def _of_steps(self) -> AsyncIterator[Target]:
        while self._steps or self._asked or self._held:
            for host, step in self._steps.take(self._asked, MAX_HOSTS - len(self._asked)):
                self._asked[host] = asyncio.ensure_future(self._ask(step))
            if self._asked:
                await asyncio.wait(self._asked.values(), return_when=asyncio.FIRST_COMPLETED)
            for host in [host for host, task in self._asked.items() if task.done()]:
                async for target in self._targets_of(*self._asked.pop(host).result()):
                    yield target
            if self._held and self._is_time_for_links():
                held, self._held = self._held, []
                for each in held:
                    async for target in self._announce(*each):
                        yield target

    def _is_time_for_links(self) -> bool:
        is_all_read = not self._steps and not self._asked
        return is_all_read or (self._sitemaps_read >= _BEFORE_LINKS and not self._steps.has("feed"))

    async def _first_steps(self) -> None:
        """Queue what the site declares and its robots.txt names."""
        site = self._site
        pages = tuple(url for url in (site.home, *site.sections) if url)
        entrance = next(iter((*pages, *site.feeds, *site.sitemaps)), None)
        named = await self._web.sitemaps(entrance) if entrance else []
        if self._scope.shard.is_first:
            self._steps.add(*(Step(url=url, kind="feed", is_vouched=True) for url in site.feeds))
            self._steps.add(*(Step(url=url, kind="section") for url in pages))
        sitemaps = (*named, *site.sitemaps)
        self._steps.add(*(Step(url=url, kind="sitemap", is_vouched=True) for url in sitemaps))
        self._has_sources = bool(named or site.feeds or site.sitemaps)
        if site.home and not sitemaps:
            guess = urljoin(site.home, "/sitemap.xml")
            self._steps.add(Step(url=guess, kind="sitemap", is_guess=True))

    async def _ask(self, step: Step) -> _Asked:
        """Return what is known of a listing and what its address answers; None where it was not asked."""
        if step.is_place and self._has_named_articles:
            return step, None, None
        is_always_read = step.kind == "section" or self._is_split(step)
        known = None if is_always_read else await self._ledger.source(step.url)
        if known is not None and is_empty(step, known, _now()):
            return step, None, None
        if known is not None and is_older(step.modified, known, _now()):
            return step, known, None
        answer = await self._web.get(step.url, *validators(known, _now()), is_vouched=step.kind != "section")
        return step, known, answer

    def _is_split(self, step: Step) -> bool:
        """Return whether each shard takes a share of what the listing announces."""
        return step.kind == "sitemap" and step.level == 0 and not self._scope.shard.is_whole

    async def _targets_of(
        self, step: Step, known: Source | None, answer: Answer | None
    ) -> AsyncIterator[Target]:
        if answer is None:
            if known is not None:
                self._skip(step, known)
            return
        listing = await self._listing(step, known, answer)
        if listing is None:
            return
        self._sitemaps_read += step.kind == "sitemap"
        self._has_named_articles |= _names(listing)  # also those of other shards
        if self._is_split(step):
            whole, listing = listing, await asyncio.to_thread(share, listing, self._scope.shard)
            left = len(whole.pages) + len(whole.listings) - len(listing.pages) - len(listing.listings)
            self._count("source/of_others", left)
        self._steps.add(*self._next_steps(step, listing))
        self._is_home_read |= step.url == self._site.home
        if step.kind == "section":
            self._held.append((step, answer, listing))
            return
        async for target in self._announce(step, answer, listing):
            yield target

    async def _announce(self, step: Step, answer: Answer, listing: Listing) -> AsyncIterator[Target]:
        """Yield what is worth fetching of what a listing announced."""
        pages = await asyncio.to_thread(lambda: list(self._sift(step, listing)))
        fresh = [(key, page) for key, page in pages if not self._is_seen(key)]
        again = [(key, self._again(key, page)) for key, page in pages if self._is_newly_dated(key, page)]
        self._has_announced(step, len(pages))
        self._count("announced", len(fresh))
        # an index says nothing of its sitemaps; what is split is known only in part
        conditional = step.kind != "section" and not listing.listings and not self._is_split(step)
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
        for target in await self._worth(step, again, counted=True):
            yield target
        await self._ledger.settle(step.url, good=True)

    def _has_announced(self, step: Step, number: int) -> None:
        """Note how many addresses of articles a source gave."""
        self._found += number
        self._has_named_articles |= number > 0 and step.kind != "section"
        if len(self._told) < _MOST_TOLD:
            self._told[step.url] = f"{number} addresses of articles"

    async def _listing(self, step: Step, known: Source | None, answer: Answer) -> Listing | None:
        """Return what the listing announces; None, counted, if it is unchanged or could not be read."""
        if answer.cause == "not modified" and known is not None:
            self._skip(step, known)
            return None
        cause = answer.cause
        if answer.page is not None:
            try:
                listing = await self._read(answer.page, self._site)
            except InputError as error:
                cause = str(error)
            else:
                is_page = all(page.hints is None for page in listing.pages) and not _names(listing)
                if not (step.is_place and is_page):  # a site may answer whatever is asked for with a page
                    self._count("source/read", 1)
                    return listing
        is_missing = cause in _MISSING or (step.is_place and answer.page is not None)
        if not step.is_place and not (step.is_guess and is_missing):
            self._has_failed(step, answer, cause or "")
        elif not (is_missing and step.is_unnamed):
            return None
        result = NOTHING_THERE if is_missing and step.is_unnamed else cause or ""
        failed = Source(url=step.url, site=self._site.name, kind=step.kind, fetched_at=_now(), result=result)
        await self._ledger.record(failed)
        return None

    def _has_failed(self, step: Step, answer: Answer, cause: str) -> None:
        """Count and tell why a listing could not be read."""
        if answer.moved_to:
            logger.error(
                "%s has moved to %s: crawl that, or add its host to the site's domains",
                step.url,
                answer.moved_to,
            )
        logger.warning("%s %s could not be read: %s", step.kind, step.url, cause)
        self._count(f"source/failed/{cause if answer.cause else 'unreadable'}", 1)
        if len(self._told) < _MOST_TOLD:
            self._told[step.url] = f"{cause}, moved to {answer.moved_to}" if answer.moved_to else cause

    def _tell_of_nothing(self) -> None:
        """Say what each source gave where none has an address of an article."""
        for url, gave in self._told.items():
            logger.error("no source of %s names an article: %s gave %s", self._site.name, url, gave)

    def _skip(self, step: Step, known: Source) -> None:
        """Count what an unchanged listing announced when it was last read: all of that is known."""
        self._count("source/not_modified", 1)
        self._has_announced(step, known.announced)
        self._count("announced", known.announced)
        self._count("not_due", known.announced)

    def _next_steps(self, step: Step, listing: Listing) -> Iterator[Step]:
        newest = sorted(listing.listings, key=freshness, reverse=True)
        for found in newest:
            kind = found.hints.source if found.hints else "sitemap"
            is_own = step.kind == "sitemap" and belongs(step.url, self._site)
            is_near = step.is_vouched and urlsplit(found.url).netloc == urlsplit(step.url).netloc
            yield Step(
                url=found.url,
                kind=kind,
                level=step.level + (kind != "feed"),
                modified=found.hints.modified if found.hints else None,
                is_guess=kind != "sitemap",
                is_vouched=is_own or is_near or kind == "feed",
            )
        self._has_sources |= any(found.hints is None or found.hints.source != "section" for found in newest)
        if step.url == self._site.home and not self._has_sources and not self._site.sections:
            sections = [page.url for page in listing.pages if looks_like_section(page.url)]
            for url in sections[:MAX_SECTIONS]:
                yield Step(url=url, kind="section")

    def _sift(self, step: Step, listing: Listing) -> Iterator[tuple[str, Announced]]:
        """Yield the articles among what a listing announced, the newest first, each with its key."""
        pages = trusted(listing.pages, _now()) if step.kind != "section" else listing.pages
        for page in sorted(pages, key=freshness, reverse=True):
            is_of_feed = page.hints is not None and page.hints.source == "feed"
            is_news = is_of_feed or bool(page.hints and page.hints.published)
            if is_article(page.url, self._site, text=page.text, announced=is_news):
                yield canonical_url(page.url), page

    def _is_newly_dated(self, key: str, page: Announced) -> bool:
        """Return whether a listing dates an address that was not due by an earlier one."""
        return page.hints is not None and page.hints.modified is not None and hash(key) in self._passed

    def _again(self, key: str, page: Announced) -> Announced:
        return replace(page, hints=merged(self._passed[hash(key)], page.hints))

    def _is_seen(self, key: str) -> bool:
        number = hash(key)  # 8 bytes an address where a site announces millions
        is_seen = number in self._seen
        self._seen.add(number)
        return is_seen

    async def _worth(
        self, step: Step, pages: Sequence[tuple[str, Announced]], *, counted: bool = False
    ) -> list[Target]:
        """Return what is in the scope and due; counted are addresses that were not due before."""
        inside = {key: page for key, page in pages if self._scope.may_cover(page.hints)}
        keys, dated = await self._ledger.due(
            inside, site=self._site.name, source=step.kind, origin=step.url, now=_now()
        )
        if counted:
            self._count("not_due", -len(keys))
        else:
            self._count("out_of_range", len(pages) - len(inside))
            self._count("not_due", len(inside) - len(keys))
        if step.kind != "sitemap":
            self._passed |= {hash(key): page.hints for key, page in inside.items() if key not in keys}
        for key in keys:
            self._passed.pop(hash(key), None)
        whole = len(inside) == len(pages) and self._scope.limit is None
        self._ledger.expect(step.url, len(keys), whole=whole)
        return [
            Target(url=page.url, announced=page, origin=step.url, is_dated=key in dated)
            for key, page in inside.items()
            if key in keys
        ]

    async def _revisits(self) -> AsyncIterator[Target]:
        """Yield stored articles that are due although nothing announced them."""
        for url in await self._ledger.revisits(self._site.name, now=_now()):
            if belongs(url, self._site) and not self._is_seen(canonical_url(url)):
                self._count("announced", 1)
                self._count("revisited", 1)
                yield Target(url=url, announced=Announced(url=url))


def _names(listing: Listing) -> bool:
    """Return whether a listing names sitemaps, as no page does."""
    return any(found.hints and found.hints.source == "sitemap" for found in listing.listings)


def freshness(page: Announced) -> datetime:
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
