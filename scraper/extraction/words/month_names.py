"""The names of months and weekdays by language, as Babel has them: a table made by bench/month_names.py."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def language_names(code: str) -> Mapping[str, Any] | None:
    """Return the names in a language: "full" and "short" months by their keys, and "days".

    >>> language_names("fr")["full"]["mai"], "lundi" in language_names("fr")["days"], language_names("xx")
    (5, True, None)
    """
    names = _table().get(code)
    return _table()[names] if isinstance(names, str) else names


@cache
def _table() -> dict[str, Any]:
    path = files("scraper.extraction.words").joinpath("month_names.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
