"""The limits on what is parsed, and the flat, small page that is made of the text of one beyond them.

Every pass is linear in the length of the page, so that no page can be made that is slow to check.
Read by page.document.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING

import numpy as np
from lxml import etree

from scraper.extraction.page import jsonld

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# of 1,558 real pages the largest had 5.3 M characters, 22,000 tags, 51 open elements, 136 attributes in a tag
MOST_TEXT = 10_000_000
"""Characters; libxml2 drops what follows a text of that length without a word."""
MOST_TAGS = 60_000
"""Occurrences of "<": trafilatura's passes over the tree are quadratic in places."""
MOST_DEPTH = 250
"""Open elements; libxml2 drops what lies below 255 without a word."""
MOST_ATTRIBUTES = 1_000
"""In one tag; libxml2 compares each with each: 64,000 took 10 s."""
MOST_DECLARATION = 2_000
"""Characters of a DOCTYPE or other declaration; one of 40,000 took 7 s."""

_TOKENS = 10
"""Tags and texts that are read, as a multiple of the most tags: in about 2 s."""
_KEPT_BLOCKS = 1_500
_KEPT_TEXT = 500_000
"""Of the rebuilt page: three times the longest article of 957, and under a second to extract."""
_KEPT_BLOCK = 20_000
"""Of one block: no paragraph of a real page is longer."""
_KEPT_STATEMENTS = 200
_KEPT_JSON = 20

_NEARLY = 0.8
"""Of the most depth: a tree so deep may have been cut."""

_OPTIONAL = frozenset((
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup",
    "rb", "rt", "rp", "rtc", "html", "head", "body", "area", "base", "br", "col", "embed", "hr", "img",
    "input", "link", "meta", "param", "source", "track", "wbr", "path", "circle", "rect", "line",
    "polygon", "polyline", "ellipse", "use", "stop", "frame",
))  # fmt: skip
"""Elements without an end tag, or that end without one: they say nothing about depth."""
_INLINE = frozenset((
    "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "tt", "u", "var", "wbr",
))  # fmt: skip
_RAW = {"!--": "--", "script": "/script", "style": "/style", "textarea": "/textarea"}
_BLOCKS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote", "title"))
_UNREAD = ("script", "style", "noscript", "svg", "template", "iframe", "textarea", "select", "object")
_NAME = re.compile(r"<(/?[a-zA-Z][^\s<>/]*|!--)|(--)>")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_TAG = re.compile(rb"[a-zA-Z][^>]*")
_TOKEN = re.compile(
    r"(?P<comment><!--)|<(?P<end>/?)(?P<name>[a-zA-Z][^\s<>/]{0,60})(?P<rest>[^<>]*)>?"
    r"|<[!?/][^<>]*>?|(?P<text>[^<]+)|<"
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"']+)""")
_MOST_REST = 4_000
"""Characters of a tag's attributes that are read."""


def over_limit(markup: bytes) -> str | None:
    """Return the limit that UTF-8 markup is beyond, in words; None for a page that can be parsed as it is."""
    if len(markup) > MOST_TEXT:
        return f"{len(markup):,} bytes"
    letters = np.frombuffer(markup, dtype=np.uint8)
    starts = np.flatnonzero(letters == ord("<"))
    if len(starts) > MOST_TAGS:
        return f"{len(starts):,} tags"
    declared = starts[letters[np.minimum(starts + 1, len(markup) - 1)] == ord("!")]
    declaration = re.compile(rb"<![a-zA-Z][^>]{%d}" % MOST_DECLARATION)
    if any(declaration.match(markup, start) for start in declared.tolist()):
        return f"a declaration of over {MOST_DECLARATION:,} characters"
    ends = np.append(starts[1:], len(markup))
    shortest = 2 * MOST_ATTRIBUTES  # characters of a tag that has more
    is_long = ends - starts > shortest
    for start, end in zip(starts[is_long].tolist(), ends[is_long].tolist(), strict=True):
        tag = _TAG.match(markup, start + 1, end)
        if not tag or len(tag[0]) <= shortest:
            continue
        if (attributes := len(_QUOTED.sub(b" ", tag[0]).split())) > MOST_ATTRIBUTES:
            return f"{attributes:,} attributes in one tag"
    return None


def too_deep(tree: HtmlElement, text: str) -> str | None:
    """Return the limit that the nesting of parsed markup is beyond, in words; None for any real page."""
    if not _reaches(int(_NEARLY * MOST_DEPTH))(
        tree
    ):  # counting in the text costs as much as parsing: only where the tree is nearly cut
        return None
    depth = _depth(text)
    return f"{depth:,} elements inside one another" if depth > MOST_DEPTH else None


@lru_cache(maxsize=4)
def _reaches(depth: int) -> etree.XPath:
    """Return what asks a tree whether it has so many elements inside one another."""
    return etree.XPath(f"boolean({'/*' * depth})")


