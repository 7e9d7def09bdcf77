from __future__ import annotations

import pytest

from tests.extraction.pages import metadata


@pytest.mark.parametrize(
    "line",
    [
        "Fairless Hills, PA",
        "AA",
        "PA",
        "Join The Conversation",
        "Share AFP",
        "Originally published in March 2022.",
        "Auswärtige Autoren (AA)",
        "BF PA",
        "Quelle: Auswärtige Autoren (AA)",
    ],
)
def test_what_only_looks_like_an_agency_is_none(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).credit is None


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("AFP/The Quill - [email protected]", ("AFP",)),
        ("Джерело: Укрінформ", ("Ukrinform",)),
        ("Theo TTXVN", ("VNA",)),
        ("2024年05月20日10:30 | 来源：新华网", ("Xinhua",)),
        ("Quelle: sid/dpa", ("SID", "dpa")),
        ("Ada Quill, AP", ("AP",)),
        ("Quelle: Anadolu Ajansı (AA)", ("Anadolu",)),
        ("Ada Quill (AP)", ("AP",)),
    ],
)
def test_a_credit_names_its_agencies(line: str, agencies: tuple[str, ...]) -> None:
    found = metadata(before=["Flood in Aville", line]).credit

    assert found
    assert found.agencies == agencies
    assert found.original_publisher is None


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Quelle: © Aville Rechtsnews", "Aville Rechtsnews"),
        ("This article was originally published on The Lower Post and can be read here.", "Lower Post"),
        ("This article first appeared on river.example.", "river.example"),
    ],
)
def test_who_published_it_first_is_named_without_what_follows(line: str, publisher: str) -> None:
    found = metadata(after=[line]).credit

    assert found
    assert found.original_publisher == publisher
