"""What changed is fetched again whatever order it is announced in, and no wrong date costs anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.discovery.known_pages import is_vain
from scraper.crawl.discovery.steps import FEED_PLACES, SITEMAP_PLACES
from scraper.fixtures.cases import ReplyAddress
from scraper.store.protocol import Fetch, Outcome
from tests.crawl.site import HOST, article, crawl, html, path, serving, site, text, xml

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.fixtures.cases import Reply

pytestmark = pytest.mark.system

QUIET = {"LOG_LEVEL": "ERROR"}


def dated(*lastmods: datetime) -> Reply:
    entries = (
        f"<url><loc>http://{HOST}{path(at)}</loc><lastmod>{moment.isoformat()}</lastmod></url>"
        for at, moment in enumerate(lastmods, 1)
    )
    return xml(f"<urlset>{''.join(entries)}</urlset>")


def served(*lastmods: datetime) -> dict[ReplyAddress, Reply]:
    links = "".join(
        f"<a href='{path(at)}'>The boats that sailed on a Monday</a>" for at in range(1, len(lastmods) + 1)
    )
    return site(*range(1, len(lastmods) + 1), **{"/": html(links), "/sitemap.xml": dated(*lastmods)})


def test_an_edit_is_found_though_the_home_page_links_the_article_too(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    long_ago = [now - timedelta(days=3 + at) for at in range(3)]
    with serving(served(*long_ago)) as server:
        crawl(server.port, tmp_path / "a.db", settings=QUIET)
    edited = served(*long_ago[:2], datetime.now(UTC))
    with serving(edited | {key: article(30) for key in edited if key.path == path(3)}) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=QUIET)
    assert (ended.counts["revision"], ended.counts["not_due"], ended.counts["announced"]) == (1, 2, 3)


def test_pages_dated_as_they_are_listed_are_not_all_fetched_again(tmp_path: Path) -> None:
    for expected in ({"stored": 3}, {"not_due": 3}):
        now = datetime.now(UTC)
        with serving(served(now, now, now)) as server:
            ended = crawl(server.port, tmp_path / "a.db", settings=QUIET)
        assert ({name: ended.counts.get(name, 0) for name in expected}, ended.code) == (expected, 0)


def test_a_listing_that_cried_wolf_twice_is_not_believed_for_a_week() -> None:
    first = datetime(2031, 5, 2, 8, tzinfo=UTC)

    def asked(*hours: float, outcome: Outcome = Outcome.UNCHANGED) -> list[Fetch]:
        moments = [first + timedelta(hours=after) for after in (0, *hours)]
        return [Fetch(url="/a", site="quay", fetched_at=moment, outcome=outcome) for moment in moments]

    now = first + timedelta(hours=20)
    assert is_vain(asked(2, 3), first, (1, 6, 24), now) is False, "the first of them was due at 1 h"
    assert is_vain(asked(1.5, 2, 3), first, (1, 6, 24), now)
    assert is_vain(asked(1.5, 2, 3, outcome=Outcome.REVISED), first, (1, 6, 24), now) is False
    assert is_vain(asked(1.5, 2, 3), first, (1, 6, 24), now + timedelta(days=8)) is False


def mapped(dates: dict[int, datetime], *, also: dict[int, Reply] | None = None) -> dict[ReplyAddress, Reply]:
    """Return a site of seven articles whose sitemap dates some; `also` replaces pages."""
    long_ago = datetime.now(UTC) - timedelta(days=30)
    lastmods = [dates.get(at, long_ago + timedelta(hours=at)) for at in range(1, 8)]
    more = {path(number): reply for number, reply in (also or {}).items()}
    return site(*range(1, 8), **{"/sitemap.xml": dated(*lastmods), **more})


def test_a_listing_that_cried_wolf_twice_is_ignored_whatever_page_it_dates_next(tmp_path: Path) -> None:
    def crawled(replies: dict[ReplyAddress, Reply]) -> dict[str, int]:
        with serving(replies) as server:
            return crawl(server.port, tmp_path / "a.db", settings=QUIET).counts

    crawled(mapped({}))
    assert crawled(mapped({1: datetime.now(UTC)}, also={1: article(31)}))["revision"] == 1
    assert crawled(mapped({2: datetime.now(UTC)}))["unchanged"] == 1
    assert crawled(mapped({3: datetime.now(UTC)}))["unchanged"] == 1
    assert crawled(mapped({4: datetime.now(UTC)}, also={4: article(34)}))["not_due"] == 7
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>The boats</title>"
        f"<link href='http://{HOST}{path(4)}'/><updated>{datetime.now(UTC).isoformat()}</updated></entry></feed>"
    )
    head = "<html><head><link rel='alternate' type='application/atom+xml' href='/feed'></head></html>"
    with_feed = site(*range(1, 8), **{"/": html(head), "/feed": xml(feed), path(4): article(34)})
    assert crawled(with_feed)["revision"] == 1


def test_the_usual_places_of_a_site_without_listings_are_asked_once(tmp_path: Path) -> None:
    replies = site(1, **{"/": html(f"<a href='{path(1)}'>The boats that sailed on a Monday</a>")})
    replies = {key: reply for key, reply in replies.items() if key.path in {"/", path(1)}}
    asked = []
    for _ in range(2):
        with serving(replies) as server:
            assert crawl(server.port, tmp_path / "a.db", settings=QUIET).code == 0
            asked.append(sorted(each.address.path for each in server.exchanges))
    assert len(asked[0]) == 3 + len(FEED_PLACES) + len(SITEMAP_PLACES)
    assert asked[1] == ["/", "/robots.txt"]
    named = {**replies, ReplyAddress(HOST, "/robots.txt"): text(f"Sitemap: http://{HOST}/sitemap.xml")}
    with serving(named | {ReplyAddress(HOST, "/sitemap.xml"): dated(datetime.now(UTC))}) as server:
        crawl(server.port, tmp_path / "a.db", settings=QUIET)
        assert "/sitemap.xml" in [each.address.path for each in server.exchanges]
