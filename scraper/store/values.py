"""What a store is told, keeps of hosts and crawls, and holds of an address; read by store.protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.errors import LeaseLostError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from scraper.model import Article, ArticleId, Pointer

_RESTRICTIONS = "restrictions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What saving a page will ask the store for and write: known beforehand, it is looked up at once."""

    addresses: frozenset[str]
    """Canonical, or as the page declares them."""
    article: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """How a host has answered lately, and until when it is left alone."""

    host: str
    failures: int = 0
    """In a row, until now."""
    openings: int = 0
    """How often in a row it was left alone for not answering."""
    until: datetime | None = None
    """It is not asked before; None where it may be."""
    cause: str | None = None
    """Why it is left alone: timeout, 5xx, 429 …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderNeed:
    """Whether the pages of a site that declares nothing about it need a browser, as its crawls found out."""

    site: str
    empty: int = 0
    """Pages in a row whose text a script would have brought; below 0: so many more before a browser is tried
    again that made nothing of them."""
    vain: int = 0
    """Pages in a row of which the browser made nothing either."""
    plain: int = 0
    """Pages in a row, of those that are looked at without it too, that have their text by themselves."""
    since: datetime | None = None
    """When they were first made by a browser, the last time that began; None: never."""
    until: datetime | None = None
    """When that ended; None where it goes on."""

    @property
    def is_rendered(self) -> bool:
        """True while a browser makes the pages."""
        return self.since is not None and self.until is None

    def covers(self, day: date) -> bool:
        """Tell whether a browser made pages on a day (UTC)."""
        until = self.until.date() if self.until else day
        return self.since is not None and self.since.date() <= day <= until


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """A robots.txt as it was last read."""

    origin: str
    """Scheme, host and port."""
    content: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right of one process to crawl some hosts."""

    id: str
    site: str
    hosts: tuple[str, ...]
    shard: str = ""
    holder: Mapping[str, Any]
    """The process."""
    since: datetime
    silent: timedelta = timedelta()
    """For how long nothing was heard of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """All that the store holds of some addresses, or of a site."""

    urls: frozenset[str] = frozenset()
    """Canonical: as asked for, as stored, as announced."""
    articles: frozenset[ArticleId] = frozenset()
    rejections: int = 0
    sites: frozenset[str] = frozenset()
    """Whose pages they are."""
    site: str | None = None
    """The site of which these are all."""
    archived: frozenset[Pointer] = frozenset()


def lost_lease(lease: str) -> LeaseLostError:
    """Return what is wrong where a lease is gone that guards what is written."""
    return LeaseLostError(
        f"the lease {lease} is gone: nothing was heard of this crawl for long, another may be at the site:"
        " this one writes nothing any more"
    )


def restricted(before: Article, now: Article) -> Article:
    """Return an article with what its page forbids now."""
    provenance = {name: origin for name, origin in before.provenance.items() if name != _RESTRICTIONS}
    if _RESTRICTIONS in now.provenance:
        provenance[_RESTRICTIONS] = now.provenance[_RESTRICTIONS]
    return replace(before, restrictions=now.restrictions, provenance=provenance)
