"""What a database says of a failure, in words that help: what is wrong, and what to do about it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from scraper.errors import StoreDownError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

_PASSING = (
    (
        ("locked", "lock timeout", "canceling statement due to lock"),
        "another process holds it: end that one, or try again",
    ),
    (
        ("database or disk is full", "no space left"),
        "the disk is full: free space, then run again; nothing that was committed is lost",
    ),
    (
        ("refused", "could not connect", "connection failed", "resolve"),
        "no server answers there: start it, or check host and port",
    ),
    (
        (
            "closed the connection",
            "idle-in-transaction",
            "terminating connection",
            "connection is closed",
            "connection is lost",
        ),
        "the server ended the connection: run again when it is up",
    ),
)
"""Signs in what a database says of a failure that may pass by itself, and what to do."""
_LASTING = (
    (("readonly", "read-only"), "it cannot be written: check the permissions of the file and its folder"),
    (("not a database", "malformed"), "it is damaged or no database: restore a backup, or name another file"),
    (("interrupted", "statement timeout"), "the search took too long: name a site or dates, or rarer words"),
    (("unable to open",), "it cannot be opened: make its folder, or check its permissions"),
    (
        ("password authentication", "role "),
        "the server refused the user: check name and password in the store's address",
    ),
    (("does not exist",), "the server has no such database: create it with createdb"),
)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what a database says into a StoreError that names it and what to do."""
    try:
        yield
    except DBAPIError as error:
        raise failure_of(name, error.orig) from error
    except SQLAlchemyError as error:
        raise StoreError(f"{name}: {_first_line(error)}") from error


def shown_name(url: sa.URL) -> str:
    """Return the database's address without its password and options."""
    if url.get_backend_name() == "sqlite":
        return url.database or "a database in memory"
    return url.set(query={}).render_as_string(hide_password=True)


def failure_of(name: str, error: BaseException | None) -> StoreError:
    """Return what is wrong with a database, and what to do about it."""
    text = str(error).lower()
    for kind, known in ((StoreError, _LASTING), (StoreDownError, _PASSING)):
        for signs, advice in known:
            if any(sign in text for sign in signs):
                return kind(f"{name}: {advice} ({_first_line(error)})")
    return StoreError(f"{name}: the database refused ({_first_line(error)})")


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
