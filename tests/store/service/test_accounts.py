from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.errors import InputError
from scraper.store.service import accounts as module
from scraper.store.service.accounts import (
    SESSION_IDLE,
    SESSION_LASTS,
    TOKEN_PREFIX,
    AccessScope,
    WebAccounts,
    check_name,
)
from scraper.store.service.front_desk import FrontDesk
from scraper.store.sql.database import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection


@pytest.fixture(params=["sqlite", "postgresql"])
def known(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WebAccounts]:
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/news.db" if is_file else request.getfixturevalue("postgresql_url")
    with FrontDesk(url) as desk:
        yield desk.accounts


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """How much later it is than the clock says: the first of this list."""
    found = [timedelta()]

    def moved(connection: Connection) -> object:
        return clock(connection) + found[0]

    monkeypatch.setattr(module, "clock", moved)
    return found


def test_accounts_are_added_listed_and_removed_by_name(known: WebAccounts) -> None:
    assert not known.exist()
    known.add("bo", "hash of bo", AccessScope.READ)
    known.add("ana", "hash of ana", AccessScope.OPERATE)
    assert [(each.name, each.scope) for each in known.find()] == [
        ("ana", AccessScope.OPERATE),
        ("bo", AccessScope.READ),
    ]
    assert known.exist()
    assert (known.password_of("ana"), known.password_of("nobody")) == ("hash of ana", None)
    known.remove("bo")
    assert [each.name for each in known.find()] == ["ana"]


def test_what_is_there_already_or_is_not_there_is_told(known: WebAccounts) -> None:
    known.add("ana", "hash", AccessScope.READ)
    known.add_token("dashboard", AccessScope.READ)
    with pytest.raises(InputError, match="there is an account ana already"):
        known.add("ana", "hash", AccessScope.READ)
    with pytest.raises(InputError, match="there is a token dashboard already"):
        known.add_token("dashboard", AccessScope.READ)
    for unknown in (known.remove, lambda name: known.change_password(name, "hash")):
        with pytest.raises(InputError, match="there is no account bo"):
            unknown("bo")
    with pytest.raises(InputError, match="there is no token bo"):
        known.revoke_token("bo")


@pytest.mark.parametrize("name", ["", "a b", "<b>", "a" * 65, "ana\n"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="is no name"):
        check_name(name)


def test_a_session_is_of_its_account_until_it_is_ended(known: WebAccounts) -> None:
    known.add("ana", "hash", AccessScope.OPERATE)
    secret, other = known.begin_session("ana"), known.begin_session("ana")
    found = known.session(secret)
    assert found is not None
    assert (found.account, found.scope, found.is_to_be_noted) == ("ana", AccessScope.OPERATE, False)
    known.end_session(secret)
    assert known.session(secret) is None
    assert known.session(other) is not None
    assert known.session("") is None


def test_a_session_ends_unused_and_after_its_time_however_much_it_is_used(
    known: WebAccounts, later: list[timedelta]
) -> None:
    known.add("ana", "hash", AccessScope.READ)
    secret = known.begin_session("ana")
    step = SESSION_IDLE - timedelta(minutes=5)
    while later[0] + step < SESSION_LASTS:
        later[0] += step
        found = known.session(secret)
        assert found is not None
        assert found.is_to_be_noted
        known.note_session(secret)
    later[0] = SESSION_LASTS + timedelta(minutes=1)
    assert known.session(secret) is None
    later[0] = timedelta()
    unused = known.begin_session("ana")
    later[0] = SESSION_IDLE + timedelta(minutes=1)
    assert known.session(unused) is None


def test_another_password_and_the_end_of_an_account_end_its_sessions(known: WebAccounts) -> None:
    for name in ("ana", "bo"):
        known.add(name, "hash", AccessScope.READ)
    secrets = {name: known.begin_session(name) for name in ("ana", "bo")}
    known.change_password("ana", "another hash")
    assert known.password_of("ana") == "another hash"
    assert known.session(secrets["ana"]) is None
    assert known.session(secrets["bo"]) is not None
    known.remove("bo")
    assert known.session(secrets["bo"]) is None


def test_a_token_is_known_by_its_secret_until_it_is_revoked(
    known: WebAccounts, later: list[timedelta]
) -> None:
    secret = known.add_token("dashboard", AccessScope.READ)
    assert secret.startswith(TOKEN_PREFIX)
    found = known.token(secret)
    assert found is not None
    assert (found[0].name, found[0].scope, found[0].used, found[1]) == (
        *("dashboard", AccessScope.READ, None),
        True,
    )
    known.note_token("dashboard")
    assert [known.token(secret) and known.token(secret)[1]] == [False]  # type: ignore[index]
    later[0] = timedelta(minutes=2)
    assert known.tokens()[0].used is not None
    assert known.token(secret)[1]  # type: ignore[index]
    known.revoke_token("dashboard")
    assert known.token(secret) is None


def test_no_secret_stands_in_the_store(known: WebAccounts) -> None:
    known.add("ana", "hash", AccessScope.READ)
    secrets = {known.begin_session("ana"), known.add_token("dashboard", AccessScope.READ)}
    rows = [*known._database.run("SELECT * FROM sessions"), *known._database.run("SELECT * FROM tokens")]
    assert not [secret for secret in secrets if secret in str(rows)]
    assert len(secrets) == 2
