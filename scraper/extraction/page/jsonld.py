"""The objects of a page's JSON-LD and values in them, within bounds, carelessly written ones repaired.

Collected by page.markup; read by fields, and as text by page.elsewhere.
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_BLOCK = 1_000_000
"""Characters; the largest block of 1,558 real pages had 61,000."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_MAX_BLOCKS = 50
_MAX_MENDED = 200_000
"""Characters of a block whose quotes are mended."""
_MAX_DEPTH = 12
_MAX_OPEN = 100
_MAX_NODES = 2_000
_MAX_ITEMS = 100
"""Of one list, such as authors; real pages had at most 10 of them."""
_MAX_TEXT = 10_000

_OPENING = re.compile(r"\A(?://)?\s*(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\Z")
_MOST_CLOSING = 40
"""Characters at the end in which a closing is looked for: over a megabyte of spaces it took minutes."""
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_QUOTE = re.compile(r'\\.|:\s*"|"', re.DOTALL)
_SIGNS = re.compile(r'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)|[{}\[\],]', re.DOTALL)
"""A text, or a sign outside of any."""
_VALUES_END = re.compile(r'\s*(?:[}\]]|,\s*(?:["{\[\d-]|true|false|null)|\Z)')
_KEYS_END = re.compile(r'\s*(?:[:}\]]|,\s*["{\[\d-])')
_TAG = re.compile(r"<[^<>]{1,300}>")
_MARKUP = re.compile(r"<[^<>]*>")
_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)
_ARTICLE = re.compile(r"article|(?<!job)posting|report$|^review$|newsstory", re.IGNORECASE)

Node = dict[str, Any]


def nodes(blocks: Iterable[str]) -> list[Node]:
    """Return the objects of all blocks in the order of the page, those of a graph one by one.

    >>> [node["@type"] for node in nodes(['{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle"}]}'])]
    ['WebPage', 'NewsArticle']
    """
    found: list[Node] = []
    for block in list(blocks)[:_MAX_BLOCKS]:
        if len(block) <= MAX_BLOCK:
            for value in _load(block):
                _flatten(value, found, _MAX_DEPTH)
    return found[:_MAX_NODES]


def _load(block: str) -> list[Any]:
    text = _OPENING.sub("", block.strip()).strip()
    tail = _CLOSING.sub("", text[-_MOST_CLOSING:])
    text = (text[:-_MOST_CLOSING] + tail).strip().rstrip(";")
    for mended in (str, _without_slips, unescape):
        if values := _several(mended(text)):
            return values
    if len(text) > _MAX_MENDED:
        return []
    return _several(_quotes_escaped(text)) or _several(_closed(text))


def _closed(text: str) -> str:
    """Return JSON that was cut off, up to its last whole value, with what was open closed.

    >>> _closed('{"author": [{"name": "Ada"}, {"name": "Be')
    '{"author": [{"name": "Ada"}]}'
    """
    open_ends, cut, ends = "", 0, ""
    for match in _SIGNS.finditer(text):
        sign = match[0]
        if sign in "{[":
            open_ends = ("}" if sign == "{" else "]") + open_ends
            if len(open_ends) > _MAX_OPEN:
                return ""
        elif sign in "}]":
            open_ends = open_ends[1:]
        elif sign == ",":
            cut, ends = match.start(), open_ends
    return text[:cut] + ends


