from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.record import article_id
from scraper.store import open_store
from tests.store.values import article, copy_of, full_article, verdict

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ID = article_id(full_article())


def test_an_article_is_shown_with_its_text_and_its_fields(client: TestClient) -> None:
    page = client.get(f"/articles/{ID}").text

    assert '<p>The <a href="https://news.example/ferry">ferry</a> number 1 came in at dawn.</p>' in page
    assert "<th" in page
    assert "<img" not in page
    assert "A summary — with “quotes”." in page
    assert "Ana Lima, Bo Chen" in page
    assert "agencies: Reuters; AFP" in page
    assert 'href="https://news.example/a.jpg"' in page


def test_a_field_tells_its_origin_on_demand(client: TestClient) -> None:
    page = client.get(f"/articles/{ID}").text

    assert "Found in <code>json-ld</code>, 90 % sure." in page
    assert "<q>Ferry 1 reaches the harbour | Harbour</q>" in page


def test_an_article_that_is_not_there_is_told(client: TestClient) -> None:
    answer = client.get("/articles/0123456789abcdef")

    assert answer.status_code == 404
    assert "it may have been forgotten" in answer.text


def test_an_article_leads_to_its_revisions_its_copies_and_what_is_like_it(
    client: TestClient, store_url: str
) -> None:
    with open_store(store_url) as store:
        store.save(verdict(article(71, site="gazette"), relation=copy_of(ID)))
    revised = client.get(f"/articles/{article_id(article(2))}").text
    page = client.get(f"/articles/{ID}").text

    assert 'diff?revision=2">Revision 2</a>' in revised
    assert "silent edit" in revised
    assert "First text" in revised
    assert f'href="/stories/{ID}"' in page
    assert f'diff?against={article_id(article(71))}">Compared with this' in page
    assert "Revision" not in page


def test_what_is_like_an_article_has_a_page_with_the_words_that_both_have(
    client: TestClient, store_url: str
) -> None:
    with open_store(store_url) as store:
        for number in (81, 82):
            body = f"The zeppelin of Quillhaven rose {number} metres over the Marrowbone quay."
            store.save(verdict(article(number, body=body)))
    page = client.get(f"/articles/{article_id(article(81))}/similar").text

    assert f'href="/articles/{article_id(article(82))}"' in page
    assert "both have: " in page
    assert "No other article" not in page
    assert client.get("/articles/0123456789abcdef/similar").status_code == 404
