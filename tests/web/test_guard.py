from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.web.guard import is_loopback

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/articles", "/nothing", "/static/style.css", "/healthz"])
def test_every_answer_says_what_a_browser_may_do_with_it(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9464", 200),
        ("localhost", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("[", 403),
        ("", 403),
    ],
)
def test_pages_answer_to_this_machines_names_alone(client: TestClient, host: str, status: int) -> None:
    assert client.get("/articles", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({}, False),
        ({"origin": "http://127.0.0.1"}, False),
        ({"origin": "http://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
    ],
)
def test_a_form_of_another_site_is_refused(
    client: TestClient, headers: dict[str, str], *, is_refused: bool
) -> None:
    answer = client.post("/articles", headers=headers)

    assert (answer.status_code == 403) is is_refused, answer.text


def test_what_is_for_programs_answers_to_any_name(client: TestClient) -> None:
    assert client.get("/healthz", headers={"host": "news.example"}).status_code == 404


def test_the_style_sheet_may_be_kept_and_pages_may_not(client: TestClient) -> None:
    assert "immutable" in client.get("/static/style.css").headers["cache-control"]
    assert client.get("/articles").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("host", "is_here"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("0.0.0.0", False), ("news.example", False)],
)
def test_what_is_this_machines_own_is_told_from_the_rest(host: str, *, is_here: bool) -> None:
    assert is_loopback(host) is is_here


def test_browsers_say_of_our_own_forms_where_they_come_from(client: TestClient) -> None:
    """Under no-referrer they would send `Origin: null`, as they do for a form of nobody knows whom."""
    assert client.get("/articles").headers["referrer-policy"] == "same-origin"
