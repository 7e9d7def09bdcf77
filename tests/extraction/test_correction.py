"""What an editor decided stands above what the page and the rules say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.extraction.article import extract_article
from scraper.extraction.correction import EDITOR
from scraper.model import Article, Correction, Kind, Page, Reason, Rejection, Site

SITE = Site(name="harbour")
LINKS = "".join(f"<li><a href='/topic/{n}'>The harbour story number {n}</a></li>" for n in range(40))
PAGES = {
    "list": f"<title>Topics</title><body><h1>Topics</h1><ul>{LINKS}</ul></body>",
    "article": "<title>Harbour bridge closes</title><body><article><h1>Harbour bridge closes</h1>"
    "<p>By Jo Reed</p><time datetime='2031-05-02'>2 May 2031</time>"
    + "<p>The bridge over the harbour closes on Monday, the port said, and the ferry runs twice an hour.</p>"
    * 1
    + "<p>Drivers are sent over the eastern ring road until the work on the piers has ended in June.</p>"
    + "<p>Shops on the quay fear for their trade, as they did when the lock was mended two years ago.</p>"
    "</article></body>",
    "wall": "<title>Just a moment...</title><body><h1>Checking your browser</h1>"
    "<p>Enable JavaScript and cookies to continue</p></body>",
    "empty": "<title>Harbour</title><body></body>",
}


def page(name: str, status: int = 200) -> Page:
    return Page(url="https://harbour.example/a", content=PAGES[name].encode(), status=status)


def judged(seen: Page, *, is_article: bool = True, **given: Any) -> Page:
    at = datetime(2031, 5, 3, tzinfo=UTC)
    correction = Correction(is_article=is_article, raw_sha256=seen.raw_sha256, at=at, **given)
    return replace(seen, correction=correction)


def test_a_refused_list_that_an_editor_judged_an_article_is_one() -> None:
    before = extract_article(page("list"), SITE)
    after = extract_article(judged(page("list")), SITE)

    assert isinstance(before, Rejection)
    assert isinstance(after, Article)
    assert after.kind is Kind.ARTICLE
    assert after.verdict
    assert (after.verdict.confidence, after.verdict.in_doubt) == (1, False)


def test_an_article_that_an_editor_judged_a_list_is_refused_as_one() -> None:
    assert isinstance(extract_article(page("article"), SITE), Article)
    refused = extract_article(judged(page("article"), is_article=False), SITE)
    assert isinstance(refused, Rejection)
    assert refused.reason is Reason.LIST
    assert "editor" in refused.detail


@pytest.mark.parametrize("name", ["wall", "article"])
def test_a_wall_or_an_error_where_an_article_stood_is_none(name: str) -> None:
    later = replace(judged(page("article")), content=PAGES[name].encode() + b" ", status=403)
    assert isinstance(extract_article(later, SITE), Rejection)


def test_the_very_page_that_an_editor_saw_is_what_the_editor_says_whatever_it_looks_like() -> None:
    assert isinstance(extract_article(judged(page("article", status=404)), SITE), Article)


def test_what_holds_no_text_is_no_article_whoever_says_so() -> None:
    refused = extract_article(judged(page("empty")), SITE)
    assert isinstance(refused, Rejection)
    assert refused.reason is Reason.EMPTY


def test_title_authors_and_date_are_the_editors_and_say_so() -> None:
    given: dict[str, Any] = {"title": "The bridge", "authors": ("Ana Lima",), "published": "2031-05-01"}
    article = extract_article(judged(page("article"), **given), SITE)
    own = extract_article(page("article"), SITE)

    assert isinstance(article, Article)
    assert isinstance(own, Article)
    assert {name: getattr(article, name) for name in given} == given
    assert all(article.provenance[name] == EDITOR for name in given)
    assert article.body == own.body


def test_what_an_editor_left_alone_is_read_from_the_page() -> None:
    article = extract_article(judged(page("article"), title="The bridge"), SITE)
    assert isinstance(article, Article)
    assert article.authors == ("Jo Reed",)
    assert article.provenance["authors"] != EDITOR
