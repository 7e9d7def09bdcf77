from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.extraction.page.document import parse
from scraper.extraction.pagination import join_pages, next_page
from scraper.model import Article, Image, Page, Site
from scraper.text_blocks import BlockKind, TextBlock

SITE = Site(name="example")


def follows(url: str, markup: str) -> str | None:
    page = Page(url=url, content=f"<html><body><p>Text</p>{markup}</body></html>".encode())
    return next_page(parse(page, SITE))


@pytest.mark.parametrize(
    ("url", "link", "expected"),
    [
        ("https://a.example/news/ferry", "/news/ferry?page=2", "https://a.example/news/ferry?page=2"),
        ("https://a.example/news/ferry?page=2", "?page=3", "https://a.example/news/ferry?page=3"),
        ("https://a.example/news/ferry/", "/news/ferry/2/", "https://a.example/news/ferry/2/"),
        ("https://a.example/news/ferry/2", "/news/ferry/3", "https://a.example/news/ferry/3"),
        ("https://a.example/news/ferry.html", "ferry-2.html", "https://a.example/news/ferry-2.html"),
        (
            "https://a.example/news/ferry.html",
            "/news/ferry-seite-2.html",
            "https://a.example/news/ferry-seite-2.html",
        ),
        ("https://a.example/news/ferry", "/news/ferry/page/2#top", "https://a.example/news/ferry/page/2"),
        ("https://a.example/story?id=77", "/story?id=77&page=2", "https://a.example/story?id=77&page=2"),
        (
            "https://www.a.example/news/ferry",
            "https://a.example/news/ferry?p=2",
            "https://a.example/news/ferry?p=2",
        ),
    ],
)
def test_the_following_page_of_an_article_is_found(url: str, link: str, expected: str) -> None:
    first = '<a href="/news/ferry">1</a>'
    assert follows(url, f'{first}<a href="{link}">2</a>') == expected
    assert follows(url, f'{first}<link rel="next" href="{link}">') == expected


@pytest.mark.parametrize(
    ("url", "markup"),
    [
        ("https://a.example/news/ferry", '<a rel="next" href="/news/bridge">Next article</a>'),
        ("https://a.example/news/ferry", '<a href="/news/ferry?page=3">3</a>'),
        ("https://a.example/news/ferry?page=3", '<a href="/news/ferry?page=2">2</a>'),
        ("https://a.example/news/ferry-1", '<a href="/news/bridge-2">Another</a>'),
        ("https://a.example/category/ferries/", '<a rel="next" href="/category/ferries/page/2/">Older</a>'),
        ("https://a.example/tag/ferry", '<a rel="next" href="/tag/ferry?page=2">2</a>'),
        ("https://a.example/", '<a rel="next" href="/?page=2">2</a>'),
        ("https://a.example/news/ferry", '<a href="https://b.example/news/ferry?page=2">2</a>'),
        ("https://a.example/news/ferry", '<a href="javascript:next()">2</a><a href="http://[bad">x</a>'),
        ("https://a.example/news/ferry?id=1", '<a href="/news/ferry?id=2">Next</a>'),
        ("https://a.example/2024/05/19", '<a href="/2024/05">May</a><a href="/2024/05/20">Next day</a>'),
        ("https://a.example/quiz-3", '<a rel="next" href="/quiz-4">Next quiz</a>'),
        ("https://a.example/posts/12", '<a rel="next" href="/posts/13">Next post</a>'),
        ("https://a.example/news/ferry", ""),
    ],
)
def test_another_article_or_list_never_follows(url: str, markup: str) -> None:
    assert follows(url, markup) is None


def part(body: str, **fields: object) -> Article:
    return Article(
        url="https://a.example/news/ferry",
        canonical_url="https://a.example/news/ferry",
        site="example",
        body=body,
        blocks=tuple(TextBlock(kind=BlockKind.PARAGRAPH, text=line) for line in body.split("\n")),
        raw_sha256="0",
        fetched_at=datetime(2024, 5, 20, tzinfo=UTC),
        extractor="test",
        **fields,  # type: ignore[arg-type]
    )


def test_parts_become_one_text_and_repeated_paragraphs_stand_once() -> None:
    joined = join_pages(
        [
            part("The ferry is back.\nIt calls at Harsk.", title="Ferry", images=(Image(url="a"),)),
            part(
                "The ferry is back.\nIt calls at Lindel.",
                title="Ferry, page 2",
                images=(Image(url="a"), Image(url="b")),
            ),
        ]
    )
    assert joined.body == "The ferry is back.\nIt calls at Harsk.\nIt calls at Lindel."
    assert joined.title == "Ferry"
    assert [image.url for image in joined.images] == ["a", "b"]


def test_an_article_of_one_page_stays_as_it_is() -> None:
    only = part("The ferry is back.")
    assert join_pages([only]) == only
