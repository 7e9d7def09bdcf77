"""Notices of a publisher to its readers: blocks that stand in a text and are none of it; read by body.rules.

An appeal asks (follow, join, download) and names where (a channel, an app); a sentence about such a place begins
otherwise. A note on the making names itself (this summary) and how it was made. The words are those of
notices.json, by language.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from scraper.extract.words.wording import measure_length
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 320
"""Characters of a notice; a longer block says something else as well."""
_ASKED = 110
"""Length of an appeal in a language that puts its verbs last."""
_QUOTES = "\"'“”„«‘‹「『"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    asks: re.Pattern[str]
    """At the start of an appeal."""
    asks_last: re.Pattern[str]
    """Anywhere in one, where verbs stand last or words are not told apart."""
    places: re.Pattern[str]
    selves: re.Pattern[str]
    makings: re.Pattern[str]
    phrases: re.Pattern[str]
    """Said by players alone."""
    buttons: frozenset[str]


def is_notice(text: str) -> bool:
    """Tell whether a block asks its readers to follow, or says how the page, its sound or its text was made.

    >>> is_notice("Follow our channel on WhatsApp for the latest."), is_notice("WhatsApp has a new owner.")
    (True, False)
    """
    if len(text) > _LONGEST or text[:1] in _QUOTES:
        return False
    words, line = _words(), " ".join(text.replace("’", "'").lower().split()).strip("()[]*•–—-›»>→ ")
    if line in words.buttons or words.phrases.search(line):
        return True
    if words.makings.search(line) and words.selves.match(line):
        return True
    asks = words.asks.match(line) or (measure_length(line) <= _ASKED and words.asks_last.search(line))
    return bool(asks and words.places.search(line))


@cache
def _words() -> _Words:
    raw = json.loads(files("scraper.extract.words").joinpath("notices.json").read_text(encoding="utf-8"))

    def pattern(kind: str, *, end: str = "") -> re.Pattern[str]:
        return _any((word for words in raw[kind].values() for word in words), end)

    return _Words(
        asks=pattern("verbs", end=r"(?!\w)"),
        asks_last=pattern("closing verbs"),
        places=pattern("places"),
        selves=pattern("selves"),
        makings=pattern("makings"),
        phrases=pattern("phrases"),
        buttons=frozenset(raw["buttons"]),
    )


def _any(words: Iterable[str], end: str) -> re.Pattern[str]:
    """Return a pattern of words or their stems; scripts without spaces begin one anywhere."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    spaced = "|".join(re.escape(word) for word in ordered if not JOINED_LETTER.search(word))
    joined = "|".join(re.escape(word) for word in ordered if JOINED_LETTER.search(word))
    return re.compile("|".join(filter(None, (rf"(?<!\w)(?:{spaced}){end}" if spaced else "", joined))))
