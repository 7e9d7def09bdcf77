from __future__ import annotations

import lxml.html
import pytest

from scraper.errors import InputError
from scraper.extraction.page.degraded import MOST_TAGS
from scraper.model import Page
from scraper.web.harmless import harmless_html
from tests.web.bait import BAIT, found_bait

PICTURE = "data:image/png;base64,iVBORw0KGgo="
PAGE = f"""<html><head><title>Ferry</title><meta http-equiv=refresh content=1><base href=//a.example>
<link rel=stylesheet href=/a.css><style>p {{ color: red }}</style><script src=/a.js></script></head>
<body onload=run()><h1 class=big style="color: blue">Ferry</h1><a href=/x ping=/y>next</a><img src=/a.jpg alt=Dawn srcset=/b.jpg>
<img src="{PICTURE}"><form action=/x><input name=q><button>go</button></form><iframe src=/ad></iframe><svg><a href=/z></a></svg>
<table background=/a.png><tr><td colspan=2>text</td></tr></table><video poster=/p.jpg src=/v.mp4></video></body></html>"""


def shown(markup: str) -> str:
    return harmless_html(
        Page(url="https://news.example/1", content=markup.encode(), content_type="text/html")
    )


def test_a_page_keeps_its_text_and_its_looks_and_loses_what_runs_loads_or_leads_elsewhere() -> None:
    made = shown(PAGE)
    tree = lxml.html.document_fromstring(made)

    assert made.startswith("<!doctype html>\n<html>")
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)}.isdisjoint(
        {"script", "link", "meta", "base", "form", "input", "button", "iframe", "svg"}
    )
    names = {name for element in tree.iter() for name in element.attrib}
    assert names <= {"class", "style", "alt", "src", "colspan"}
    assert [element.get("src") for element in tree.iter("img")] == [None, PICTURE]
    assert tree.findtext(".//td") == "text"
    assert "p { color: red }" in made


@pytest.mark.parametrize("bait", BAIT)
def test_bait_in_a_page_is_text_or_nothing(bait: str) -> None:
    made = shown(
        f"<html><body><p title='{bait}'>{bait}</p><a href='{bait}'>x</a><img src=\"{bait}\"></body></html>"
    )

    assert [found for found in found_bait(made) if "bait-element" not in found] == []


@pytest.mark.parametrize("markup", ["", "<p>" * (MOST_TAGS + 1), "<div>" * 5000])
def test_what_is_no_page_or_too_large_is_not_shown(markup: str) -> None:
    with pytest.raises(InputError, match="can be downloaded"):
        shown(markup)
