"""The name of an agency counts only where it is spelled as one."""

from __future__ import annotations

import pytest

from scraper.extraction.fields.attribution.agencies import is_spelled


@pytest.mark.parametrize(
    "text", ["AFP", "afp", "Reuters", "reuters", "The Conversation", "REUTERS", "dpa", "İHA"]
)
def test_an_agencyis_spelled_as_one(text: str) -> None:
    assert is_spelled(text)


@pytest.mark.parametrize("text", ["Map", "Pa", "the conversation", "Nan"])
def test_a_word_is_no_agency(text: str) -> None:
    assert not is_spelled(text)
