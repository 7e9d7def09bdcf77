"""Today's rules over the archived pages of stored articles: what would change, and writing it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.archive.capture import to_page
from scraper.archive.reader import capture_at
from scraper.dedup.shingle import sign
from scraper.errors import InputError
from scraper.extract.pagination import join_pages
from scraper.model import Article, Rejection, Relation, RelationKind, Verdict
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.archive.place import Place
    from scraper.crawl.workers import ExtractionPool, Refine
    from scraper.model import Page, Site, StoredArticle
    from scraper.store.base import ArticleQuery, Fetch, Store

REEXTRACTED = "reextracted"
_OF_THE_RUN = {"provenance", "extractor", "relation", "content_hash"}
"""What a record says of how it was made, not of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextraction:
    """A stored article and what its page gives today; `missing` says why it gives nothing."""

    stored: StoredArticle
    outcome: Article | Rejection | None = None
    missing: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the record that differ."""
        if not isinstance(self.outcome, Article):
            return ()
        before = to_record(self.stored.article, content_hash="")
        after = to_record(self.outcome, content_hash="")
        return tuple(name for name in after if name not in _OF_THE_RUN and before[name] != after[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextractor:
    """Reads pages from the archive and extracts them in the pool's workers."""

    store: Store
    place: Place
    pool: ExtractionPool
    sites: Mapping[str, Site]
    refinements: Mapping[str, Refine]

    def run(self, query: ArticleQuery, *, extractor: str) -> Iterator[Reextraction]:
        """Yield what each article is today; those that this extractor made are left out."""
        waiting: deque[tuple[StoredArticle, int, str | None]] = deque()

        def pages() -> Iterator[tuple[Page, Site, Refine | None]]:
            for stored in self.store.articles(query):
                if stored.article.extractor == extractor:
                    continue
                try:
                    parts, missing = self._pages(stored), None
                except InputError as error:
                    parts, missing = [], str(error)
                waiting.append((stored, len(parts), missing))
                for page in parts:
                    name = stored.article.site or ""
                    yield page, self._site(name), self.refinements.get(name)

        outcomes: list[Article | Rejection] = []
        for part in self.pool.extract_parts(pages()):
            yield from _without_pages(waiting)
            outcomes.append(part.outcome)
            stored, number, _ = waiting[0]
            if len(outcomes) == number:
                waiting.popleft()
                yield Reextraction(stored=stored, outcome=_joined(outcomes))
                outcomes = []
        yield from _without_pages(waiting)

    def _site(self, name: str) -> Site:
        from scraper.model import Site

        return self.sites.get(name, Site(name=name))

    def _pages(self, stored: StoredArticle) -> list[Page]:
        """Return the pages from which the article was made. InputError where they are not archived."""
        article = stored.article
        fetch = archived_fetch(self.store, stored)
        if fetch is None:
            raise InputError(f"{article.url}: its page is not archived")
        pages = [to_page(capture_at(self.place, pointer), pointer) for pointer in fetch.archived]
        return [replace(pages[0], fetched_at=article.fetched_at), *pages[1:]]


def archived_fetch(store: Store, stored: StoredArticle) -> Fetch | None:
    """Return the fetch whose page the article was made of, where it is archived."""
    found = store.archived(stored.article.raw_sha256)
    return next((each for each in found if each.canonical_url == stored.article.canonical_url), None)


def accept(store: Store, changed: Reextraction) -> None:
    """Write what the page gives today as a revision that says that the rules changed, not the page.

    To be called in a transaction. Raises StaleVerdictError where the article changed since.
    """
    assert isinstance(changed.outcome, Article)
    stored, article = changed.stored, changed.outcome
    relation = Relation(
        kind=RelationKind.REVISION,
        to=stored.id,
        score=1.0 if article.body == stored.article.body else 0.0,
        evidence={"cause": REEXTRACTED, "fields": ", ".join(changed.fields)},
    )
    store.save(
        Verdict(
            article=article,
            signature=sign(article.body),
            relation=relation,
            story=store.dedup.story(stored.id),
            expected_revision=stored.revision,
        )
    )


def _joined(outcomes: list[Article | Rejection]) -> Article | Rejection:
    articles = [outcome for outcome in outcomes if isinstance(outcome, Article)]
    first = outcomes[0]
    return join_pages(articles) if isinstance(first, Article) else first


def _without_pages(waiting: deque[tuple[StoredArticle, int, str | None]]) -> Iterator[Reextraction]:
    while waiting and not waiting[0][1]:
        stored, _, missing = waiting.popleft()
        yield Reextraction(stored=stored, missing=missing)
