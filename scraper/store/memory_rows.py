"""The rows of a store in memory, and which of them a query asks for; read by store.memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from scraper.model import ArticleId
from scraper.store.listing_date import dated
from scraper.store.protocol import (
    Edge,
    Fetch,
    Quarantined,
    Source,
    Visit,
    address_key,
    fetch_time,
)
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from scraper.learned.template import SiteTemplate
    from scraper.model import Correction, Rejection, Relation, StoredArticle, Verdict
    from scraper.store.queries import ArticleQuery, RejectionQuery
    from scraper.store.values import Host, Lease, RenderNeed, RobotsCopy


@dataclass(slots=True)
class Rows:
    """All that a store in memory holds."""

    revisions: dict[ArticleId, tuple[StoredArticle, ...]] = field(default_factory=dict)
    saved: list[tuple[StoredArticle, Verdict]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    quarantine: dict[str, Quarantined] = field(default_factory=dict)
    fetches: dict[str, tuple[Fetch, ...]] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    templates: dict[tuple[str, str], SiteTemplate] = field(default_factory=dict)
    imports: dict[str, int] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    render_needs: dict[str, RenderNeed] = field(default_factory=dict)
    robots: dict[str, RobotsCopy] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    corrections: dict[str, tuple[str, Correction]] = field(default_factory=dict)
    forgotten: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    disbelieved: dict[str, datetime] = field(default_factory=dict)

    def copy(self) -> Rows:
        """Return rows that later changes do not reach."""
        return Rows(*(getattr(self, each.name).copy() for each in fields(self)))


def move_home(rows: Rows, old: ArticleId) -> bool:
    """Let an article have its page's own address, if that is free, and with it another id."""
    known = rows.revisions.get(old)
    own = canonical_url(known[-1].article.url or "") if known else ""
    address, new = known[-1].article.canonical_url if known else None, ArticleId(address_key(own))
    if known is None or not own or own == address or new in rows.revisions:
        return False

    def at_new(stored: StoredArticle) -> StoredArticle:
        return replace(stored, id=new, article=replace(stored.article, canonical_url=own))

    def to_new(relation: Relation) -> Relation:
        return replace(relation, to=new) if relation.to == old else relation

    moved = {stored.revision: at_new(stored) for stored in known}
    rows.revisions = {
        new if key == old else key: tuple(moved.values()) if key == old else texts
        for key, texts in rows.revisions.items()
    }
    rows.saved = [
        (moved[stored.revision], replace(verdict, article=moved[stored.revision].article))
        if stored.id == old
        else (stored, verdict)
        for stored, verdict in rows.saved
    ]
    rows.edges = [
        replace(edge, source=new if edge.source == old else edge.source, relation=to_new(edge.relation))
        for edge in rows.edges
    ]
    for key, visit in rows.visits.items():
        if visit.canonical_url == address and key != old:
            rows.visits[key] = replace(visit, canonical_url=own)
            rows.fetches[key] = tuple(
                replace(fetch, canonical_url=own) if fetch.canonical_url == address else fetch
                for fetch in rows.fetches[key]
            )
    return True


def is_of(row: Rejection, urls: AbstractSet[str], site: str | None) -> bool:
    """Return whether a rejection is of one of some addresses, or of a site."""
    return (site is not None and row.site == site) or canonical_url(row.url or "") in urls


def without_text(stored: StoredArticle, verdict: Verdict) -> tuple[StoredArticle, Verdict]:
    """Return an article whose number in the index stays, and whose text does not."""
    article = replace(stored.article, title=None, standfirst=None, body="")
    signature = replace(verdict.signature, content_hash="", tokens=b"", paragraphs=b"")
    return (
        replace(stored, article=article, content_hash=""),
        replace(verdict, article=article, signature=signature),
    )


def reasons(refused: Iterable[Rejection], site: str) -> dict[str, int]:
    """Return how many pages of a site had each reason, most first."""
    reasons = Counter(row.reason.value for row in refused if (row.site or "") == site)
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


def matches(stored: StoredArticle, query: ArticleQuery) -> bool:
    """Return whether an article is among those that are asked for."""
    article, date = stored.article, dated(stored.article, stored.first_seen)
    verdict = article.verdict
    language = (article.language or "").lower()
    return (
        (query.site is None or article.site == query.site)
        and (query.since is None or date >= query.since)
        and (query.until is None or date < query.until)
        and (query.kind is None or article.kind is query.kind)
        and (query.in_doubt is None or query.in_doubt is (verdict is not None and verdict.in_doubt))
        and (query.language is None or f"{language}-".startswith(f"{query.language.lower()}-"))
        and (query.part.is_whole or query.part.ids[0] <= stored.id < query.part.ids[1])
    )


def is_asked_for(row: Rejection, query: RejectionQuery) -> bool:
    """Return whether a rejection is among those that are asked for."""
    return (
        (query.site is None or row.site == query.site)
        and (query.reason is None or row.reason is query.reason)
        and (query.since is None or fetch_time(row) >= query.since)
        and (query.until is None or fetch_time(row) < query.until)
    )
