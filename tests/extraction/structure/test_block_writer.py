from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.extraction.page.blocks import Decision
from scraper.extraction.structure.block_writer import structure_of
from scraper.text_blocks import body_of, plain_block
from tests.extraction.pages import document

if TYPE_CHECKING:
    from scraper.text_blocks import TextBlock

BASE = "https://examiner.example/news/flood"


def written(markup: str, without: str = "") -> list[TextBlock]:
    """Return the structure of a page of which all blocks are kept but those that begin with a text."""
    segments = document(f"<html><body>{markup}</body></html>").segments
    decisions = [
        Decision(block, not without or not block.text.startswith(without), 1.0) for block in segments.blocks
    ]
    blocks = structure_of(decisions, segments, BASE)
    assert body_of(blocks) == "\n".join(each.block.text for each in decisions if each.kept)
    return blocks


def plain(markup: str, without: str = "") -> list[dict[str, Any]]:
    return [plain_block(block) for block in written(markup, without)]


def marked(markup: str) -> list[tuple[str, str]]:
    """Return what each mark of a block's text is and marks."""
    (block,) = written(markup)
    return [(mark.kind.value, block.text[mark.start : mark.end]) for mark in block.marks]


def test_headings_have_their_level() -> None:
    found = plain("<h2>One</h2><h4><span>Two</span></h4><p>Text</p>")
    assert [(each["kind"], each.get("level")) for each in found] == [
        ("heading", 2),
        ("heading", 4),
        ("paragraph", None),
    ]


def test_lists_are_told_apart_with_their_levels_and_numbers() -> None:
    found = plain(
        "<ul><li>a<ol start=3><li>b</li><li value=7><p>c</p><p>d</p></li></ol></li><li>e</li></ul><ul><li>f</li></ul>"
    )
    assert [
        (each["text"], each["level"], each.get("number"), each["group"], each.get("continues", False))
        for each in found
    ] == [
        ("a", 1, None, 1, False),
        ("b", 2, 3, 1, False),
        ("c", 2, 7, 1, False),
        ("d", 2, 7, 1, True),
        ("e", 1, None, 1, False),
        ("f", 1, None, 2, False),
    ]


def test_what_a_section_parts_from_an_item_is_none() -> None:
    found = plain("<ul><li><article><p>One story</p><ul><li>point</li></ul></article></li></ul>")
    assert [(each["kind"], each.get("level")) for each in found] == [("paragraph", None), ("list_item", 1)]


def test_quotations_are_told_apart() -> None:
    found = plain("<blockquote><p>a</p><p>b</p></blockquote><blockquote>c</blockquote>")
    assert [(each["kind"], each["group"]) for each in found] == [("quote", 1), ("quote", 1), ("quote", 2)]


def test_a_row_has_its_cells() -> None:
    (head, row) = plain(
        "<table><thead><tr><td>Name</td><td colspan=2>Age</td></tr></thead>"
        "<tr><th>Ada</th><td><b>36</b></td><td rowspan=x>today</td></tr></table>"
    )
    assert head["cells"] == [
        {"text": "Name", "is_header": True},
        {"text": "Age", "is_header": True, "columns": 2},
    ]
    assert row["cells"] == [{"text": "Ada", "is_header": True}, {"text": "36"}, {"text": "today"}]
    assert [mark["kind"] for mark in row["marks"]] == ["strong"]


def test_a_row_of_long_cells_is_one_and_a_table_that_lays_out_is_none() -> None:
    long = "A cell that is as long as a paragraph of a text. " * 6
    (row,) = plain(f"<table><tr><td>Year</td><td>{long}</td></tr><tr></tr></table>")
    laid = plain(f"<table><tr><td>{long}</td></tr></table>")
    assert (row["kind"], row["text"].split("\n")[0], len(row["cells"])) == ("row", "Year", 2)
    assert [each["kind"] for each in laid] == ["paragraph"]


def test_code_keeps_its_lines_unless_some_of_them_went() -> None:
    markup = "<pre>\na = 1\n\n  b = 2\n</pre>"
    (whole,) = plain(markup)
    (part,) = plain(markup, without="b")
    assert (whole["text"], whole["code"]) == ("a = 1\nb = 2", "a = 1\n\n  b = 2")
    assert part["code"] == "a = 1"


@pytest.mark.parametrize(
    ("markup", "marks"),
    [
        (
            "<p>A <b>bold  <a href='/x'>link</a></b> here</p>",
            [("strong", "bold link"), ("link", "link")],
        ),
        ("<p><em>all of it</em></p>", [("emphasis", "all of it")]),
        ("<p>10<sup>4</sup> of H<sub>2</sub>O</p>", [("superscript", "⁴"), ("subscript", "2")]),
        ("<p>run <code>ls  -l</code></p>", [("code", "ls -l")]),
        ("<p>a<b> </b>b <b></b>c</p>", []),
        ("<p><a href='#top'>up</a> <a href='javascript:x()'>x</a> <a href='http://['>y</a></p>", []),
        ("<p>so\u00adft <b>hy\u00adphen</b></p>", [("strong", "hyphen")]),
    ],
)
def test_links_and_emphasis_are_marked(markup: str, marks: list[tuple[str, str]]) -> None:
    assert marked(markup) == marks


def test_a_link_leads_to_its_whole_address() -> None:
    (block,) = plain("<p>Read <a href='../report?a=1'>this</a></p>")
    assert block["marks"] == [
        {"kind": "link", "start": 5, "end": 9, "url": "https://examiner.example/report?a=1"}
    ]


def test_emphasis_goes_on_behind_a_line_break() -> None:
    first, second = written("<p><b>One sentence. <br><br>Another one</b> ends</p>")
    assert [(mark.start, mark.end) for mark in (*first.marks, *second.marks)] == [(0, 13), (0, 11)]
