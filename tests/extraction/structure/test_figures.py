from __future__ import annotations

import pytest

from scraper.extraction.page.blocks import Decision
from scraper.extraction.structure.block_writer import structure_of
from scraper.extraction.structure.figures import with_figures
from scraper.model import Image
from tests.extraction.pages import document

BASE = "https://examiner.example/news/flood"
PICTURE = "https://examiner.example/a.jpg"
DECLARED = [Image(url="https://examiner.example/declared.jpg", caption="Declared")]


def told(markup: str, without: str = "(") -> list[tuple[str, str | None]]:
    """Return the kind of each block of a text with its text or address."""
    page = document(f"<html><body>{markup}</body></html>")
    decisions = [Decision(block, without not in block.text, 1.0) for block in page.segments.blocks]
    blocks = with_figures(structure_of(decisions, page.segments, BASE), decisions, DECLARED, BASE)
    return [(block.kind.value, block.text or block.url) for block in blocks]


def test_figures_and_embeds_stand_where_the_page_has_them() -> None:
    markup = (
        "<article><figure><img src=/a.jpg><figcaption>(The river)</figcaption></figure><p>One<br><br>Two</p>"
        "<iframe src='https://video.example/1' title='The flood'></iframe><p>Three</p>"
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p><img src=/in.jpg> Four</p>"
        "<p>Five</p></article>"
    )
    assert told(markup) == [
        ("figure", PICTURE),
        ("paragraph", "One"),
        ("paragraph", "Two"),
        ("embed", "https://video.example/1"),
        ("paragraph", "Three"),
        ("row", "a | b"),
        ("row", "c | d"),
        ("paragraph", "Four"),
        ("figure", "https://examiner.example/in.jpg"),
        ("paragraph", "Five"),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<aside><figure><img src=/a.jpg></figure></aside>",
        "<div class=cards><article><a href=/x><img src=/a.jpg></a></article></div>",
        "<div><div><div><div><img src=/far.jpg></div></div></div></div>",
        "<img src=/pixel.gif width=1 height=1>",
        "<img src='data:image/gif;base64,R0'>",
        "<img alt='none'>",
        "<img src='http://[broken'>",
        "<iframe></iframe><iframe src='about:blank'></iframe><iframe hidden src='https://ads.example/'></iframe>",
        "<noscript><img src=/a.jpg></noscript>",
    ],
)
def test_what_is_none_of_the_texts_is_left_out(markup: str) -> None:
    found = told(f"<div id=text><p>One</p>{markup}<p>Two</p></div>")
    assert found == [("paragraph", "One"), ("paragraph", "Two")]


def test_a_declared_picture_is_the_texts_wherever_it_stands() -> None:
    markup = (
        "<div><p>One</p><div><div><div><div><img src=/declared.jpg></div></div></div></div><p>Two</p></div>"
    )
    assert told(markup)[1] == ("figure", "https://examiner.example/declared.jpg")


def test_nothing_stands_behind_the_end_and_nothing_twice() -> None:
    markup = "<div><p>One</p><img src=/a.jpg><img src=/a.jpg><p>Two</p><img src=/b.jpg></div>"
    assert [kind for kind, _ in told(markup)] == ["paragraph", "figure", "paragraph"]


def test_a_figure_has_its_caption_and_credit() -> None:
    page = document(
        "<article><p>One</p><figure><img src=/a.jpg><figcaption>(The river) Photo: Ada Quill</figcaption></figure>"
        "<p>Two</p></article>"
    )
    decisions = [Decision(block, "(" not in block.text, 1.0) for block in page.segments.blocks]
    _, figure, _ = with_figures(structure_of(decisions, page.segments, BASE), decisions, (), BASE)
    assert (figure.caption, figure.credit) == ("(The river)", "Ada Quill")
