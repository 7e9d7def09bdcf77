from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.crawl.discovery.trust import is_older, merged, trusted, validators
from scraper.crawl.listings.announced import Announced
from scraper.model import Hints
from scraper.store.protocol import Source

NOW = datetime(2031, 5, 2, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def believed(*modified: str) -> list[str | None]:
    pages = [
        Announced(url=f"/{at}", hints=Hints(source="sitemap", modified=each or None))
        for at, each in enumerate(modified)
    ]
    return [page.hints.modified if page.hints else None for page in trusted(pages, NOW)]


def at(*moments: datetime) -> list[str]:
    return [moment.isoformat() for moment in moments]


@pytest.mark.parametrize("moment", [NOW + HOUR, NOW + 400 * DAY])
def test_a_change_in_the_future_is_none(moment: datetime) -> None:
    assert believed(*at(moment, NOW - HOUR)) == [None, *at(NOW - HOUR)]


def test_a_day_in_the_future_is_none_but_tomorrow_has_begun_somewhere() -> None:
    assert believed("2031-05-03", "2031-05-04", "2032-01-01") == ["2031-05-03", None, None]


def test_what_is_dated_as_it_is_read_is_undated_but_one_page_may_have_changed_just_now() -> None:
    assert believed(*at(NOW, NOW - MINUTE, NOW - 2 * MINUTE)) == [None, None, None]
    assert believed(*at(NOW, NOW - HOUR, NOW - DAY)) == at(NOW, NOW - HOUR, NOW - DAY)


def test_one_instant_for_most_of_a_listing_is_its_own() -> None:
    same = NOW - 3 * DAY
    assert believed(*at(same, same, same, NOW - HOUR)) == [None, None, None, *at(NOW - HOUR)]
    assert believed("2031-05-01", "2031-05-01", "2031-05-01") == ["2031-05-01"] * 3


def source(age: timedelta, last_modified: str | None = None) -> Source:
    return Source(
        url="/s",
        site="x",
        kind="sitemap",
        etag='"1"',
        last_modified=last_modified,
        fetched_at=NOW - age,
        result="read",
        announced=1,
    )


@pytest.mark.parametrize(
    ("age", "modified", "older"),
    [
        (HOUR, "2031-05-01", True),
        (HOUR, "2031-05-02", False),
        (25 * HOUR, "2031-05-01", False),
        (HOUR, None, False),
    ],
)
def test_an_index_may_delay_a_sitemap_by_a_day(age: timedelta, modified: str | None, older: bool) -> None:  # noqa: FBT001
    assert is_older(modified, source(age), NOW) is older


@pytest.mark.parametrize(
    ("age", "last_modified", "asked_with"),
    [
        (HOUR, "Fri, 02 May 2031 08:00:00 GMT", ('"1"', "Fri, 02 May 2031 08:00:00 GMT")),
        (HOUR, "Sat, 16 Nov 2041 08:00:00 GMT", ('"1"', None)),
        (HOUR, "Thu, 01 Jan 1970 00:00:00 GMT", ('"1"', None)),
        (HOUR, "soon", ('"1"', None)),
        (25 * HOUR, "Fri, 02 May 2031 08:00:00 GMT", (None, None)),
    ],
)
def test_a_listing_is_asked_for_with_dates_that_can_be_true_and_without_once_a_day(
    age: timedelta, last_modified: str, asked_with: tuple[str | None, str | None]
) -> None:
    assert validators(source(age, last_modified), NOW) == asked_with
    assert validators(None, NOW) == (None, None)


def test_what_two_listings_say_is_joined_field_by_field() -> None:
    feed = Hints(source="feed", title="A boat", modified="2031-05-01")
    news = Hints(
        source="sitemap", title="B", published="2031-05-01T08:00:00Z", modified="2031-05-02T08:00:00Z"
    )
    assert merged(feed, news) == Hints(
        source="feed", title="A boat", published="2031-05-01T08:00:00Z", modified="2031-05-02T08:00:00Z"
    )
    assert merged(None, news) == merged(news, None) == news
