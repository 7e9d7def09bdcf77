from __future__ import annotations

import pytest

from scraper.dedup.shingle import sign
from scraper.store.search.terms import terms
from scraper.writing import with_few_marks

MARKS = "\u0323\u0301"


@pytest.mark.parametrize(
    "text", ["plain", "cafe\u0301", "\u0e01\u0e34\u0e48", "\u2014" * 80, "e" + MARKS * 15]
)
def test_what_is_written_stays(text: str) -> None:
    assert with_few_marks(text) == text


def test_a_letter_keeps_thirty_marks_and_the_next_one_its_own() -> None:
    assert with_few_marks("e" + MARKS * 500 + "\u2014e\u0301 x") == "e" + MARKS * 15 + "\u2014e\u0301 x"


def test_texts_are_compared_and_found_by_what_is_left() -> None:
    many, few = (f"A quay {'e' + MARKS * number} lies at the old mill" for number in (4_000, 15))
    assert terms(many) == terms(few)
    assert sign(many) == sign(few)
