"""Pages whose markup leaves out what the standard lets them leave out."""

from __future__ import annotations

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Site

TEXT = (
    "The bridge over the harbour closes on Monday for eleven weeks, the port authority said on Friday.",
    "Drivers are sent over the eastern ring road until the work on the two piers has ended in June.",
    "Shops on the quay fear for their trade, as they did when the old lock was mended two years ago.",
)
STORY = "<h1>Harbour bridge closes</h1>" + "".join(f"<p>{each}</p>" for each in TEXT)


@pytest.mark.parametrize("element", ["article", "main", "section", "div", "center", "story-page"])
@pytest.mark.parametrize(
    "start",
    [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Harbour bridge closes</title>{}</html>",
        "<title>Harbour bridge closes</title><header>Harbour News</header>{}",
        "<title>Harbour bridge closes</title><svg><path d=M0></svg><link rel=icon href=/i.png>{}",
        "<head><title>Harbour bridge closes</title>{}<footer>Harbour News</footer>",
        "{}<p>Read more in the evening edition of the paper.</p>",
    ],
)
def test_a_page_without_a_tag_of_its_body_has_one(start: str, element: str) -> None:
    markup = start.format(f"<{element}>{STORY}</{element}>")
    article = extract_article(Page(url="https://harbour.example/a", content=markup.encode()), Site(name="h"))

    assert isinstance(article, Article)
    assert article.title == "Harbour bridge closes"
    assert article.body.split("\n")[: len(TEXT)] == list(TEXT)


def test_what_stands_before_and_after_keeps_its_order() -> None:
    markup = f"<title>A</title><main><p>{TEXT[0]}</p></main>{TEXT[1]}<p>{TEXT[2]}</p>"
    article = extract_article(Page(url="https://harbour.example/a", content=markup.encode()), Site(name="h"))

    assert isinstance(article, Article)
    assert article.body.split("\n") == list(TEXT)
