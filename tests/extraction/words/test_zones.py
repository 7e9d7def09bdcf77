from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scraper.extraction.words.zones import offset_of, zone_of


@pytest.mark.parametrize(
    ("name", "offset", "hours"),
    [("CEST", None, 2), ("WITA", None, 8), (None, "+02:00", 2), (None, "-0330", -3.5), ("GMT", "+7", 7)],
)
def test_a_name_or_an_offset_is_a_zone(name: str | None, offset: str | None, hours: float) -> None:
    zone = offset_of(name, offset)

    assert zone is not None
    assert zone.utcoffset(datetime(2024, 5, 20)) == timedelta(hours=hours)  # noqa: DTZ001 - the zone's own time


def test_what_means_several_zones_or_none_is_no_zone() -> None:
    assert offset_of("IST", None) is None
    assert offset_of(None, "+99:00") is None
    assert zone_of("Europe/Nowhere") is None
    assert zone_of("Europe/Berlin") is not None
