"""A store that lasts as long as the process: for tests and for runs that keep nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Self

from scraper.dedup.memory_index import MemoryIndex
from scraper.errors import StaleVerdictError, StoreError
from scraper.model import ArticleId, RelationKind, StoredArticle
from scraper.record import article_id
from scraper.store.listing_date import dated
from scraper.store.memory_rows import Rows, is_asked_for, is_of, matches, move_home, reasons, without_text
from scraper.store.memory_search import MemorySearch, answered
from scraper.store.protocol import (
    Edge,
    Fetch,
    Outcome,
    Quarantined,
    SiteCounts,
    Source,
    Visit,
    address_key,
    fetch_time,
    visit_after,
)
from scraper.store.queries import ArticleQuery, RejectionQuery, Sort
from scraper.store.search.engine import find_hits
from scraper.store.search.rare_words import find_similar
from scraper.store.storable import storable
from scraper.store.values import Expected, Host, Lease, RenderNeed, RobotsCopy, Traces, lost_lease, restricted
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime
    from types import TracebackType

    from scraper.dedup.index import DedupIndex
    from scraper.learned.template import SiteTemplate
    from scraper.model import Article, Correction, Rejection, Verdict
    from scraper.store.queries import SearchPage, Similar


class MemoryStore:
    """A Store in memory."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._in_transaction = False
        self._fence: str | None = None
        self._dedup = MemoryIndex()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        pass

    @property
    def dedup(self) -> DedupIndex:
        return self._dedup

    @contextmanager
    def transaction(self, expected: Sequence[Expected] = (), /) -> Iterator[None]:
        del expected  # all is at hand
        if self._in_transaction:
            raise StoreError("a transaction is open already; transactions are not nested")
        if self._fence is not None and self._fence not in self._rows.leases:
            raise lost_lease(self._fence)
        before = self._rows.copy()
        self._in_transaction = True
        try:
            yield
        except BaseException:
            self._rows = before
            self._fill_index(before.saved)
            raise
        finally:
            self._in_transaction = False

    def _fill_index(self, saved: Iterable[tuple[StoredArticle, Verdict]]) -> None:
        self._dedup = MemoryIndex()
        for stored, verdict in saved:
            self._dedup.add(stored, verdict)

    def find(self, canonical_url: str, /) -> StoredArticle | None:
        return self.find_by_id(ArticleId(address_key(canonical_url)))

    def find_by_id(self, article_id: ArticleId, /) -> StoredArticle | None:
        known = self._rows.revisions.get(article_id)
        return known[-1] if known else None

    def save(self, verdict: Verdict, /) -> ArticleId:
        verdict = storable(verdict)
        relation = verdict.relation
        if relation and relation.kind is RelationKind.UNCHANGED:
            return relation.to
        fetch_time(verdict.article)
        key = article_id(verdict.article)
        known = self._rows.revisions.get(key, ())
        if len(known) != verdict.expected_revision:
            raise StaleVerdictError(
                f"{verdict.article.canonical_url or key}: the store has revision {len(known)}, "
                f"the verdict expected {verdict.expected_revision}; decide again"
            )
        stored = StoredArticle(
            id=key,
            article=verdict.article,
            content_hash=verdict.signature.content_hash,
            revision=len(known) + 1,
            relation=relation,
            first_seen=known[0].first_seen if known else fetch_time(verdict.article),
            gone=known[-1].gone if known else None,
        )
        self._rows.revisions[key] = (*known, stored)
        self._rows.saved.append((stored, verdict))
        related = ((relation,) if relation else ()) + verdict.links
        self._rows.edges += [Edge(source=key, revision=stored.revision, relation=edge) for edge in related]
        self._dedup.add(stored, verdict)
        return key

    def confirm(self, stored: StoredArticle, extractor: str, /) -> None:
        self._restate(stored, replace(stored.article, extractor=extractor))

    def restrict(self, stored: StoredArticle, article: Article, /) -> None:
        self._restate(stored, restricted(stored.article, storable(article)))

    def _restate(self, stored: StoredArticle, article: Article) -> None:
        self._rows.revisions[stored.id] = tuple(
            replace(each, article=article) if each.revision == stored.revision else each
            for each in self._rows.revisions[stored.id]
        )

    def mark_gone(self, url: str, at: datetime | None, /) -> None:
        visit = self.visit(url)
        key = ArticleId(address_key(visit.canonical_url if visit and visit.canonical_url else url))
        if known := self._rows.revisions.get(key):
            self._rows.revisions[key] = tuple(replace(each, gone=at and (each.gone or at)) for each in known)

    def reject(self, rejection: Rejection, /) -> None:
        fetch_time(rejection)
        self._rows.rejections.append(storable(rejection))

    def articles(self, query: ArticleQuery, /) -> Iterator[StoredArticle]:
        current = [known[-1] for known in self._rows.revisions.values()]
        if query.newest_first:
            current.sort(
                key=lambda stored: (dated(stored.article, stored.first_seen), stored.id), reverse=True
            )
        else:
            current.sort(key=lambda stored: (stored.first_seen, stored.id))
        answers = answered(query)
        return islice(
            (stored for stored in current if matches(stored, query) and answers(stored)), query.limit
        )

    def search(
        self, query: ArticleQuery, /, *, sort: Sort, after: int | None = None, facets: bool = False
    ) -> SearchPage:
        return find_hits(MemorySearch(self._rows), query, sort, after=after, facets=facets)

    def alike(self, article_id: ArticleId, /, limit: int) -> Sequence[Similar]:
        stored = self.find_by_id(article_id)
        return find_similar(MemorySearch(self._rows), stored, limit) if stored else ()

    def revisions(self, article_id: ArticleId, /) -> Sequence[StoredArticle]:
        return self._rows.revisions.get(article_id, ())

    def edges(self, article_id: ArticleId, /) -> Sequence[Edge]:
        return tuple(
            edge
            for edge in self._rows.edges
            if article_id in {edge.source, edge.relation.to} and edge.source != edge.relation.to
        )

    def find_rejection(self, identity: str, /) -> Rejection | None:
        return next((each for each in self.rejections(RejectionQuery()) if each.id == identity), None)

    def rejections(self, query: RejectionQuery, /) -> Iterator[Rejection]:
        latest_first = sorted(self._rows.rejections, key=fetch_time, reverse=True)
        return islice((row for row in latest_first if is_asked_for(row, query)), query.limit)

    def quarantine(self, page: Quarantined, /) -> None:
        fetch_time(page.rejection)
        self._rows.quarantine[address_key(page.url)] = storable(page)

    def release(self, url: str, /) -> None:
        self._rows.quarantine.pop(address_key(url), None)

    def find_quarantined(self, url: str, /) -> Quarantined | None:
        return self._rows.quarantine.get(address_key(url))

    def quarantined(self, site: str | None = None, /) -> Sequence[Quarantined]:
        held = [page for page in self._rows.quarantine.values() if site in {None, page.rejection.site}]
        return tuple(sorted(held, key=lambda page: fetch_time(page.rejection), reverse=True))

    def record_fetch(self, fetch: Fetch, /) -> None:
        key = address_key(fetch.url)
        self._rows.fetches[key] = (*self._rows.fetches.get(key, ()), storable(fetch))
        self._rows.visits[key] = visit_after(self._rows.visits.get(key), storable(fetch))

    def amend_fetch(self, fetch: Fetch, /) -> None:
        key = address_key(fetch.url)
        changed = {name: getattr(fetch, name) for name in ("outcome", "reason", "canonical_url")}

        def is_it(kept: Fetch | Visit) -> bool:
            return kept.outcome is Outcome.QUARANTINED and kept.fetched_at == fetch.fetched_at

        made, visit = self._rows.fetches.get(key, ()), self.visit(fetch.url)
        self._rows.fetches[key] = tuple(replace(each, **changed) if is_it(each) else each for each in made)
        if visit is not None and is_it(visit):
            self._rows.visits[key] = replace(visit, **changed)

    def traces(self, *, url: str | None = None, site: str | None = None) -> Traces:
        first = canonical_url(url or "")
        at_first = self.visit(first)
        targets = {first, (at_first.canonical_url if at_first else None) or first}
        visits = [
            visit
            for visit in self._rows.visits.values()
            if visit.site == site or targets & {visit.url, visit.canonical_url}
        ]
        held = [
            known[-1]
            for known in self._rows.revisions.values()
            if known[-1].article.site == site or known[-1].article.canonical_url in targets
        ]
        addresses = {address for visit in visits for address in (visit.url, visit.canonical_url)}
        addresses |= {address for each in held for address in (each.article.url, each.article.canonical_url)}
        urls = frozenset(canonical_url(each) for each in addresses | ({first} if url else set()) if each)
        made = [fetch for each in urls for fetch in self.fetches(each)]
        refused = [row for row in self._rows.rejections if is_of(row, urls, site)]
        return Traces(
            urls=urls,
            articles=frozenset(each.id for each in held),
            rejections=len(refused),
            sites=frozenset({fetch.site for fetch in made} | ({site} if site else set())),
            site=site,
            archived=frozenset(pointer for fetch in made for pointer in fetch.archived),
        )

    def forget(self, traces: Traces, *, reason: str, at: datetime) -> None:
        rows = self._rows
        self._remove(traces.articles)
        rows.corrections = {
            key: each
            for key, each in rows.corrections.items()
            if key not in traces.urls and each[0] != traces.site
        }
        rows.rejections = [row for row in rows.rejections if not is_of(row, traces.urls, traces.site)]
        keys = {address_key(url) for url in traces.urls}
        for of_address in (rows.fetches, rows.visits, rows.quarantine):
            for key in keys:
                of_address.pop(key, None)
        rows.sources = {key: each for key, each in rows.sources.items() if each.site != traces.site}
        rows.templates = {key: each for key, each in rows.templates.items() if key[0] != traces.site}
        rows.render_needs.pop(traces.site or "", None)
        rows.forgotten = {**dict.fromkeys(keys, (at, reason)), **rows.forgotten}

    def retract(self, article_id: ArticleId, /) -> None:
        self._remove({article_id})

    def _remove(self, ids: AbstractSet[ArticleId]) -> None:
        rows = self._rows
        rows.revisions = {key: known for key, known in rows.revisions.items() if key not in ids}
        rows.saved = [
            without_text(stored, verdict) if stored.id in ids else (stored, verdict)
            for stored, verdict in rows.saved
        ]
        rows.edges = [edge for edge in rows.edges if not ids & {edge.source, edge.relation.to}]
        self._fill_index(rows.saved)

    def corrections(self, site: str, /) -> Mapping[str, Correction]:
        return {url: each for url, (of, each) in self._rows.corrections.items() if of == site}

    def correct(self, site: str, url: str, correction: Correction, /) -> None:
        self._rows.corrections[url] = site, storable(correction)

    def forgotten(self, urls: Iterable[str], /) -> AbstractSet[str]:
        return {url for url in urls if address_key(url) in self._rows.forgotten}

    def disbelieve(self, address: str, at: datetime, /) -> None:
        self._rows.disbelieved.setdefault(address_key(address), at)
        if move_home(self._rows, ArticleId(address_key(address))):
            self._fill_index(self._rows.saved)

    def is_disbelieved(self, address: str, /) -> bool:
        return address_key(address) in self._rows.disbelieved

    def visit(self, url: str, /) -> Visit | None:
        return self._rows.visits.get(address_key(url))

    def visits(self, urls: Iterable[str], /) -> Mapping[str, Visit]:
        return {url: visit for url in urls if (visit := self.visit(url))}

    def fetches(self, url: str, /) -> Sequence[Fetch]:
        return self._rows.fetches.get(address_key(url), ())

    def archived(self, raw_sha256: str | None = None, /) -> Iterator[Fetch]:
        made = [fetch for of_address in self._rows.fetches.values() for fetch in of_address if fetch.archived]
        made = [fetch for fetch in made if raw_sha256 in {None, fetch.raw_sha256}]
        return iter(sorted(made, key=lambda fetch: fetch.fetched_at))

    def forget_archived(self, file: str, /) -> Mapping[str, int]:
        forgotten: Counter[str] = Counter()
        for key, made in self._rows.fetches.items():
            kept = []
            for fetch in made:
                is_there = any(pointer.file == file for pointer in fetch.archived)
                forgotten[fetch.site] += is_there
                kept.append(replace(fetch, archived=()) if is_there else fetch)
            self._rows.fetches[key] = tuple(kept)
        return +forgotten

    def imported(self, file: str, /) -> int:
        return self._rows.imports.get(file, 0)

    def record_import(self, file: str, position: int, /) -> None:
        self._rows.imports[file] = position

    def source(self, url: str, /) -> Source | None:
        return self._rows.sources.get(address_key(url))

    def record_source(self, source: Source, /) -> None:
        self._rows.sources[address_key(source.url)] = storable(source)

    def announce(self, site: str, source: str, urls: Mapping[str, str], at: datetime, /) -> None:
        """Keep nothing: later processes ask what was announced, and they do not see this store."""

    def templates(self, site: str, /) -> Mapping[str, SiteTemplate]:
        return {host: template for (of, host), template in sorted(self._rows.templates.items()) if of == site}

    def save_template(self, site: str, host: str, template: SiteTemplate, /) -> None:
        self._rows.templates[site, host] = template

    def sources(self, site: str | None = None, /) -> Sequence[Source]:
        chosen = [source for source in self._rows.sources.values() if site is None or source.site == site]
        return tuple(sorted(chosen, key=lambda source: (source.site, source.url)))

    def host(self, host: str, /) -> Host | None:
        return self._rows.hosts.get(host)

    def save_host(self, host: Host, /) -> None:
        self._rows.hosts[host.host] = storable(host)

    def render_need(self, site: str, /) -> RenderNeed | None:
        return self._rows.render_needs.get(site)

    def save_render_need(self, need: RenderNeed, /) -> None:
        self._rows.render_needs[need.site] = storable(need)

    def leases(self) -> Sequence[Lease]:
        return sorted(self._rows.leases.values(), key=lambda lease: (lease.since, lease.id))

    def hold_lease(self, lease: Lease, /) -> None:
        self._rows.leases[lease.id] = lease

    def beat_lease(self, key: str, /) -> bool:
        return key in self._rows.leases

    def fence(self, key: str | None, /) -> None:
        self._fence = key

    def drop_lease(self, key: str, /) -> None:
        self._rows.leases.pop(key, None)

    def robots(self, origin: str, /) -> RobotsCopy | None:
        return self._rows.robots.get(origin)

    def save_robots(self, copy: RobotsCopy, /) -> None:
        self._rows.robots[copy.origin] = storable(copy)

    def site_counts(self) -> Sequence[SiteCounts]:
        held = [(known[-1].article.site or "", known) for known in self._rows.revisions.values()]
        refused = [*self._rows.rejections, *(page.rejection for page in self._rows.quarantine.values())]
        sites = {site for site, _ in held} | {row.site or "" for row in refused}
        return tuple(self._count(site, [known for of, known in held if of == site]) for site in sorted(sites))

    def _count(self, site: str, held: Sequence[tuple[StoredArticle, ...]]) -> SiteCounts:
        ids = {known[-1].id for known in held}
        related = {(edge.source, edge.relation.kind) for edge in self._rows.edges if edge.source in ids}
        kinds = Counter(kind for _, kind in related)
        return SiteCounts(
            site=site,
            articles=len(held),
            revisions=sum(len(known) - 1 for known in held),
            near_duplicates=kinds[RelationKind.NEAR_DUPLICATE],
            syndicated=kinds[RelationKind.SYNDICATED],
            rejected=reasons(self._rows.rejections, site),
            quarantined=reasons([page.rejection for page in self._rows.quarantine.values()], site),
            latest=max((known[-1].first_seen for known in held), default=None),
        )
