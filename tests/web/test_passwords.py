from __future__ import annotations

import pytest

from scraper.errors import InputError
from scraper.web.passwords import hash_password, is_password
from tests.web.visitors import PASSWORD, stored_password


def test_a_password_is_known_by_its_hash_which_does_not_hold_it() -> None:
    assert stored_password().startswith("$argon2id$")
    assert PASSWORD not in stored_password()
    assert is_password(stored_password(), PASSWORD)


@pytest.mark.parametrize(
    ("stored", "given"), [(True, "another"), (True, ""), (False, "a password that nobody has")]
)
def test_another_password_or_none_is_not_it(given: str, *, stored: bool) -> None:
    assert not is_password(stored_password() if stored else None, given)


def test_what_is_no_hash_lets_nobody_in() -> None:
    assert not is_password("plain", "plain")


@pytest.mark.parametrize("password", ["", "eleven sign", "a" * 1001])
def test_a_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(InputError, match="12 to 1000 characters"):
        hash_password(password)
