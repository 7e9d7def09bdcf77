from __future__ import annotations

from typing import TYPE_CHECKING

import lxml.html
import pytest

from scraper.extract.article import examine
from scraper.extract.body.decide import decide_blocks
from tests.extract.pages import document

if TYPE_CHECKING:
    from scraper.extract.page.blocks import Segments


def cut(markup: str) -> Segments:
    return document(f"<html><body>{markup}</body></html>").segments


def texts(markup: str) -> list[str]:
    return [block.text for block in cut(markup).blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>The ferry <b>sank</b> on <a href=/d>Monday</a>.</p>", ["The ferry sank on Monday."]),
        ("<div>before<p>inside</p>after</div>", ["before", "inside", "after"]),
        ("one<br><br>two<br>three", ["one", "two three"]),
        ("one<br> \n <br>two", ["one", "two"]),
        ("<h2>Head</h2><ul><li>a</li><li>b <i>c</i></li></ul>", ["Head", "a", "b c"]),
        ("<a href=/x><h3>Card</h3><p>Text</p></a>", ["Card", "Text"]),
        ("<script>var a;</script>x<style>b{}</style>y", ["xy"]),
        (
            "<table><tr><th>Team<th>Won</th></tr><tr><td>1</td><td>2</td></tr></table>",
            ["Team | Won", "1 | 2"],
        ),
        (
            "<table><tr><td>x<td>y</tr><tr><td><p>a</p><p>b</p></td><td>c<br><br>d</td></tr></table>",
            ["x | y", "a b | c d"],
        ),
        ("<table><thead><tr><th>x<th>y</tr></thead></table>", ["x | y"]),
        ("<table><tr><td>1</td><td>2</td></tr></table>", ["1", "2"]),
        (
            "<table><tr><td><a>x</a><td><a>y</a></tr><tr><td>1</td><td>2</td></tr></table>",
            ["x", "y", "1 | 2"],
        ),
        (
            "<table><tr><td><ul><li>menu</li></ul></td><td>text<br><br>more</td></tr></table>",
            ["menu", "text", "more"],
        ),
        (f"<table><tr><td>menu</td><td>{'long ' * 50}</td></tr></table>", ["menu", ("long " * 50).strip()]),
        ("<p> \u00a0 </p><p>a\u00a0b\n c</p>", ["a b c"]),
        ("<pre>a\n  b</pre>", ["a b"]),
    ],
)
def test_a_block_is_what_a_reader_sees_as_one_paragraph(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_a_block_knows_the_element_that_holds_it_and_its_place() -> None:
    first, second = cut("<h2>Head</h2><blockquote>Said</blockquote>").blocks

    assert (first.index, first.tag) == (0, "h2")
    assert (second.index, second.tag) == (1, "blockquote")
    assert second.element is not None
    assert second.element.tag == "blockquote"


def test_links_and_bold_text_are_counted() -> None:
    (span,) = cut("<p>Read <a href=/x>this story</a> <b>now</b></p>").spans

    assert (span.links, span.linked, span.strong) == (1, 10, 3)


def test_containers_know_their_blocks_and_whether_they_are_shown() -> None:
    segments = cut("<div id=a><p>1</p><p>2</p></div><div style='display: none'><p>3</p></div>")
    shown = next(container for container in segments.containers if container.names == "a")

    assert (shown.first, shown.last) == (0, 2)
    assert [segments.containers[span.container].hidden for span in segments.spans] == [False, False, True]


def test_no_step_changes_the_tree() -> None:
    page = document("<nav><a href=/a>Menu</a></nav><div>a<script>b</script>c<br><br>d <p>e</p>f</div>")
    assert page.tree is not None
    before = lxml.html.tostring(page.tree)

    examine(page.page, page.site)
    decide_blocks(page)

    assert lxml.html.tostring(page.tree) == before


def test_deep_nesting_and_many_elements_are_walked_without_recursion() -> None:
    assert texts("<div>" * 240 + "end") == ["end"]
    assert len(texts("<p>x</p>" * 20_000)) == 20_000
