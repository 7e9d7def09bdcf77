"""Writes the names of months and weekdays that dates are read by: scraper/extraction/words/month_names.json.

    ./run bench month_names

They are Babel's, and so CLDR's, of every language that it knows: loading Babel and the languages of one
page takes longer than reading the page. A test holds the table against the Babel that is installed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names, get_month_names
from babel.localedata import locale_identifiers

from scraper.extraction.words.month_names import month_key

TARGET = Path(__file__).parents[1] / "scraper" / "extraction" / "words" / "month_names.json"


class Names(TypedDict):
    """The names of one language."""

    full: dict[str, int]
    """Key of a month's name, as month_key makes it, to its number."""
    short: dict[str, int]
    """The same of abbreviations that are no full name."""
    days: list[str]
    """Of the week, in small letters, without the dot of an abbreviation."""


def names_of(locale: Locale) -> Names:
    """Return the names of a language."""
    by_width: dict[str, dict[str, int]] = {"wide": {}, "abbreviated": {}}
    for width, found in by_width.items():
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale).items():  # type: ignore[arg-type]
                if len(name) > 1 and not name.isdigit():
                    found.setdefault(month_key(name), number)
    full = by_width["wide"]
    days = {
        name.lower().rstrip(".")
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", locale).values()
    }
    short = {key: number for key, number in by_width["abbreviated"].items() if key not in full}
    return {"full": full, "short": short, "days": sorted(days)}


def table() -> dict[str, Names | str]:
    """Return the names of every language by its code; for another code of one, such as "iw", that code."""
    root = names_of(Locale.parse("root"))["full"]
    codes = sorted({identifier.partition("_")[0] for identifier in locale_identifiers()} - {"root"})
    named = {code: names_of(Locale.parse(code)) for code in codes}
    found: dict[str, Names | str] = {code: names for code, names in named.items() if names["full"] != root}
    for old, new in get_global("language_aliases").items():
        if "_" not in old and old not in named and (code := new.partition("_")[0]) in found:
            found[old] = code
    return dict(sorted(found.items()))


def main() -> None:
    """Write the table, a language a line."""
    lines = [
        f"{json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}" for code, names in table().items()
    ]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{TARGET}: {len(lines)} languages")


if __name__ == "__main__":
    main()
