"""What becomes of an extracted page in the store: the same for one just fetched and one from an archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.dedup.decide import judge
from scraper.model import Rejection, RelationKind
from scraper.store.base import Fetch, Outcome, Quarantined
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
    verdict, fetch = settle(store, extracted, site)
    store.record_fetch(fetch)
    return verdict


def settle(store: Store, extracted: Extracted, site: Site) -> tuple[Verdict | None, Fetch]:
    """Decide on an article and save it, or save a rejection, or quarantine the page; log nothing yet."""
    page, outcome = extracted.page, extracted.outcome
    asked = canonical_url(page.requested or page.url or "")
    if isinstance(outcome, Rejection) and outcome.reason.is_quarantine:
        store.quarantine(Quarantined(url=asked, rejection=outcome))
        return None, _fetch(extracted, site, Outcome.QUARANTINED, reason=outcome.reason)
    store.release(asked)
    if isinstance(outcome, Rejection):
        store.reject(outcome)
        return None, _fetch(extracted, site, Outcome.REJECTED, reason=outcome.reason)
    address = outcome.canonical_url or page.url or ""
    # a StaleVerdictError fails the batch, whose pieces the writer then runs again: that decides anew
    verdict = judge(outcome, stored=store.find(address), index=store.dedup)
    store.save(verdict)
    kind = verdict.relation.kind if verdict.relation else None
    return verdict, _fetch(extracted, site, _OUTCOMES.get(kind, Outcome.STORED), address=address)


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


def counters(outcome: Article | Rejection, verdict: Verdict | None) -> tuple[str, ...]:
    """Return what a page counts as: rejected or quarantined with its reason, unchanged, revision, or stored.

    A stored copy counts as its relation too.
    """
    if isinstance(outcome, Rejection):
        return (f"{'quarantined' if outcome.reason.is_quarantine else 'rejected'}/{outcome.reason}",)
    assert verdict is not None
    kind = verdict.relation.kind if verdict.relation else None
    if kind in {RelationKind.UNCHANGED, RelationKind.REVISION}:
        return (str(kind),)
    return ("stored", str(kind)) if kind else ("stored",)