def _without_slips(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", _BAD_ESCAPE.sub("", text))


def _quotes_escaped(text: str) -> str:
    r"""Return JSON in which the quotes within a text are escaped: those that no sign of JSON follows.

    >>> _quotes_escaped('{"description": "She said "never", twice", "name": "Ada"}') == (
    ...     '{"description": "She said \\"never\\", twice", "name": "Ada"}'
    ... )
    True
    """
    parts, last, end = [], 0, None
    for match in _QUOTE.finditer(text):
        if match[0][0] == "\\":
            continue
        if end is None:
            end = _VALUES_END if match[0][0] == ":" else _KEYS_END
        elif end.match(text, match.end()):
            end = None
        else:
            parts.append(text[last : match.end() - 1] + '\\"')
            last = match.end()
    return "".join([*parts, text[last:]])


def _several(text: str) -> list[Any]:
    """Return the JSON values that stand one after the other, up to the first that is broken."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < _MAX_BLOCKS:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(_without_halves(value) if _HALF.search(text) else value)
        while at < len(text) and (text[at].isspace() or text[at] in ",;"):
            at += 1
    return values


def _value(text: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    value = json.loads(text, strict=False)
    return _without_halves(value) if _HALF.search(text) else value


def _without_halves(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Return a value without halves of signs that escapes make and no encoding takes."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "ignore"))


def _flatten(value: Any, found: list[Node], depth: int) -> None:  # noqa: ANN401 - JSON has no narrower type
    if depth == 0 or len(found) >= _MAX_NODES:
        return
    if isinstance(value, list):
        for item in value[:_MAX_NODES]:
            _flatten(item, found, depth - 1)
    elif isinstance(value, dict):
        if any(key in value for key in ("@type", "type", "headline", "@id")):
            found.append(value)
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            _flatten(value.get(key), found, depth - 1)


def article_body(blocks: Iterable[str]) -> str:
    """Return the longest articleBody without markup, found even in JSON that is broken elsewhere.

    >>> article_body(['{"articleBody": "Rain <b>fell</b>.", "author": }'])
    'Rain  fell .'
    """
    best = ""
    for block in list(blocks)[:_MAX_BLOCKS]:
        if "articleBody" not in block or len(block) > MAX_BLOCK:
            continue
        for match in _ARTICLE_BODY.finditer(block):
            try:
                best = max(best, _value(match[1]), key=len)
            except ValueError:
                continue
    return _MARKUP.sub(" ", best.replace("&lt;", "<").replace("&gt;", ">"))


def types(node: Node) -> tuple[str, ...]:
    """Return the names of a node's types without their vocabulary.

    >>> types({"@type": ["https://schema.org/NewsArticle", 7]})
    ('NewsArticle',)
    """
    kinds = node.get("@type", node.get("type"))
    names = kinds if isinstance(kinds, list) else [kinds]
    return tuple(re.split(r"[/:#]", name)[-1] for name in names[:_MAX_ITEMS] if isinstance(name, str))


def main_article(graph: list[Node], addresses: frozenset[str], titles: frozenset[str] = frozenset()) -> Node:
    """Return the node of the page's own article, what other nodes say of it added; {} for none.

    The article that names one of the page's addresses goes before the one whose headline is a title of the
    page (folded), and that before the first one.
    """
    articles = [node for node in graph if any(_ARTICLE.search(name) for name in types(node))]
    titled = [node for node in articles if fold(text(node.get("headline")) or "") in titles]
    named = [node for node in articles if addresses & set(_addresses(node))] or titled
    dated = [node for node in named or articles if node.get("datePublished") or node.get("headline")]
    chosen = (dated or named or articles)[:1]
    if not chosen:
        return {}
    merged = dict(chosen[0])
    for node in named + [node for node in titled if node not in named]:
        for key, value in node.items():
            if value and not merged.get(key):
                merged[key] = value
    return merged


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        for item in value if isinstance(value, list) else [value]:
            address = (item.get("@id") or item.get("url")) if isinstance(item, dict) else item
            if isinstance(address, str):
                yield address.split("#")[0].rstrip("/")


def text(value: Any) -> str | None:  # noqa: ANN401
    """Return the first text in a value of any shape, white space folded and markup removed.

    >>> text([{"@value": " Flood  in <b>Aville</b> "}])
    'Flood in Aville'
    >>> text(float("nan")) is text({}) is None
    True
    """
    return next(iter(texts(value)), None)


def texts(value: Any, keys: tuple[str, ...] = ("name", "@value", "headline")) -> list[str]:  # noqa: ANN401
    """Return every text in a value of any shape; of an object, the first of the keys that it has."""
    found: list[str] = []
    for item in _items(value):
        if isinstance(item, dict):
            found += next(
                (
                    inner
                    for key in keys
                    if (inner := [without_markup(text) for text in _strings(item.get(key))])
                ),
                [],
            )
        elif isinstance(item, str):
            found.append(without_markup(item))
        elif isinstance(item, int) and not isinstance(item, bool):
            found.append(str(item))
    return [item for item in found if item]


def objects(value: Any) -> list[Node]:  # noqa: ANN401
    """Return every object in a value of any shape."""
    return [item for item in _items(value) if isinstance(item, dict)]


def _items(value: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(value, list):
        return [
            inner
            for item in value[:_MAX_ITEMS]
            for inner in (item[:_MAX_ITEMS] if isinstance(item, list) else [item])
        ][:_MAX_ITEMS]
    return [] if value is None else [value]


def _strings(value: Any) -> list[str]:  # noqa: ANN401
    return [item for item in _items(value) if isinstance(item, str)]


def without_markup(text: str) -> str:
    """Return a text without markup, entities and runs of white space.

    >>> without_markup("Tom &amp;amp; <i>Jerry</i>")
    'Tom & Jerry'
    """
    text = text[:_MAX_TEXT]
    for _ in range(2):
        if "&" in text:
            text = unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    return " ".join(text.split())


def resolver(graph: list[Node]) -> Mapping[str, Node]:
    """Return the graph's nodes by their @id, the fullest where several share one."""
    by_id: dict[str, Node] = {}
    for node in graph:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, {})):
            by_id[name] = node
    return by_id


def follow(value: Any, by_id: Mapping[str, Node]) -> Any:  # noqa: ANN401
    """Return the value with references such as {"@id": "#anna"} replaced by what they name."""
    if isinstance(value, list):
        return [follow(item, by_id) for item in _items(value)]
    if isinstance(value, dict) and isinstance(name := value.get("@id"), str) and not value.get("name"):
        return by_id.get(name, value)
    return value
