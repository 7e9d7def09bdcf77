"""Who may look at the pages and who may do what: accounts with their sessions, and tokens for programs.

What lets its bearer in is not stored: of a session and of a token there is a digest, of a password a hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.errors import InputError
from scraper.store.service.tables import accounts, sessions, tokens
from scraper.store.sql.database import NO_LOCK, clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.store.sql.database import Database

SESSION_IDLE = timedelta(hours=12)
"""A session ends when it was not used for so long …"""
SESSION_LASTS = timedelta(days=7)
"""… and after so long whatever is done with it."""
NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session or token was last used."""
TOKEN_PREFIX = "scraper_"  # noqa: S105 - by which one that was published by mistake is found
_NAME = re.compile(r"[\w.@+-]{1,64}")
_LOCK = "accounts"


class AccessScope(StrEnum):
    """What one may do."""

    READ = "read"
    OPERATE = "operate"
    """Read, and wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may log in."""

    name: str
    scope: AccessScope
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program shows to be let in."""

    name: str
    scope: AccessScope
    created: datetime
    used: datetime | None
    """To the minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login of an account that holds still."""

    account: str
    scope: AccessScope
    is_to_be_noted: bool
    """It was last noted as used a while ago."""


class WebAccounts:
    """What the database knows of accounts. Every method may raise StoreError, what changes InputError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def exist(self) -> bool:
        """Return whether there is any account."""
        with self._database.read() as connection:
            return connection.execute(sa.select(accounts.c.name).limit(1)).first() is not None

    def find(self) -> Sequence[Account]:
        """Return all accounts by name."""
        columns = (accounts.c.name, accounts.c.scope, accounts.c.created)
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*columns).order_by(accounts.c.name)).all()
        return [Account(name=row.name, scope=AccessScope(row.scope), created=row.created) for row in rows]

    def add(self, name: str, password: str, scope: AccessScope) -> None:
        """Add an account; `password` is the hash of one."""
        check_name(name)
        with self._database.write(lock=_LOCK) as connection:
            if connection.execute(sa.select(accounts.c.name).where(accounts.c.name == name)).first():
                raise InputError(f"there is an account {name} already: scraper accounts password changes it")
            row = {"name": name, "password": password, "scope": scope, "created": clock(connection)}
            connection.execute(sa.insert(accounts).values(row))

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password, by its hash, and end its sessions."""
        with self._database.write(lock=_LOCK) as connection:
            changed = sa.update(accounts).where(accounts.c.name == name).values(password=password)
            if not connection.execute(changed).rowcount:
                raise _unknown_account(name)
            connection.execute(sa.delete(sessions).where(sessions.c.account == name))

    def remove(self, name: str) -> None:
        """Remove an account and end its sessions."""
        with self._database.write(lock=_LOCK) as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.account == name))
            if not connection.execute(sa.delete(accounts).where(accounts.c.name == name)).rowcount:
                raise _unknown_account(name)

    def password_of(self, name: str) -> str | None:
        """Return the hash of an account's password."""
        with self._database.read() as connection:
            return connection.execute(
                sa.select(accounts.c.password).where(accounts.c.name == name)
            ).scalar_one_or_none()

    def begin_session(self, name: str) -> str:
        """Begin a session of an account and return its secret; those that are over are forgotten."""
        secret = secrets.token_urlsafe(32)
        with self._database.write(lock=_LOCK) as connection:
            now = clock(connection)
            over = (sessions.c.seen < now - SESSION_IDLE) | (sessions.c.created < now - SESSION_LASTS)
            connection.execute(sa.delete(sessions).where(over))
            row = {"key": _digest(secret), "account": name, "created": now, "seen": now}
            connection.execute(sa.insert(sessions).values(row))
        return secret

    def session(self, secret: str) -> Session | None:
        """Return the session of a secret; None for one that is over."""
        statement = (
            sa.select(sessions.c.account, sessions.c.created, sessions.c.seen, accounts.c.scope)
            .join(accounts, accounts.c.name == sessions.c.account)
            .where(sessions.c.key == _digest(secret))
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
            if row is None:
                return None
            now = clock(connection)
        if row.seen < now - SESSION_IDLE or row.created < now - SESSION_LASTS:
            return None
        noted = row.seen < now - NOTED_EVERY
        return Session(account=row.account, scope=AccessScope(row.scope), is_to_be_noted=noted)

    def note_session(self, secret: str) -> None:
        """Note that a session is used now."""
        with self._database.write(lock=NO_LOCK) as connection:
            used = sa.update(sessions).where(sessions.c.key == _digest(secret))
            connection.execute(used.values(seen=clock(connection)))

    def end_session(self, secret: str) -> None:
        """End a session, where there is one of that secret."""
        with self._database.write(lock=NO_LOCK) as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.key == _digest(secret)))

    def add_token(self, name: str, scope: AccessScope) -> str:
        """Make a token and return its secret, which nobody can be told again."""
        check_name(name)
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._database.write(lock=_LOCK) as connection:
            if connection.execute(sa.select(tokens.c.name).where(tokens.c.name == name)).first():
                raise InputError(f"there is a token {name} already: scraper tokens revoke ends it")
            row = {"name": name, "key": _digest(secret), "scope": scope, "created": clock(connection)}
            connection.execute(sa.insert(tokens).values(row))
        return secret

    def tokens(self) -> Sequence[Token]:
        """Return all tokens by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(tokens).order_by(tokens.c.name)).all()
        return [
            Token(name=row.name, scope=AccessScope(row.scope), created=row.created, used=row.used)
            for row in rows
        ]

    def token(self, secret: str) -> tuple[Token, bool] | None:
        """Return the token of a secret, and whether its use is to be noted."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(tokens).where(tokens.c.key == _digest(secret))).first()
            if row is None:
                return None
            now = clock(connection)
        found = Token(name=row.name, scope=AccessScope(row.scope), created=row.created, used=row.used)
        return found, row.used is None or row.used < now - NOTED_EVERY

    def note_token(self, name: str) -> None:
        """Note that a token is used now."""
        with self._database.write(lock=NO_LOCK) as connection:
            used = sa.update(tokens).where(tokens.c.name == name)
            connection.execute(used.values(used=clock(connection)))

    def revoke_token(self, name: str) -> None:
        """End a token."""
        with self._database.write(lock=_LOCK) as connection:
            if not connection.execute(sa.delete(tokens).where(tokens.c.name == name)).rowcount:
                raise InputError(f"there is no token {name}: scraper tokens list shows them")


def check_name(name: str) -> None:
    """Raise InputError for a name that an account or token cannot have."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name: 1 to 64 letters, digits, and . @ + _ -")


def _unknown_account(name: str) -> InputError:
    return InputError(f"there is no account {name}: scraper accounts list shows them")


def _digest(secret: str) -> str:
    """Return what is stored of a secret: of 256 random bits a plain digest tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
