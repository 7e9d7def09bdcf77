"""The listings that a crawl is to read, and the usual places of those that nothing names."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.crawl.addresses import belongs

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from datetime import datetime

    from scraper.model import Site
    from scraper.store.protocol import Source

MAX_LEVELS = 3
"""Of sitemap indexes inside each other: the protocol allows one, real sites nest two."""
MAX_LISTINGS = 20_000
"""Read in one crawl: a sitemap for each day of 30 years are 11,000; nested indexes may name 10^14."""
FEED_PLACES = (
    *("/feed", "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/?feed=rss2"),
    *("/feeds/posts/default", "/index.rdf", "/feed.json"),
)
SITEMAP_PLACES = (
    *("/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/sitemap-news.xml", "/news-sitemap.xml"),
    *("/sitemap_news.xml", "/wp-sitemap.xml", "/sitemap.xml.gz", "/sitemap.txt"),
)
"""Where they lie that nothing names: as WordPress, Yoast, Blogger, Hugo, Ghost and Drupal write them."""
NOTHING_THERE = "nothing there"
"""The result of a usual place that has none."""
_ASKED_AGAIN = timedelta(days=30)
"""After which a place without a listing is asked again: a guess; a new feed is named, as a rule."""
_KINDS = ("feed", "section", "sitemap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A listing to read."""

    url: str
    kind: str
    """"feed", "sitemap" or "section"."""
    level: int = 0
    modified: str | None = None
    """As the index said."""
    is_guess: bool = False
    """That it is not there is no failure: nothing names it, or only a page."""
    is_place: bool = False
    """A usual place, which nothing names."""
    is_vouched: bool = False
    """The site's robots.txt, its head or its declaration names it: it may lie on another host."""

    @property
    def is_unnamed(self) -> bool:
        """Whether neither the site nor one of its pages names it."""
        return self.is_place or (self.is_guess and self.kind == "sitemap")


class Steps:
    """Queued listings: feeds first, then pages, then sitemaps, for the fresh is in the short; each once."""

    def __init__(self, site: Site, left_out: Callable[[], None], most: int) -> None:
        """Queue nothing yet."""
        self._site = site
        self._left_out = left_out
        self._most = most
        self._waiting: dict[str, deque[Step]] = {kind: deque() for kind in _KINDS}
        self._known: set[str] = set()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._waiting.values()))

    def has(self, *kinds: str) -> bool:
        """Return whether a listing of these kinds waits."""
        return any(self._waiting[kind] for kind in kinds)

    def add(self, *steps: Step) -> None:
        """Queue listings that are the site's own, or vouched for, and were not queued before."""
        for step in steps:
            is_ours = step.is_vouched or belongs(step.url, self._site)
            if step.url in self._known or not is_ours or step.level > MAX_LEVELS:
                continue
            if len(self._known) < self._most:
                self._known.add(step.url)
                self._waiting[step.kind].append(step)
            else:
                self._left_out()

    def take(self, busy: Container[str], places: int) -> Iterator[tuple[str, Step]]:
        """Take out the first listing of each host that is not busy, as many as there are places."""
        hosts: set[str] = set()
        for queue in self._waiting.values():
            kept: list[Step] = []
            while queue and len(hosts) < places:
                step = queue.popleft()
                host = urlsplit(step.url).netloc
                if host in busy or host in hosts:
                    kept.append(step)
                else:
                    hosts.add(host)
                    yield host, step
            queue.extendleft(reversed(kept))


def is_empty(step: Step, known: Source, now: datetime) -> bool:
    """Return whether nothing was where nobody says that something is, when that was last asked for."""
    return step.is_unnamed and known.result == NOTHING_THERE and now - known.fetched_at < _ASKED_AGAIN


def usual_places(home: str) -> Iterator[Step]:
    """Yield the places where feeds and sitemaps lie that nothing names."""
    places = chain(
        ((place, "feed") for place in FEED_PLACES), ((place, "sitemap") for place in SITEMAP_PLACES)
    )
    for place, kind in places:
        yield Step(url=urljoin(home, place), kind=kind, is_guess=True, is_place=True)
