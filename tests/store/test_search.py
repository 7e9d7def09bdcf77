from __future__ import annotations

import pytest

from scraper.store import search
from scraper.store.search import MAX_WORDS, holds, phrases, searched_text, words
from tests.store.values import article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Às 18h, o café — C++ e a_b", ["as", "18h", "o", "cafe", "c", "e", "a", "b"]),
        ("新华社 reports", ["新", "华", "社", "reports"]),
        ("STRASSE straße ﬁne", ["strasse", "strasse", "fine"]),
        ("Việt Nam", ["viet", "nam"]),
        ("สุขภาพ", ["ส", "ข", "ภ", "า", "พ"]),
        ("…!?", []),
        ("".join(map(chr, range(0x2190, 0x2200))) + " a→b", ["a", "b"]),
        ("x" * 65 + " y", ["y"]),
    ],
)
def test_words_have_no_case_and_no_accents(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_query_is_phrases_of_at_most_twenty_words() -> None:
    assert phrases('budget -council "C++" a.b') == ["budget", "council", "c", "a b"]
    assert sum(len(phrase.split()) for phrase in phrases("a.b.c " * 100)) == MAX_WORDS


def test_whole_words_are_found_not_parts() -> None:
    text = searched_text(article(title="Ferry", standfirst="In brief", body="Porto"))
    assert holds(text, "FERRY brief porto")
    assert not holds(text, "ferr")
    assert not holds(text, "")


def test_of_a_huge_text_the_start_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_TEXT", 200)
    text = searched_text(article(body="a\u0301b " * 3_000))
    assert 100 <= len(text) <= 200
