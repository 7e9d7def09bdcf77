from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.store.listing_date import dated, end_iso, parse_iso
from tests.store.values import article, minutes


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2014", datetime(2014, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)),
        ("2014-12", datetime(2014, 12, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)),
        ("2014-05-20", datetime(2014, 5, 20, tzinfo=UTC), datetime(2014, 5, 21, tzinfo=UTC)),
        (
            "2014-05-20T08:00:00+07:00",
            datetime(2014, 5, 20, 1, tzinfo=UTC),
            datetime(2014, 5, 20, 1, tzinfo=UTC),
        ),
        ("9999", datetime(9999, 1, 1, tzinfo=UTC), None),
        ("0001-01-01T00:00:00+09:00", None, None),
        ("20 May", None, None),
        ("", None, None),
    ],
)
def test_a_date_of_any_precision_has_a_start_and_an_end(
    text: str, start: datetime | None, end: datetime | None
) -> None:
    assert (parse_iso(text), end_iso(text)) == (start, end)


def test_an_article_without_a_date_is_dated_by_first_sight() -> None:
    assert dated(article(published=None), minutes(3)) == minutes(3)
    assert dated(article(published="2014"), minutes(3)) == datetime(2014, 1, 1, tzinfo=UTC)
