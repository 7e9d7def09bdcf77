"""The names of months and weekdays by language, as Babel has them: a table made by bench/month_names.py."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXTRA_MONTHS = {
    "en": {"sept": 9, "june": 6, "july": 7},
    "es": {"setiembre": 9},
    "de": {"jänner": 1, "feber": 2},
    "sr": {"maj": 5},
    "sl": {
        name: number
        for number, name in enumerate(
            (
                *("januarja", "februarja", "marca", "aprila", "maja", "junija", "julija", "avgusta"),
                *("septembra", "oktobra", "novembra", "decembra"),
            ),
            1,
        )
    },
}
_COMMON = ("en", "de", "fr", "es", "it", "pt", "nl")


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


def is_month(word: str, language: str | None = None) -> bool:
    """Tell whether a word is the name of a month, in the language (BCP 47) or one of many news sites.

    >>> is_month("Dec"), is_month("März"), is_month("Quill")
    (True, True, False)
    """
    return month_key(word.rstrip(",")) in months(language)


def is_weekday(word: str, language: str | None = None) -> bool:
    """Tell whether a word is a day of the week, in the language (BCP 47) or one of many news sites.

    >>> is_weekday("Monday"), is_weekday("Mo."), is_weekday("Senin", "id"), is_weekday("Quill")
    (True, True, True, False)
    """
    return word.lower().rstrip(".,") in _weekdays(_base(language))


@cache
def _weekdays(language: str) -> frozenset[str]:
    return frozenset(
        name for code in (language, *_COMMON) if (names := language_names(code)) for name in names["days"]
    )


@cache
def months(language: str | None) -> dict[str, int]:
    """Return the months by their names in the language and in English, full ones in other languages too."""
    base = _base(language)
    found: dict[str, int] = {}
    for code in dict.fromkeys((base, *_COMMON) if base else _COMMON):
        names = language_names(code)
        is_short = names is not None and (not base or code in {base, "en"})
        for kind in ("full", "short") if is_short else ("full",):
            for name, number in (names or {}).get(kind, {}).items():
                found.setdefault(name, number)
        for name, number in (_EXTRA_MONTHS.get(code, {}) if is_short else {}).items():
            found.setdefault(month_key(name), number)
    return found


def _base(language: str | None) -> str:
    """Return the language of a tag as BCP 47 or a page writes it: "de" of "de-AT" and "de_AT"."""
    return re.split("[-_]", language or "")[0].lower()


@lru_cache(maxsize=4_096)
def month_key(word: str) -> str:
    """Return a month's name as capitals may be printed: without accents, and a Turkish I as any other."""
    word = word.lower().rstrip(".॰")
    if word.isascii():
        return word
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain).replace("ı", "i")
