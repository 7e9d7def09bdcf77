"""What becomes of an extracted page in the store: the same for one just fetched and one from an archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.dedup.decide import judge
from scraper.model import Rejection, RelationKind
from scraper.store.base import Fetch, Outcome
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.model import Article, Page, Pointer, Site, Verdict
    from scraper.store.base import Store

_OUTCOMES: dict[RelationKind | None, Outcome] = {
    RelationKind.UNCHANGED: Outcome.UNCHANGED,
    RelationKind.REVISION: Outcome.REVISED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A page and what it turned out to be."""

    page: Page
    outcome: Article | Rejection
    archived: tuple[Pointer, ...] = ()
    """Of the page, and of those that continue it."""


def save(store: Store, extracted: Extracted, site: Site) -> Verdict | None:
    """Decide on an article and save it, or save a rejection; log the fetch."""
    page, outcome = extracted.page, extracted.outcome
    if isinstance(outcome, Rejection):
        store.reject(outcome)
        store.record_fetch(_fetch(extracted, site, Outcome.REJECTED, reason=outcome.reason))
        return None
    address = outcome.canonical_url or page.url or ""
    # a StaleVerdictError fails the batch, whose pieces the writer then runs again: that decides anew
    verdict = judge(outcome, stored=store.find(address), index=store.dedup)
    store.save(verdict)
    kind = verdict.relation.kind if verdict.relation else None
    store.record_fetch(_fetch(extracted, site, _OUTCOMES.get(kind, Outcome.STORED), address=address))
    return verdict


def _fetch(
    extracted: Extracted,
    site: Site,
    outcome: Outcome,
    *,
    reason: str | None = None,
    address: str | None = None,
) -> Fetch:
    page = extracted.page
    return Fetch(
        url=canonical_url(page.requested or page.url or ""),
        site=site.name,
        fetched_at=page.fetched_at or datetime.now(UTC),
        outcome=outcome,
        reason=reason,
        status=page.status,
        canonical_url=address,
        size=len(page.content),
        raw_sha256=page.raw_sha256,
        archived=extracted.archived,
    )


def counters(verdict: Verdict) -> tuple[str, ...]:
    """Return what a saved article counts as: unchanged, revision, or stored and, a copy, its relation."""
    kind = verdict.relation.kind if verdict.relation else None
    if kind in {RelationKind.UNCHANGED, RelationKind.REVISION}:
        return (str(kind),)
    return ("stored", str(kind)) if kind else ("stored",)
