"""Passwords: argon2id by its authors' recommendation for machines with little memory to spare."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from scraper.errors import InputError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
_AT_ONCE = 2
"""Passwords that are checked at a time, 64 MB each; others wait."""


def hash_password(password: str) -> str:
    """Return what is stored of a password. Raises InputError for one that is short, or too long to be one."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return _hasher().hash(password)


def is_password(stored: str | None, given: str) -> bool:
    """Return whether it is the password; of an account that is not there no, after as long a time."""
    with _turns():
        try:
            is_right = _hasher().verify(stored or _of_nobody(), given[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False
    return is_right and stored is not None


@cache
def _turns() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(_AT_ONCE)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _of_nobody() -> str:
    return _hasher().hash("a password that nobody has")
