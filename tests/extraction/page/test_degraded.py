from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from bench.corpus import read_corpus
from scraper.extraction.article import extract_article
from scraper.extraction.page import degraded
from scraper.extraction.page.degraded import rebuild
from scraper.extraction.page.document import parse
from scraper.model import Article, Page, Site
from tests.extraction.hostile_pages import STORY, TEXT, WORD, page
from tests.extraction.lowered import lower

if TYPE_CHECKING:
    from pathlib import Path

SITE = Site(name="example")


def extracted(markup: str) -> Article:
    outcome = extract_article(Page(url="https://example.com/a", content=markup.encode()), SITE)
    assert isinstance(outcome, Article)
    return outcome


@pytest.fixture
def _lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    lower(monkeypatch)


@pytest.mark.usefixtures("_lowered")
@pytest.mark.parametrize(
    ("markup", "limit"),
    [
        (page(before="<div>" * 30), "32 elements inside one another"),
        (page(before="<p>" * 601), "tags"),
        (page(before="<div " + "a=1 " * 60 + ">"), "attributes in one tag"),
        (page(after="x" * 100_000), "bytes"),
        (f"<!DOCTYPE html {'x ' * 60}>{page()}", "declaration"),
    ],
)
def test_a_page_over_a_limit_still_gives_its_text_and_says_why_it_was_rebuilt(
    markup: str, limit: str
) -> None:
    article = extracted(markup)
    assert article.body.count(WORD) == TEXT.count(WORD)
    assert "degraded" in article.extractor
    assert limit in str(article.provenance["body"].raw)


@pytest.mark.usefixtures("_lowered")
@pytest.mark.parametrize(
    "markup",
    [
        page(),
        page(before="<p>" * 200),
        page(before=f"<script>{'<div>' * 50}</script>"),
        page(before=f"<!-- {'<div>' * 50} -->"),
        page(before="<div><p>x</p></div>" * 100),
        page(before=f"<div style='{'a b ' * 100}'>x</div>"),
        page(before="<div>" * 20),
    ],
)
def test_an_ordinary_page_is_under_every_limit(markup: str) -> None:
    assert "degraded" not in extracted(markup).extractor


def test_of_real_articles_at_most_two_in_a_thousand_are_rebuilt_and_those_give_their_text(
    shared: Path,
) -> None:
    """Takes 10 s: parses each second of 2,000 real pages."""
    corpora = {manifest.parent for manifest in (shared / "corpora").glob("*/manifest.jsonl")}
    manifests = sorted(
        each / "manifest.jsonl" for each in corpora if each.name != "kinds-dev"
    )  # shops, lists
    pages = [
        sample.page for manifest in manifests for sample in islice(read_corpus(manifest.parent), 0, None, 2)
    ]
    rebuilt = [each for each in pages if parse(each, SITE).degraded]

    assert len(pages) > 900
    assert len(rebuilt) <= 0.002 * len(pages)
    for each in rebuilt:
        outcome = extract_article(each, SITE)
        assert isinstance(outcome, Article), outcome
        assert outcome.body


def test_no_limit_is_beyond_where_the_parser_drops_what_follows_without_a_word() -> None:
    assert degraded.MOST_DEPTH < 255
    assert degraded.MOST_TEXT <= 10_000_000


@pytest.mark.usefixtures("_lowered")
def test_a_rebuilt_page_keeps_title_statements_language_and_text() -> None:
    statement = "<meta property='article:published_time' content='2031-05-02T08:00:00Z'>"
    ld = '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "author": {"name": "Ann Ode"}}</script>'
    article = extracted(page(head=statement + ld, before="<div>" * 30, open_="<html lang='en'>"))
    assert article.title == f"The ferry pier of {WORD}"
    assert article.published == "2031-05-02T08:00:00Z"
    assert article.authors == ("Ann Ode",)
    assert article.language == "en"


def test_what_is_no_text_is_not_rebuilt() -> None:
    flat = rebuild(
        page(before="<script>var x = 1;</script><style>p {}</style><!-- note --><svg><text>n</text></svg>")
    )
    assert not [word for word in ("var x", "p {}", "note", "svg") if word in flat]


def test_a_flood_of_short_texts_does_not_crowd_out_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(degraded, "_KEPT_BLOCKS", 15)
    flat = rebuild("<p>x</p>" * 500 + f"<p>{STORY}</p>" + "<p>y</p>" * 500)
    assert STORY in flat
    assert len(flat) < 500
