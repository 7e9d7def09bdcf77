from __future__ import annotations

import json

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Rejection
from tests.extraction.pages import SITE, document

LINES = [
    "The river rose two metres above its usual level during the night, and the council closed both bridges.",
    "Engineers will look at the piers on Friday, when the water is expected to have fallen far enough.",
    "Until then the ferry carries whoever has to cross, and the school on the far bank stays closed.",
    "Nobody was hurt, the mayor said, but the cellars of the lower town stand full of water and mud.",
    "The last flood of this height was forty years ago, when the old mill was lost and never built again.",
]
MARKED = "".join(f"<p>{line}</p>" for line in LINES)
HEAD = "<title>Both bridges closed after flood</title><meta property='og:type' content='article'>"


def page(inner: str) -> str:
    menu = "<nav><a href=/a>News</a> <a href=/b>Sport</a></nav>"
    return (
        f"<html lang=en><head>{HEAD}</head><body>{menu}<main><h1>Both bridges closed after flood</h1>{inner}</main>"
        "<footer>Imprint</footer></body></html>"
    )


def ld(**values: str) -> str:
    node = {"@type": "NewsArticle", "headline": "Both bridges closed after flood", **values}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


@pytest.mark.parametrize(
    ("inner", "source"),
    [
        (f"<x-story><template shadowrootmode=open>{MARKED}</template></x-story>", "html:template"),
        (f"<div id=app></div><noscript>{MARKED}</noscript>", "html:noscript"),
        (f'<iframe srcdoc="<html><body>{MARKED}</body></html>"></iframe>', "html:srcdoc"),
        (ld(articleBody=MARKED), "jsonld:articleBody"),
        (ld(articleBody="\n\n".join(LINES)), "jsonld:articleBody"),
        (ld(articleBody=MARKED.replace("<", "&lt;").replace(">", "&gt;")), "jsonld:articleBody"),
        (
            f"<div class=skeleton>Loading the story</div><script id=__NEXT_DATA__>{json.dumps({'body': MARKED})}</script>",
            "script:__NEXT_DATA__",
        ),
        (
            f"<script>window.__STATE__ = {json.dumps({'contentHtml': MARKED})}</script>",
            "script:window.__STATE__",
        ),
    ],
)
def test_an_article_that_stands_elsewhere_is_read(inner: str, source: str) -> None:
    article = extract_article(
        Page(url="https://examiner.example/news/flood-1", content=page(inner).encode()), SITE
    )

    assert isinstance(article, Article), article
    assert [line for line in article.body.split("\n") if line in LINES] == LINES
    assert "Loading" not in article.body
    assert article.provenance["body"].source == source


def test_a_page_with_a_text_of_its_own_is_read_as_it_stands() -> None:
    other = MARKED.replace("river", "lake")
    found = document(
        page(f"<article>{MARKED * 2}</article><noscript>{other * 3}</noscript>{ld(articleBody=other * 3)}")
    )

    assert found.elsewhere is None
    assert not any("lake" in block.text for block in found.segments.blocks)


def test_a_list_of_articles_is_no_article() -> None:
    stories = [
        {"slug": at, "body": MARKED.replace("The", f"The {at}")}
        for at in ("first", "second", "third", "fourth")
    ]
    found = document(page(f"<script type='application/json'>{json.dumps({'stories': stories})}</script>"))

    assert found.elsewhere is None


def test_of_several_articles_the_one_with_the_pages_title_is_read() -> None:
    stories = [
        {"title": "Another story", "body": MARKED.replace("river", "lake") * 2},
        {"title": "Both bridges closed after flood", "body": MARKED},
    ]
    found = document(page(f"<script type='application/json'>{json.dumps({'stories': stories})}</script>"))

    assert [block.text for block in found.segments.blocks if block.text in LINES] == LINES


def test_a_rejection_says_that_the_text_stands_in_a_script() -> None:
    script = f"<script>render(function(){{return e('div', null, '{' '.join(LINES)}')}})</script>"
    content = f"<html><body><div id=root></div>{script}</body></html>".encode()

    rejection = extract_article(Page(url="https://examiner.example/news/flood-1", content=content), SITE)

    assert isinstance(rejection, Rejection)
    assert "stands in a script" in rejection.detail
