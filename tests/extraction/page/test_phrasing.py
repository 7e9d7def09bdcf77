from __future__ import annotations

import lxml.html
import pytest

from scraper.extraction.page.phrasing import formula


@pytest.mark.parametrize(
    ("markup", "printed"),
    [
        ("<mi>t</mi><mo>=</mo><mi>d</mi><mo>/</mo><mi>c</mi>", "t=d/c"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x²"),
        ("<msup><mi>x</mi><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow></msup>", "x^(a+1)"),
        ("<msub><mi>a</mi><mi>i</mi></msub>", "a_i"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x+1)"),
        (
            "<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\mathrm{x}</annotation></semantics>",
            "x",
        ),
        ("", ""),
    ],
)
def test_a_formula_is_a_line_of_text(markup: str, printed: str) -> None:
    assert formula(lxml.html.fragment_fromstring(f"<math>{markup}</math>")) == printed


def test_a_formula_without_markup_is_told_by_its_attribute() -> None:
    assert formula(lxml.html.fragment_fromstring("<math alttext='E = mc2'></math>")) == "E = mc2"
