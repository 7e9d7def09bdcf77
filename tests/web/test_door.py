"""What each who asks may do, as a table; and what holds at the door for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.errors import StoreDownError
from scraper.store.service.accounts import SESSION_IDLE, AccessScope
from scraper.store.service.tables import sessions
from scraper.web import door
from scraper.web.application import WebParts, health_route, metrics_route
from scraper.web.door import LONGEST_BODY
from scraper.web.readers import Readers
from tests.web.visitors import EDITOR, OPERATOR, add_people, form_key, from_elsewhere, log_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from scraper.store.service.front_desk import FrontDesk

COLUMNS = ("page", "feed", "api", "page, changed", "api, changed", "static", "metrics", "healthz")
"""What is asked: to be read, or by POST."""
OK, LOGIN, NO, TOKEN, TAKEN = 200, 303, 403, 401, 400
"""TAKEN: let through, to where it is told that this is no wish."""
MAY = {
    "nobody": (LOGIN, TOKEN, TOKEN, LOGIN, TOKEN, OK, OK, OK),
    "a wrong token": (LOGIN, TOKEN, TOKEN, LOGIN, TOKEN, OK, OK, OK),
    "a revoked token": (LOGIN, TOKEN, TOKEN, LOGIN, TOKEN, OK, OK, OK),
    "a token to read": (LOGIN, OK, OK, LOGIN, NO, OK, OK, OK),
    "a token to operate": (LOGIN, OK, OK, LOGIN, TAKEN, OK, OK, OK),
    "a session to read": (OK, OK, OK, NO, NO, OK, OK, OK),
    "a session to operate": (OK, OK, OK, TAKEN, NO, OK, OK, OK),
    "a session without the form's key": (OK, OK, OK, NO, NO, OK, OK, OK),
    "a session with another's key": (OK, OK, OK, NO, NO, OK, OK, OK),
    "a stale session": (LOGIN, TOKEN, TOKEN, LOGIN, TOKEN, OK, OK, OK),
    "a session of a removed account": (LOGIN, TOKEN, TOKEN, LOGIN, TOKEN, OK, OK, OK),
    "a session, from another site's page": (OK, OK, OK, NO, NO, OK, OK, OK),
    "a session, by a wrong name": (NO, NO, NO, NO, NO, NO, OK, OK),
    "nobody, through a proxy": (LOGIN, TOKEN, TOKEN, LOGIN, TOKEN, OK, TOKEN, OK),
    "a token to read, through a proxy": (LOGIN, OK, OK, LOGIN, NO, OK, OK, OK),
}


@dataclass(kw_only=True)
class Asking:
    """How somebody asks."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)

    def answers(self) -> tuple[int, ...]:
        def got(path: str) -> int:
            return self.client.get(path, headers=self.headers).status_code

        return (
            got("/articles"),
            got("/feeds/articles.atom"),
            got("/api/v1/articles"),
            self.client.post("/wishes", headers=self.headers, data=self.form).status_code,
            self.client.post("/api/v1/wishes", headers=self.headers, json={}).status_code,
            got("/static/style.css"),
            got("/metrics"),
            got("/healthz"),
        )


@pytest.fixture
def web(readers: Readers, desk: FrontDesk) -> WebParts:
    add_people(desk)
    more = [metrics_route(lambda: b"up 1\n", "text/plain"), health_route(lambda: True)]
    return WebParts(readers=readers, desk=desk, must_login=True, names=("news.example",), more=more)


def asking(who: str, web: WebParts, desk: FrontDesk) -> Asking:
    """Return how one of the table's rows asks."""
    found = Asking(client=from_elsewhere(web))
    if "token" in who:
        show_token(found, who, desk)
    if "session" in who:
        begin_session(found, who, web, desk)
    if "another site" in who:
        found.headers["origin"] = "https://evil.example"
    if "wrong name" in who:
        found.headers["host"] = "evil.example"
    if "proxy" in who:
        found.headers["x-forwarded-for"] = "192.0.2.7"
    return found


def show_token(found: Asking, who: str, desk: FrontDesk) -> None:
    scope = AccessScope.OPERATE if "operate" in who else AccessScope.READ
    secret = desk.accounts.add_token("dashboard", scope)
    if "revoked" in who:
        desk.accounts.revoke_token("dashboard")
    found.headers["authorization"] = f"Bearer {'x' if 'wrong' in who else secret}"


def begin_session(found: Asking, who: str, web: WebParts, desk: FrontDesk) -> None:
    log_in(found.client, EDITOR if "to read" in who else OPERATOR)
    sender = found.client
    if "another's key" in who:
        sender = from_elsewhere(web)
        log_in(sender, OPERATOR)
    if "without the form's key" not in who:
        found.form["form_key"] = form_key(sender)
    if "stale" in who:
        age_sessions(desk)
    if "removed" in who:
        desk.accounts.remove(OPERATOR)


