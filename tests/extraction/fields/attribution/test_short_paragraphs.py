"""A byline above a text whose paragraphs are all short is still above it."""

from __future__ import annotations

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Site

SHORT = (
    "The bridge over the harbour closes on Monday, the port said.",
    "Drivers are sent over the eastern ring road until June.",
    "Shops on the quay fear for their trade this summer.",
    "The ferry runs twice an hour as long as the work goes on.",
)


@pytest.mark.parametrize("byline", ["<p>By Ana Lima</p>", "<div><span>By Ana Lima, politics</span></div>"])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_byline_above_short_paragraphs_names_the_author_and_is_no_text(byline: str, number: int) -> None:
    text = "".join(f"<p>{each}</p>" for each in SHORT[:number])
    markup = f"<title>Bridge closes</title><article><h1>Bridge closes</h1>{byline}{text}</article>"
    article = extract_article(Page(url="https://harbour.example/a", content=markup.encode()), Site(name="h"))

    assert isinstance(article, Article)
    assert article.authors == ("Ana Lima",)
    assert article.body.startswith(SHORT[0])
