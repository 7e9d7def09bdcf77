"""Who asks, and what they sent: noted at the door for whoever answers."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks."""

    name: str = ""
    """Of an account or a token; '' where nobody has to log in."""
    may_operate: bool = False
    form_key: str = ""
    """What each of their forms holds, so that no other page can send one; '' without a session."""
    may_read: bool = True


_LONGEST_ADDRESS = 64
STRANGER = Visitor(may_read=False)


def visitor_of(request: Request) -> Visitor:
    """Return who asks."""
    found = getattr(request.state, "visitor", STRANGER)
    assert isinstance(found, Visitor)
    return found


def session_cookie(request: Request) -> str:
    """Return the name of the cookie that holds a session: behind https no other host can set it."""
    return "__Host-scraper" if request.url.scheme == "https" else "scraper"


def asked_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent; of one that is no form, none."""
    body: bytes = getattr(request.state, "body", b"")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    with suppress(ValueError):  # more fields than any form of ours has
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    return {}


def network_of(address: str) -> str:
    """Return whose address it is, so far as that can be told: of IPv6 one has a network of them.

    >>> network_of("2001:db8:1:2:3::4"), network_of("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    with suppress(ValueError):
        found = ipaddress.IPv6Address(address)
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False))
    return address[:_LONGEST_ADDRESS]


def form_key_of(secret: str) -> str:
    """Return what the forms of a session hold: of its secret, and of no use to find that."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()
