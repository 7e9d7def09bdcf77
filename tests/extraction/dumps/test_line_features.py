from __future__ import annotations

import pytest

from scraper.extraction.dumps.line_features import describe_lines, read_lines


def test_lines_know_their_indentation_bullet_and_gap() -> None:
    first, second = read_lines("\n\n  * Two  words\n\n\nPlain\xa0line\n   \n")
    assert (first.text, first.indent, first.bullet, first.gap) == ("Two words", 2, True, 2)
    assert (second.text, second.indent, second.bullet, second.gap) == ("Plain line", 0, False, 2)


@pytest.mark.parametrize("text", ["x", "。", "* ", "1. a\n2. b", "\u200f", "a " * 5000, "漢字" * 400])
def test_every_text_can_be_described(text: str) -> None:
    lines = read_lines(text)
    if lines:
        rows, columns = describe_lines(lines)
        assert rows.shape == (len(lines), len(columns))
