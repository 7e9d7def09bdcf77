"""Why a request brought no page: one short word, the same in stats, in the fetch log and in messages."""

from __future__ import annotations

from typing import Final

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from scraper.errors import StoreError

HOST_DOWN, INTERRUPTED, TRAP, HOST_BUDGET = "host_down", "interrupted", "trap", "host_budget"
UNASKED: Final = frozenset({HOST_DOWN, INTERRUPTED, TRAP, HOST_BUDGET})
"""Causes of requests that were never made: they say nothing of the page, and a later crawl may make them."""
REDIRECTS: Final = "redirects"
STORE: Final = "store"
"""The database, or the archive, refused: nothing is held against the page."""
_SERVER_ERROR = 500
_TLS = ("OpenSSL.", "service_identity.", "twisted.internet._sslverify")
"""Modules of the exceptions that TLS ends with."""


class Refused(IgnoreRequest):
    """A request that we do not make; its text is the cause."""

    moved_to: str | None = None
    """Where a redirect led that left the site."""


_CAUSES: Final = (
    (StoreError, STORE),
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "refused"),
    (ResponseDataLossError, "cut"),
    (DownloadCancelledError, "too_large"),
    (UnsupportedURLSchemeError, "scheme"),
    (DownloadFailedError, "connection"),
)
_IGNORED: Final = (("robots.txt", "robots"), ("redirections", REDIRECTS))
"""What Scrapy says as it ignores a request."""


def status_cause(status: int) -> str:
    """Return the cause that an HTTP status is.

    >>> status_cause(404), status_cause(503)
    ('404', '5xx')
    """
    return "5xx" if status >= _SERVER_ERROR else str(status)


def _is_tls(error: DownloadFailedError) -> bool:
    """Return whether TLS refused the connection: a certificate, a protocol, but no mere end of it."""
    reasons = getattr(error.__cause__, "reasons", ())
    return any(
        type(reason.value).__module__.startswith(_TLS) and "unexpected eof" not in str(reason.value)
        for reason in reasons
    )


def cause_of(error: BaseException) -> str:
    """Return the cause: dns, timeout, robots, offsite, 404, 5xx …, or the error's own name.

    >>> cause_of(DownloadTimeoutError())
    'timeout'
    """
    if isinstance(error, HttpError):
        return status_cause(error.response.status)
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, IgnoreRequest):
        return next((cause for words, cause in _IGNORED if words in str(error)), "ignored")
    if isinstance(error, DownloadFailedError) and _is_tls(error):
        return "tls"
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), type(error).__name__)
