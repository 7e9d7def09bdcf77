from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.archive.fixtures import read_case, write_case
from scraper.archive.truth import differences, truth_of, untrue
from tests.store.values import full_article, rejection

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_truth_is_what_the_page_decides() -> None:
    told = truth_of(full_article())

    assert {"kind", "title", "body", "authors", "published", "credit", "canonical_url"} <= set(told)
    assert not {"url", "site", "id", "fetched_at", "extractor", "provenance", "raw_sha256"} & set(told)
    assert truth_of(rejection()) == {"kind": "consent", "reason": "consent"}


def test_instants_are_the_same_in_any_zone_and_objects_by_their_named_parts() -> None:
    found = {"published": "2031-05-02T08:00:00Z", "credit": {"agencies": ["AFP"], "line": "(AFP)"}}

    assert not differences({"published": "2031-05-02T10:00:00+02:00", "credit": {"agencies": ["AFP"]}}, found)
    assert [each.field for each in differences({"published": "2031-05-02"}, found)] == ["published"]
    assert [each.field for each in differences({"credit": {"line": None}, "title": "A"}, found)] == [
        "credit",
        "title",
    ]


def test_a_body_differs_line_by_line() -> None:
    (body,) = differences({"body": "One.\nTwo.\nThree."}, {"body": "One.\nTwo, two.\nThree."})

    assert list(body.lines()) == ["body:", "  - Two.", "  + Two, two."]


def test_a_case_is_read_as_it_was_written(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    case = replace(
        read_case(pytestconfig.rootpath / "fixtures" / "nizkor" / "undeclared-windows-1252"),
        wrong_today=("title",),
    )
    folder = write_case(tmp_path, case)

    assert read_case(folder) == case


def test_what_is_known_to_be_wrong_is_no_news(pytestconfig: pytest.Config) -> None:
    case = read_case(pytestconfig.rootpath / "fixtures" / "nizkor" / "statement")
    found = dict(case.truth) | {"title": "Another", "section": "Other"}

    assert [each.field for each in untrue(case, found)] == ["title", "section"]
    assert [each.field for each in untrue(replace(case, wrong_today=("title",)), found)] == ["section"]
