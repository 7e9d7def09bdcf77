from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.store.search.expressions import Terms, to_expression, wanted_terms
from scraper.store.search.query import parse_query
from scraper.store.search.snippets import LENGTH, marked, placed_terms, snippet
from scraper.store.search.terms import terms

if TYPE_CHECKING:
    from scraper.store.queries import Marked


def asked(query: str, code: str) -> list[Terms]:
    return list(wanted_terms(to_expression(parse_query(query).node, ["", code])))


def shown(found: Marked) -> str:
    """Put brackets around what is marked."""
    text = found.text
    for start, end in reversed(found.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("text", "code", "query", "expected"),
    [
        ("Two bridges and a Bridge", "en", "bridge", "Two [bridges] and a [Bridge]"),
        ("The old harbour, an old quay", "en", '"old quay"', "The old harbour, an [old quay]"),
        ("Bridgework bridges", "en", "bridgew*", "[Bridgework] bridges"),
        ("Die Bundes\u00adregierung", "de", "bundesregierung", "Die [Bundes\u00adregierung]"),
        ("新华社北京电 BBC消息", "", "北京 bbc", "新华社[北京]电 [BBC]消息"),
        ("来自社会的消息", "", "社", "来自[社会]的消息"),
        ("दिन और दान", "hi", "दान", "दिन और [दान]"),
        ("Łódź, lodz", "pl", "lódz", "[Łódź], [lodz]"),
        ("Two bridges", "en", "title:bridge author:two", "Two [bridges]"),
        ("tram, bus", "en", "bus -tram", "tram, [bus]"),
        ("", "en", "bus", ""),
    ],
)
def test_what_answers_is_marked(text: str, code: str, query: str, expected: str) -> None:
    assert shown(marked(text, code, asked(query, code))) == expected


@pytest.mark.parametrize(
    "text", ["Às 18h, o café", "新华社 BBC消息2026年 ที่นี่", "가 나다 l'été e\u0301t\u00ade"]
)
def test_the_places_are_those_of_the_terms(text: str) -> None:
    placed = list(placed_terms(text, ""))
    assert [each.term for each in placed] == terms(text)
    assert all(terms(text[each.start : each.end])[0] == each.term for each in placed)


def test_a_snippet_shows_the_part_with_most_of_what_is_wanted() -> None:
    text = (
        "The quay is old. "
        + "Nothing happens here at all. " * 40
        + "\nA bridge by the quay was closed. "
        + "More. " * 90
    )
    found = shown(snippet(text, "en", asked("bridge quay", "en")))
    assert found.startswith("…A [bridge] by the [quay] was closed.")
    assert found.endswith("…")
    assert len(found) < LENGTH + 40


def test_a_snippet_without_a_hit_is_the_beginning() -> None:
    found = snippet("One line.\nAnother " + "word " * 100, "en", asked("author:lima", "en"))
    assert found.text.startswith("One line. Another word")
    assert not found.marks
