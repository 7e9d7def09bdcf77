"""What is shown or logged: without passwords, tokens and signatures, and without what a terminal obeys."""

from __future__ import annotations

import logging
import re
import unicodedata
from urllib.parse import unquote

from scraper.urls import BEARER_NAMES

MASK = "***"
_SCHEME = re.compile(r"\b([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_WEB = frozenset({"http", "https"})
_AUTHORITY = re.compile(r"[^\s/?#'\"<>]*")
_NAME_AND_COLON = re.compile(r"[^\s/?#@:'\"<>]*:(?!\s)(?P<port>\d{1,5}(?=[/?#\s'\"]|$))?")
"""How user info begins that no standard allows, or a host with its port."""
_WORD = re.compile(r"[^\s'\"<>]*@")
_LINE = re.compile(r"(?:(?!://|['\"][,:)\]}\s]).)*@(?=[\w.\[\]-]*(?::\d+)?/)")
"""Up to the last @ before a host and a path, past spaces and quotes but not past the end of a quoted text."""
_PARAMETER = re.compile(
    rf"""((?:(?<![\w-])|(?<=%3f)|(?<=%26))(?:{BEARER_NAMES})(?:=|%3d|(?P<named>['"])\s*:\s*(?=['"])))
    (?: (?P<quote>['"]) (?:\\.|(?P=quote){{2}}|(?!(?P=quote)).)* (?=(?P=quote))
      | (?(named)(?!)|['"]?[^\s&#;,'"<>)\]}}]+) )""",
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
    # by their shape first: a secret may be a word that such a shape is known by ("secret")
    text = _CREDENTIALS.sub(rf"\1 {MASK}", masked_parameters(_without_user_info(text)))
    for secret in sorted(_HIDDEN, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


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
    return _PARAMETER.sub(lambda found: f"{found[1]}{found['quote'] or ''}{MASK}", text)


def user_info(address: str) -> str:
    """Return what stands in an address before its host, as written, such as a name and a password."""
    scheme = _SCHEME.match(address)
    return address[scheme.end() : _end_of_user_info(address, scheme)] if scheme else ""


def hide_user_info(address: str) -> None:
    """Let what stands in an address before its host be masked wherever it stands from now on."""
    if found := user_info(address):
        password = found.partition(":")[2]
        hide(found, password, unquote(password))


def _without_user_info(text: str) -> str:
    kept, at = [], 0
    for scheme in _SCHEME.finditer(text):
        if scheme.start() >= at and (end := _end_of_user_info(text, scheme)) > scheme.end():
            kept += [text[at : scheme.end()], MASK]
            at = end
    return "".join((*kept, text[at:])) if kept else text


def _end_of_user_info(text: str, scheme: re.Match[str]) -> int:
    """Return where the @ before the host stands; the end of the scheme where there is none.

    A database's password may hold, unquoted, whatever it likes; a page's neither white space nor quotes.
    """
    begin = scheme.end()
    authority = _AUTHORITY.match(text, begin)
    plain = text.rfind("@", begin, authority.end() if authority else begin)
    is_web = scheme[1].lower() in _WEB
    name = _NAME_AND_COLON.match(text, begin)
    if name is None or (is_web and (plain >= 0 or name["port"])):
        return max(plain, begin)
    word = _WORD.match(text, begin)
    line = None if is_web or name["port"] else _LINE.match(text, begin)
    return max(plain, begin, *(found.end() - 1 for found in (word, line) if found))


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
