"""Texts in JSON data of a page's scripts, none of which is run, that may be its article.

Read by page.elsewhere.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.extraction.page.jsonld import without_markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_SCRIPT = 5_000_000
"""Characters of one script; the largest page had 5.3 M."""
_MOST_VALUES = 100_000
_MOST_DEPTH = 60
_MOST_STARTS = 50
"""Assignments of one script that are tried."""
_MOST_CANDIDATES = 200
LEAST_PROSE = 300
"""Characters of prose that are an article's text."""
_FEWEST_PARAGRAPHS = 3
"""Of a text whose key does not say that it is one: a summary has one."""
_PARAGRAPH = 60
_DENSE = 20
"""The same in a script that writes no spaces."""
_KEYS = frozenset((
    "articlebody", "body", "bodyhtml", "bodytext", "content", "contenthtml", "contentelements",
    "contentbody", "htmlcontent", "articlecontent", "articletext", "articlehtml", "html", "text", "fulltext",
    "maintext", "maincontent", "story", "storybody", "storyhtml", "storytext", "rendered", "richtext",
    "blocks", "paragraphs", "document", "elements", "components", "markup", "postcontent", "posttext",
    "detail", "newscontent", "newsbody", "children", "contents", "copy", "sections", "bodyblocks",
    "contentblocks", "rawhtml", "texthtml",
))  # fmt: skip
"""Keys that hold an article's text, in small letters and nothing else."""
_TEXT_KEYS = (
    "text", "content", "html", "value", "children", "body", "rendered", "contentHtml", "paragraphs", "spans",
    "nodes", "copy", "data", "props", "attrs", "attributes", "model", "items", "root", "document",
)  # fmt: skip
"""Keys of the parts of a body, the most telling first."""
_KIND_KEYS = ("type", "_type", "nodeType", "__typename", "kind", "tag", "name")
_KIND = re.compile(r"[\w/:.-]{1,60}")
_OTHER = re.compile(
    r"image|picture|photo|video|audio|gallery|advert|^ads?$|embed|related|newsletter|promo|social|author|byline"
    r"|comment|teaser|recommend|interstitial|caption|tweet|instagram|oembed|raw_html|^code|^script",
    re.IGNORECASE,
)
"""Types of the parts of a body that are no text."""
_LINE = re.compile(
    r"paragraph|^p$|^block$|text|head|^h[1-6]$|list.?item|^li$|quote|span|link|^a$", re.IGNORECASE
)
_HEADING = re.compile(r"head(?:er|ing|line)|^h[2-6]$|subtitle", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"[\w\])\"'$]\s*=\s*(?=[{\[])|JSON\.parse\(\s*(?=[\"'])|\(\s*(?=\{)")
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_ROW = re.compile(r"[0-9a-f]+:")
_NEXT_ROW = re.compile(r"(?m)^[0-9a-f]+:")
_ENDS = frozenset(".!?\u2026\u3002\uff01\uff1f\u201d\u0964")
_POINTER = re.compile(r"https?:|/|\d{4}-\d\d-\d\d")
"""An address or a moment, such as a teaser or a comment has."""
_LONGEST_TITLE = 300
_SHORTEST_TITLE = 8
"""Characters of a title in a script that writes no spaces."""
_CLOSING = "\"'\u201d\u2019\u00bb\u300d\u300f)\u201c "
"""What may follow the end of a sentence."""
_LETTERS = re.compile(r"[^a-z]")
_PROSE = re.compile(r"\"(?:[^\"\\<>{}=;|]|\\.){300,}+\"|'(?:[^'\\<>{}=;|]|\\.){300,}+'")
_PROSE_WORDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptText:
    """A text that may be the article's."""

    parts: tuple[str, ...] = field(repr=False)
    """Paragraphs of HTML or plain text, in order; headings as HTML."""
    prose: int
    """Characters of its paragraphs."""
    titles: frozenset[str] = frozenset()
    """What the object that holds it is called."""


def values(script: str) -> Iterator[Any]:
    """Yield the JSON values that a script holds: all of it, what it assigns or parses, what React streams."""
    text = script.strip()[:MOST_SCRIPT]
    decoder = json.JSONDecoder(strict=False)
    if text[:1] in {"{", "["}:
        yield from _decoded(decoder, text, 0)
        return
    if "__next_f" in text:
        yield from _flight(text, decoder)
        return
    end = 0
    for number, match in enumerate(_ASSIGNMENT.finditer(text)):
        if number >= _MOST_STARTS:
            break
        if match.end() < end:
            continue
        if match[0].startswith("JSON.parse"):
            for inner in _decoded(decoder, text, match.end()):
                yield from _decoded(decoder, inner, 0) if isinstance(inner, str) else ()
        else:
            try:
                value, end = decoder.raw_decode(text, match.end())
            except (ValueError, RecursionError):
                continue
            if value:
                yield value