def age_sessions(desk: FrontDesk) -> None:
    """Let all sessions be unused for longer than they hold."""
    long_ago = datetime.now(UTC) - SESSION_IDLE - timedelta(minutes=1)
    with desk.accounts._database.write() as connection:
        connection.execute(sa.update(sessions).values(seen=long_ago))


@pytest.mark.parametrize("who", MAY)
def test_each_may_do_what_the_table_says(web: WebParts, desk: FrontDesk, who: str) -> None:
    found = dict(zip(COLUMNS, asking(who, web, desk).answers(), strict=True))
    assert found == dict(zip(COLUMNS, MAY[who], strict=True))


def test_without_an_account_nobody_on_this_machine_has_to_log_in(client: TestClient) -> None:
    answers = [client.get("/articles"), client.post("/wishes"), client.post("/api/v1/wishes", json={})]
    assert [answer.status_code for answer in answers] == [OK, TAKEN, TAKEN]
    assert "Log out" not in answers[0].text


def test_the_first_account_makes_everybody_log_in_at_once(client: TestClient, desk: FrontDesk) -> None:
    assert client.get("/articles").status_code == OK
    add_people(desk)
    assert client.get("/articles").status_code == LOGIN


def test_pages_without_a_desk_let_nothing_be_changed(readers: Readers) -> None:
    pages = from_elsewhere(WebParts(readers=readers))
    answer = pages.post("/wishes", headers={"host": "127.0.0.1"})
    assert answer.status_code == NO


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_what_a_proxy_passes_on_is_refused_as_long_as_nobody_can_log_in(
    client: TestClient, header: str
) -> None:
    answer = client.get("/articles", headers={header: "192.0.2.7"})
    assert answer.status_code == NO
    assert "scraper accounts add" in answer.text


def test_too_much_is_not_read(client: TestClient) -> None:
    answers = [client.post("/wishes", content=b"a" * size) for size in (LONGEST_BODY, LONGEST_BODY + 1)]
    assert [answer.status_code for answer in answers] == [TAKEN, 413]


def test_a_program_that_asks_too_often_is_told_when_to_come_again(
    web: WebParts, desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "ASKED_A_MINUTE", 3)
    first, second = (desk.accounts.add_token(name, AccessScope.READ) for name in ("one", "two"))
    client = from_elsewhere(web)

    def asked(secret: str) -> list[int]:
        headers = {"authorization": f"Bearer {secret}"}
        return [client.get("/api/v1/sources", headers=headers).status_code for _ in range(4)]

    assert asked(first) == [OK, OK, OK, 429]
    assert asked(second) == [OK, OK, OK, 429]
    refused = client.get("/api/v1/sources", headers={"authorization": f"Bearer {first}"})
    assert 0 < int(refused.headers["retry-after"]) <= 20
    assert refused.headers["content-type"] == "application/problem+json"


def test_strangers_are_not_turned_away_without_end(web: WebParts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "STRANGERS_A_MINUTE", 2)
    client = from_elsewhere(web)
    answers = [client.get("/api/v1/sources") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [TOKEN, TOKEN, 429]
    assert answers[0].headers["www-authenticate"] == "Bearer"
    assert client.get("/login").status_code == OK


def test_when_a_session_and_a_token_were_last_used_is_noted(web: WebParts, desk: FrontDesk) -> None:
    secret = desk.accounts.add_token("dashboard", AccessScope.READ)
    client = from_elsewhere(web)
    client.get("/api/v1/sources", headers={"authorization": f"Bearer {secret}"})
    (token,) = desk.accounts.tokens()
    assert token.used is not None
    log_in(client, OPERATOR)
    before = datetime.now(UTC) - timedelta(minutes=2)
    with desk.accounts._database.write() as connection:
        connection.execute(sa.update(sessions).values(seen=before))
    client.get("/articles")
    with desk.accounts._database.read() as connection:
        assert connection.execute(sa.select(sessions.c.seen)).scalar_one() > before


def test_a_store_that_does_not_answer_lets_nobody_in(web: WebParts, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_readers: Readers) -> None:
        raise StoreDownError("the store is gone")

    monkeypatch.setattr(Readers, "reading", gone)
    answer = from_elsewhere(web).get("/articles")
    assert answer.status_code == 503
    assert "the store is gone" in answer.text


@pytest.mark.parametrize("path", ["/login", "/articles", "/api/v1/sources"])
def test_what_is_answered_at_the_door_says_what_a_browser_may_do_with_it(web: WebParts, path: str) -> None:
    headers = from_elsewhere(web).get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_pages_for_others_answer_to_any_name_unless_names_are_given(
    readers: Readers, desk: FrontDesk
) -> None:
    add_people(desk)
    pages = from_elsewhere(WebParts(readers=readers, desk=desk, must_login=True))
    assert pages.get("/login", headers={"host": "any.example"}).status_code == OK
