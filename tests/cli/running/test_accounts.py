from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scraper.cli.running import accounts as module
from scraper.errors import ConfigError, InputError
from scraper.store.service.front_desk import FrontDesk
from scraper.web.passwords import is_password

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

PASSWORD = "the ferry comes at noon"


def stored(name: str) -> str | None:
    with FrontDesk("sqlite:///news.db") as desk:
        return desk.accounts.password_of(name)


def test_a_password_is_the_first_line_of_what_is_given_and_never_an_argument(
    news: str, run: Callable[..., Result]
) -> None:
    told = run("accounts", "add", "ana", "--operate", given=f"{PASSWORD}\nmore\n").output
    assert told == "ana may log in and operate\n"
    assert is_password(stored("ana"), PASSWORD)
    run("accounts", "password", "ana", given="it comes at eleven\n")
    assert is_password(stored("ana"), "it comes at eleven")
    (row,) = (json.loads(line) for line in run("accounts", "list", "--json").output.splitlines())
    assert (row["name"], row["scope"]) == ("ana", "operate")
    run("accounts", "remove", "ana")
    assert stored("ana") is None


def test_on_a_terminal_a_password_is_asked_for_twice(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = iter([PASSWORD, PASSWORD, PASSWORD, "the ferry comes at one"])
    monkeypatch.setattr(module, "has_terminal", lambda: True)
    monkeypatch.setattr(module, "getpass", lambda _question: next(given))
    run("accounts", "add", "ana")
    assert is_password(stored("ana"), PASSWORD)
    with pytest.raises(InputError, match="the two differ"):
        run("accounts", "password", "ana")


@pytest.mark.parametrize(
    ("name", "password", "said"), [("a b", PASSWORD, "is no name"), ("ana", "short", "12 to 1000")]
)
def test_what_is_no_name_or_no_password_is_refused(
    news: str, run: Callable[..., Result], name: str, password: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        run("accounts", "add", name, given=f"{password}\n")
    assert stored(name) is None


def test_without_the_extra_it_is_named(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "has_web", lambda: False)
    with pytest.raises(ConfigError, match=r"news-scraper\[web\]"):
        run("accounts", "add", "ana", given=f"{PASSWORD}\n")


def test_a_token_is_printed_once_and_can_be_revoked(news: str, run: Callable[..., Result]) -> None:
    secret = run("tokens", "add", "dashboard").stdout.strip()
    with FrontDesk("sqlite:///news.db") as desk:
        assert desk.accounts.token(secret) is not None
    listed = run("tokens", "list").output
    assert "dashboard\tread" in listed
    assert secret not in listed
    run("tokens", "revoke", "dashboard")
    assert "there is no token" in run("tokens", "list").output