def _decoded(decoder: json.JSONDecoder, text: str, at: int) -> Iterator[Any]:
    try:
        yield decoder.raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return


def _flight(text: str, decoder: json.JSONDecoder) -> Iterator[Any]:
    """Yield the rows that React's server components stream: JSON, or a text of a stated length."""
    pieces = [
        pushed[1]
        for match in _FLIGHT.finditer(text)
        for pushed in _decoded(decoder, text, match.end())
        if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str)
    ]
    stream = "".join(pieces)
    at = 0
    while (row := _ROW.match(stream, at) or _NEXT_ROW.search(stream, at)) is not None:
        start = row.end()
        if stream[start : start + 1] == "T" and (comma := stream.find(",", start)) > 0:
            try:
                size = int(stream[start + 1 : comma], 16)
            except ValueError:
                size = 0
            # the length counts bytes
            found = (
                stream[comma + 1 : comma + 1 + size]
                .encode("utf-8", "replace")[:size]
                .decode("utf-8", "ignore")
            )
            at = comma + 1 + len(found)
            yield {"text": found}
            continue
        end = stream.find("\n", start)
        at = end + 1 if end >= 0 else len(stream)
        yield from _decoded(decoder, stream, start)


def candidates(found: Iterable[Any]) -> list[ScriptText]:
    """Return the texts under keys of an article's text, in all of the values."""
    texts: list[ScriptText] = []
    for value in found:
        _search(value, texts)
    return texts


def _search(root: Any, texts: list[ScriptText]) -> None:  # noqa: ANN401 - JSON has no narrower type
    left = _MOST_VALUES
    waiting: list[tuple[Any, int, frozenset[str]]] = [(root, 0, frozenset())]
    reader = _Reader(table=root if isinstance(root, list) else [])
    while waiting and left and len(texts) < _MOST_CANDIDATES:
        value, depth, titles = waiting.pop()
        left -= 1
        if depth > _MOST_DEPTH:
            continue
        if isinstance(value, list):
            waiting += [
                (item, depth + 1, titles) for item in reversed(value) if isinstance(item, dict | list)
            ]
        elif isinstance(value, dict):
            titles = _titles(value) or titles
            for key, inner in value.items():
                if _LETTERS.sub("", key.lower()) in _KEYS and (candidate := reader.candidate(inner, titles)):
                    texts.append(candidate)
                elif isinstance(inner, dict | list):
                    waiting.append((inner, depth + 1, titles))


def _titles(node: dict[str, Any]) -> frozenset[str]:
    found = [node.get(key) for key in ("headline", "title", "headlines", "name")]
    flat = [inner for item in found for inner in (item.values() if isinstance(item, dict) else [item])]
    return frozenset(without_markup(item).casefold() for item in flat if isinstance(item, str) and item)


def prose_of(text: str) -> int:
    """Return the characters of a text's paragraphs."""
    return sum(_paragraphs(text))


def _paragraphs(text: str) -> Iterator[int]:
    """Yield the characters of each paragraph of a text."""
    for line in re.split(r"</(?:p|div|li|h\d)>|<br\s*/?>|\n", text):
        size = len(read := without_markup(line))
        dense = size > 0 and not read.isascii() and read.count(" ") * _DENSE < size
        if size >= (_DENSE if dense else _PARAGRAPH):
            yield size


def beside_title(found: Iterable[Any], titles: frozenset[str]) -> list[ScriptText]:
    """Return the texts, whatever their keys are called, in objects that have a title of the page."""
    texts: list[ScriptText] = []
    for root in found:
        left = _MOST_VALUES
        waiting: list[tuple[Any, int, bool]] = [([root], 0, False)]
        while waiting and left and len(texts) < _MOST_CANDIDATES:
            value, depth, named = waiting.pop()
            left -= 1
            if depth > _MOST_DEPTH:
                continue
            if isinstance(value, dict) and (lines := _lines_in(value)):
                named = any(_is_title(line.casefold(), titles) for line in lines)
            for inner in value.values() if isinstance(value, dict) else value:
                text = _unnamed(inner) if named and isinstance(value, dict) else None
                if text is not None:
                    texts.append(text)
                elif isinstance(inner, dict | list):
                    waiting.append((inner, depth + 1, named))
    return texts