def _depth(text: str) -> int:
    """Return how many elements are open at once at most; each end tag closes one of its name, if any."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    raw = None  # what ends a script, style or comment, in which tags are none
    for match in _NAME.finditer(text):
        name = (match[1] or match[2]).lower()
        if raw is not None:
            raw = None if name == raw else raw
        elif name in _RAW:
            raw = _RAW[name]
        elif name[0] == "/":
            name = name[1:]
            if opened[name] > 0:
                opened[name] -= 1
                depth -= 1
        elif name not in _OPTIONAL and name != "--":
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def bounded(text: str) -> str:
    """Return what is read of a text: its start, where it is beyond the limit."""
    return text[:MOST_TEXT]


def rebuild(text: str) -> str:
    """Return a flat page with the same title, statements about the article, and longest texts, in order."""
    builder = _Builder(text=bounded(text))
    builder.run()
    kept = sorted(nlargest(_KEPT_BLOCKS, builder.blocks, key=lambda block: block[1]))
    body: list[str] = []
    size = 0
    for _, length, markup in kept:
        if size + length <= _KEPT_TEXT:
            size += length
            body.append(markup)
    head = "\n".join(builder.head)
    return f"<html{builder.language}><head>\n{head}\n</head><body>\n{chr(10).join(body)}\n</body></html>"


@dataclass(slots=True, kw_only=True)
class _Builder:
    """Reads a page token by token, and keeps what the rebuilt one needs."""

    text: str = field(repr=False)
    head: list[str] = field(default_factory=list)
    blocks: list[tuple[int, int, str]] = field(default_factory=list)
    """Place, length of the text, and markup of each block."""
    language: str = ""
    _tag: str = "p"
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _in_link: bool = False
    _json: int = 0
    _missing: set[str] = field(default_factory=set)
    """What was looked for to the end and not found: never to be looked for again."""

    def run(self) -> None:
        """Read the page to its end."""
        at = 0
        for _ in range(_TOKENS * MOST_TAGS):
            if (match := _TOKEN.match(self.text, at)) is None:
                break
            at = match.end()
            if match["text"]:
                self._add(match["text"])
            elif match["comment"]:
                end = self._find("-->", at)
                at = end + 3 if end >= 0 else at
            elif match["name"]:
                at = self._element(match, at)
            elif match[0] == "<":
                self._add("&lt;")
        self._flush("p")

    def _element(self, match: re.Match[str], at: int) -> int:
        """Read a tag; return where to go on."""
        name, opens, rest = match["name"].lower(), not match["end"], match["rest"][:_MOST_REST]
        if name in _UNREAD and opens:
            return self._unread(name, rest, at)
        if name in {"meta", "link", "time", "html"}:
            if opens:
                self._statement(name, rest)
        elif name == "a":
            if opens != self._in_link and self._length < _KEPT_BLOCK:
                self._length += 1
                self._pieces.append("<a href='#'>" if opens else "</a>")
                self._in_link = opens
        elif name not in _INLINE:
            self._flush(name if opens and name in _BLOCKS else "p")
        return at

    def _unread(self, name: str, rest: str, at: int) -> int:
        """Skip an element whose content is no text; keep it where it is JSON-LD."""
        end = self._find(f"</{name}", at)
        if end < 0:
            return at if name in {"select", "object", "noscript", "svg"} else len(self.text)
        if (
            name == "script"
            and "ld+json" in rest
            and end - at <= jsonld.MAX_BLOCK
            and self._json < _KEPT_JSON
        ):
            self._json += 1
            self.head.append(f"<script type='application/ld+json'>{self.text[at:end]}</script>")
        return end

    def _statement(self, name: str, rest: str) -> None:
        if name == "html" and not self.language:
            language = dict(_ATTRIBUTE.findall(rest)).get("lang", "")
            self.language = f" lang={language}" if language else ""
        elif name != "html" and len(self.head) < _KEPT_STATEMENTS:
            found = " ".join(f"{key}={value}" for key, value in _ATTRIBUTE.findall(rest))
            if name == "time":
                self._pieces.append(f"<time {found}></time>" if found else "")
            elif found:
                self.head.append(f"<{name} {found}>")

    def _add(self, text: str) -> None:
        if room := _KEPT_BLOCK - self._length:
            self._pieces.append(text[:room])
            self._length += len(text[:room])

    def _flush(self, following: str) -> None:
        """Close the block; the next one has the tag."""
        text = "".join(self._pieces)
        if text.strip():
            link = "</a>" if self._in_link else ""
            if self._tag == "title":
                if not any(line.startswith("<title>") for line in self.head[:_KEPT_STATEMENTS]):
                    self.head.append(f"<title>{text[:_MOST_REST]}</title>")
            else:
                markup = f"<{self._tag}>{text}{link}</{self._tag}>"
                self.blocks.append((len(self.blocks), len(text.strip()), markup))
        self._pieces = ["<a href='#'>"] if self._in_link else []
        self._length = 0
        self._tag = following

    def _find(self, wanted: str, at: int) -> int:
        if wanted in self._missing:
            return -1
        match = re.compile(re.escape(wanted), re.IGNORECASE).search(self.text, at)
        if match is None:
            self._missing.add(wanted)
            return -1
        return match.start()
