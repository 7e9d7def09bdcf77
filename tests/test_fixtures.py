"""Every fixture gives what is true of it: one test a field, so that a failure names site, case and field."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scraper.crawl.rework.fixture_cases import Spiders
from scraper.fixtures.cases import read_cases
from scraper.fixtures.truth import is_same

CASES = {f"{case.site}/{case.name}": case for case in read_cases(Path(__file__).parents[1] / "fixtures")}
FIELDS = [(name, field) for name, case in CASES.items() for field in case.truth]


@cache
def spiders() -> Spiders:
    return Spiders.load()


@cache
def extracted(name: str) -> dict[str, Any]:
    """Return what the extractor makes of the case's page, as the site's spider would store it."""
    return spiders().found(CASES[name])


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=["/".join(field) for field in FIELDS])
def test_the_page_gives_the_field(name: str, field: str) -> None:
    case, found = CASES[name], extracted(name).get(field)
    truth = case.truth[field]

    if field in case.wrong_today:
        assert not is_same(field, truth, found), "wrong_today in its meta.json names what is right now"
    else:
        assert found == truth or is_same(field, truth, found)


@pytest.mark.parametrize("name", sorted({case.site for case in CASES.values()}))
def test_a_site_has_at_least_four_articles_and_a_list(name: str) -> None:
    kinds = [case.truth["kind"] for case in CASES.values() if case.site == name]

    assert kinds.count("article") + kinds.count("teaser") >= 4
    assert "list" in kinds


def test_what_is_wrong_today_is_a_field_of_its_case() -> None:
    assert all(set(case.wrong_today) <= set(case.truth) for case in CASES.values())
