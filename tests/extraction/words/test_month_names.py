import json

import pytest

from bench.month_names import TARGET, table
from scraper.extraction.words.dates import parse_date
from scraper.extraction.words.month_names import is_month, is_weekday


def test_the_table_of_the_package_holds_the_names_that_babel_knows() -> None:
    assert json.loads(TARGET.read_text(encoding="utf-8")) == table(), "run ./run bench month_names"


@pytest.mark.parametrize(
    ("month", "weekday", "language"),
    [
        ("Jänner", "Samstag", "de-AT"),
        ("Jänner", "Samstag", "de_AT"),
        ("ינואר", "יום ראשון", "iw"),
        ("мая", "понедельник", "ru"),
        ("Mei", "Senin", "in"),
        ("May", "Monday", "nothing"),
    ],
)
def test_names_are_known_however_the_language_is_written(month: str, weekday: str, language: str) -> None:
    assert is_month(month, language)
    assert is_weekday(weekday, language)


def test_short_names_are_those_of_the_pages_language_and_english() -> None:
    assert parse_date("3. pro 2031", language="cs") == "2031-12-03"
    assert parse_date("3. pro 2031", language="sv") is None
    assert parse_date("3 Dec 2031", language="sv") == "2031-12-03"
