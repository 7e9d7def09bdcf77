"""What a database takes: text without NUL and lone surrogates, addresses without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
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
    if isinstance(value, str):
        return _text(value) if type(value) is str else value
    if isinstance(value, tuple):
        return tuple(_storable(item) for item in value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        own = {field.name: getattr(value, field.name) for field in fields(value)}
        found = {name: _storable(old) for name, old in own.items()}
        if "site" in own:  # what was fetched, by an address that may let its bearer in
            found |= {name: without_secrets(found[name]) for name in _ADDRESSES if found.get(name)}
        changed = {name: new for name, new in found.items() if new is not own[name] and new != own[name]}
        return replace(value, **changed) if changed else value
    return value


def _text(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
