"""Where the words of a page stand in its source: in text, attributes, comments, JSON and scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKUP = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<(?P<raw>script|style)\b(?P<told>[^>]*)>(?P<code>.*?)(?:</(?P=raw)\b[^>]*>|\Z)"
    r"|<[!?/][^>]*>"
    r"|<(?P<tag>[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""(?P<name>[^\s=>"'/]+)\s*=\s*(?P<quote>["'])(?P<value>.*?)(?P=quote)""", re.DOTALL)
_READ = {"content", "alt", "title", "placeholder", "aria-label", "value", "label", "summary"}
"""Attributes that hold text; those for programs (data-…) may."""
_TECHNICAL = re.compile(
    r"\b(?:http-equiv|name\s*=\s*[\"']?(?:viewport|robots|referrer|format-detection|apple-|msapplication-))",
    re.IGNORECASE,
)
"""A meta element whose content is for browsers."""
_LITERAL = re.compile(r"""(?P<quote>["'`])(?P<inner>(?:[^\\\n]|\\.)*?)(?P=quote)(?P<key>\s*:)?""")
_JSON_STRING = re.compile(r'"(?P<inner>(?:[^"\\]|\\.)*)"(?P<key>\s*:)?', re.DOTALL)
_JSON = re.compile(r"json", re.IGNORECASE)
_SPACED = re.compile(r"\w\S*\s+\S*\w")
_SENTENCE = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}\s+[^\W\d_]{2,}")


class Kind(Enum):
    """How a text is written in the source."""

    TEXT = "text"
    """With character references."""
    LITERAL = "literal"
    """With backslash escapes, as in JSON."""


@dataclass(frozen=True, slots=True)
class Place:
    """A text that holds words."""

    start: int
    end: int
    kind: Kind


def places(page: str) -> Iterator[Place]:
    """Yield where words stand, in order; a value without a space (an address, a type, a code) is none."""
    yield from _in_markup(page, 0, len(page))


def _in_markup(page: str, start: int, end: int) -> Iterator[Place]:
    at = start
    for match in _MARKUP.finditer(page, start, end):
        if match.start() > at:
            yield Place(at, match.start(), Kind.TEXT)
        at = match.end()
        if match["comment"]:
            yield from _in_markup(page, *match.span("comment"))
        elif match["raw"] and match["raw"].lower() == "script":
            yield from _in_script(page, match)
        elif match["attributes"]:
            yield from _in_attributes(page, match)
    if end > at:
        yield Place(at, end, Kind.TEXT)


def _in_script(page: str, match: re.Match[str]) -> Iterator[Place]:
    is_json = bool(_JSON.search(match["told"])) or match["code"].lstrip()[:1] in {"{", "["}
    literal, wanted = (_JSON_STRING, _SPACED) if is_json else (_LITERAL, _SENTENCE)
    for found in literal.finditer(page, *match.span("code")):
        if not found["key"] and wanted.search(found["inner"]):
            yield Place(*found.span("inner"), Kind.LITERAL)


def _in_attributes(page: str, match: re.Match[str]) -> Iterator[Place]:
    is_technical = match["tag"].lower() == "meta" and _TECHNICAL.search(match["attributes"])
    for found in _ATTRIBUTE.finditer(page, *match.span("attributes")):
        name = found["name"].lower()
        is_read = name in _READ or name.startswith("data-")
        if is_read and not is_technical and _SPACED.search(found["value"]):
            yield Place(*found.span("value"), Kind.TEXT)
