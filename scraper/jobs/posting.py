"""One message to one server, and when to try again where it did not arrive."""

from __future__ import annotations

import urllib.request
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from scraper.errors import StoreError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

TIMEOUT = 20
"""Seconds that a server or command has for one message."""
TRY_AGAIN_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""After a failed attempt."""
DELIVERY_POLL = 5.0

log = structlog.get_logger("scraper.posting")


def post_json(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post it; an answer of 200 to 299 means that it arrived. Any other raises OSError."""
    request = urllib.request.Request(  # noqa: S310 - checked when configured
        url, body, {"Content-Type": "application/json", **headers}
    )
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as response:
        response.read(1)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is posted would be lost on the way, and the message count as arrived."""

    def redirect_request(self, *_arguments: object) -> None:
        """Return nothing to ask for: the answer is an error then."""


def try_to_send(send: Callable[[], object]) -> str | None:
    """Send a message; return why it did not arrive, None if it did."""
    try:
        send()
    except Exception as error:  # noqa: BLE001 - a server that answers no HTTP raises what it likes
        return f"{type(error).__name__}: {error}"
    return None


def keep_delivering(deliver: Callable[[], object], stop: threading.Event) -> None:
    """Deliver what is due until asked to stop; for a thread of its own."""
    while not stop.wait(DELIVERY_POLL):
        try:
            deliver()
        except StoreError as error:
            log.warning("the database does not answer", error=str(error))
