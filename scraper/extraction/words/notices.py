"""Notices of a publisher to its readers: blocks that stand in a text and are none of it; read by body.rules.

An appeal asks (follow, join, download) and names where (a channel, an app); a sentence about such a place
begins otherwise. A note on the making names itself (this summary) and how it was made. The words are those
of notices.json, by language.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any

from scraper.extraction.words.spelling import WHOLE, any_whole
from scraper.extraction.words.wording import measure_length
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST = 320
"""Characters of a notice; a longer block says something else as well."""
_ASKED = 110
"""Length of an appeal in a language that puts its verbs last."""
_RIGHTS = 160
"""Length of a notice of rights."""
_SIGNS = re.compile(r"©|\(c\)\s*\d{4}|\bcopyright\b")
"""Of rights, in every language; searched in lower-case text: several times faster than ignoring case."""
_FAULT = re.compile(
    r"(?:PHP )?(?:Strict Standards|Deprecated|Warning|Notice|Fatal error|Parse error): .{3,600} on line \d+"
)
_QUOTES = "\"'“”„«‘‹「『"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    asks: re.Pattern[str]
    """In any language, at the start of an appeal."""
    asks_last: re.Pattern[str]
    """Anywhere in one, where verbs stand last or words are not told apart."""
    selves: re.Pattern[str]
    makings: re.Pattern[str]
    phrases: re.Pattern[str]
    """Said by players and walls alone."""
    buttons: frozenset[str]
    reading_times: re.Pattern[str]
    """How long a text takes to read, as a line."""
    rights: re.Pattern[str]
    """Reserved, or given by a licence."""
    closings: re.Pattern[str]
    """Reserved rights, and who answers for a text."""
    fillers: Sequence[str]


def is_notice(text: str) -> bool:
    """Tell whether a block asks its readers to follow, or says how the page, its sound or its text was made.

    >>> is_notice("Follow our channel on WhatsApp for the latest."), is_notice("WhatsApp has a new owner.")
    (True, False)
    """
    if len(text) > _LONGEST or text[:1] in _QUOTES:
        return False
    words, line = _words(), " ".join(text.replace("’", "'").lower().split()).strip("()[]*•–—-›»>→ ")
    if line in words.buttons or words.phrases.search(line) or words.reading_times.fullmatch(line):
        return True
    if words.selves.match(line) and words.makings.search(line):
        return True
    if not (words.asks.match(line) or (measure_length(line) <= _ASKED and words.asks_last.search(line))):
        return False
    return any(asks.search(line) and places.search(line) for asks, places in _appeals())


def reserves_rights(text: str) -> bool:
    """Tell whether a block reserves the rights in a text, or says who answers for it.

    >>> reserves_rights("Все права защищены."), reserves_rights("She has all the rights in the book.")
    (True, False)
    """
    return measure_length(text) <= _RIGHTS and bool(_words().closings.search(text.lower()))


def names_rights(text: str) -> bool:
    """Tell whether a text says who holds the rights in something, or by which licence it is passed on.

    >>> names_rights("© 2031 Avisen. Alle rettigheter forbeholdt."), names_rights("She has all the rights.")
    (True, False)
    """
    folded = text.lower()
    return bool(_SIGNS.search(folded) or _words().rights.search(folded))


def is_fault(text: str) -> bool:
    """Tell whether a block is what a server prints of a fault of its own program.

    >>> is_fault("Deprecated: Assigning by reference is deprecated in /www/cache.php on line 36")
    True
    """
    return _FAULT.fullmatch(text) is not None


def is_filler(text: str) -> bool:
    """Tell whether a block is the Latin that stands where no text does: behind a wall, in a template."""
    folded = text.lower()
    return any(filler in folded for filler in _words().fillers)


@cache
def _appeals() -> Sequence[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return for each language what asks at the start or anywhere, and where it asks to."""
    raw = _table()
    first, last, places = raw["verbs"], raw["closing verbs"], raw["places"]
    return tuple(
        (
            _any([*first.get(language, ()), *last.get(language, ())]),
            _any([*places["names"], *places.get(language, ())]),
        )
        for language in sorted(first.keys() | last.keys())
    )


def _table() -> dict[str, Any]:
    text = files("scraper.extraction.words").joinpath("notices.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _words() -> _Words:
    raw = _table()
    first, last = raw["verbs"], raw["closing verbs"]
    reading = any_whole(raw["reading times"], JOINED_LETTER, end="")
    return _Words(
        asks=_any(chain.from_iterable(first.values()), WHOLE),
        asks_last=_any(chain.from_iterable(last.values())),
        selves=_any(chain.from_iterable(raw["selves"].values())),
        makings=_any(chain.from_iterable(raw["makings"].values())),
        phrases=_any(chain.from_iterable(raw["phrases"].values())),
        buttons=frozenset(raw["buttons"]),
        reading_times=re.compile(rf"(?:{reading})\W{{0,3}}\d{{1,3}}\W?\w{{1,8}}\W*"),
        rights=_any([*chain.from_iterable(raw["rights"].values()), *raw["licences"]]),
        closings=_any([*chain.from_iterable(raw["rights"].values()), *raw["disclaimers"]]),
        fillers=raw["fillers"],
    )


def _any(words: Iterable[str], end: str = "") -> re.Pattern[str]:
    """Return a pattern of words or, without an end, their stems."""
    return re.compile(any_whole(words, JOINED_LETTER, end))
