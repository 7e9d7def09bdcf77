from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scraper.crawl.discovery.scope import Scope, read_date, read_scope
from scraper.errors import ConfigError
from scraper.model import Hints

SPAN = Scope(since=date(2031, 5, 2), until=date(2031, 5, 4))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2031-05-02", date(2031, 5, 2)),
        ("2031-05-02T08:00:00Z", datetime(2031, 5, 2, 8, tzinfo=UTC)),
        ("2031-05-02 08:00", datetime(2031, 5, 2, 8, tzinfo=UTC)),
        ("Fri, 02 May 2031 08:00:00 GMT", datetime(2031, 5, 2, 8, tzinfo=UTC)),
        ("2 May 2031", date(2031, 5, 2)),
        ("2. Mai 2031, 10:00 Uhr", datetime(2031, 5, 2, 10, tzinfo=UTC)),
        ("2031\u5e745\u67082\u65e5", date(2031, 5, 2)),
        ("31.12.9999", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("99999999999", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_feeds_and_sitemaps_print_them(text: str | None, value: date | None) -> None:
    assert read_date(text) == value


@pytest.mark.parametrize(
    ("published", "inside"),
    [
        ("2031-05-01", False),
        ("2031-05-02", True),
        ("2031-05-02T00:10:00+09:00", True),
        ("2031-05-04T23:59:00Z", True),
        ("2031-05-05", False),
        ("once", True),
        (None, True),
    ],
)
def test_days_are_compared_as_printed_and_both_ends_belong_to_the_span(
    published: str | None, *, inside: bool
) -> None:
    assert SPAN.covers(published) is inside


def test_an_argument_is_no_printed_date() -> None:
    with pytest.raises(ConfigError, match=r"since=05/06/2031 is no date"):
        read_scope(since="05/06/2031")


def test_instants_are_compared_to_the_second() -> None:
    scope = read_scope(since="2031-05-02T08:00:00Z")

    assert scope.covers("2031-05-02T10:00:00+02:00")
    assert not scope.covers("2031-05-02T09:59:59+02:00")


def test_a_page_last_changed_before_the_span_cannot_lie_in_it() -> None:
    assert not SPAN.may_cover(Hints(source="sitemap", modified="2031-05-01"))
    assert SPAN.may_cover(Hints(source="sitemap", modified="2031-05-09"))
    assert SPAN.may_cover(None)
    assert not SPAN.may_cover(Hints(source="sitemap", published="2031-05-05", modified="2031-05-04"))


def test_addresses_are_split_at_spaces_and_at_commas_between_them() -> None:
    scope = read_scope(urls="https://a.test/x,1.html,https://a.test/y https://a.test/y")

    assert scope.urls == ("https://a.test/x,1.html", "https://a.test/y")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"since": "May"}, "since=May"),
        ({"until": "2031-13-01"}, "until=2031-13-01"),
        ({"since": "2031-05-02", "until": "2031-05-01"}, "swap"),
        ({"limit": "0"}, "limit=0"),
        ({"limit": "many"}, "limit=many"),
        ({"urls": "ftp://a.test/"}, "ftp://a.test/"),
        ({"urls": "http://[x"}, "http://[x"),
    ],
)
def test_an_argument_that_cannot_be_read_is_named(arguments: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named.replace("[", r"\[")):
        read_scope(**arguments)
