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

from scraper.extraction.words.spelling import any_of, any_whole, lowered
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
_SIGNED = ("©", "(c)", "copyright")
"""One of them is in every text that has such a sign: looking for them first saves nearly all of the time."""
_FAULT = re.compile(
    r"(?:PHP )?(?:Strict Standards|Deprecated|Warning|Notice|Fatal error|Parse error): .{3,600} on line \d+"
)
_NOWHERE = "(?!)"
_QUOTES = "\"'“”„«‘‹「『"


class _Anywhere:
    """Words anywhere in a text: those of scripts without spaces are sought apart, in half the time."""

    def __init__(self, words: Iterable[str]) -> None:
        every = set(words)
        joined = set(filter(JOINED_LETTER.search, every))
        self._spaced = re.compile(any_whole(every - joined, JOINED_LETTER, end="") or _NOWHERE)
        self._joined = re.compile(any_of(joined) if joined else _NOWHERE)

    def are_in(self, text: str) -> bool:
        """Tell whether a text has one of the words."""
        return bool(self._spaced.search(text) or (not text.isascii() and self._joined.search(text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    asks: re.Pattern[str]
    """In any language, at the start of an appeal."""
    asks_last: _Anywhere
    """Anywhere in one, where verbs stand last or words are not told apart."""
    selves: re.Pattern[str]
    makings: _Anywhere
    phrases: _Anywhere
    """Said by players and walls alone."""
    buttons: frozenset[str]
    reading_times: re.Pattern[str]
    """How long a text takes to read, as a line."""
    rights: _Anywhere
    """Reserved, or given by a licence."""
    closings: _Anywhere
    """Reserved rights, and who answers for a text."""
    fillers: Sequence[str]


def is_notice(text: str) -> bool:
    """Tell whether a block asks its readers to follow, or says how the page, its sound or its text was made.

    >>> is_notice("Follow our channel on WhatsApp for the latest."), is_notice("WhatsApp has a new owner.")
    (True, False)
    """
    if len(text) > _LONGEST or text[:1] in _QUOTES:
        return False
    words, line = _words(), " ".join(lowered(text.replace("’", "'")).split()).strip("()[]*•–—-›»>→ ")
    if line in words.buttons or words.phrases.are_in(line) or words.reading_times.fullmatch(line):
        return True
    if words.selves.match(line) and words.makings.are_in(line):
        return True
    if not (words.asks.match(line) or (measure_length(line) <= _ASKED and words.asks_last.are_in(line))):
        return False
    return any(asks.are_in(line) and places.are_in(line) for asks, places in _appeals())


def reserves_rights(text: str) -> bool:
    """Tell whether a block reserves the rights in a text, or says who answers for it.

    >>> reserves_rights("Все права защищены."), reserves_rights("She has all the rights in the book.")
    (True, False)
    """
    return measure_length(text) <= _RIGHTS and _words().closings.are_in(lowered(text))


def names_rights(text: str) -> bool:
    """Tell whether a text says who holds the rights in something, or by which licence it is passed on.

    >>> names_rights("© 2031 Avisen. Alle rettigheter forbeholdt."), names_rights("She has all the rights.")
    (True, False)
    """
    folded = lowered(text)
    is_signed = any(sign in folded for sign in _SIGNED) and _SIGNS.search(folded) is not None
    return is_signed or _words().rights.are_in(folded)


def is_fault(text: str) -> bool:
    """Tell whether a block is what a server prints of a fault of its own program.

    >>> is_fault("Deprecated: Assigning by reference is deprecated in /www/cache.php on line 36")
    True
    """
    return _FAULT.fullmatch(text) is not None


def is_filler(text: str) -> bool:
    """Tell whether a block is the Latin that stands where no text does: behind a wall, in a template."""
    folded = lowered(text)
    return any(filler in folded for filler in _words().fillers)


@cache
def _appeals() -> Sequence[tuple[_Anywhere, _Anywhere]]:
    """Return for each language what asks at the start or anywhere, and where it asks to."""
    raw = _table()
    first, last, places = raw["verbs"], raw["closing verbs"], raw["places"]
    return tuple(
        (
            _Anywhere([*first.get(language, ()), *last.get(language, ())]),
            _Anywhere([*places["names"], *places.get(language, ())]),
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
        asks=re.compile(any_whole(chain.from_iterable(first.values()), JOINED_LETTER)),
        asks_last=_Anywhere(chain.from_iterable(last.values())),
        selves=re.compile(any_whole(chain.from_iterable(raw["selves"].values()), JOINED_LETTER, end="")),
        makings=_Anywhere(chain.from_iterable(raw["makings"].values())),
        phrases=_Anywhere(chain.from_iterable(raw["phrases"].values())),
        buttons=frozenset(raw["buttons"]),
        reading_times=re.compile(rf"(?:{reading})\W{{0,3}}\d{{1,3}}\W?\w{{1,8}}\W*"),
        rights=_Anywhere([*chain.from_iterable(raw["rights"].values()), *raw["licences"]]),
        closings=_Anywhere([*chain.from_iterable(raw["rights"].values()), *raw["disclaimers"]]),
        fillers=raw["fillers"],
    )
