"""An editor's decision about a stored article or a refused page: kept, and carried out at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from scraper.crawl.pages.saving import Extracted, refusal, save
from scraper.crawl.pages.stored_work import StoredWork
from scraper.crawl.rework.reconsidering import refused_fetch, refused_page
from scraper.crawl.rework.reextracting import Reextraction, accept, archived_fetch
from scraper.errors import InputError, StoreError
from scraper.extraction.correction import JUDGED_ARTICLE, JUDGED_NONE, corrected
from scraper.model import Article, ArticleId, KindVerdict, Page, Reason, Rejection, Site
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.archive.place import Place
    from scraper.crawl.pages.workers import ExtractionPool, Refine
    from scraper.model import Correction, StoredArticle
    from scraper.store.protocol import Fetch, Store


class Judged(NamedTuple):
    """The article or rejection that a decision came to, None where that waits for a fetch; and in words."""

    outcome: Article | Rejection | None
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Keeps decisions and carries them out."""

    store: Store
    place: Place | None
    """None where nothing is archived."""
    pool: ExtractionPool
    sites: Mapping[str, Site]
    refinements: Mapping[str, Refine]

    def find(self, identity: str) -> StoredArticle | Rejection:
        """Return what an id names. InputError where that is nothing, or a page that nobody can judge."""
        found = self.store.find_by_id(ArticleId(identity)) or self.store.find_rejection(identity)
        if found is None:
            raise InputError(
                f"{identity}: the store has no such article and no such rejected page; "
                "scraper articles and scraper rejections print their ids"
            )
        return found

    def known(self, found: StoredArticle | Rejection) -> Correction | None:
        """Return what was decided before about what was found."""
        known = self.store.corrections(_site(found))
        return next((known[url] for url in self._addresses(found) if url in known), None)

    def carry_out(self, found: StoredArticle | Rejection, correction: Correction) -> Judged:
        """Keep the decision and let the store hold what it says, in one transaction."""
        page = self._page(found, correction) if isinstance(found, Rejection) else None
        extracted = self._extracted(page, self._declared(found)) if page else None
        with self.store.transaction():
            for url in self._addresses(found):
                self.store.correct(_site(found), url, correction)
            if isinstance(found, Rejection):
                return self._settle_refused(found, extracted, correction)
            return self._settle_stored(found, correction)

    def _addresses(self, found: StoredArticle | Rejection) -> list[str]:
        """Return the addresses by which later fetches bring the page again."""
        fetch = self._fetch(found)
        own = found if isinstance(found, Rejection) else found.article
        declared = None if isinstance(own, Rejection) else own.canonical_url
        named = (own.url, declared, fetch.url if fetch else None)
        return sorted({canonical_url(url) for url in named if url})

    def _fetch(self, found: StoredArticle | Rejection) -> Fetch | None:
        if isinstance(found, Rejection):
            return refused_fetch(self.store, found)
        return archived_fetch(self.store, found)

    def _page(self, rejection: Rejection, correction: Correction) -> Page | None:
        """Return the refused page as it was fetched, where it is to be stored and is archived."""
        fetch = refused_fetch(self.store, rejection)
        if not correction.is_article or fetch is None or self.place is None:
            return None
        return replace(refused_page(self.place, rejection, fetch), correction=correction)

    def _declared(self, found: StoredArticle | Rejection) -> Site:
        return self.sites.get(_site(found), Site(name=_site(found)))

    def _extracted(self, page: Page, site: Site) -> Extracted:
        (part,) = self.pool.extract_parts([StoredWork(self.store, self.refinements).of(page, site)])
        archived = (page.archived,) if page.archived else ()
        return Extracted(page=page, outcome=part.outcome, archived=archived)

    def _settle_refused(
        self, rejection: Rejection, extracted: Extracted | None, correction: Correction
    ) -> Judged:
        if not correction.is_article:
            return Judged(rejection, "it stays refused")
        if extracted is None:
            return Judged(None, "its page is not archived: it is stored when it is fetched again")
        result = save(self.store, extracted, self._declared(rejection))
        if isinstance(result, Rejection):
            return Judged(result, f"it cannot be stored: {result.detail}")
        return Judged(result.article, "stored as an article")

    def _settle_stored(self, stored: StoredArticle, correction: Correction) -> Judged:
        article = stored.article
        if not correction.is_article:
            page = Page(url=article.url, content=b"", fetched_at=article.fetched_at)
            refused = refusal(article, page, Reason.LIST, JUDGED_NONE)
            self.store.retract(stored.id)
            self.store.reject(refused)
            return Judged(refused, f"no longer an article; as a refused page its id is {refused.id}")
        today = replace(
            corrected(article, correction), verdict=KindVerdict(confidence=1.0, evidence=JUDGED_ARTICLE)
        )
        found = Reextraction(stored=stored, outcome=today)
        if not accept(self.store, found, cause="judged"):
            raise StoreError(f"{article.url}: another revision was stored meanwhile; judge it again")
        changed = ", ".join(name for name in found.fields if name != "verdict")
        return Judged(today, f"an article{f', corrected in {changed}' if changed else ''}")


def _site(found: StoredArticle | Rejection) -> str:
    return (found if isinstance(found, Rejection) else found.article).site or ""
