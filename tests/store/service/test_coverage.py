from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.model import Article, Provenance, Signature, Verdict
from scraper.store import Fetch, Outcome, open_store
from scraper.store.service.service_store import ServiceStore
from scraper.store.values import RenderNeed

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2031, 5, 2, 23, 30, tzinfo=UTC)
URL = "https://paper.test/"


@pytest.fixture
def ledger(database_url: str) -> Iterator[ServiceStore]:
    with ServiceStore(database_url) as opened:
        yield opened


def fetch(name: str, outcome: Outcome, reason: str | None = None, at: datetime = NOW) -> Fetch:
    address = None if outcome in {Outcome.FAILED, Outcome.REJECTED} else URL + name
    return Fetch(
        url=URL + name, site="paper", fetched_at=at, outcome=outcome, reason=reason, canonical_url=address
    )


def log(url: str, *fetches: Fetch) -> None:
    with open_store(url) as store:
        for each in fetches:
            store.record_fetch(each)


def announce(url: str, source: str, urls: dict[str, str], at: datetime = NOW) -> None:
    with open_store(url) as store:
        store.announce("paper", source, urls, at)


def save(url: str, name: str, **fields: object) -> None:
    article = Article(
        url=URL + name,
        canonical_url=URL + name,
        site="paper",
        raw_sha256="0",
        fetched_at=NOW,
        extractor="test",
        **fields,  # type: ignore[arg-type]
    )
    with open_store(url) as store:
        store.save(Verdict(article=article, signature=Signature(version=1, content_hash=f"1:{name}")))


def named(*names: str) -> dict[str, str]:
    return {URL + name: URL + name for name in names}


@pytest.mark.parametrize("site", [None, "paper"])
def test_a_week_costs_the_same_after_years(sqlite_url: str, site: str | None) -> None:
    def steps() -> int:
        seen: list[int] = []
        with ServiceStore(sqlite_url) as ledger:
            with ledger._database.read() as connection:  # the only one that the pool has
                raw: Any = connection.connection.dbapi_connection
                raw.set_progress_handler(lambda: seen.append(1), 1)
            ledger.coverage.days(site=site, since=NOW - timedelta(days=7))
        return len(seen)

    def log_days(numbers: range) -> None:
        with open_store(sqlite_url) as store, store.transaction():
            for number in numbers:
                at = NOW - timedelta(days=number)
                pages = [f"{number}-{page}" for page in range(5)]
                store.announce("paper", "feed", named(*pages), at)
                for page in pages:
                    store.record_fetch(fetch(page, Outcome.STORED, at=at))

    log_days(range(7))
    before = steps()
    log_days(range(8, 200))
    assert steps() <= 1.05 * before


def test_the_ledger_counts_by_site_and_day_what_was_announced_and_what_became_of_it(
    ledger: ServiceStore, database_url: str
) -> None:
    announce(database_url, "feed", named("a", "b", "never"))
    log(
        database_url,
        fetch("a", Outcome.STORED),
        fetch("b", Outcome.REJECTED, "list"),
        fetch("q", Outcome.QUARANTINED, "extraction_timeout"),
        fetch("c", Outcome.FAILED, "404"),
        fetch("a", Outcome.UNCHANGED, at=NOW + timedelta(hours=1)),
    )
    first, second = ledger.coverage.days(site="paper", since=NOW - timedelta(days=1))
    assert (first.day, first.announced, first.stored, first.fetched) == (date(2031, 5, 2), {"feed": 3}, 1, 3)
    assert (first.rejected, first.failed) == ({"list": 1}, {"404": 1})
    assert first.quarantined == {"extraction_timeout": 1}
    assert (second.day, second.unchanged) == (date(2031, 5, 3), 1)


def test_what_was_announced_and_never_asked_for_is_known(ledger: ServiceStore, database_url: str) -> None:
    token = "https://m.paper.test/amp/never?token=hush"
    announce(database_url, "feed", {URL + "a": URL + "a", URL + "never": token})
    announce(database_url, "sitemap", named("never"), NOW + timedelta(days=1))
    log(database_url, fetch("a", Outcome.FAILED, "timeout"))
    assert ledger.coverage.unfetched("paper") == [("paper", "https://m.paper.test/amp/never")]
    assert ledger.coverage.unfetched("other") == []


