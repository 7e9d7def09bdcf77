"""Passwords, tokens and signatures are taken out of whatever is shown or logged."""

from __future__ import annotations

import logging
import re

from scraper.urls import BEARER_NAMES

MASK = "***"
_USER_INFO = re.compile(r"(?<=://)[^\s/?#@'\"<>]*(?:@[^\s/?#@'\"<>]*)*(?=@)")
_PARAMETER = re.compile(
    rf"((?:(?<![\w-])|(?<=%3f)|(?<=%26))(?:{BEARER_NAMES})(?:=|%3d)['\"]?)[^\s&#;,'\"<>)\]}}]+",
    re.IGNORECASE | re.VERBOSE,
)
_CREDENTIALS = re.compile(r"\b(Basic|Bearer)\s+[\w.~+/=-]{6,}")


def masked(text: str) -> str:
    """Return the text without the secrets in its addresses, parameters and headers.

    >>> masked("GET https://me:pw@a.example/x?token=abc&page=2, host=db password=hush")
    'GET https://***@a.example/x?token=***&page=2, host=db password=***'
    """
    return _CREDENTIALS.sub(rf"\1 {MASK}", masked_parameters(_USER_INFO.sub(MASK, text)))


def masked_parameters(text: str) -> str:
    """Return the text without the values of parameters that let their bearer in."""
    return _PARAMETER.sub(rf"\1{MASK}", text)


class MaskingFormatter(logging.Formatter):
    """Writes what another formatter does, tracebacks included, without the secrets."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return masked(self._inner.format(record))


def mask_logs() -> None:
    """Mask what the root logger's present handlers write; doing it again changes nothing."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(handler.formatter))
