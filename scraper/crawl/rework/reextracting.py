"""Today's rules over the archived pages of stored articles: what would change, and writing it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.capture import to_page
from scraper.archive.images import ImageFiles
from scraper.archive.reader import capture_at
from scraper.crawl.pages.stored_work import StoredWork
from scraper.dedup.shingle import sign
from scraper.errors import InputError, StaleVerdictError
from scraper.extraction.pagination import join_pages
from scraper.model import Article, Rejection, Relation, RelationKind, Site, Verdict
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scraper.archive.place import Place
    from scraper.crawl.pages.workers import ExtractionPool, Refine, Work
    from scraper.model import ArticleId, Page, StoredArticle
    from scraper.store.protocol import Fetch, Store
    from scraper.store.queries import ArticleQuery

REEXTRACTED = "reextracted"
TRIES = 3
"""How often an article is extracted again that another process changes each time."""
_OF_THE_RUN = {"provenance", "extractor", "relation", "content_hash"}
"""What a record says of how it was made, not of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextraction:
    """A stored article and what its page gives today."""

    stored: StoredArticle
    outcome: Article | Rejection | None = None
    missing: str | None = None
    """Why the page gives nothing."""
    elsewhere: str | None = None
    """Another address that today's rules would give it; it keeps its own, by which other records know it."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the record that differ."""
        if not isinstance(self.outcome, Article):
            return ()
        before, after = _compared(self.stored.article), _compared(self.outcome)
        return tuple(name for name in after if name not in _OF_THE_RUN and before[name] != after[name])


def _compared(article: Article) -> dict[str, Any]:
    """Return the record, its verdict as whether there is doubt: how sure it is changes with every model."""
    is_in_doubt = article.verdict is not None and article.verdict.in_doubt
    return to_record(article, content_hash="") | {"verdict": is_in_doubt}


class _Waiting(NamedTuple):
    """An article whose pages are being extracted."""

    stored: StoredArticle
    number: int
    missing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextractor:
    """Reads pages from the archive and extracts them in the pool's workers."""

    store: Store
    place: Place
    pool: ExtractionPool
    sites: Mapping[str, Site]
    refinements: Mapping[str, Refine]
    layouts: bool = True
    """Bodies may be read by what was learned of their sites."""

    def run(self, query: ArticleQuery) -> Iterator[Reextraction]:
        """Yield what each article is today; those that today's rules made are left out."""
        return self.extract(self.store.articles(query))

    def accept_again(self, changed: Iterable[ArticleId]) -> int:
        """Extract articles anew that another process changed meanwhile, and write what they are today.

        Return how many changed each time again.
        """
        left = list(changed)
        for _ in range(TRIES):
            current = [stored for each in left if (stored := self.store.find_by_id(each))]
            left = accept_all(self.store, self.extract(current))
        return len(left)

    def extract(self, articles: Iterable[StoredArticle]) -> Iterator[Reextraction]:
        """Yield what each of some articles is today; those that today's rules made are left out."""
        waiting: deque[_Waiting] = deque()
        work = StoredWork(self.store, self.refinements, layouts=self.layouts)

        def pages() -> Iterator[Work]:
            for stored in articles:
                name = stored.article.site or ""
                site = self.sites.get(name, Site(name=name))
                if self._is_current(stored, site) and work.is_given_today(site.name, stored.article):
                    continue
                try:
                    parts, missing = self._pages(stored), None
                except InputError as error:
                    parts, missing = [], str(error)
                waiting.append(_Waiting(stored, len(parts), missing))
                for page in parts:
                    yield work.of(page, site)

        outcomes: list[Article | Rejection] = []
        files = ImageFiles(self.place)
        for part in self.pool.extract_parts(pages()):
            yield from _without_pages(waiting)
            outcomes.append(part.outcome)
            if len(outcomes) == waiting[0].number:
                found = _reextraction(waiting.popleft().stored, outcomes)
                whole = found.outcome
                yield replace(found, outcome=files.named(whole)) if isinstance(whole, Article) else found
                outcomes = []
        yield from _without_pages(waiting)

    def _is_current(self, stored: StoredArticle, site: Site) -> bool:
        """Return whether today's rules made the article; what a spider's refine did, no extractor tells."""
        from scraper.extraction.version import extractor  # with all that extracts

        return site.name not in self.refinements and stored.article.extractor.startswith(extractor(site))

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


def accept_all(store: Store, found: Iterable[Reextraction]) -> list[ArticleId]:
    """Write articles in one transaction; return those that have another revision since they were read."""
    ready = list(found)
    with store.transaction():
        return [
            each.stored.id for each in ready if isinstance(each.outcome, Article) and not accept(store, each)
        ]


def accept(store: Store, found: Reextraction, *, cause: str = REEXTRACTED) -> bool:
    """Write what the page gives today as a revision that says that the rules changed, not the page.

    Where nothing changed, today's rules are written as the extractor. False, and nothing is written, where
    there is no article today, or another one is stored since. To be called in a transaction.
    """
    stored, article = found.stored, found.outcome
    if not isinstance(article, Article):
        return False
    if not found.fields:
        current = store.find_by_id(stored.id)
        if current is None or current.revision != stored.revision:
            return False
        store.confirm(current, article.extractor)
        return True
    relation = Relation(
        kind=RelationKind.REVISION,
        to=stored.id,
        score=1.0 if article.body == stored.article.body else 0.0,
        evidence={"cause": cause, "fields": ", ".join(found.fields)},
    )
    verdict = Verdict(
        article=article,
        signature=sign(article.body),
        relation=relation,
        story=store.dedup.story(stored.id),
        expected_revision=stored.revision,
    )
    try:
        store.save(verdict)
    except StaleVerdictError:
        return False
    return True


def _reextraction(stored: StoredArticle, outcomes: list[Article | Rejection]) -> Reextraction:
    """Return what the article's pages give today, joined."""
    first = outcomes[0]
    if isinstance(first, Rejection):
        return Reextraction(stored=stored, outcome=first)
    whole = join_pages([outcome for outcome in outcomes if isinstance(outcome, Article)])
    today, address = whole.canonical_url, stored.article.canonical_url
    return Reextraction(
        stored=stored,
        outcome=replace(whole, canonical_url=address),
        elsewhere=None if today == address else today,
    )


def _without_pages(waiting: deque[_Waiting]) -> Iterator[Reextraction]:
    while waiting and not waiting[0].number:
        stored, _, missing = waiting.popleft()
        yield Reextraction(stored=stored, missing=missing)
