"""What every store does, in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from scraper.dedup.words import Words
from scraper.errors import LeaseLostError, StaleVerdictError, StoreError
from scraper.learned.template import SiteTemplate
from scraper.model import (
    ArticleId,
    Correction,
    Kind,
    KindVerdict,
    Pointer,
    Provenance,
    Reason,
    Relation,
    RelationKind,
)
from scraper.record import article_id
from scraper.store import ArticleQuery, Edge, Fetch, Outcome, Quarantined, RejectionQuery, SiteCounts, Source
from scraper.store.values import Host, Lease, RenderNeed, RobotsCopy
from tests.store.values import (
    article,
    copy_of,
    full_article,
    minutes,
    rejection,
    revision_of,
    signed,
    verdict,
)

if TYPE_CHECKING:
    from scraper.store import Store


DOUBT = KindVerdict(confidence=0.3, evidence="it has prose of its own; but it sells", in_doubt=True)


def numbers(store: Store, query: ArticleQuery) -> list[int]:
    return [int((stored.article.canonical_url or "").rpartition("/")[2]) for stored in store.articles(query)]


def test_an_article_comes_back_as_it_was_saved(store: Store) -> None:
    saved = full_article()
    key = store.save(verdict(saved))
    found = store.find("https://news.example/1")
    assert found is not None
    assert found.article == saved
    assert (found.id, found.revision, found.relation) == (key, 1, None)
    assert found.first_seen == saved.fetched_at
    assert found.content_hash == signed(saved.body).content_hash
    assert store.find_by_id(key) == found


def test_a_revision_that_other_rules_confirm_names_them_and_stays_as_it_is(store: Store) -> None:
    first = full_article()
    key = store.save(verdict(first))
    changed = replace(first, body="Another text.\nOf two lines.", title="Another")
    store.save(revision_of(changed, 1))
    before, current = store.revisions(key)
    store.confirm(current, "newer rules 2")

    assert store.revisions(key) == (
        before,
        replace(current, article=replace(current.article, extractor="newer rules 2")),
    )


def test_an_article_without_an_address_is_known_by_its_text(store: Store) -> None:
    dump = article(url=None, canonical_url=None, site=None)
    key = store.save(verdict(dump))
    found = store.find_by_id(key)
    assert found is not None
    assert found.article == dump


def test_an_unknown_address_finds_nothing(store: Store) -> None:
    assert store.find("https://news.example/none") is None
    assert store.find_by_id(ArticleId("0" * 16)) is None
    assert store.revisions(ArticleId("0" * 16)) == ()
    assert store.visit("https://news.example/none") is None
    assert store.source("https://news.example/none") is None
    assert list(store.articles(ArticleQuery())) == []
    assert store.site_counts() == ()


def test_a_revision_keeps_its_predecessor(store: Store) -> None:
    first = article()
    second = replace(first, body="The ferry sank.", title="Ferry sinks", fetched_at=minutes(90))
    key = store.save(verdict(first))
    assert store.save(revision_of(second, expected=1)) == key
    current = store.find_by_id(key)
    assert current is not None
    assert (current.article, current.revision, current.first_seen) == (second, 2, first.fetched_at)
    assert current.relation == revision_of(second, expected=1).relation
    revisions = store.revisions(key)
    assert [(kept.revision, kept.article, kept.relation) for kept in revisions] == [
        (1, first, None),
        (2, second, current.relation),
    ]


def test_an_unchanged_article_writes_nothing(store: Store) -> None:
    key = store.save(verdict(article()))
    again = replace(article(), fetched_at=minutes(500))
    unchanged = Relation(kind=RelationKind.UNCHANGED, to=key, score=1)
    assert store.save(verdict(again, relation=unchanged, expected=1)) == key
    found = store.find_by_id(key)
    assert found is not None
    assert (found.article, found.revision) == (article(), 1)


def test_a_verdict_on_an_old_revision_is_stale_and_the_transaction_goes_on(store: Store) -> None:
    with store.transaction():
        store.save(verdict(article()))
        changed = replace(article(), body="Other words.")
        with pytest.raises(StaleVerdictError, match=r"https://news\.example/1.* decide again"):
            store.save(verdict(changed))
        with pytest.raises(StaleVerdictError):
            store.save(revision_of(changed, expected=7))
        store.save(verdict(article(2)))
    assert numbers(store, ArticleQuery()) == [1, 2]


def test_what_a_failed_transaction_did_is_gone(store: Store) -> None:
    store.save(verdict(article(1)))

    def fail() -> None:
        with store.transaction():
            store.save(verdict(article(2)))
            store.save(revision_of(replace(article(1), body="Other words."), expected=1))
            store.reject(rejection())
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert [stored.article for stored in store.articles(ArticleQuery())] == [article(1)]
    assert list(store.dedup.candidates(Words(signed(article(2).body)))) == []
    assert list(store.rejections(RejectionQuery())) == []
    assert len(store.revisions(article_id(article(1)))) == 1


def test_transactions_are_not_nested(store: Store) -> None:
    with store.transaction(), pytest.raises(StoreError, match="not nested"), store.transaction():
        pass


def test_a_saved_text_is_a_candidate_for_its_copy(store: Store) -> None:
    key = store.save(verdict(article()))
    candidates = store.dedup.candidates(Words(signed(article().body)))
    assert [candidate.text.article_id for candidate in candidates] == [key]


def test_relations_are_kept_with_the_revision_that_had_them(store: Store) -> None:
    first, second = store.save(verdict(article(1))), store.save(verdict(article(2)))
    third = store.save(verdict(article(3), relation=copy_of(first), links=(copy_of(second),)))
    store.save(revision_of(replace(article(3), body="Other words."), expected=1))
    assert store.edges(third) == (
        Edge(source=third, revision=1, relation=copy_of(first)),
        Edge(source=third, revision=1, relation=copy_of(second)),
    )
    assert store.edges(second) == (Edge(source=third, revision=1, relation=copy_of(second)),)
    assert store.revisions(third)[0].relation == copy_of(first)


def test_leases_are_held_until_they_are_dropped(store: Store) -> None:
    first, second = (
        Lease(id=key, site="harbour", hosts=("a.example", "b.example"), holder={"pid": 7}, since=minutes(at))
        for key, at in (("x", 1), ("w", 2))
    )
    for each in (second, first, first):
        store.hold_lease(each)
    assert [replace(each, silent=timedelta()) for each in store.leases()] == [first, second]
    assert all(each.silent < timedelta(minutes=10) for each in store.leases())
    store.drop_lease("x")
    store.drop_lease("none")
    assert [each.id for each in store.leases()] == ["w"]


def test_a_lease_is_beaten_while_it_is_there(store: Store) -> None:
    held = Lease(id="x", site="harbour", hosts=("a.example",), holder={"pid": 7}, since=minutes(1))
    assert not store.beat_lease("x")
    store.hold_lease(held)
    assert store.beat_lease("x")
    assert [replace(each, silent=timedelta()) for each in store.leases()] == [held]
    store.drop_lease("x")
    assert not store.beat_lease("x")
    assert list(store.leases()) == []


def test_without_the_lease_that_guards_it_no_transaction_begins(store: Store) -> None:
    store.hold_lease(Lease(id="x", site="harbour", hosts=(), holder={"pid": 7}, since=minutes(1)))
    store.fence("x")
    with store.transaction():
        store.save(verdict(article(1)))
    store.drop_lease("x")

    def save() -> None:
        with store.transaction():
            store.save(verdict(article(2)))

    with pytest.raises(LeaseLostError, match="the lease x is gone"):
        save()
    assert [each.article for each in store.articles(ArticleQuery())] == [article(1)]
    store.fence(None)
    save()
    assert len(list(store.articles(ArticleQuery()))) == 2


def test_an_article_is_gone_from_the_first_moment_until_it_is_back(store: Store) -> None:
    key = store.save(verdict(article()))
    asked, canonical = "https://news.example/old", article().canonical_url or ""
    store.record_fetch(
        Fetch(
            url=asked,
            site="harbour",
            fetched_at=minutes(0),
            outcome=Outcome.STORED,
            canonical_url=canonical,
        )
    )

    def gone() -> datetime | None:
        found = store.find_by_id(key)
        assert found is not None
        return found.gone

    assert gone() is None
    store.mark_gone(asked, minutes(5))
    store.mark_gone(canonical, minutes(6))
    store.mark_gone("https://news.example/none", minutes(4))
    assert gone() == minutes(5)
    store.save(revision_of(replace(article(), body="Other words."), expected=1))
    assert gone() == minutes(5)
    store.mark_gone(canonical, None)
    assert gone() is None
    assert {each.gone for each in store.revisions(key)} == {None}


def test_articles_come_in_the_order_they_were_first_seen(store: Store) -> None:
    for number in (3, 1, 2):
        store.save(verdict(article(number)))
    store.save(revision_of(replace(article(1), body="Other words.", fetched_at=minutes(99)), expected=1))
    assert numbers(store, ArticleQuery()) == [1, 2, 3]
    assert numbers(store, ArticleQuery(limit=2)) == [1, 2]
    assert numbers(store, ArticleQuery(limit=0)) == []


def test_newest_first_goes_by_the_date_of_publication_or_of_first_sight(store: Store) -> None:
    store.save(verdict(article(1, published="2026-02-10")))
    store.save(verdict(article(2, published="2026-02-10T07:00:00+09:00")))
    store.save(verdict(article(3, published=None)))
    store.save(verdict(article(4, published="2026-02")))
    store.save(verdict(article(5, published="no date")))
    assert numbers(store, ArticleQuery(newest_first=True)) == [5, 3, 1, 2, 4]
    assert numbers(store, ArticleQuery(newest_first=True, limit=3)) == [5, 3, 1]


def test_many_articles_come_once_each_in_order(store: Store) -> None:
    with store.transaction():
        for number in range(1, 251):
            store.save(verdict(article(number, fetched_at=minutes(number // 60), published="2026-01-01")))
    first_seen = [(stored.first_seen, stored.id) for stored in store.articles(ArticleQuery())]
    assert len(first_seen) == 250
    assert first_seen == sorted(set(first_seen))
    newest = [stored.id for stored in store.articles(ArticleQuery(newest_first=True, limit=249))]
    assert newest == sorted((key for _, key in first_seen), reverse=True)[:249]


def test_articles_can_be_saved_while_others_are_read(store: Store) -> None:
    with store.transaction():
        for number in range(120):
            store.save(verdict(article(number)))
    for stored in store.articles(ArticleQuery()):
        number = int((stored.article.canonical_url or "").rpartition("/")[2])
        store.save(revision_of(replace(stored.article, body=f"Other words on {number}."), expected=1))
    assert {stored.revision for stored in store.articles(ArticleQuery())} == {2}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ArticleQuery(site="gazette"), [3]),
        (ArticleQuery(kind=Kind.TEASER), [2]),
        (ArticleQuery(in_doubt=True), [2]),
        (ArticleQuery(in_doubt=False), [1, 3]),
        (ArticleQuery(in_doubt=True, site="gazette"), []),
        (ArticleQuery(language="pt"), [2, 3]),
        (ArticleQuery(language="PT-br"), [3]),
        (ArticleQuery(language="p"), []),
        (ArticleQuery(language="%"), []),
        (ArticleQuery(since=datetime(2026, 2, 3, tzinfo=UTC)), [2, 3]),
        (ArticleQuery(since=datetime(2026, 2, 3, 9, tzinfo=timezone(timedelta(hours=1)))), [2, 3]),
        (ArticleQuery(until=datetime(2026, 2, 3, 8, tzinfo=UTC)), [1]),
        (ArticleQuery(since=datetime(2026, 2, 3, tzinfo=UTC), until=datetime(2026, 2, 4, tzinfo=UTC)), [2]),
        (ArticleQuery(site="harbour", language="pt", search="ferry"), [2]),
        (ArticleQuery(site="harbour", kind=Kind.LIVE_BLOG), []),
    ],
)
def test_a_query_asks_for_all_its_conditions(store: Store, query: ArticleQuery, expected: list[int]) -> None:
    store.save(verdict(article(1)))
    store.save(verdict(article(2, kind=Kind.TEASER, language="pt", verdict=DOUBT)))
    store.save(verdict(article(3, site="gazette", language="pt-BR")))
    assert numbers(store, query) == expected


def test_rejections_come_back_the_latest_first(store: Store) -> None:
    rows = [
        rejection(1),
        rejection(2, url=None, site=None, reason=Reason.EMPTY),
        rejection(3, site="gazette", reason=Reason.LIST),
    ]
    for row in rows:
        store.reject(row)
    assert list(store.rejections(RejectionQuery())) == rows[::-1]
    assert list(store.rejections(RejectionQuery(limit=1))) == rows[2:]
    assert list(store.rejections(RejectionQuery(site="gazette"))) == rows[2:]
    assert list(store.rejections(RejectionQuery(reason=Reason.EMPTY))) == rows[1:2]
    assert list(store.rejections(RejectionQuery(since=minutes(2), until=minutes(3)))) == rows[1:2]


def test_a_rejection_is_found_by_its_id_as_it_was_last(store: Store) -> None:
    first, other = rejection(1), rejection(2, url=None, site="gazette")
    again = rejection(1, fetched_at=minutes(9), detail="it asks again")
    with store.transaction():
        for each in (first, again, other, rejection(1, raw_sha256="ef" * 32)):
            store.reject(each)
    assert first.id == again.id != other.id
    assert store.find_rejection(first.id) == again
    assert store.find_rejection(other.id) == other
    assert store.find_rejection("0" * 16) is None


def test_many_rejections_come_once_each(store: Store) -> None:
    with store.transaction():
        for number in range(620):
            store.reject(rejection(number, fetched_at=minutes(number // 90)))
    found = [row.url for row in store.rejections(RejectionQuery())]
    assert len(found) == len(set(found)) == 620


def stuck(number: int, **fields: Any) -> Quarantined:
    reason = Reason.EXTRACTION_TIMEOUT
    return Quarantined(
        url=f"https://news.example/{number}", rejection=rejection(number, reason=reason, **fields)
    )


def test_quarantine_holds_the_last_page_of_an_address_until_it_is_released(store: Store) -> None:
    first, other = stuck(1), stuck(2, site="gazette")
    again = stuck(1, detail="extraction took longer than 20 s", fetched_at=minutes(9))
    for page in (first, other, again):
        store.quarantine(page)
    assert store.quarantined() == (again, other)
    assert store.quarantined("gazette") == (other,)
    assert store.find_quarantined(first.url) == again
    assert list(store.rejections(RejectionQuery())) == []
    with suppress(ZeroDivisionError), store.transaction():
        store.release(again.url)
        raise ZeroDivisionError
    assert store.quarantined() == (again, other)
    store.release(again.url)
    store.release("https://news.example/none")
    assert store.quarantined() == (other,)
    assert store.find_quarantined(again.url) is None
    assert store.site_counts() == (SiteCounts(site="gazette", quarantined={"extraction_timeout": 1}),)


def test_a_quarantined_fetch_can_be_said_to_have_come_to_something_else(store: Store) -> None:
    url = "https://news.example/1"
    made = [
        Fetch(url=url, site="harbour", fetched_at=minutes(at), outcome=outcome, reason=reason, size=at)
        for at, outcome, reason in [
            (1, Outcome.QUARANTINED, "extraction_crash"),
            (2, Outcome.FAILED, "timeout"),
            (3, Outcome.QUARANTINED, "extraction_crash"),
        ]
    ]
    for fetch in made:
        store.record_fetch(fetch)
    changed: dict[str, Any] = {"outcome": Outcome.STORED, "reason": None, "canonical_url": url}
    store.amend_fetch(replace(made[1], **changed))
    assert store.fetches(url) == tuple(made)
    for at in (0, 2):
        store.amend_fetch(replace(made[at], **changed))
    assert store.fetches(url) == (replace(made[0], **changed), made[1], replace(made[2], **changed))
    visit = store.visit(url)
    assert visit is not None
    assert (visit.outcome, visit.reason, visit.canonical_url, visit.failures) == (
        Outcome.STORED,
        None,
        url,
        0,
    )


def test_a_fetch_names_its_place_in_the_archive_until_that_is_forgotten(store: Store) -> None:
    here = Pointer(file="harbour/a_1.warc.gz", offset=301, digest="sha1:A")
    there = Pointer(file="harbour/ab1.warc.gz", offset=5_000_000_000, digest="sha1:B")
    made = [
        Fetch(
            url=f"https://news.example/{number}",
            site="harbour",
            fetched_at=minutes(number),
            outcome=Outcome.STORED,
            raw_sha256=f"{number % 2}",
            archived=archived,
        )
        for number, archived in enumerate([(here, there), (), (there,), (here,)])
    ]
    for fetch in made:
        store.record_fetch(fetch)

    assert list(store.archived()) == [made[0], made[2], made[3]]
    assert list(store.archived("1")) == [made[3]]
    assert store.fetches(made[0].url) == (made[0],)
    assert store.forget_archived(here.file) == {"harbour": 2}
    assert [fetch.archived for fetch in store.archived()] == [(there,)]
    assert store.forget_archived(here.file) == {}


def test_an_import_goes_on_from_where_its_last_batch_ended(store: Store) -> None:
    assert store.imported("a.warc.gz") == 0
    with store.transaction():
        store.record_import("a.warc.gz", 5_000_000_000)
    with suppress(ZeroDivisionError), store.transaction():
        store.record_import("a.warc.gz", 6_000_000_000)
        raise ZeroDivisionError

    assert store.imported("a.warc.gz") == 5_000_000_000
    assert store.imported("b.warc.gz") == 0


def test_an_address_is_known_once_it_was_fetched(store: Store) -> None:
    url = "https://news.example/1?utm_source=feed"
    stored = Fetch(
        url=url,
        site="harbour",
        fetched_at=minutes(0),
        outcome=Outcome.STORED,
        status=200,
        canonical_url="https://news.example/1",
        size=1234,
        raw_sha256="ab" * 32,
    )
    failed = Fetch(url=url, site="harbour", fetched_at=minutes(60), outcome=Outcome.FAILED, reason="timeout")
    store.record_fetch(stored)
    visit = store.visit(url)
    assert visit is not None
    assert (visit.outcome, visit.status, visit.first_seen, visit.fetched_at) == (
        Outcome.STORED,
        200,
        minutes(0),
        minutes(0),
    )
    store.record_fetch(failed)
    store.record_fetch(replace(failed, fetched_at=minutes(120)))
    visit = store.visit(url)
    assert visit is not None
    assert (visit.outcome, visit.reason, visit.status, visit.failures) == (Outcome.FAILED, "timeout", None, 2)
    assert (visit.first_seen, visit.fetched_at) == (minutes(0), minutes(120))
    assert (visit.url, visit.site, visit.canonical_url) == (url, "harbour", "https://news.example/1")
    store.record_fetch(replace(stored, fetched_at=minutes(180), outcome=Outcome.UNCHANGED))
    visit = store.visit(url)
    assert visit is not None
    assert visit.failures == 0
    assert store.fetches(url)[:2] == (stored, failed)
    assert len(store.fetches(url)) == 4


def test_many_addresses_are_looked_up_at_once(store: Store) -> None:
    urls = [f"https://news.example/{number}" for number in range(1100)]
    with store.transaction():
        for url in urls[::3]:
            store.record_fetch(Fetch(url=url, site="harbour", fetched_at=minutes(0), outcome=Outcome.STORED))
    known = store.visits(iter(urls))
    assert list(known) == urls[::3]
    assert known[urls[0]].url == urls[0]
    assert store.visits([]) == {}


def test_a_source_keeps_what_the_next_conditional_fetch_needs(store: Store) -> None:
    feed = Source(
        url="https://news.example/feed",
        site="harbour",
        kind="feed",
        etag='W/"1"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        fetched_at=minutes(0),
        result="read",
        announced=30,
    )
    sitemap = Source(
        url="https://a.example/s.xml", site="gazette", kind="sitemap", fetched_at=minutes(1), result="404"
    )
    store.record_source(feed)
    store.record_source(sitemap)
    assert store.source(feed.url) == feed
    store.record_source(replace(feed, fetched_at=minutes(9), result="not modified"))
    assert store.source(feed.url) == replace(feed, fetched_at=minutes(9), result="not modified")
    assert [source.site for source in store.sources()] == ["gazette", "harbour"]
    assert store.sources("gazette") == (sitemap,)


def test_a_host_keeps_the_template_that_was_learned_last(store: Store) -> None:
    assert store.templates("gazette") == {}
    store.save_template("gazette", "a.example", SiteTemplate(title_source="html:h1"))
    store.save_template("gazette", "b.example", SiteTemplate())
    store.save_template("harbour", "a.example", SiteTemplate(title_source="json-ld"))
    store.save_template("gazette", "a.example", SiteTemplate(title_source="meta:og:title"))
    assert store.templates("gazette") == {
        "a.example": SiteTemplate(title_source="meta:og:title"),
        "b.example": SiteTemplate(),
    }


def test_a_host_keeps_how_it_answered_last(store: Store) -> None:
    assert store.host("a.example") is None
    store.save_host(Host(host="a.example", failures=5, openings=1, until=minutes(9), cause="timeout"))
    store.save_host(Host(host="b.example"))
    assert store.host("a.example") == Host(
        host="a.example", failures=5, openings=1, until=minutes(9), cause="timeout"
    )
    store.save_host(Host(host="a.example"))
    assert store.host("a.example") == Host(host="a.example")


def test_a_site_keeps_whether_its_pages_need_a_browser_until_it_is_forgotten(store: Store) -> None:
    assert store.render_need("gazette") is None
    store.save_render_need(RenderNeed(site="gazette", empty=2))
    store.save_render_need(RenderNeed(site="harbour", since=minutes(1), until=minutes(3), plain=3))
    store.save_render_need(RenderNeed(site="gazette", empty=3, since=minutes(5)))

    assert store.render_need("gazette") == RenderNeed(site="gazette", empty=3, since=minutes(5))
    assert store.render_need("harbour") == RenderNeed(
        site="harbour", since=minutes(1), until=minutes(3), plain=3
    )

    with store.transaction():
        store.forget(store.traces(site="gazette"), reason="asked", at=minutes(9))

    assert store.render_need("gazette") is None
    assert store.render_need("harbour") is not None


def test_the_last_robots_txt_of_an_origin_is_kept(store: Store) -> None:
    assert store.robots("https://a.example") is None
    for at in (1, 2):
        rules = f"User-agent: *\nCrawl-delay: {at}\n"
        store.save_robots(RobotsCopy(origin="https://a.example", content=rules, fetched_at=minutes(at)))
    found = store.robots("https://a.example")
    assert found is not None
    assert (found.content[-2:], found.fetched_at) == ("2\n", minutes(2))
    assert store.robots("http://a.example") is None


def test_sites_are_counted(store: Store) -> None:
    first = store.save(verdict(article(1)))
    store.save(revision_of(replace(article(1), body="Other words.", fetched_at=minutes(70)), expected=1))
    store.save(verdict(article(2, site="gazette"), relation=copy_of(first)))
    store.save(verdict(article(3), relation=copy_of(first, RelationKind.NEAR_DUPLICATE)))
    for number, reason in enumerate([Reason.LIST, Reason.CONSENT, Reason.CONSENT, Reason.BOT_WALL]):
        store.reject(rejection(number, reason=reason))
    store.reject(rejection(9, site="empty"))
    counts = store.site_counts()
    assert counts == (
        SiteCounts(site="empty", rejected={"consent": 1}),
        SiteCounts(site="gazette", articles=1, syndicated=1, latest=minutes(2)),
        SiteCounts(
            site="harbour",
            articles=2,
            revisions=1,
            near_duplicates=1,
            rejected={"consent": 2, "bot_wall": 1, "list": 1},
            latest=minutes(3),
        ),
    )
    assert list(counts[2].rejected) == ["consent", "bot_wall", "list"]


def test_signs_that_no_database_keeps_are_replaced(store: Store) -> None:
    odd = article(title="A\x00B", body="C\ud800D", url="https://news.example/\udc00")
    store.save(verdict(odd))
    store.reject(rejection(detail="no\x00text \udfff"))
    store.record_fetch(
        Fetch(
            url="https://news.example/\x00",
            site="a\x00",
            fetched_at=minutes(0),
            outcome=Outcome.FAILED,
            reason="\ud800",
        )
    )
    found = store.find("https://news.example/1")
    assert found is not None
    assert (found.article.title, found.article.body, found.article.url) == (
        "AB",
        "C�D",
        "https://news.example/�",
    )
    assert [row.detail for row in store.rejections(RejectionQuery())] == ["notext �"]
    assert store.visit("https://news.example/\x00") is not None


def test_a_very_long_address_is_kept(store: Store) -> None:
    url = "https://news.example/" + "".join(f"{number:x}" for number in range(4000))
    key = store.save(verdict(article(canonical_url=url, url=url)))
    store.record_fetch(Fetch(url=url, site="harbour", fetched_at=minutes(0), outcome=Outcome.STORED))
    found = store.find(url)
    assert found is not None
    assert found.id == key
    assert store.visit(url) is not None


def test_what_was_fetched_at_an_unknown_time_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match=r"https://news\.example/1.* known time"):
        store.save(verdict(article(fetched_at=None)))
    with pytest.raises(StoreError, match="known time"):
        store.reject(rejection(fetched_at=None))


def test_an_article_at_a_disbelieved_address_moves_to_its_pages_own(store: Store) -> None:
    shared, own = "https://news.example/all", "https://news.example/1?utm_source=feed"
    first = article(1, url=own, canonical_url=shared)
    second = replace(first, body="The ferry sank.", fetched_at=minutes(90))
    old = store.save(verdict(first))
    store.save(revision_of(second, expected=1))
    copy = store.save(verdict(article(2), relation=Relation(kind=RelationKind.SYNDICATED, to=old, score=1)))
    fetch = Fetch(
        url="https://news.example/1",
        site="harbour",
        fetched_at=minutes(1),
        outcome=Outcome.STORED,
        canonical_url=shared,
    )
    store.record_fetch(fetch)
    assert not store.is_disbelieved(shared)
    for _ in range(2):
        store.disbelieve(shared, minutes(100))

    assert store.is_disbelieved(shared)
    assert store.find(shared) is None
    moved = store.find("https://news.example/1")
    assert moved is not None
    assert (moved.revision, moved.article.body, moved.first_seen) == (2, "The ferry sank.", first.fetched_at)
    assert moved.article.canonical_url == "https://news.example/1"
    assert [each.article.body for each in store.revisions(moved.id)] == [first.body, second.body]
    assert [(edge.source, edge.relation.to) for edge in store.edges(moved.id)] == [(copy, moved.id)]
    assert store.fetches("https://news.example/1") == (
        replace(fetch, canonical_url="https://news.example/1"),
    )
    (page,) = store.visits(["https://news.example/1"]).values()
    assert page.canonical_url == "https://news.example/1"


def test_a_disbelieved_address_without_an_article_moves_nothing(store: Store) -> None:
    key = store.save(verdict(article(1)))
    store.disbelieve("https://news.example/1", minutes(1))
    store.disbelieve("https://news.example/none", minutes(1))
    assert store.find_by_id(key) is not None
    assert store.is_disbelieved("https://news.example/none")


def test_what_an_editor_decided_is_kept_by_address_until_it_is_decided_anew(store: Store) -> None:
    first = Correction(is_article=False, raw_sha256="a", at=minutes(1))
    second = Correction(
        is_article=True, title="B", authors=("C", "D"), published="2031", raw_sha256="b", at=minutes(2)
    )
    store.correct("harbour", "https://news.example/1", first)
    store.correct("harbour", "https://news.example/1", second)
    store.correct("gazette", "https://news.example/2", first)

    assert store.corrections("harbour") == {"https://news.example/1": second}
    assert store.corrections("gazette") == {"https://news.example/2": first}
    store.forget(store.traces(url="https://news.example/1"), reason="asked for", at=minutes(3))
    assert store.corrections("harbour") == {}


def test_a_retracted_article_is_gone_and_can_be_stored_again(store: Store) -> None:
    first = store.save(verdict(article(1)))
    second = store.save(verdict(article(2), relation=copy_of(first)))
    store.retract(first)

    assert store.find_by_id(first) is None
    assert store.revisions(first) == ()
    assert store.edges(second) == ()
    assert [each.id for each in store.articles(ArticleQuery())] == [second]
    assert store.save(verdict(article(1))) == first
    assert [each.revision for each in store.revisions(first)] == [1]


def test_what_a_page_forbids_now_is_written_over_what_it_did(store: Store) -> None:
    said = Provenance(source="header:x-robots-tag", raw="noai")
    before = article(1, provenance={"title": Provenance(source="h1")})
    after = replace(before, restrictions=("noai",), provenance={"restrictions": said})
    key = store.save(verdict(before))
    for now, sources in ((after, {"title", "restrictions"}), (before, {"title"})):
        current = store.find_by_id(key)
        assert current is not None
        store.restrict(current, now)
        found = store.find_by_id(key)
        assert found is not None
        assert (found.revision, found.article.restrictions) == (1, now.restrictions)
        assert set(found.article.provenance) == sources
