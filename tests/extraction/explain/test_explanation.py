from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from scraper.extraction.article import examine
from scraper.extraction.explain.explanation import explanation_of, legible, reading
from scraper.extraction.explain.html import to_html
from scraper.model import Page, Site
from tests.extraction.verdict_pages import PARAGRAPHS, article, cards, html, nav

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> </title></style> \x1b[31mred\x1b]0;owned\x07 \u202egnp.exe'


def explained(markup: str, url: str = "https://news.example/a") -> dict[str, object]:
    return explanation_of(examine(Page(url=url, content=markup.encode()), Site(name="example"), reasons=True))


def test_a_refusal_and_a_doubt_are_told_as_such_with_the_bounds_that_were_met() -> None:
    section = Page(
        url="https://news.example/category/sport", content=html("Sport", nav() + cards(12)).encode()
    )

    def told(site: Site) -> str:
        return str(explanation_of(examine(section, site, reasons=True))["judgement"]["said"])

    assert told(Site(name="example")).startswith("refused: list, confidence ")
    doubtful = told(Site(name="example", least_confidence=0.0))
    assert doubtful.startswith("article kept in doubt, confidence 0.")
    assert "doubted below 0.50, refused below 0.00" in doubtful


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names.update(name for name, _ in attrs)


def test_an_explanation_holds_every_block_with_its_reasons_and_the_verdict() -> None:
    told = json.loads(json.dumps(explained(article())))
    kept = [block["text"] for block in told["blocks"] if block["kept"]]
    assert PARAGRAPHS[0] in kept
    assert told["kept"] == len(kept)
    assert all(block["reasons"] for block in told["blocks"] if block["kept"])
    assert told["judgement"]["kind"] == "article"
    assert {"says", "weight"} == set(told["judgement"]["signals"][0])
    title = next(field for field in told["fields"] if field["name"] == "title")
    assert title["source"]
    assert "Old ferry landing" in title["value"]


def test_the_candidates_of_a_field_say_what_they_were_read_as_and_why_they_won_or_lost() -> None:
    head = '<link rel="canonical" href="/"><meta name="author" content="Quill, Ada"><meta name="byl" content="Ben Ode">'
    told = json.loads(json.dumps(explained(article().replace("<head>", f"<head>{head}"))))
    fields = {field["name"]: field["candidates"] for field in told["fields"]}
    authors, addresses = fields["authors"], fields["canonical_url"]
    assert [(reading(each), each["won"]) for each in authors[:2]] == [
        ("Quill, Ada → Ada Quill", True),
        ("Ben Ode", False),
    ]
    assert authors[1]["why"] == "this place is less often right"
    assert (addresses[-1]["raw"], addresses[-1]["why"]) == ("/", "the home page")


def test_a_rejected_page_is_explained_too() -> None:
    told = explanation_of(examine(Page(url=None, content=b"%PDF-1.4"), Site(name="example")))
    assert told["judgement"]["reason"] == "not_html"
    assert told["blocks"] == []
    assert "PDF" in to_html(told)


def test_the_page_of_an_explanation_contains_nothing_that_the_explained_page_could_run() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    hostile = HOSTILE.replace("<", "&lt;")
    markup = html(hostile, f"<article><h1>{hostile}</h1><p>{PARAGRAPHS[0]} {hostile}</p>{body}</article>")
    shown = to_html(explained(markup, 'javascript:alert(1)//"><b>'))
    parsed = Tags()
    parsed.feed(shown)
    assert not {"script", "img", "b", "a", "iframe", "link"} & set(parsed.tags)
    assert not any(name.startswith("on") for name in parsed.names)
    assert "default-src 'none'" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "alert(1)" in shown


def test_dropped_blocks_are_told_from_kept_ones_and_reasons_are_reached_by_keyboard() -> None:
    shown = to_html(explained(article()))
    blocks = re.findall(r'<div class="(kept|dropped)[^"]*" tabindex="0">', shown)
    assert "kept" in blocks
    assert 'role="note"' in shown


def test_printable_text_has_no_controls_but_keeps_every_letter() -> None:
    assert legible("tab\there\nline \x9b31m \x85 \u2066x\u2069 é 漢 🙂") == "tab here line �31m � �x� é 漢 🙂"
