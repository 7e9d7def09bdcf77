from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.crawl.discovery.due import MAX_FAILURES, is_due

SEEN = datetime(2031, 5, 2, 8, tzinfo=UTC)


def due(after: float, last: float, failures: int = 0, modified: str | None = None) -> bool:
    """Return whether a page first seen at SEEN and last fetched `last` hours later is due `after` hours later."""
    fetched_at = SEEN + timedelta(hours=last)
    now = SEEN + timedelta(hours=after)
    return is_due(now=now, first_seen=SEEN, fetched_at=fetched_at, failures=failures, modified=modified)


@pytest.mark.parametrize(
    ("after", "last", "expected"),
    [
        (0.9, 0, False),
        (1, 0, True),
        (2, 1, False),
        (6, 1, True),
        (30, 6, True),
        (30, 25, False),
        (168, 25, True),
        (9000, 169, False),
    ],
)
def test_a_page_is_fetched_again_at_widening_intervals(after: float, last: float, *, expected: bool) -> None:
    assert due(after, last) is expected


def test_a_late_crawl_asks_once_for_all_the_times_it_missed() -> None:
    assert due(500, 0)
    assert not due(501, 500)


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2031-05-02T08:00:01Z", True),
        ("2031-05-02T08:00:00Z", False),
        ("2031-05-03", True),
        ("2031-05-02", False),
        ("soon", False),
    ],
)
def test_the_sitemap_s_date_of_change_overrides(modified: str, *, expected: bool) -> None:
    assert due(0.1, 0, modified=modified) is expected


def test_a_failed_page_is_tried_again_until_it_failed_too_often() -> None:
    assert due(0.1, 0, failures=1)
    assert not due(0.1, 0, failures=MAX_FAILURES)