def test_the_figures_of_a_run_are_those_of_the_fetches_since_its_mark(
    ledger: ServiceStore, database_url: str
) -> None:
    log(database_url, fetch("old", Outcome.STORED))
    mark = ledger.coverage.mark()
    place = {"body": Provenance(source="html:main > article")}
    save(database_url, "a", body="long " * 100, title="T", authors=("Ann Lee",), provenance=place)
    save(database_url, "b", body="short", title="T", published="2031-05-02")
    log(
        database_url,
        fetch("a", Outcome.STORED),
        fetch("b", Outcome.REVISED),
        fetch("c", Outcome.REJECTED, "consent"),
    )
    found = ledger.coverage.figures(
        "paper", mark, {"announced": 5, "source/failed/dns": 1}, since=NOW, at=NOW
    )
    assert (found.announced, found.new, found.articles, found.pages) == (5, 1, 2, 3)
    assert (found.with_title, found.with_author, found.with_date, found.with_body) == (2, 1, 1, 1)
    assert (found.rejected, found.failed) == ({"consent": 1}, {"dns": 1})
    assert found.layouts == {"html:main > article": 1}
    assert found.example == URL + "c"
    run = ledger.runs.append(job="hourly", site="paper", after="")
    assert run is not None
    ledger.coverage.save(run.id, "paper", found)
    assert ledger.coverage.history("paper", NOW - timedelta(days=1)) == [found]


@pytest.mark.parametrize(
    ("outcomes", "example"),
    [
        ({"whole": Outcome.STORED, "bare": Outcome.STORED, "gone": Outcome.FAILED}, "bare"),
        ({"whole": Outcome.STORED, "gone": Outcome.FAILED}, "gone"),
        ({"whole": Outcome.STORED}, "whole"),
    ],
)
def test_the_example_is_a_page_that_was_kept_and_shows_the_fault_where_there_is_one(
    ledger: ServiceStore, database_url: str, outcomes: dict[str, Outcome], example: str
) -> None:
    save(database_url, "whole", body="long " * 100, title="T", authors=("Ann Lee",), published="2031-05-02")
    save(database_url, "bare", body="long " * 99, title="T", published="2031-05-02")
    log(database_url, *(fetch(name, outcome) for name, outcome in outcomes.items()))
    assert ledger.coverage.figures("paper", 0, {}, since=NOW, at=NOW).example == URL + example


def test_what_a_run_found_is_kept_whatever_queue_holds_its_run(ledger: ServiceStore) -> None:
    found = ledger.coverage.figures("paper", 0, {"announced": 3}, since=NOW, at=NOW)
    ledger.coverage.save("job-7-of-another-queue", "paper", found)

    assert list(ledger.coverage.history("paper", NOW)) == [found]


def test_the_ledger_of_all_sites_together_counts_each_fetch_once(
    ledger: ServiceStore, database_url: str
) -> None:
    announce(database_url, "feed", named("a", "b"))
    log(database_url, fetch("a", Outcome.STORED), fetch("b", Outcome.REJECTED, "list"))
    with open_store(database_url) as store:
        store.record_fetch(replace(fetch("c", Outcome.STORED), site="other"))
        store.record_fetch(replace(fetch("d", Outcome.FAILED, "404"), site="other"))
    (line,) = ledger.coverage.volume(NOW - timedelta(days=1))

    assert (line.site, line.day, line.announced) == ("", date(2031, 5, 2), {"feed": 2})
    assert (line.stored, line.rejected, line.failed) == (2, {"list": 1}, {"404": 1})
    assert (line.refused, line.fetched) == (1, 3)


def test_it_is_known_which_sites_needed_a_browser_and_on_which_days(
    ledger: ServiceStore, database_url: str
) -> None:
    later = NOW + timedelta(days=2)
    over = RenderNeed(site="gazette", since=NOW, until=later)
    with open_store(database_url) as store:
        for need in (RenderNeed(site="paper", since=NOW), over, RenderNeed(site="post", empty=2)):
            store.save_render_need(need)

    gazette, paper = ledger.coverage.render_needs()
    days = [date(2031, 5, day) for day in (1, 2, 3, 4, 5)]

    assert gazette == over
    assert [gazette.covers(day) for day in days] == [False, True, True, True, False]
    assert [paper.covers(day) for day in days] == [False, True, True, True, True]
    assert not RenderNeed(site="post", empty=2).covers(days[0])
