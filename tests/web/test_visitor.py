from __future__ import annotations

import pytest
from starlette.requests import Request

from scraper.web.visitor import STRANGER, asked_form, form_key_of, network_of, visitor_of

FORM = "application/x-www-form-urlencoded"


def sent(body: bytes, kind: str = FORM) -> Request:
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    request = Request(scope)
    request.state.body = body
    return request


@pytest.mark.parametrize(
    ("body", "kind", "fields"),
    [
        (b"a=1&b=%C3%A9+x", f"{FORM}; charset=utf-8", {"a": "1", "b": "é x"}),
        (b"a=", FORM, {"a": ""}),
        (b'{"a": 1}', "application/json", {}),
        (b"a=1", "text/plain", {}),
        (b"&".join(b"a=1" for _ in range(1000)), FORM, {}),
        (b"a=%ff", FORM, {"a": "\ufffd"}),
    ],
)
def test_only_a_form_has_fields(body: bytes, kind: str, fields: dict[str, str]) -> None:
    assert asked_form(sent(body, kind)) == fields


def test_who_was_not_seen_at_the_door_is_a_stranger() -> None:
    assert visitor_of(sent(b"")) is STRANGER
    assert not STRANGER.may_read


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::2", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_of_ipv6_a_network_counts_as_one_who_asks(address: str, network: str) -> None:
    assert network_of(address) == network


def test_each_secret_has_a_key_for_forms_of_its_own() -> None:
    assert form_key_of("one") != form_key_of("two")
    assert "one" not in form_key_of("one")
