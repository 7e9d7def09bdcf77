from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from scraper.extraction.words.clock import in_utc, with_time

DAY = date(2031, 5, 20)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("", "2031-05-20"),
        (" at 6:30 p.m. ET", "2031-05-20T22:30:00Z"),
        (" 10.30 BST", "2031-05-20T09:30:00Z"),
        (", 10h30", "2031-05-20T10:30:00"),
        (" um 10:30 Uhr", "2031-05-20T10:30:00"),
        (" 03:15 م", "2031-05-20T15:15:00"),
        (" Pazartesi 10:30", "2031-05-20T10:30:00"),
        (" 25:30", "2031-05-20"),
    ],
)
def test_the_time_behind_a_day_has_the_zone_that_is_printed(after: str, told: str) -> None:
    assert with_time(DAY, f"X{after}", 0, 1, None) == told


@pytest.mark.parametrize("before", ["10:30, ", "10:30 Uhr am ", "10:30 (MSK), "])
def test_a_time_may_stand_before_the_day(before: str) -> None:
    told = with_time(DAY, f"{before}X", len(before), len(before) + 1, "Europe/Moscow")

    assert told == "2031-05-20T07:30:00Z"


def test_an_instant_at_the_edge_of_the_calendar_stays_as_printed() -> None:
    assert in_utc(datetime(2031, 5, 20, 1, tzinfo=UTC)) == "2031-05-20T01:00:00Z"
    assert in_utc(datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))) == "0001-01-01T00:00:00"
