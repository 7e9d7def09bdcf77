from __future__ import annotations

from typing import TYPE_CHECKING

import lxml.html
import pytest

from scraper.extraction.article import examine
from scraper.extraction.body.decide import decide_blocks
from tests.extraction.pages import document

if TYPE_CHECKING:
    from scraper.extraction.page.blocks import Segments


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


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        # words whole
        (
            "<p>The <x-term>lock</x-term> of <st1:place>Aville</st1:place> held.</p>",
            ["The lock of Aville held."],
        ),
        ("<p>A <button>weir</button> is a low dam.</p>", ["A weir is a low dam."]),
        ("<div>Seen in <o:p>Aville</o:p> today.</div>", ["Seen in Aville today."]),
        (
            "<p>First.</p><button>Share</button><button>Save</button><p>Last.</p>",
            ["First.", "Share", "Save", "Last."],
        ),
        ("<x-page><h2>Head</h2><x-text><p>One.</p></x-text>Tail</x-page>", ["Head", "One.", "Tail"]),
        ("<p>The <span class=visually-hidden>decoy</span>ferry sank.</p>", ["The ferry sank."]),
        (
            "<p>The <a href=/x>report<span class='sr-only'> (opens)</span></a> is out.</p>",
            ["The report is out."],
        ),
        ("<p>The <b style='font-size: 0px'>zq</b>ferry <i hidden>zz</i>sank.</p>", ["The ferry sank."]),
        ("<p>A weir<span role=tooltip>a low <b>dam</b></span> broke.</p>", ["A weir broke."]),
        (
            "<p><span aria-hidden=true>T</span><span class=sr-only>T</span>he ferry sank.</p>",
            ["The ferry sank."],
        ),
        ("<p>Shown.</p><p hidden>Not shown.</p><dialog><p>Accept?</p></dialog>", ["Shown."]),
        (
            "<p>\u65b0\u3057\u3044<ruby>\u6cd5\u5f8b<rt>\u307b\u3046\u308a\u3064</rt></ruby>\u306f</p>",
            ["\u65b0\u3057\u3044\u6cd5\u5f8b\u306f"],
        ),
        (
            "<p>\u65b0\u3057\u3044<ruby>\u6cd5\u5f8b<rp>(</rp><rt>\u307b\u3046\u308a\u3064</rt><rp>)</rp></ruby>\u306f</p>",
            ["\u65b0\u3057\u3044\u6cd5\u5f8b(\u307b\u3046\u308a\u3064)\u306f"],
        ),
        ("<p>The har&shy;bour\u200bmaster\u200d</p>", ["The harbourmaster"]),
        (
            "<p>\u0645\u06cc\u200c\u0634\u0648\u062f \u0915\u094d\u200d\u0937</p>",
            ["\u0645\u06cc\u200c\u0634\u0648\u062f \u0915\u094d\u200d\u0937"],
        ),
        ("<p>The <meta itemprop=x content=y>ferry sank.</p>", ["The ferry sank."]),
        # paragraphs apart
        (
            "<p>It rained.<br>The river rose<br>over night.<br>It fell.</p>",
            ["It rained.", "The river rose over night.", "It fell."],
        ),
        ("<p>“It rained.”<br><b>The river</b> rose.</p>", ["“It rained.”", "The river rose."]),
        ("<p>about<br>two metres, approx.<br>seven feet</p>", ["about two metres, approx. seven feet"]),
        ("<p>河水上涨。<br>两桥关闭！<br>居民\n离开</p>", ["河水上涨。", "两桥关闭！", "居民 离开"]),
        (
            "<p>\u0646\u0647\u0631 \u06d4<br>\u067e\u0644 \u061f<br>\u0646\u0939</p>",
            ["\u0646\u0647\u0631 \u06d4", "\u067e\u0644 \u061f", "\u0646\u0939"],
        ),
        ("<p>नदी बढ़ी।<br>पुल बंद।</p>", ["नदी बढ़ी।", "पुल बंद।"]),
        ("<div>\u3000\u3000河水上涨<br>\u3000\u3000两桥关闭</div>", ["河水上涨", "两桥关闭"]),
        ("<div>\n\u3000\u3000河水上涨。\n\u3000\u3000两桥关闭。</div>", ["河水上涨。", "两桥关闭。"]),
        (
            "<div>The river rose<br>&nbsp;&nbsp; Both bridges shut</div>",
            ["The river rose", "Both bridges shut"],
        ),
        ("<div style='white-space: pre-line'>One\ntwo\n\nthree</div>", ["One", "two", "three"]),
        (
            "<div class='whitespace-pre-wrap'>One is\ncut.\nTwo <b>is</b>\n\nthree</div>",
            ["One is cut.", "Two is", "three"],
        ),
        ("<pre>One is\ncut\n \nTwo.\nThree</pre>", ["One is cut", "Two. Three"]),
        (
            "<div><span style='display:block'>One</span><span style='display:block'>two</span></div>",
            ["One", "two"],
        ),
    ],
)
def test_words_are_whole_and_paragraphs_apart(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_a_block_carries_what_it_is_in_the_text() -> None:
    markup = (
        "<h2>a</h2><p>b</p><ul><li>c<p>d</p></ul><blockquote><p>e</p></blockquote><pre>f</pre>"
        "<table><tr><td>g<td>h</tr><tr><td>i<td>j</tr></table><table><tr><td><p>k</table>"
    )

    assert [(block.text, block.form.value) for block in cut(markup).blocks] == [
        ("a", "heading"),
        ("b", "paragraph"),
        ("c", "list item"),
        ("d", "list item"),
        ("e", "quote"),
        ("f", "code"),
        ("g | h", "cell"),
        ("i | j", "cell"),
        ("k", "paragraph"),
    ]


def test_what_follows_an_early_end_belongs_to_the_page() -> None:
    page = (
        "<html><body><p>Banner</p></body></html><!DOCTYPE html><html lang=en><head><title>T</title></head>"
        "<body><article><p>One.</p></body></html><p>Two.</p></article></HTML >\n<footer>Three</footer>"
    )

    assert [block.text for block in document(page).segments.blocks] == ["Banner", "One.", "Two.", "Three"]


def test_elements_of_xhtml_may_have_a_prefix() -> None:
    page = (
        '<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:body><x:p>One <x:b>b</x:b></x:p>'
        "<x:p>Two</x:p></x:body></x:html>"
    )

    assert [block.text for block in document(page).segments.blocks] == ["One b", "Two"]


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
    assert len(texts("<p>x</p>" * 2_000)) == 2_000
