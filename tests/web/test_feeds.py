from __future__ import annotations

from typing import TYPE_CHECKING

import feedparser
import pytest

from scraper.record import article_id
from scraper.store import open_store
from tests.store.values import article, copy_of, full_article, verdict

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ID = article_id(full_article())


def test_a_feed_of_all_leads_page_by_page_to_each_article_once(client: TestClient) -> None:
    address, seen = "/feeds/articles.atom", []
    while address:
        answer = client.get(address)
        parsed = feedparser.parse(answer.content)
        seen += [entry.id for entry in parsed.entries]
        address = next((link.href for link in parsed.feed.links if link.rel == "next"), "")
    assert answer.headers["content-type"] == "application/atom+xml"
    assert len(seen) == len(set(seen)) == 60


def test_a_search_has_a_feed_in_both_formats_and_its_page_names_it(client: TestClient) -> None:
    asked = {"q": "ferry 17", "site": "harbour"}
    page = client.get("/articles", params=asked).text
    told = client.get("/feeds/articles.json", params=asked).json()

    assert 'href="/feeds/articles.atom?q=ferry+17&amp;site=harbour"' in page
    assert [item["title"] for item in told["items"]] == ["Ferry 17 reaches the harbour"]
    assert told["home_page_url"] == "http://127.0.0.1/articles?q=ferry+17&site=harbour"
    assert client.get("/feeds/articles.json", params={"site": "nobody"}).json()["items"] == []


def test_a_story_has_a_feed_of_who_printed_it(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store:
        store.save(verdict(article(71, site="gazette"), relation=copy_of(ID)))
    told = client.get(f"/feeds/stories/{ID}.json").json()

    assert [item["url"].split("?")[0] for item in told["items"]] == [
        "https://news.example/71",
        "https://news.example/1",
    ]


def test_a_reader_that_has_a_feed_gets_it_again_only_when_it_changed(
    client: TestClient, store_url: str
) -> None:
    first = client.get("/feeds/articles.atom")
    has = {"if-none-match": first.headers["etag"]}
    same = client.get("/feeds/articles.atom", headers=has)
    with open_store(store_url) as store:
        store.save(verdict(article(72)))
    later = client.get("/feeds/articles.atom", headers=has)

    assert (same.status_code, same.content) == (304, b"")
    assert (later.status_code, later.headers["etag"] != first.headers["etag"]) == (200, True)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/feeds/articles.rss", 404, "no such page"),
        ("/feeds/stories/0123456789abcdef.atom", 404, "no article"),
        ('/feeds/articles.atom?q="open', 400, "quot"),
        ("/feeds/articles.atom?since=soon", 400, "since soon"),
        ("/feeds/articles.atom?after=x", 400, "after"),
    ],
)
def test_what_has_no_feed_is_told(client: TestClient, address: str, status: int, said: str) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert said in answer.text
