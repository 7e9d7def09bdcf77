from __future__ import annotations

import json

import pytest

from scraper.crawl.listings.links import read_links
from scraper.model import Page, Site

SITE = Site(name="harbour", domains=("harbour.test",))
TITLE = "The ferry that sailed on a Monday"
WHERE = "/2031/05/02/the-ferry-that-sailed"
CARD = {"id": 7, "url": WHERE, "title": TITLE}
NAV = "<nav><a href='/world/'>World</a><a href='/about'>About</a></nav>"


def found(html: str) -> list[tuple[str, str]]:
    page = Page(url="https://harbour.test/", content=f"<body>{NAV}{html}</body>".encode())
    named = {"https://harbour.test/world/", "https://harbour.test/about"}
    return [(each.url, each.text) for each in read_links(page, SITE).pages if each.url not in named]


def data(value: object, kind: str = "application/json") -> str:
    return f"<script type='{kind}'>{json.dumps(value)}</script>"


@pytest.mark.parametrize(
    "html",
    [
        data({"props": {"pageProps": {"stories": [CARD]}}}),
        data({"feed": {"cards": [{"headlines": {"basic": TITLE}, "canonical_url": WHERE}]}}),
        data([{"link": f"https://harbour.test{WHERE}", "title": {"rendered": f"<b>{TITLE}</b>"}}]),
        data([{"cards": 1}, [2], {"path": 3, "headline": 4}, WHERE, TITLE]),
        f"<script>window.__STATE__ = {json.dumps({'top': [CARD]})};</script>",
        data(
            {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": CARD}]},
            "application/ld+json",
        ),
        f"<div class='card' data-href='{WHERE}'><h3>{TITLE}</h3></div>",
    ],
)
def test_a_page_without_headlines_links_what_its_data_name(html: str) -> None:
    assert found(html) == [(f"https://harbour.test{WHERE}", TITLE)]


def test_a_list_may_name_addresses_alone() -> None:
    items = [{"@type": "ListItem", "position": at, "url": f"{WHERE}-{at}"} for at in (1, 2)]
    listed = found(data({"@type": "ItemList", "itemListElement": items}, "application/ld+json"))
    assert listed == [(f"https://harbour.test{WHERE}-{at}", "") for at in (1, 2)]


def test_a_page_that_prints_headlines_is_read_as_it_is_printed() -> None:
    printed = "<a href='/2031/05/02/a-quay-of-stone'>A quay of stone is built</a>"
    assert found(printed + data([CARD])) == [
        ("https://harbour.test/2031/05/02/a-quay-of-stone", "A quay of stone is built")
    ]


@pytest.mark.parametrize(
    "value",
    [
        [{"url": "javascript:go()", "title": TITLE}, {"url": "api", "title": TITLE}],
        [{"url": WHERE}, {"url": 9, "title": TITLE}, {"title": TITLE}],
        "not an object",
        [[[[]]]],
    ],
)
def test_data_that_name_no_page_of_a_name_give_nothing(value: object) -> None:
    assert found(data(value)) == []
