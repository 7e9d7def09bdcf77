"""What holds for every request: which names the pages answer to, and what browsers may do with an answer."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""No script, no style that stands in a page, nothing from elsewhere."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""Of every answer that does not say otherwise. Without any referrer browsers would not say, of our own forms,
where they come from."""
KEPT_LONG = "public, max-age=31536000, immutable"
FOR_PROGRAMS = frozenset({"/metrics", "/healthz"})
"""Asked by programs of this network, under whatever name."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME = frozenset({"same-origin", "none"})


class Guard:
    """Refuses what another site's page sends through a visitor's browser, and says what answers may do."""

    def __init__(self, app: ASGIApp, *, names: Collection[str], is_open: bool) -> None:
        """Only asked by these names, and this machine's own; `is_open`: by any, since a login is needed."""
        self._app = app
        self._names = frozenset(name.lower() for name in names)
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith("/static/"):
                    headers["cache-control"] = KEPT_LONG  # its address changes with it
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = (
            "" if scope["path"] in FOR_PROGRAMS else self._refusal(scope["method"], Headers(scope=scope))
        )
        if refused:
            await PlainTextResponse(f"{refused}\n", status_code=403)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _refusal(self, method: str, headers: Headers) -> str:
        """Return what is wrong with a request, or ''."""
        host = headers.get("host", "")
        if not self._answers_to(host_name(host)):
            return f"these pages do not answer to the name {host_name(host)!r}"
        if method in SAFE_METHODS:
            return ""
        origin = headers.get("origin")
        if headers.get("sec-fetch-site", "none") not in _SAME or (
            origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        ):
            return "a form of another site cannot be sent here"
        return ""

    def _answers_to(self, name: str) -> bool:
        return is_loopback(name) or name in self._names or (self._is_open and not self._names)


def host_name(host: str) -> str:
    """Return the name of a Host header, without its port.

    >>> host_name("News.example:8080"), host_name("[::1]:8080")
    ('news.example', '::1')
    """
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_loopback(name: str) -> bool:
    """Return whether a name is this machine's own, which no other machine reaches."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
