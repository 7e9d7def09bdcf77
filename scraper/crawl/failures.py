"""Why a request brought no page: one short word, the same in stats, in the fetch log and in messages."""

from __future__ import annotations

import errno
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

_SERVER_ERROR = 500
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Refused(IgnoreRequest):
    """A request that we do not make; its text is the cause."""


_CAUSES: Final = (
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "refused"),
    (ResponseDataLossError, "cut"),
    (DownloadCancelledError, "too_large"),
    (UnsupportedURLSchemeError, "scheme"),
    (DownloadFailedError, "connection"),
    (IgnoreRequest, "ignored"),
)


def status_cause(status: int) -> str:
    """Return the cause that an HTTP status is.

    >>> status_cause(404), status_cause(503)
    ('404', '5xx')
    """
    return "5xx" if status >= _SERVER_ERROR else str(status)


def cause_of(error: BaseException) -> str:
    """Return the cause: dns, timeout, robots, offsite, 404, 5xx, disk_full …, or the error's own name.

    >>> cause_of(DownloadTimeoutError())
    'timeout'
    """
    if isinstance(error, OSError) and error.errno in _FULL:  # the archive's
        return "disk_full"
    if isinstance(error, HttpError):
        return status_cause(error.response.status)
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
        return "robots"
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return "redirects"
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), type(error).__name__)
