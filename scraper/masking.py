"""What is shown or logged: without passwords, tokens and signatures, and without what a terminal obeys."""

from __future__ import annotations

import logging
import re
import unicodedata

from scraper.urls import BEARER_NAMES

MASK = "***"
_USER_INFO = re.compile(r"(?<=://)[^\s/?#@'\"<>]*(?:@[^\s/?#@'\"<>]*)*(?=@)")
_PARAMETER = re.compile(
    rf"((?:(?<![\w-])|(?<=%3f)|(?<=%26))(?:{BEARER_NAMES})(?:=|%3d)['\"]?)[^\s&#;,'\"<>)\]}}]+",
    re.IGNORECASE | re.VERBOSE,
)
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the direction of what follows them, beyond their own cell."""
_CREDENTIALS = re.compile(r"\b(Basic|Bearer)\s+[\w.~+/=-]{6,}")


_HIDDEN: set[str] = set()
"""What this process was told never to say."""
_SHORTEST = 6
"""Characters of a secret that is found by itself; shorter ones stand in ordinary words."""


def hide(*secrets: str) -> None:
    """Let these be masked wherever they stand from now on."""
    _HIDDEN.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def masked(text: str) -> str:
    """Return the text without the secrets in its addresses, parameters and headers.

    >>> masked("GET https://me:pw@a.example/x?token=abc&page=2, host=db password=hush")
    'GET https://***@a.example/x?token=***&page=2, host=db password=***'
    """
    for secret in sorted(_HIDDEN, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _CREDENTIALS.sub(rf"\1 {MASK}", masked_parameters(_USER_INFO.sub(MASK, text)))


def printable(text: str, *, keep_lines: bool = False) -> str:
    r"""Return the text without signs that a terminal obeys: escape sequences, and changes of direction.

    >>> printable("a\x1b[31mb\u202ec\td\n")
    'a [31mb c d '
    """
    kept = "\n" if keep_lines else ""
    return "".join(sign if sign in kept or not _is_obeyed(sign) else " " for sign in text)


def presentable(text: str) -> str:
    """Return lines as they may leave the program: masked and printable."""
    return printable(masked(text), keep_lines=True)


def _is_obeyed(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in _DIRECTIONS


def masked_parameters(text: str) -> str:
    """Return the text without the values of parameters that let their bearer in."""
    return _PARAMETER.sub(rf"\1{MASK}", text)


class MaskingFormatter(logging.Formatter):
    """Writes what another formatter does, tracebacks included, without secrets and signs of control."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return presentable(self._inner.format(record))


def mask_logs() -> None:
    """Mask what the root logger's present handlers write; doing it again changes nothing."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(handler.formatter))
