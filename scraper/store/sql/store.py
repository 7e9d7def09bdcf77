"""The store in SQLite or PostgreSQL."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Self

from scraper.dedup.index import StoryIndex
from scraper.dedup.shingle import sign
from scraper.model import ArticleId, RelationKind
from scraper.store.protocol import address_key
from scraper.store.search.engine import find_hits
from scraper.store.search.rare_words import find_similar
from scraper.store.sql import articles as sql_articles
from scraper.store.sql import corrections as sql_corrections
from scraper.store.sql import forgetting as sql_forgetting
from scraper.store.sql import hosts as sql_hosts
from scraper.store.sql import identity as sql_identity
from scraper.store.sql import leases as sql_leases
from scraper.store.sql import log as sql_log
from scraper.store.sql import quarantine as sql_quarantine
from scraper.store.sql import rows
from scraper.store.sql.database import NO_LOCK, Database
from scraper.store.sql.index import SqlTables
from scraper.store.sql.saving.pending import Pending
from scraper.store.sql.searching.entries import SearchEntries
from scraper.store.sql.searching.reading import hurried
from scraper.store.storable import storable
from scraper.store.values import lost_lease

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime
    from types import TracebackType

    from scraper.dedup.index import DedupIndex
    from scraper.learned.template import SiteTemplate
    from scraper.model import Article, Correction, Rejection, StoredArticle, Verdict
    from scraper.store.protocol import Edge, Fetch, Quarantined, SiteCounts, Source, Visit
    from scraper.store.queries import ArticleQuery, RejectionQuery, SearchPage, Similar, Sort
    from scraper.store.values import Expected, Host, Lease, RenderNeed, RobotsCopy, Traces


class SqlStore:
    """A Store in the database at an SQLAlchemy address."""

    def __init__(self, url: str, /, *, is_for_reading: bool = False) -> None:
        """Open the database, make or migrate its tables. Raises ConfigError, StoreError or SchemaError."""
        self._database = Database(url, is_for_reading=is_for_reading)
        self._entries = SearchEntries(self._database)
        self._pending = Pending(self._database, self._entries)
        self._tables = SqlTables(self._database)
        self._dedup = StoryIndex(self._tables)
        self._fence: str | None = None
        self._database.on_rollback(self._dedup.forget)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._database.close()

    @property
    def dedup(self) -> DedupIndex:
        return self._dedup

    @contextmanager
    def transaction(self, expected: Sequence[Expected] = (), /) -> Iterator[None]:
        articles = [each.article for each in expected if each.article is not None]
        self._pending.prepare(articles)
        self._dedup.expect(article.body for article in articles)
        with self._database.transaction():
            if self._fence is not None and not sql_leases.is_held(self._database, self._fence):
                raise lost_lease(self._fence)
            if expected:
                self._look_up(expected)
            yield

    def _look_up(self, expected: Sequence[Expected]) -> None:
        """Read at once what saving these pages will ask for."""
        self._pending.look_up(address for each in expected for address in each.addresses)
        known = [each.article for each in expected if each.article is not None]
        held = self._pending.held()
        self._tables.look_up_stories(list(held))
        hashes = {stored.content_hash for stored in held.values()}
        fresh = [each.body for each in known if self._dedup.signature(each.body).content_hash not in hashes]
        self._dedup.look_up(
            list(dict.fromkeys(fresh)), [(each.body, each.site) for each in known if each.site]
        )

    def find(self, canonical_url: str, /) -> StoredArticle | None:
        return self.find_by_id(ArticleId(address_key(canonical_url)))

    def find_by_id(self, article_id: ArticleId, /) -> StoredArticle | None:
        return self._pending.article(article_id)

    def save(self, verdict: Verdict, /) -> ArticleId:
        if verdict.relation and verdict.relation.kind is RelationKind.UNCHANGED:
            return verdict.relation.to
        with self._database.write(apart=True):
            stored, row = self._pending.add_revision(verdict)
            self._tables.keep_text(stored, row, verdict.story or row)
            self._dedup.add(stored, verdict)
        return stored.id

    def confirm(self, stored: StoredArticle, extractor: str, /) -> None:
        with self._database.write() as connection:
            sql_articles.update_extractor(connection, stored, extractor)

    def restrict(self, stored: StoredArticle, article: Article, /) -> None:
        with self._database.write() as connection:
            sql_articles.update_restrictions(connection, stored, storable(article))

    def mark_gone(self, url: str, at: datetime | None, /) -> None:
        with self._database.write(apart=True) as connection:
            visit = self._pending.visit(address_key(url))
            key = ArticleId(address_key(visit.canonical_url if visit and visit.canonical_url else url))
            if self._pending.mark_gone(key, at):
                sql_articles.mark_gone(connection, key, at)

    def retract(self, article_id: ArticleId, /) -> None:
        with self._database.write() as connection:
            moved = sql_forgetting.remove_articles(connection, {article_id}, self._entries)
            self._stand_for_stories(moved)

    def reject(self, rejection: Rejection, /) -> None:
        with self._database.write(apart=True):
            self._pending.add_rejection(storable(rejection))

    def articles(self, query: ArticleQuery, /) -> Iterator[StoredArticle]:
        return islice(self._articles(query), query.limit)

    def _articles(self, query: ArticleQuery) -> Iterator[StoredArticle]:
        last = None
        while True:
            with self._database.read() as connection:
                page = sql_articles.find_page(connection, query, last)
            yield from map(rows.to_stored, page)
            if len(page) < sql_articles.PAGE:
                return
            last = page[-1]

    def search(
        self, query: ArticleQuery, /, *, sort: Sort, after: int | None = None, facets: bool = False
    ) -> SearchPage:
        with self._database.read() as connection, hurried(connection) as index:
            return find_hits(index, query, sort, after=after, facets=facets)

    def alike(self, article_id: ArticleId, /, limit: int) -> Sequence[Similar]:
        with self._database.read() as connection, hurried(connection) as index:
            stored = sql_articles.find(connection, article_id)
            return find_similar(index, stored, limit) if stored else ()

    def revisions(self, article_id: ArticleId, /) -> Sequence[StoredArticle]:
        with self._database.read() as connection:
            return sql_articles.find_revisions(connection, article_id)

    def edges(self, article_id: ArticleId, /) -> Sequence[Edge]:
        with self._database.read() as connection:
            return sql_articles.find_edges(connection, article_id)

    def find_rejection(self, identity: str, /) -> Rejection | None:
        with self._database.read() as connection:
            row = sql_log.find_rejection(connection, identity)
        return None if row is None else rows.to_rejection(row)

    def rejections(self, query: RejectionQuery, /) -> Iterator[Rejection]:
        return islice(self._rejections(query), query.limit)

    def _rejections(self, query: RejectionQuery) -> Iterator[Rejection]:
        last = None
        while True:
            with self._database.read() as connection:
                page = sql_log.find_rejections(connection, query, last)
            yield from map(rows.to_rejection, page)
            if len(page) < sql_log.ROWS_AT_ONCE:
                return
            last = page[-1]

    def quarantine(self, page: Quarantined, /) -> None:
        with self._database.write() as connection:
            sql_quarantine.write(connection, storable(page), address_key(page.url))

    def release(self, url: str, /) -> None:
        key = address_key(url)
        if self._pending.knows({key}) and not self._pending.is_in("quarantine", key):
            return
        with self._database.write() as connection:
            sql_quarantine.delete(connection, key)

    def find_quarantined(self, url: str, /) -> Quarantined | None:
        with self._database.read() as connection:
            return next(iter(sql_quarantine.find_quarantined(connection, address=address_key(url))), None)

    def quarantined(self, site: str | None = None, /) -> Sequence[Quarantined]:
        with self._database.read() as connection:
            return sql_quarantine.find_quarantined(connection, site=site)

    def record_fetch(self, fetch: Fetch, /) -> None:
        with self._database.write(apart=True):
            self._pending.add_fetch(storable(fetch), address_key(fetch.url))

    def amend_fetch(self, fetch: Fetch, /) -> None:
        with self._database.write() as connection:
            sql_quarantine.amend_fetch(connection, storable(fetch), address_key(fetch.url))

    def traces(self, *, url: str | None = None, site: str | None = None) -> Traces:
        with self._database.read() as connection:
            return sql_forgetting.find_traces(connection, url, site)

    def forget(self, traces: Traces, *, reason: str, at: datetime) -> None:
        with self._database.write() as connection:
            moved = sql_forgetting.forget_traces(connection, traces, self._entries, reason=reason, at=at)
            self._stand_for_stories(moved)
        self._database.fold_log()

    def _stand_for_stories(self, moved: Iterable[sql_forgetting.Text]) -> None:
        """Let the index know texts that stand for their stories, since those before them are gone."""
        self._dedup.forget()
        for text in moved:
            self._dedup.repost(sign(text.body), document=text.row)

    def forgotten(self, urls: Iterable[str], /) -> AbstractSet[str]:
        keys = {address_key(url): url for url in urls}
        if self._pending.knows(keys):
            return {url for key, url in keys.items() if self._pending.is_in("forgotten", key)}
        if len(keys) <= sql_forgetting.FEW:  # those of a page, asked for with each
            found = self._database.run(sql_forgetting.FORGOTTEN_OF[len(keys)], list(keys)) if keys else ()
            return {keys[key] for (key,) in found}
        with self._database.read() as connection:
            return {keys[key] for key in sql_forgetting.find_forgotten(connection, keys)}

    def disbelieve(self, address: str, at: datetime, /) -> None:
        with self._database.write() as connection:
            if sql_identity.disbelieve(connection, address, at):
                self._dedup.forget()

    def is_disbelieved(self, address: str, /) -> bool:
        if self._pending.knows({key := address_key(address)}):
            return self._pending.is_in("disbelieved", key)
        with self._database.read() as connection:
            return sql_identity.is_disbelieved(connection, address)

    def visit(self, url: str, /) -> Visit | None:
        return self.visits([url]).get(url)

    def visits(self, urls: Iterable[str], /) -> Mapping[str, Visit]:
        known: dict[str, Visit] = {}
        left = iter(urls)
        while chunk := {url: address_key(url) for url in islice(left, sql_log.ROWS_AT_ONCE)}:
            with self._database.read() as connection:
                found = sql_log.find_visits(connection, list(chunk.values()))
            known |= {url: found[address] for url, address in chunk.items() if address in found}
        return known

    def fetches(self, url: str, /) -> Sequence[Fetch]:
        with self._database.read() as connection:
            return sql_log.find_fetches(connection, address_key(url))

    def archived(self, raw_sha256: str | None = None, /) -> Iterator[Fetch]:
        last = 0
        while True:
            with self._database.read() as connection:
                page = sql_log.find_archived(connection, raw_sha256, last)
            yield from map(rows.to_fetch, page)
            if len(page) < sql_log.ROWS_AT_ONCE:
                return
            last = page[-1].row

    def forget_archived(self, file: str, /) -> Mapping[str, int]:
        with self._database.write() as connection:
            return sql_log.forget_archived(connection, file)

    def imported(self, file: str, /) -> int:
        with self._database.read() as connection:
            return sql_log.find_import(connection, file) or 0

    def record_import(self, file: str, position: int, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_log.write_import(connection, file, position)

    def source(self, url: str, /) -> Source | None:
        with self._database.read() as connection:
            return next(iter(sql_log.find_sources(connection, url=url)), None)

    def record_source(self, source: Source, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_log.write_source(connection, storable(source), address_key(source.url))

    def announce(self, site: str, source: str, urls: Mapping[str, str], at: datetime, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_log.write_announced(connection, site, source, urls, at)

    def templates(self, site: str, /) -> Mapping[str, SiteTemplate]:
        with self._database.read() as connection:
            return sql_log.find_templates(connection, site)

    def save_template(self, site: str, host: str, template: SiteTemplate, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_log.write_template(connection, site, host, template)

    def sources(self, site: str | None = None, /) -> Sequence[Source]:
        with self._database.read() as connection:
            return sql_log.find_sources(connection, site=site)

    def host(self, host: str, /) -> Host | None:
        with self._database.read() as connection:
            return sql_hosts.find_host(connection, host)

    def save_host(self, host: Host, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_hosts.write_host(connection, storable(host))

    def render_need(self, site: str, /) -> RenderNeed | None:
        with self._database.read() as connection:
            return sql_hosts.find_render_need(connection, site)

    def save_render_need(self, need: RenderNeed, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_hosts.write_render_need(connection, storable(need))

    def corrections(self, site: str, /) -> Mapping[str, Correction]:
        with self._database.read() as connection:
            return sql_corrections.find_corrections(connection, site)

    def correct(self, site: str, url: str, correction: Correction, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_corrections.write_correction(connection, site, url, storable(correction))

    def leases(self) -> Sequence[Lease]:
        with self._database.read() as connection:
            return sql_leases.find_leases(connection)

    def hold_lease(self, lease: Lease, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_leases.write_lease(connection, lease)

    def beat_lease(self, key: str, /) -> bool:
        with self._database.write(apart=True, lock=NO_LOCK) as connection:
            return sql_leases.beat(connection, key)

    def fence(self, key: str | None, /) -> None:
        self._fence = key

    def drop_lease(self, key: str, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_leases.delete_lease(connection, key)

    def robots(self, origin: str, /) -> RobotsCopy | None:
        with self._database.read() as connection:
            return sql_hosts.find_robots(connection, origin)

    def save_robots(self, copy: RobotsCopy, /) -> None:
        with self._database.write(apart=True) as connection:
            sql_hosts.write_robots(connection, storable(copy))

    def site_counts(self) -> Sequence[SiteCounts]:
        with self._database.read() as connection:
            return sql_log.count_sites(connection)
