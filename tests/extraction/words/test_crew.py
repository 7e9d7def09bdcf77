from __future__ import annotations

import json
from importlib.resources import files

import pytest

from scraper.extraction.words import crew

TABLE = json.loads(files("scraper.extraction.words").joinpath("bylines.json").read_text())
EDITORS = [(language, word) for language, words in TABLE.items() for word in words["editor"]]


@pytest.mark.parametrize(("language", "word"), EDITORS)
def test_an_editor_is_no_author(language: str, word: str) -> None:
    line = f"{word.capitalize()}: Ada Quill"

    assert crew.crew().match(line), language
    assert (found := crew.edited_by().search(line))
    assert found["names"] == "Ada Quill"


@pytest.mark.parametrize(
    ("line", "editors"),
    [
        ("Reported by Ada Quill · Edited by Ben Marlow · May 20, 2031", "Ben Marlow"),
        ("Editing by Ben Marlow | Aville", "Ben Marlow"),
        ("（责任编辑：李芳 ）", "李芳"),
        ("By: नेहा नदी Edited By: विकास गौड़ Updated: Tue, 14 Jul 2026", "विकास गौड़"),
    ],
)
def test_who_edited_ends_where_something_else_begins(line: str, editors: str) -> None:
    assert (found := crew.edited_by().search(line))
    assert found["names"] == editors


@pytest.mark.parametrize(
    ("byline", "writers"),
    [
        ("Von Ada Quill (Text) und Ben Marlow (Fotos)", "Von Ada Quill (Text)"),
        ("Ada Quill, Ben Marlow (foto)", "Ada Quill"),
        ("Ada Quill och Ben Marlow (bild)", "Ada Quill"),
        ("Ada Quill und Ben Marlow (Aville)", "Ada Quill und Ben Marlow (Aville)"),
    ],
)
def test_what_somebody_did_instead_of_writing_may_stand_in_brackets(byline: str, writers: str) -> None:
    assert crew.without_others(byline) == writers
