"""What becomes of an extracted page in the store: the same for one just fetched and one from an archive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.crawl.pages.late import insert_late
from scraper.dedup.decide import EXACT, agree, decide
from scraper.model import Article, Provenance, Reason, Rejection, RelationKind
from scraper.record import article_id
from scraper.store.protocol import Fetch, Outcome, Quarantined
from scraper.store.values import Expected
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Collection

    from scraper.model import Page, Pointer, Site, StoredArticle, Verdict
    from scraper.store.protocol import Store

OUTCOMES: dict[RelationKind | None, Outcome] = {
    RelationKind.UNCHANGED: Outcome.UNCHANGED,
    RelationKind.REVISION: Outcome.REVISED,
}


_HOME = ("", "/")
_OWN_ADDRESS = 0.6
"""The confidence of a page's own address, as in extraction."""
REPEATS = 3
"""Addresses of a site with one undated text, after which that is no article but what the site says of a page
that is not there: of 986 articles of 5 corpora one text stood at two addresses of its site, none at three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A page and what it turned out to be."""

    page: Page
    outcome: Article | Rejection
    archived: tuple[Pointer, ...] = ()
    """Of the page, and of those that continue it."""


def expected(extracted: Extracted) -> Expected:
    """Return what saving the page will ask the store for."""
    page, outcome = extracted.page, extracted.outcome
    article = outcome if isinstance(outcome, Article) else None
    own = canonical_url(page.url or "")
    addresses = {canonical_url(page.requested or page.url or ""), own}
    if article is not None:
        addresses.add(article.canonical_url or page.url or "")
    return Expected(addresses=frozenset(addresses), article=article)


def save(store: Store, extracted: Extracted, site: Site, *, in_time: bool = False) -> Verdict | Rejection:
    """Decide on an article and save it, or save a rejection; log the fetch.

    `in_time`: a page of an archive, which may come after later ones of its address, is saved as if before.
    """
    result, fetch = decide_page(store, extracted, site, in_time=in_time)
    if fetch is not None:
        store.record_fetch(fetch)
    return result


def decide_page(
    store: Store, extracted: Extracted, site: Site, *, in_time: bool = False
) -> tuple[Verdict | Rejection, Fetch | None]:
    """Decide on an article and save it, or save a rejection, or quarantine the page; log nothing yet.

    Of an address that was forgotten nothing is kept, and there is nothing to log.
    """
    page, outcome = extracted.page, extracted.outcome
    asked = canonical_url(page.requested or page.url or "")
    own = outcome.canonical_url if isinstance(outcome, Article) else None
    if store.forgotten({asked, canonical_url(page.url or ""), own or asked}):
        return refusal(outcome, page, Reason.FORGOTTEN, "its address was forgotten"), None
    if isinstance(outcome, Rejection) and outcome.reason.is_quarantine:
        store.quarantine(Quarantined(url=asked, rejection=outcome))
        return outcome, _fetch(extracted, site, Outcome.QUARANTINED, reason=outcome.reason)
    store.release(asked)
    if isinstance(outcome, Rejection):
        if _is_sent_home(page):
            store.mark_gone(asked, page.fetched_at or datetime.now(UTC))
        return _reject(store, outcome, extracted, site)
    outcome, stored = _named(store, outcome, page)
    address = outcome.canonical_url or page.url
    if in_time and address and stored is not None and (late := insert_late(store, outcome, stored, asked)):
        return late, _fetch(extracted, site, OUTCOMES[_kind(late)], address=address)
    # a StaleVerdictError fails the batch, whose pieces the writer then runs again: that decides anew
    verdict = decide(outcome, stored=stored, index=store.dedup)
    if (repeats := _repeats(store, verdict)) >= REPEATS:
        detail = f"undated, and to the word what stands at {repeats} other addresses of the site"
        return _reject(store, refusal(outcome, page, Reason.ERROR, detail), extracted, site)
    store.save(verdict)
    if address and stored is not None and stored.gone:
        store.mark_gone(address, None)
    kind = _kind(verdict)
    is_unchanged = kind is RelationKind.UNCHANGED
    if stored is not None and is_unchanged and stored.article.restrictions != outcome.restrictions:
        store.restrict(stored, outcome)
    return verdict, _fetch(extracted, site, OUTCOMES.get(kind, Outcome.STORED), address=address)


def _kind(verdict: Verdict) -> RelationKind | None:
    return verdict.relation.kind if verdict.relation else None


