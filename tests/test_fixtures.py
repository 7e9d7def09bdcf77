"""Every fixture gives what is true of it: one test a field, so that a failure names site, case and field."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.fixtures import Case, read_cases
from scraper.crawl.sites import load_sites
from scraper.extract.article import extract_article

CASES = {f"{case.site}/{case.name}": case for case in read_cases(Path(__file__).parents[1] / "fixtures")}
NOT_YET = {
    "france24/section": "kind reason",
}
"""Case → fields that the extractor gets wrong today: each is an error to mend, and its name goes with it."""
FIELDS = [
    (name, field)
    for name, case in CASES.items()
    for field in case.truth
    if field not in NOT_YET.get(name, "").split()
]
INSTANTS = {"published", "modified", "created", "source_date"}


@cache
def extracted(name: str) -> dict[str, Any]:
    """Return what the extractor makes of the case's page, as the site's spider would store it."""
    case: Case = CASES[name]
    result = extract_article(case.page, load_sites()[case.site])
    return dataclasses.asdict(result) | {"kind": result.kind}


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=["/".join(field) for field in FIELDS])
def test_the_page_gives_the_field(name: str, field: str) -> None:
    truth = CASES[name].truth[field]
    found = extracted(name).get(field)

    assert comparable(field, found, like=truth) == comparable(field, truth, like=truth)


def comparable(field: str, value: Any, *, like: Any) -> Any:
    """Return a value as it is compared: a body line by line, instants in any zone, the named parts of an object."""
    if field == "body":
        return (value or "").split("\n")
    if field in INSTANTS and value is not None and "T" in value:
        return datetime.fromisoformat(value)
    if isinstance(like, dict) and isinstance(value, dict):
        return {part: comparable(part, value.get(part), like=like[part]) for part in like}
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", sorted({case.site for case in CASES.values()}))
def test_a_site_has_at_least_four_articles_and_a_list(name: str) -> None:
    kinds = [case.truth["kind"] for case in CASES.values() if case.site == name]

    assert kinds.count("article") + kinds.count("teaser") >= 4
    assert "list" in kinds


def test_what_is_wrong_today_is_named_by_its_case_and_field() -> None:
    assert all(set(fields.split()) <= set(CASES[name].truth) for name, fields in NOT_YET.items())
