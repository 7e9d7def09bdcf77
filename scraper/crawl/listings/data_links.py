"""Links that a page holds as data for its scripts, none of which is run; read where it has no headlines."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.extraction.page.jsonld import without_markup
from scraper.extraction.page.script_data import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MOST_SCRIPTS = 200
_MOST_VALUES = 100_000
"""Looked at in one script."""
_ADDRESSES = (
    "url", "href", "link", "permalink", "canonicalurl", "websiteurl", "canonical", "path", "uri", "fullpath",
    "pathname", "urlpath", "articleurl", "pageurl", "weburl", "shareurl",
)  # fmt: skip
"""Keys of an address, in small letters and nothing else, the most telling first."""
_TITLES = ("headline", "title", "headlines", "name", "label", "text", "children")
"""Keys of what a page is called: a text, or an object of some, such as {"basic": …} or {"rendered": …}."""
_ATTRIBUTES = ("data-href", "data-url", "data-link")
"""Of an element that a script makes a link."""


def data_links(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield addresses as written, each with what is called by it; "" in a list that only names addresses."""
    for attribute in _ATTRIBUTES:
        for element in tree.iterfind(f".//*[@{attribute}]"):
            if text := " ".join("".join(element.itertext()).split()):
                yield element.get(attribute), text
    for script in islice(tree.iter("script"), _MOST_SCRIPTS):
        for value in values(script.text or ""):
            yield from _links(value)


def _links(root: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON has no narrower type
    """Yield the links of a value in the order in which it has them."""
    table = root if isinstance(root, list) else []  # what numbers stand for, as Nuxt writes them
    waiting, left = [root], _MOST_VALUES
    while waiting and left:
        value, left = waiting.pop(), left - 1
        if isinstance(value, dict):
            if link := _link(value, table):
                yield link
            value = [*value.values()]
        waiting += [item for item in reversed(value) if isinstance(item, dict | list)]


def _link(node: dict[str, Any], table: list[Any]) -> tuple[str, str] | None:
    found = {"".join(filter(str.isalpha, key.lower())): _meant(value, table) for key, value in node.items()}
    address = next((text for key in _ADDRESSES if (text := _address(found.get(key)))), "")
    title = next((text for key in _TITLES if (text := _title(found.get(key)))), "")
    return (address, title) if address and (title or found.get("type") == "ListItem") else None


def _meant(value: Any, table: list[Any]) -> Any:  # noqa: ANN401
    return table[value] if type(value) is int and 0 < value < len(table) else value


def _address(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) and value.startswith(("/", "http://", "https://")) else ""


def _title(value: Any) -> str:  # noqa: ANN401
    texts = value.values() if isinstance(value, dict) else [value]
    return next((without_markup(text) for text in texts if isinstance(text, str) and text.strip()), "")