def _lines_in(node: dict[str, Any]) -> list[str]:
    """Return the strings of an object that may be its title."""
    return [
        without_markup(value)
        for value in node.values()
        if isinstance(value, str) and len(value) <= _LONGEST_TITLE and _reads(value)
    ]


def _is_title(line: str, titles: frozenset[str]) -> bool:
    return any(line in title and len(line) * 2 > len(title) for title in titles)


def _reads(value: str) -> bool:
    """Tell whether a string is written for readers: it has several words."""
    return " " in value.strip() or (not value.isascii() and len(value) >= _SHORTEST_TITLE)


def _unnamed(value: Any) -> ScriptText | None:  # noqa: ANN401
    """Return the text of a string, or of a list of strings or objects that hold a line each."""
    parts = [value] if isinstance(value, str) else _lines_of(value) if isinstance(value, list) else []
    sizes = [size for part in parts for size in _paragraphs(part)]
    if len(sizes) < _FEWEST_PARAGRAPHS or sum(sizes) < LEAST_PROSE:
        return None
    return ScriptText(parts=tuple(parts), prose=sum(sizes))


def _lines_of(items: list[Any]) -> list[str]:
    """Return the lines under the key that holds most; none of teasers and comments, which tell more."""
    if items and all(isinstance(item, str) for item in items):
        return items if _are_sentences(items) else []
    nodes = [item for item in items if isinstance(item, dict)]
    sizes: Counter[str] = Counter()
    telling = 0
    for node in nodes:
        said = {key: value for key, value in node.items() if isinstance(value, str) and _tells(value)}
        sizes.update({key: len(value) for key, value in said.items()})
        telling += len(said) > 1
    if not sizes or telling * 2 > len(nodes):
        return []
    key = max(sizes, key=lambda key: sizes[key])
    lines = [node[key] for node in nodes if isinstance(node.get(key), str) and node[key].strip()]
    return lines if _are_sentences(lines) else []


def _are_sentences(lines: list[str]) -> bool:
    """Tell whether at least half of the lines end as sentences do, and headlines do not."""
    ends = (without_markup(line).rstrip(_CLOSING)[-1:] for line in lines)
    return 2 * sum(end in _ENDS for end in ends) >= len(lines)


def _tells(value: str) -> bool:
    return _reads(value) or _POINTER.match(value) is not None


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads bodies in whatever shape they are written, up to a number of values."""

    table: list[Any]
    """What numbers stand for, as Nuxt writes them; empty where they stand for themselves."""
    left: int = _MOST_VALUES

    def candidate(self, value: Any, titles: frozenset[str]) -> ScriptText | None:  # noqa: ANN401
        """Return the text of a value, where it is an article's."""
        parts = tuple(part for part in self._parts(value, 0) if part.strip())
        prose = sum(map(prose_of, parts))
        return ScriptText(parts=parts, prose=prose, titles=titles) if prose >= LEAST_PROSE else None

    def _parts(self, value: Any, depth: int) -> list[str]:  # noqa: ANN401
        self.left -= 1
        if depth > _MOST_DEPTH or self.left < 0:
            return []
        if type(value) is int and 0 < value < len(self.table):
            value = self.table[value]
        if isinstance(value, str):
            return [value]
        if isinstance(value, dict):
            return self._of_object(value, depth + 1)
        if not isinstance(value, list):
            return []
        if value[:1] == ["$"] and isinstance(value[-1], dict):  # a React element: "$", tag, key, properties
            return self._of_object({"type": value[1], **value[-1]}, depth + 1)
        return [part for item in value for part in self._parts(item, depth + 1)]

    def _of_object(self, node: dict[str, Any], depth: int) -> list[str]:
        named = (node[key] for key in _KIND_KEYS if isinstance(node.get(key), str))
        kind = next((name for name in named if _KIND.fullmatch(name)), "")
        if _OTHER.search(kind):
            return []
        for key in _TEXT_KEYS:
            found = self._parts(node[key], depth) if key in node else []
            if any(part.strip() for part in found):
                return _line(found, kind) if _LINE.search(kind) else found
        return []


def _line(pieces: list[str], kind: str) -> list[str]:
    """Return the pieces of one line joined, unless each is a sentence of its own."""
    if len(pieces) > 1 and all(piece.rstrip()[-1:] in _ENDS for piece in pieces):
        return pieces
    text = "".join(pieces)
    return [f"<h2>{text}</h2>" if _HEADING.search(kind) and "<" not in text else text]


def holds_prose(script: str) -> bool:
    """Tell whether a script writes running text that cannot be read out of it."""
    found = _PROSE.search(script[:MOST_SCRIPT])
    return found is not None and found[0].count(" ") >= _PROSE_WORDS
