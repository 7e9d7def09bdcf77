from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.record import article_id
from tests.store.values import full_article

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
