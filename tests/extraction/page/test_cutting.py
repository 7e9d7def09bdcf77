from __future__ import annotations

import pytest

from tests.extraction.pages import document


def texts(markup: str, language: str = "en") -> list[str]:
    page = document(f"<html lang='{language}'><body>{markup}</body></html>")
    return [block.text for block in page.segments.blocks]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>About 10<sup>4</sup> people</p>", "About 10⁴ people"),
        ("<p>10<sup>-3</sup> m<sup>2</sup></p>", "10⁻³ m²"),
        ("<p>the 19<sup>th</sup> of May</p>", "the 19th of May"),
        ("<p>as told<sup><a href='#note1'>1</a></sup> before</p>", "as told1 before"),
        ("<p>CO<sub>2</sub></p>", "CO2"),
        ("<p>She said: <q>We are ready</q>.</p>", "She said: “We are ready”."),
        ("<p><q>He told me: <q>Go</q></q></p>", "“He told me: ‘Go’”"),
        ("<p><q>«Pronto»</q></p>", "«Pronto»"),
        ("<p><q></q>Nothing was said</p>", "Nothing was said"),
        ("<p>Now <del>forty</del> <ins>fifty</ins> people</p>", "Now fifty people"),
        ("<p>Where <math><mi>t</mi><mo>=</mo><mn>2</mn></math> holds</p>", "Where t=2 holds"),
        (
            "<h2>What they hold<span class='mw-editsection'>[<a href='/e'>edit</a>]</span></h2>",
            "What they hold",
        ),
        ("<h2>Pruning <a href='#pruning' class='anchor'>#</a></h2>", "Pruning"),
        ("<h3><a href='/page#a'>¶</a>Pruning</h3>", "Pruning"),
        ("<h2>Ranked <a href='/list'>#1</a></h2>", "Ranked #1"),
        ("<p>Ranked <a href='#one'>#</a> 1</p>", "Ranked # 1"),
    ],
)
def test_what_elements_print_themselves_is_in_the_text(markup: str, text: str) -> None:
    assert texts(markup) == [text]


@pytest.mark.parametrize(
    ("language", "text"), [("de-AT", "„Ja“"), ("fr", "«Ja»"), ("ja", "「Ja」"), ("xx", "“Ja”"), ("", "“Ja”")]
)
def test_quotation_marks_are_those_of_the_pages_language(language: str, text: str) -> None:
    assert texts("<p><q>Ja</q></p>", language) == [text]
