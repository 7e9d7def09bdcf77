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


def data(value: object) -> str:
    return f"<script id=__NEXT_DATA__ type='application/json'>{json.dumps({'props': value})}</script>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("corpo", MARKED),
        ("conteudo", "\n\n".join(LINES)),
        ("inhalt", LINES),
        ("\u672c\u6587", "<br>".join(LINES)),
        ("cuerpo", [{"tipo": "parrafo", "texto": line} for line in LINES]),
        (
            "treść",
            {"bloki": [{"rodzaj": "zdjecie", "adres": "/a.jpg"}, *({"zdanie": line} for line in LINES)]},
        ),
    ],
)
@pytest.mark.parametrize(
    "rendered",
    [
        "",
        "<p>The ferry carries whoever has to cross</p><div class=w1>By Tove Aldana</div><div class=w2></div>",
        "<div class=w1>By Tove Aldana</div>",
    ],
)
def test_a_text_is_read_from_data_whatever_its_key_is_called(name: str, text: object, rendered: str) -> None:
    value = {
        "notizia": {"titolo": "Both bridges closed after flood", "sommario": LINES[0] * 4, name: text},
        "altre": [{"titolo": "The lake is full", "testo": MARKED.replace("river", "lake") * 3}],
    }
    content = page(rendered + data(value)).encode()

    article = extract_article(Page(url="https://examiner.example/news/flood-1", content=content), SITE)

    assert isinstance(article, Article), article
    assert article.body.split("\n")[-len(LINES) :] == LINES
    assert article.provenance["body"].source == "script:__NEXT_DATA__"
    assert "Aldana" not in article.body


def test_what_a_page_prints_above_a_text_of_its_data_stays_above() -> None:
    lines = "<p>The ferry carries whoever has to cross</p>"
    found = document(page(lines + data({"body": MARKED})))

    texts = [block.text for block in found.segments.blocks]
    assert texts[1:8] == ["Both bridges closed after flood", "The ferry carries whoever has to cross", *LINES]


@pytest.mark.parametrize(
    "value",
    [
        {"titel": "Another story altogether", "brood": MARKED},
        {"titel": "Both bridges closed after flood", "samenvatting": " ".join(LINES)},
        {
            "titel": "Both bridges closed after flood",
            "meer": [{"kop": f"Story {line[:9]}", "intro": line} for line in LINES],
        },
        {
            "titel": "Both bridges closed after flood",
            "reacties": [{"wanneer": "2025-03-04T10:00:00Z", "zegt": line} for line in LINES],
        },
        {
            "titel": "Both bridges closed after flood",
            "koppen": [{"kop": line[:-1], "slug": line[:3]} for line in LINES],
        },
        {"titel": "Both bridges closed after flood", "koppen": [line[:-1] for line in LINES]},
        [MARKED, 1, None, "x"],
    ],
    ids=["another story", "summary", "teasers", "comments", "headlines", "bare headlines", "no object"],
)
def test_other_texts_of_the_data_are_no_article(value: object) -> None:
    assert document(page(data(value))).elsewhere is None


def test_a_rejection_says_that_the_text_stands_in_a_script() -> None:
    script = f"<script>render(function(){{return e('div', null, '{' '.join(LINES)}')}})</script>"
    content = f"<html><body><div id=root></div>{script}</body></html>".encode()

    rejection = extract_article(Page(url="https://examiner.example/news/flood-1", content=content), SITE)

    assert isinstance(rejection, Rejection)
    assert "stands in a script" in rejection.detail