def _named(store: Store, article: Article, page: Page) -> tuple[Article, StoredArticle | None]:
    """Return the article under the address that names it, and what is stored there.

    That is the address which it declares, as long as no other text has that: sites declare one for all their
    pages, a section's or each page's without its number. An article that such a page left there goes to its
    own address, and nobody's word counts for that one any more.
    """
    own, declared = canonical_url(page.url or ""), article.canonical_url or page.url or ""
    at = page.fetched_at or datetime.now(UTC)
    if own and declared != own:
        if not store.is_disbelieved(declared) and store.find(own) is None:
            stored = store.find(declared)
            if stored is None or not _is_another(stored, article, own):
                return article, stored
            store.disbelieve(declared, at)
        article = _at(own, article, page)
    address = own or declared
    stored = store.find(address) if address else store.find_by_id(article_id(article))
    if stored is not None and _is_another(stored, article, own):
        store.disbelieve(address, at)
        stored = store.find(address)
    return article, stored


def _is_another(stored: StoredArticle, article: Article, own: str) -> bool:
    """Return whether an article was stored by a page of another address, and has another text."""
    before = canonical_url(stored.article.url or "")
    return before not in {"", own} and not agree(article.body, stored.article.body)


def _at(own: str, article: Article, page: Page) -> Article:
    source = Provenance(source="url", raw=page.url, confidence=_OWN_ADDRESS)
    return replace(article, canonical_url=own, provenance={**article.provenance, "canonical_url": source})


def _is_sent_home(page: Page) -> bool:
    """Return whether an address led to its site's home page instead of one of its own."""
    asked, came = (urlsplit(url or "") for url in (page.requested, page.url))
    return bool(came.netloc) and asked.path not in _HOME and came.path in _HOME and not came.query


def _reject(store: Store, rejection: Rejection, extracted: Extracted, site: Site) -> tuple[Rejection, Fetch]:
    if rejection.url is None:  # a saved page of unknown origin goes by its file's name
        rejection = replace(rejection, url=extracted.page.requested)
    store.reject(rejection)
    return rejection, _fetch(extracted, site, Outcome.REJECTED, reason=rejection.reason)


def _repeats(store: Store, verdict: Verdict) -> int:
    """Return at how many addresses of its site an undated text at a new one stands already, to the word."""
    relation, article = verdict.relation, verdict.article
    if relation is None or article.published or EXACT not in relation.evidence:
        return 0
    equal = {edge.source for edge in store.edges(relation.to) if EXACT in edge.relation.evidence}
    found = [store.find_by_id(article_id) for article_id in sorted({relation.to, *equal})]
    return sum(each.article.site == article.site and not each.article.published for each in found if each)


def refusal(outcome: Article | Rejection, page: Page, reason: Reason, detail: str) -> Rejection:
    """Return why what its page gave is not to be kept."""
    return Rejection(
        url=outcome.url,
        site=outcome.site,
        reason=reason,
        detail=detail,
        raw_sha256=outcome.raw_sha256,
        fetched_at=outcome.fetched_at,
        status=page.status,
    )


def allowed(outcome: Article | Rejection, page: Page, excluded: Collection[str]) -> Article | Rejection:
    """Return what a page gave, or its rejection where it says one of these, to every robot or to us."""
    if isinstance(outcome, Rejection):
        return outcome
    said = [name for name in outcome.restrictions if name in excluded]
    return refusal(outcome, page, Reason.RESTRICTED, f"it says {', '.join(said)}") if said else outcome


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


def counters(result: Verdict | Rejection) -> tuple[str, ...]:
    """Return what a page counts as: rejected or quarantined with its reason, unchanged, revision, or stored.

    A stored copy counts as its relation too, and what is stored in doubt as that.
    """
    if isinstance(result, Rejection):
        return (f"{'quarantined' if result.reason.is_quarantine else 'rejected'}/{result.reason}",)
    kind = result.relation.kind if result.relation else None
    if kind in {RelationKind.UNCHANGED, RelationKind.REVISION}:
        return (str(kind),)
    verdict = result.article.verdict
    doubt = ("in_doubt",) if verdict is not None and verdict.in_doubt else ()
    return ("stored", *((str(kind),) if kind else ()), *doubt)


def page_told(result: Verdict | Rejection, url: str | None) -> str:
    """Return a line on what a page came to."""
    what, *more = counters(result)
    if isinstance(result, Rejection):
        return f"{what.replace('/', ': ')} {url}: {result.detail}"
    return f"{what} {url}" + (f" ({', '.join(more)})" if more else "")
