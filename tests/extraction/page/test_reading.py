from __future__ import annotations

import pytest

from scraper.extraction.page.reading import Lines, is_finished, is_unseen, lines_of, parts, whole_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hochwasser\u00adschutz\u00adanlage", "Hochwasserschutzanlage"),
        ("a\u200bb\u2060c\ufeffd\u200ce", "abcde"),
        ("\u06a9\u062a\u0627\u0628\u200c\u0647\u0627", "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627"),
        ("\u0d28\u0d4d\u200d\u0d2e", "\u0d28\u0d4d\u200d\u0d2e"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
        (
            "\u1791\u17b9\u1780\u200b\u1791\u1793\u17d2\u179b\u17c1",
            "\u1791\u17b9\u1780\u200b\u1791\u1793\u17d2\u179b\u17c1",
        ),
    ],
)
def test_signs_that_part_words_go_and_those_that_scripts_need_stay(text: str, expected: str) -> None:
    assert whole_words(text) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The river rose.", "It fell.", True),
        ("“The river rose!”", "", True),
        ("The river", "rose.", False),
        ("at 6 p.m.", "on Monday", False),
        ("The river", "\u3000\u3000It fell", True),
        ("รถยนต์จะต้องใช้ถนนวงแหวนตะวันออกจนกว่างานตอม่อทั้งสองจะแล้วเสร็จในเดือนมิถุนายน", "ร้านค้า", True),
        ("รถยนต์จะต้องใช้ถนน", "วงแหวน", False),
        ("Վերջ։".replace("։", "\u0589"), "Նոր", True),
    ],
)
def test_a_break_ends_a_paragraph_after_a_finished_sentence(before: str, after: str, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_finished([before], after) is expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ([("style", "color:red; DISPLAY : none")], True),
        ([("style", "position:absolute;left:-9999px")], True),
        ([("style", "font-size:0.9em;left:-10px")], False),
        ([("class", "link visually-hidden")], True),
        ([("class", "screen-reader-text")], True),
        ([("class", "tooltip")], False),
        ([("class", "tooltip-text")], True),
        ([("hidden", "")], True),
        ([("hidden", "until-found")], False),
        ([("aria-hidden", "true")], False),
    ],
)
def test_what_a_reader_does_not_see(attributes: list[tuple[str, str]], expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_unseen(attributes) is expected


def test_lines_mean_what_the_style_says() -> None:
    assert lines_of("div", [("style", "white-space: pre-line")], Lines.FOLDED) is Lines.APART
    assert lines_of("div", [("class", "whitespace-pre-wrap")], Lines.FOLDED) is Lines.KEPT
    assert lines_of("pre", [], Lines.FOLDED) is Lines.CODE
    assert lines_of("p", [], Lines.APART) is Lines.APART


def test_a_text_is_cut_where_its_paragraphs_end() -> None:
    assert parts("a\nb", Lines.FOLDED) == ["a\nb"]
    assert parts("a\nb", Lines.APART) == ["a", "b"]
    assert parts("a\nb\n \nc", Lines.CODE) == ["a\nb", "c"]
    assert parts("A is\ncut.\nB", Lines.KEPT) == ["A is\ncut.", "B"]
