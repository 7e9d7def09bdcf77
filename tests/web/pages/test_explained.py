from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from scraper.errors import InputError
from scraper.extraction.article import examine
from scraper.extraction.explain.explanation import explanation_of
from scraper.model import Page, Site
from scraper.record import article_id
from scraper.store import open_store
from scraper.web.application import WebParts, make_application
from scraper.web.pages import explained
from tests.extraction.verdict_pages import PARAGRAPHS
from tests.extraction.verdict_pages import article as page_of_article
from tests.store.values import full_article, rejection
from tests.web.conftest import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.store.service.reader import Reader
    from scraper.web.readers import Readers

ID = article_id(full_article())
PAGE = Page(
    url="https://news.example/1",
    content=page_of_article().replace("<body>", "<body onload=run()><script>run()</script>").encode(),
    content_type="text/html; charset=utf-8",
)


class OnePage:
    """Captures of which one article has one."""

    def page(self, _store: Reader, identity: str, /) -> Page:
        if identity != ID:
            raise InputError(f"{identity}: its page is not archived")
        return PAGE

    def explanation(self, identity: str, /) -> Mapping[str, Any]:
        if identity != ID:
            raise InputError(f"{identity}: its page is not archived")
        return explanation_of(examine(PAGE, Site(name="harbour"), reasons=True))


@pytest.fixture
def shown(readers: Readers) -> TestClient:
    """Ask pages that have captures."""
    app = make_application(WebParts(readers=readers, captures=OnePage()))
    return TestClient(app, base_url=ADDRESS)


def test_a_page_is_explained_beside_its_capture(shown: TestClient) -> None:
    page = shown.get(f"/pages/{ID}").text

    assert "Why the page became what it is" in page
    assert f'<span class="badge good">kept</span> {PARAGRAPHS[0]}' in page
    assert f'<iframe src="/pages/{ID}/archived" sandbox ' in page
    assert f'href="/pages/{ID}"' in shown.get(f"/articles/{ID}").text


def test_no_more_blocks_are_shown_than_a_page_may_have(
    shown: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explained, "MOST_BLOCKS", 1)
    page = shown.get(f"/pages/{ID}").text

    assert page.count('<li class="kept">') + page.count('<li class="dropped">') == 1
    assert f"scraper explain {ID}" in page


def test_an_archived_page_is_shown_without_script_and_network(shown: TestClient) -> None:
    answer = shown.get(f"/pages/{ID}/archived")
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in policy
    assert PARAGRAPHS[0] in answer.text
    assert "run()" not in answer.text


def test_a_capture_is_kept_and_never_shown(shown: TestClient) -> None:
    answer = shown.get(f"/pages/{ID}/capture")

    assert answer.content == PAGE.content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{ID}.capture"'
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_refused_page_without_a_capture_says_why_nothing_is_told(
    shown: TestClient, client: TestClient, store_url: str
) -> None:
    with open_store(store_url) as store:
        store.reject(rejection(1))
    refused = rejection(1).id

    assert "its page is not archived" in shown.get(f"/pages/{refused}").text
    assert shown.get(f"/pages/{refused}/archived").status_code == 404
    assert "extracts nothing" in client.get(f"/pages/{refused}").text
    assert client.get(f"/pages/{refused}/capture").status_code == 404


@pytest.mark.parametrize("identity", ["0123456789abcdef", "--html=x", "%2e%2e", "0" * 17, "page.html"])
def test_what_names_no_page_is_told(shown: TestClient, identity: str) -> None:
    for rest in ("", "/archived", "/capture"):
        assert shown.get(f"/pages/{identity}{rest}").status_code == 404
