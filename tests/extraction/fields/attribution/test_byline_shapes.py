"""Bylines as news sites of each language print them, in elements called so, in plain lines and in JSON-LD."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from tests.extraction.pages import ld, metadata

SHAPES = json.loads(Path(__file__).with_name("byline_shapes.json").read_text(encoding="utf-8"))
BYLINES = [(language, line, names) for language, lines in SHAPES["anywhere"].items() for line, names in lines]
IN_ELEMENTS = [
    (language, line, names) for language, lines in SHAPES["elements"].items() for line, names in lines
]
UNDATED = [row for row in BYLINES if row[2] and not any(map(str.isdigit, row[1]))]


@pytest.mark.parametrize(("language", "line", "names"), [*BYLINES, *IN_ELEMENTS])
def test_an_element_called_a_byline_names_the_authors(language: str, line: str, names: list[str]) -> None:
    found = metadata(
        f'<html lang="{language}"><body><h1>Flood in Aville</h1>'
        f'<div class="byline">{html.escape(line)}</div></body></html>',
        before=["Flood in Aville", line],
    )

    assert list(found.authors) == names


@pytest.mark.parametrize(("language", "line", "names"), BYLINES)
def test_a_plain_line_above_the_text_names_the_authors(language: str, line: str, names: list[str]) -> None:
    found = metadata(
        f'<html lang="{language}"><body><p>x</p></body></html>', before=["Flood in Aville", line]
    )

    assert list(found.authors) == names


@pytest.mark.parametrize(("language", "line", "names"), UNDATED)
def test_a_line_with_a_day_behind_it_names_the_same_authors(
    language: str, line: str, names: list[str]
) -> None:
    found = metadata(
        f'<html lang="{language}"><body><p>x</p></body></html>',
        before=["Flood in Aville", f"{line} 2024-05-20"],
    )

    assert list(found.authors) == names


@pytest.mark.parametrize(("language", "line", "names"), UNDATED)
def test_a_declared_name_loses_what_a_byline_has_around_it(
    language: str, line: str, names: list[str]
) -> None:
    declared = json.dumps(
        {"@type": "NewsArticle", "headline": "Flood", "author": {"@type": "Person", "name": line}}
    )

    assert list(metadata(ld(declared)).authors) == names
