"""Whether the pages of a site need a browser: found out from page after page, and remembered in the store."""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from scraper.model import Article, Reason, Rejection
from scraper.store.values import RenderNeed
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.crawl.store_thread import Writer
    from scraper.extraction.pagination import Part
    from scraper.model import Page
    from scraper.store.protocol import Store

logger = logging.getLogger(__name__)

IN_A_ROW = 3
"""Pages that must agree before a browser is started for a site, or is no longer."""
ONE_IN = 20
"""Of the pages that a browser makes, one of so many is looked at as it came too; and of those of which a
browser made nothing, as many go by before it tries again."""


class PageFinding(Enum):
    """What one page says of it."""

    EMPTY = auto()
    """As it came it is empty, and has scripts that would have brought a text."""
    TEXT = auto()
    """As it came it has its text."""
    VAIN = auto()
    """The browser made nothing of it either."""
    MADE = auto()
    """The browser made an article of it."""
    PLAIN = auto()
    """The browser made the article that the page had as it came."""
    NOT_PLAIN = auto()
    """The browser made the article; as it came the page lacks it."""


def need_after(known: RenderNeed, found: PageFinding, now: datetime) -> RenderNeed:
    """Return what is known of a site once one more page is."""
    return (_after_made if known.is_rendered else _after_plain)(known, found, now)


def _after_plain(known: RenderNeed, found: PageFinding, now: datetime) -> RenderNeed:
    if found is PageFinding.TEXT:
        return replace(known, empty=min(known.empty, 0))
    if found is not PageFinding.EMPTY:  # asked for while a browser still made the pages
        return known
    is_needed = known.empty + 1 >= IN_A_ROW
    return RenderNeed(site=known.site, since=now) if is_needed else replace(known, empty=known.empty + 1)


def _after_made(known: RenderNeed, found: PageFinding, now: datetime) -> RenderNeed:
    if found in {PageFinding.EMPTY, PageFinding.TEXT}:  # asked for before a browser made the pages
        return known
    is_vain, is_plain = found is PageFinding.VAIN, found is PageFinding.PLAIN
    vain = known.vain + 1 if is_vain else 0
    plain = known.plain + is_plain if found is not PageFinding.NOT_PLAIN else 0
    if vain >= IN_A_ROW:
        return RenderNeed(site=known.site, empty=IN_A_ROW * (1 - ONE_IN), since=known.since, until=now)
    if plain >= IN_A_ROW:
        return RenderNeed(site=known.site, since=known.since, until=now)
    return replace(known, vain=vain, plain=plain)


def page_finding(page: Page, part: Part) -> PageFinding | None:
    """Return what a page says that was extracted; None where that is nothing, as of a wall or an error."""
    is_article = isinstance(part.outcome, Article)
    if page.is_rendered:
        is_empty = isinstance(part.outcome, Rejection) and part.outcome.reason is Reason.EMPTY
        return PageFinding.MADE if is_article else PageFinding.VAIN if is_empty else None
    return PageFinding.TEXT if is_article else PageFinding.EMPTY if part.awaits_scripts else None


def is_checked(url: str) -> bool:
    """Tell whether a page that a browser makes is looked at as it came too: one in twenty, the same ones."""
    return int(hashlib.sha256(canonical_url(url).encode("utf-8", "replace")).hexdigest(), 16) % ONE_IN == 0


@dataclass(slots=True, eq=False)
class PageTurn:
    """The place of a page among those of its crawl: findings count in the order in which pages came."""

    is_over: bool = False
    found: PageFinding | None = None


class BrowserNeed:
    """What a crawl knows of it, for a site that declares nothing about it."""

    def __init__(self, writer: Writer, site: str) -> None:
        """Know nothing yet: see open()."""
        self._writer = writer
        self._turns: deque[PageTurn] = deque()
        self._under_way = 0
        self.known = RenderNeed(site=site)

    async def open(self) -> None:
        """Read what earlier crawls found."""
        site = self.known.site
        self.known = await self._writer.read(lambda store: _known(store, site))

    def begin(self) -> PageTurn:
        """Give a page that came its turn, which is to be ended."""
        turn = PageTurn()
        self._turns.append(turn)
        return turn

    async def end(self, turn: PageTurn, found: PageFinding | None = None) -> None:
        """End a page's turn with what it says; what is known changes once all before it have ended theirs."""
        turn.is_over, turn.found = True, found
        ready = []
        while self._turns and self._turns[0].is_over:
            ready.append(self._turns.popleft().found)
        for each in ready:
            if each is not None:
                await self._take(each)

    async def _take(self, found: PageFinding) -> None:
        now, before = datetime.now(UTC), self.known
        after = need_after(before, found, now)
        if after == before and not self._under_way:
            return
        self.known = after  # at once: the next page must not wait for the database
        self._under_way += 1
        try:
            written = await self._writer.write(
                lambda store: _written(store, before.site, found, now), now=True
            )
        finally:
            self._under_way -= 1
        if not self._under_way:
            self.known = written
        _tell(before, after)


def _known(store: Store, site: str) -> RenderNeed:
    return store.render_need(site) or RenderNeed(site=site)


def _written(store: Store, site: str, found: PageFinding, now: datetime) -> RenderNeed:
    """Bring what is stored up to date: other parts of the site may be crawled at the same time."""
    before = _known(store, site)
    after = need_after(before, found, now)
    if after != before:
        store.save_render_need(after)
    return after


def _tell(before: RenderNeed, after: RenderNeed) -> None:
    if after.is_rendered and not before.is_rendered:
        told = "%s: %d pages in a row came without the text that their scripts bring; it needs a browser"
        logger.warning(told, after.site, IN_A_ROW)
    elif before.is_rendered and not after.is_rendered and after.empty < 0:
        told = "%s: the browser made nothing of %d pages in a row either; pages are taken as they come"
        logger.warning(told, after.site, IN_A_ROW)
    elif before.is_rendered and not after.is_rendered:
        told = "%s: %d pages in a row had their text as they came; it needs a browser no longer"
        logger.warning(told, after.site, IN_A_ROW)
