"""What a database takes: text without NUL and lone surrogates, addresses without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from operator import is_
from typing import Any, TypeVar, cast

from scraper.urls import without_secrets

Value = TypeVar("Value")
_ADDRESSES = ("url", "canonical_url", "declared_url")


def storable(value: Value) -> Value:
    r"""Return the value, however nested, with NULs removed from its texts and lone surrogates replaced.

    The address of what was fetched loses user info and tokens.

    >>> storable(("a\0b", None, {"c": "d\ud800"}))
    ('ab', None, {'c': 'd�'})
    """
    return cast("Value", _storable(value))


def _storable(value: Any) -> Any:  # noqa: ANN401 - any value that a dataclass holds
    """Return the very value where nothing in it changes: most texts are clean."""
    if value is None or isinstance(value, (str, int, float, datetime)):
        return _text(value) if type(value) is str else value
    if isinstance(value, tuple):
        found = tuple(map(_storable, value))
        return value if all(map(is_, found, value)) else found
    if isinstance(value, Mapping):
        pairs = [(_storable(key), _storable(item), key, item) for key, item in value.items()]
        is_clean = all(new_key is key and new is item for new_key, new, key, item in pairs)
        return value if is_clean else {key: item for key, item, *_ in pairs}
    if is_dataclass(value) and not isinstance(value, type):
        return _clean(value)
    return value


def _clean(value: Any) -> Any:  # noqa: ANN401
    names = _names(type(value))  # type: ignore[arg-type] # a class can be hashed
    changed = {name: new for name in names if (new := _storable(own := getattr(value, name))) is not own}
    if "site" in names:  # what was fetched, by an address that may let its bearer in
        for name in _ADDRESSES:
            address = changed.get(name, getattr(value, name, None))
            if address and (without := without_secrets(address)) != address:
                changed[name] = without
    return replace(value, **changed) if changed else value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _text(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
