"""What a store can do, and the values that go in and come out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

from scraper.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from contextlib import AbstractContextManager
    from datetime import datetime
    from types import TracebackType

    from scraper.dedup.index import DedupIndex
    from scraper.learned.template import SiteTemplate
    from scraper.model import (
        Article,
        ArticleId,
        Correction,
        Pointer,
        Rejection,
        Relation,
        StoredArticle,
        Verdict,
    )
    from scraper.store.queries import ArticleQuery, RejectionQuery, SearchPage, Similar, Sort
    from scraper.store.values import Expected, Host, Lease, RenderNeed, RobotsCopy, Traces


class Outcome(StrEnum):
    """What became of one fetch."""

    STORED = "stored"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"
    """The page came and is archived, but its extraction came to no end."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One article page that was asked for: a line of the fetch log."""

    url: str
    """As asked for, before redirects."""
    site: str
    fetched_at: datetime
    outcome: Outcome
    reason: str | None = None
    """Of a rejection or quarantine (a `Reason`) or a failure (dns, timeout, 404 …)."""
    status: int | None = None
    """The HTTP status; None where no answer came."""
    canonical_url: str | None = None
    """Of the article that the page holds."""
    size: int = 0
    """Bytes of the response's body."""
    raw_sha256: str | None = None
    archived: tuple[Pointer, ...] = ()
    """Where the page lies in the archive, and the pages that continue it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A page that waits for an extractor that can read it."""

    url: str
    """As asked for: the fetch log names its place in the archive under this address."""
    rejection: Rejection
    """What is known of the page, and what its extraction ended with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of one address: its first and its last fetch."""

    url: str
    site: str
    first_seen: datetime
    fetched_at: datetime
    outcome: Outcome
    reason: str | None
    status: int | None
    canonical_url: str | None
    """Of the article that it last held, even if a later fetch failed."""
    failures: int
    """Failed fetches since the last one that did not fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed or sitemap, and what its last fetch left for the next conditional one."""

    url: str
    site: str
    kind: str
    """"feed", "sitemap" or "section"."""
    etag: str | None = None
    last_modified: str | None = None
    """The header, as sent."""
    fetched_at: datetime
    result: str
    """"read", "not modified", or why it failed."""
    announced: int = 0
    """Addresses of articles that it named when it was last read."""
    vain: int = 0
    """Pages in a row that only its dates asked for again, and that had not changed."""
    vain_at: datetime | None = None
    """When the last of them was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCounts:
    """What the store holds of one site."""

    site: str
    articles: int = 0
    revisions: int = 0
    """Beyond each article's first."""
    near_duplicates: int = 0
    syndicated: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Reason → pages, most first."""
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Reason → pages that wait, most first."""
    latest: datetime | None = None
    """When the newest article was first seen; revisions of older ones change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relation that was saved: from which article, in which of its revisions."""

    source: ArticleId
    revision: int
    relation: Relation


