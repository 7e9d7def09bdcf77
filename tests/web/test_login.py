from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from scraper.web.application import WebParts, make_application
from scraper.web.login import ATTEMPTS
from tests.web.visitors import EDITOR, OPERATOR, add_people, form_key, from_elsewhere, log_in

if TYPE_CHECKING:
    from scraper.store.service.front_desk import FrontDesk
    from scraper.web.readers import Readers


@pytest.fixture
def pages(readers: Readers, desk: FrontDesk) -> TestClient:
    """A browser of somewhere else, nobody logged in."""
    add_people(desk)
    return from_elsewhere(WebParts(readers=readers, desk=desk, must_login=True))


def test_who_logs_in_comes_to_the_page_that_was_asked_for_and_sees_a_way_out(pages: TestClient) -> None:
    turned_away = pages.get("/articles?q=ferry")
    assert (turned_away.status_code, turned_away.headers["location"]) == (
        303,
        "/login?next=%2Farticles%3Fq%3Dferry",
    )
    form = pages.get(turned_away.headers["location"])
    assert 'value="/articles?q=ferry"' in form.text
    let_in = log_in(pages, OPERATOR, next="/articles?q=ferry")
    assert let_in.headers["location"] == "/articles?q=ferry"
    page = pages.get("/articles?q=ferry")
    assert page.status_code == 200
    assert "Log out" in page.text


def test_who_logs_out_is_out_even_with_the_cookie_of_before(pages: TestClient) -> None:
    log_in(pages, OPERATOR)
    secret = pages.cookies["scraper"]
    assert pages.post("/logout", data={"form_key": form_key(pages)}).status_code == 303
    assert "scraper" not in pages.cookies
    pages.cookies.set("scraper", secret, domain="news.example")
    assert pages.get("/articles").status_code == 303


def test_nobody_is_logged_out_by_a_form_without_the_key(pages: TestClient) -> None:
    log_in(pages, OPERATOR)
    assert pages.post("/logout").status_code == 403
    assert pages.get("/articles").status_code == 200


def test_the_session_is_a_cookie_that_scripts_and_other_sites_do_not_have(pages: TestClient) -> None:
    told = log_in(pages, OPERATOR).headers["set-cookie"].lower()
    assert told.startswith("scraper=")
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "path=/" in told
    assert "secure" not in told


def test_behind_https_the_cookie_is_secure_and_of_this_host_alone(readers: Readers, desk: FrontDesk) -> None:
    add_people(desk)
    app = make_application(WebParts(readers=readers, desk=desk, must_login=True))
    pages = TestClient(app, base_url="https://news.example", follow_redirects=False)
    told = log_in(pages, OPERATOR).headers["set-cookie"]
    assert told.startswith("__Host-scraper=")
    assert "Secure" in told
    assert pages.get("/articles").status_code == 200


def test_each_login_has_a_secret_of_its_own_and_ends_the_one_before(pages: TestClient) -> None:
    log_in(pages, OPERATOR)
    before = pages.cookies["scraper"]
    log_in(pages, OPERATOR, form_key=form_key(pages))
    assert pages.cookies["scraper"] != before
    pages.cookies.clear()
    pages.cookies.set("scraper", before, domain="news.example")
    assert pages.get("/articles").status_code == 303


@pytest.mark.parametrize(("name", "password"), [(OPERATOR, "the ferry"), ("nobody", "x"), ("", "")])
def test_a_wrong_password_and_a_wrong_name_are_told_alike(
    pages: TestClient, name: str, password: str
) -> None:
    answer = log_in(pages, name, password)
    assert answer.status_code == 403
    assert "There is no such account, or the password is another." in answer.text
    assert "set-cookie" not in answer.headers


def test_guessing_ends_for_the_account_and_for_the_address(pages: TestClient) -> None:
    for _ in range(ATTEMPTS):
        assert log_in(pages, EDITOR, "wrong").status_code == 403
    refused = log_in(pages, EDITOR)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 90
    assert log_in(pages, OPERATOR).status_code == 429, "the address has used up its attempts too"


def test_who_logs_in_rightly_may_do_so_as_often_as_they_like(pages: TestClient) -> None:
    for _ in range(ATTEMPTS + 2):
        pages.cookies.clear()
        assert log_in(pages, OPERATOR).status_code == 303


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"],
)
def test_a_login_leads_nowhere_else(pages: TestClient, address: str) -> None:
    assert log_in(pages, OPERATOR, next=address).headers["location"] == "/"


def test_the_name_that_was_given_is_shown_escaped(pages: TestClient) -> None:
    answer = log_in(pages, '"><script>alert(1)</script>', "x")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
