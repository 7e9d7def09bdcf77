from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.testclient import TestClient

HIT = re.compile(r'<h2 dir="auto"><a href="/articles/(\w+)">')
NEXT = re.compile(r'<a href="([^"]+)" rel="next">')


def test_the_newest_articles_are_listed_page_by_page_each_once(client: TestClient) -> None:
    address, seen = "/articles", []
    while address:
        page = client.get(address).text
        seen += HIT.findall(page)
        address = (NEXT.findall(page) or [""])[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 60


def test_a_search_marks_what_answers_and_counts_it(client: TestClient) -> None:
    page = client.get("/articles", params={"q": "ferry 17"}).text

    assert "1 article<" in page
    assert "<mark>Ferry</mark> <mark>17</mark> reaches" in page
    assert "number <mark>17</mark> came in" in page


def test_a_facet_narrows_the_hits_and_can_be_left(client: TestClient) -> None:
    page = client.get("/articles", params={"q": "ferry"}).text
    assert '<a href="/articles?q=ferry&amp;site=harbour">harbour</a> <span class="n">60</span>' in page
    assert '<a href="/articles?q=ferry+agency%3A%22Reuters%22">Reuters</a> <span class="n">1</span>' in page
    assert '<a href="/articles?q=ferry&amp;since=2026-02&amp;until=2026-02">2026-02</a>' in page
    chosen = client.get("/articles", params={"q": "ferry", "site": "harbour"}).text
    assert '<a href="/articles?q=ferry" class="chosen"' in chosen
    agency = client.get("/articles", params={"q": 'ferry agency:"Reuters"'}).text
    assert '<a href="/articles?q=ferry" class="chosen"' in agency


def test_a_wrong_query_says_what_is_wrong_with_it(client: TestClient) -> None:
    answer = client.get("/articles", params={"q": '"ferry'})

    assert answer.status_code == 400
    assert "this quotation mark has no end" in answer.text
    assert 'value="&#34;ferry"' in answer.text
    assert "write a day as" in client.get("/articles", params={"since": "soon"}).text


def test_dates_kind_and_language_narrow_too(client: TestClient) -> None:
    assert ">1 article<" in client.get("/articles", params={"kind": "live_blog"}).text.replace(
        'status">', '">'
    )
    assert "0 articles" in client.get("/articles", params={"language": "fr"}).text
    assert "0 articles" in client.get("/articles", params={"until": "2025"}).text
    assert "No article answers" in client.get("/articles", params={"q": "zeppelin"}).text
