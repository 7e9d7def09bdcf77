from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import pytest

from scraper.crawl.discovery.site_guesses import guess_articles, guess_name, guess_zone, spider_source
from scraper.model import Provenance, Site
from tests.store.values import article


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.example.com", "example"),
        ("news.aville-post.co.uk", "aville_post"),
        ("aville.example", "aville"),
        ("7days.example", "site_7days"),
        ("127.0.0.1", "site_127_0_0_1"),
    ],
)
def test_a_spider_is_named_after_its_host(host: str, name: str) -> None:
    assert guess_name(host) == name


def test_the_shape_of_the_articles_addresses_becomes_a_rule() -> None:
    stories = [f"https://a.example/news/{number}/the-ferry-of-{number}.html" for number in (7, 81, 903)]
    sections = ["https://a.example/news/", "https://a.example/sport/football/"]

    assert guess_articles(stories, sections) == (r"/news/\d+/[^/]*-[^/]*\.html$",)
    assert guess_articles(stories, [*sections, "https://a.example/news/5/all-of-it.html"]) == ()
    assert guess_articles(stories[:2], sections) == (), "two are an accident"


def test_several_shapes_become_several_rules() -> None:
    dated = [f"https://a.example/2031/05/{day:02}/a-ferry/" for day in range(1, 9)]
    numbered = [f"https://a.example/story.php?id={number}" for number in range(4)]

    assert guess_articles(dated + numbered, []) == (r"/\d{4}/\d{2}/\d{2}/[^/]*-[^/]*/$", r"/story\.php\?")


def test_the_zone_is_the_countrys_where_printed_times_agree() -> None:
    plain = article(1, published="2031-07-02T08:00:00Z")
    raw = Provenance(source="meta:article:published_time", raw="2031-07-02T10:00:00+02:00")
    offset = replace(plain, provenance={"published": raw})

    assert guess_zone([plain], "paper.no", None) == "Europe/Oslo"
    assert guess_zone([offset], "paper.no", None) == "Europe/Oslo"
    assert guess_zone([offset], "paper.example", "en-GB") is None, "London is not two hours ahead"
    assert guess_zone([plain], "paper.example", "en-US") is None, "it has many zones"
    assert guess_zone([plain], "paper.example", "en") is None


def test_a_spider_is_python_whatever_a_site_calls_itself() -> None:
    site = Site(
        name="aville",
        publisher='The "Aville" \\ Post',
        domains=("aville.example",),
        home="https://aville.example/",
        articles=(r"/\d+/a\"b$", r"/\d{4}/"),
    )
    source = spider_source(site, 'The "Aville" """Post')
    tree = ast.parse(source)
    (call,) = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]

    assert {each.arg: ast.literal_eval(each.value) for each in call.keywords} == {
        "name": site.name,
        "publisher": site.publisher,
        "domains": site.domains,
        "home": site.home,
        "articles": site.articles,
    }


@pytest.mark.parametrize(
    "name",
    [
        "The\nQuay", "Quay\\", '"""', "\\N{BULLET}", "Q\u2028uay", "\ud83d", "\x00", "caf\u00e9 \U0001f6a2", "'''", "{x}",
        'ends with "', "...", "\\x41 \\", "\u202eyauQ", "\r", "",
    ],
)  # fmt: skip
def test_a_spider_is_python_whatever_its_publisher_is_called(name: str) -> None:
    site = Site(name="quay", domains=("quay.test",), publisher=name)
    names: dict[str, Any] = {}
    exec(compile(spider_source(site, name), "quay.py", "exec"), names)
    assert names["QuaySpider"].site.publisher == (name or None)