class Store(Protocol):
    """Where articles live. Any method may raise StoreError; leaving the context closes the store."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    @property
    def dedup(self) -> DedupIndex:
        """The index of signatures, in the same database and transaction."""

    def transaction(self, expected: Sequence[Expected] = (), /) -> AbstractContextManager[None]:
        """Hold the only write transaction: all that is done inside is kept together, or none of it.

        Not to be nested. What is read inside cannot be changed by another process before the end. What is
        `expected` to be saved costs less: it is prepared before, and looked up together.
        """

    def find(self, canonical_url: str, /) -> StoredArticle | None:
        """Return the current revision of the article at the address."""

    def find_by_id(self, article_id: ArticleId, /) -> StoredArticle | None:
        """Return the current revision of the article."""

    def save(self, verdict: Verdict, /) -> ArticleId:
        """Write article, revision, relations and signature together; an unchanged one writes nothing.

        Raises StaleVerdictError if the address has another revision than the verdict expected; nothing is
        written then, and an open transaction goes on.
        """

    def confirm(self, stored: StoredArticle, extractor: str, /) -> None:
        """Write that this extractor, too, makes that revision of its page as it stands."""

    def restrict(self, stored: StoredArticle, article: Article, /) -> None:
        """Write what the article's page forbids now over what that revision's did."""

    def mark_gone(self, url: str, at: datetime | None, /) -> None:
        """Note since when the article that an address held last is gone; None: it answers again.

        The first moment stays. Where no article is known of the address, nothing is noted.
        """

    def retract(self, article_id: ArticleId, /) -> None:
        """Remove an article that is none: its revisions, words and relations.

        Copies of a text by others stay, related to each other; a later fetch may store the address again.
        """

    def reject(self, rejection: Rejection, /) -> None:
        """Write a rejected page."""

    def articles(self, query: ArticleQuery, /) -> Iterator[StoredArticle]:
        """Yield the current revisions that the query asks for, in constant memory. Raises QueryError."""

    def search(
        self, query: ArticleQuery, /, *, sort: Sort, after: int | None = None, facets: bool = False
    ) -> SearchPage:
        """Return a page of what the query asks for, how much there is, and where the next page begins.

        A page has the query's limit, or 50; `after` is where the one before it ended. Raises QueryError.
        """

    def alike(self, article_id: ArticleId, /, limit: int) -> Sequence[Similar]:
        """Return other articles that share rare words and names with one, those with most first."""

    def revisions(self, article_id: ArticleId, /) -> Sequence[StoredArticle]:
        """Return every revision of the article, the first one first."""

    def edges(self, article_id: ArticleId, /) -> Sequence[Edge]:
        """Return the relations to other articles that start or end at the article."""

    def find_rejection(self, identity: str, /) -> Rejection | None:
        """Return the rejected page that its id names, as it was refused last."""

    def rejections(self, query: RejectionQuery, /) -> Iterator[Rejection]:
        """Yield the rejected pages that the query asks for, the latest first, in constant memory."""

    def quarantine(self, page: Quarantined, /) -> None:
        """Write a page over what quarantine held of its address."""

    def release(self, url: str, /) -> None:
        """Take the address out of quarantine, if it is there."""

    def find_quarantined(self, url: str, /) -> Quarantined | None:
        """Return what quarantine holds of the address."""

    def quarantined(self, site: str | None = None, /) -> Sequence[Quarantined]:
        """Return the pages in quarantine, of one site or all, the latest first."""

    def record_fetch(self, fetch: Fetch, /) -> None:
        """Append to the fetch log and bring the address's visit up to date."""

    def amend_fetch(self, fetch: Fetch, /) -> None:
        """Write what a quarantined fetch came to in the end where log and visit say quarantined."""

    def traces(self, *, url: str | None = None, site: str | None = None) -> Traces:
        """Return what is held of an address, by whatever other ones it was reached too, or of a site."""

    def forget(self, traces: Traces, *, reason: str, at: datetime) -> None:
        """Remove all of it for good, and keep of each address a digest, with the moment and the reason.

        Copies of a text by others stay, related to each other; a site loses its listings and templates too.
        """

    def forgotten(self, urls: Iterable[str], /) -> AbstractSet[str]:
        """Return which of some canonical addresses were forgotten: they are not to be asked for or kept."""

    def disbelieve(self, address: str, at: datetime, /) -> None:
        """Note that pages of different texts declare an address as theirs.

        An article that was stored there by such a page moves, with all its revisions, to the page's own
        address, unless that has one already.
        """

    def is_disbelieved(self, address: str, /) -> bool:
        """Return whether that was noted of an address."""

    def visit(self, url: str, /) -> Visit | None:
        """Return what is known of the address."""

    def visits(self, urls: Iterable[str], /) -> Mapping[str, Visit]:
        """Return what is known of many addresses; unknown ones are absent."""

    def fetches(self, url: str, /) -> Sequence[Fetch]:
        """Return every fetch of the address, the first one first."""

    def archived(self, raw_sha256: str | None = None, /) -> Iterator[Fetch]:
        """Yield the fetches whose pages are archived, of all content or one, in the order they were made."""

    def forget_archived(self, file: str, /) -> Mapping[str, int]:
        """Let no fetch name an archive file any more; return how many did, by site."""

    def imported(self, file: str, /) -> int:
        """Return up to which byte an archive file was imported."""

    def record_import(self, file: str, position: int, /) -> None:
        """Write up to which byte an archive file is imported."""

    def source(self, url: str, /) -> Source | None:
        """Return what the last fetch of a feed or sitemap left."""

    def record_source(self, source: Source, /) -> None:
        """Write a feed or sitemap over what was known of it."""

    def announce(self, site: str, source: str, urls: Mapping[str, str], at: datetime, /) -> None:
        """Note addresses, at most 500, that a feed, sitemap or section named before they were ever asked for.

        The keys are canonical, the values as they were named, to ask for later. The coverage ledger counts
        them; known ones keep their day.
        """

    def sources(self, site: str | None = None, /) -> Sequence[Source]:
        """Return the feeds and sitemaps, of one site or all, by site and address."""

    def templates(self, site: str, /) -> Mapping[str, SiteTemplate]:
        """Return what the articles of the site's hosts had in common, by host."""

    def save_template(self, site: str, host: str, template: SiteTemplate, /) -> None:
        """Write what the articles of a host had in common over what was known of it."""

    def host(self, host: str, /) -> Host | None:
        """Return how a host answered when that was last worth remembering."""

    def save_host(self, host: Host, /) -> None:
        """Write how a host answers over what was known of it."""

    def render_need(self, site: str, /) -> RenderNeed | None:
        """Return whether the site's pages need a browser; None where nothing ever spoke for one."""

    def save_render_need(self, need: RenderNeed, /) -> None:
        """Write whether a site's pages need a browser over what was known of it."""

    def corrections(self, site: str, /) -> Mapping[str, Correction]:
        """Return what an editor decided about pages of a site, by canonical address."""

    def correct(self, site: str, url: str, correction: Correction, /) -> None:
        """Write what an editor decided about the page at a canonical address over what was before."""

    def leases(self) -> Sequence[Lease]:
        """Return what is being crawled, the first begun first; of each its process says whether it lives."""

    def hold_lease(self, lease: Lease, /) -> None:
        """Write a lease over what was known of it, heard of now."""

    def beat_lease(self, key: str, /) -> bool:
        """Write a sign of life of a lease, waiting for no transaction; False if it is gone."""

    def fence(self, key: str | None, /) -> None:
        """Let each transaction of this store raise LeaseLostError once the lease is gone; None: no more.

        Who takes a lease from another one does so in a transaction: that one writes nothing after it.
        """

    def drop_lease(self, key: str, /) -> None:
        """Delete a lease, if it is there."""

    def robots(self, origin: str, /) -> RobotsCopy | None:
        """Return the robots.txt that was last read there."""

    def save_robots(self, copy: RobotsCopy, /) -> None:
        """Write a robots.txt over the earlier one."""

    def site_counts(self) -> Sequence[SiteCounts]:
        """Return what is held of each site, by name."""


def address_key(url: str) -> str:
    """Return the 16 hex digits that name an address; those of a canonical one are its article's id.

    >>> address_key("https://example.org/a")
    'b5b10dd0429e69ac'
    """
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def fetch_time(fetched: Article | Rejection) -> datetime:
    """Return when the page was fetched. Raises StoreError where that is not known."""
    if fetched.fetched_at is None:
        raise StoreError(f"{fetched.url or 'a page'}: only what was fetched at a known time can be stored")
    return fetched.fetched_at


def visit_after(known: Visit | None, fetch: Fetch) -> Visit:
    """Return what is known of an address once it was fetched; a fetch from before the last tells no more."""
    if known is not None and fetch.fetched_at < known.fetched_at:
        return replace(known, first_seen=min(known.first_seen, fetch.fetched_at))
    return Visit(
        url=fetch.url,
        site=fetch.site,
        first_seen=known.first_seen if known else fetch.fetched_at,
        fetched_at=fetch.fetched_at,
        outcome=fetch.outcome,
        reason=fetch.reason,
        status=fetch.status,
        canonical_url=fetch.canonical_url or (known.canonical_url if known else None),
        failures=(known.failures if known else 0) + 1 if fetch.outcome is Outcome.FAILED else 0,
    )
