"""Spellings of one word or line that count as equal; read wherever titles, names and bylines are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from scraper.writing import UNSPACED_LETTER, with_few_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_LETTERS = re.compile(r"[^\w]+")
_ASCII = "".join(chr(code).lower() if chr(code).isalnum() or code == ord("_") else " " for code in range(128))
"""For every sign of ASCII the one that it is folded to: three times as fast as a pattern."""
_WHOLE = r"(?!\w)"
"""Behind a word that is not the beginning of another one."""
_FEW = 8
"""Words for which a pattern of branches is not made any shorter: making it takes longer than it saves."""


@lru_cache(maxsize=4_096)  # a page's titles, names and bylines are compared with each other again and again
def fold(text: str) -> str:
    """Return a form in which two spellings of one headline are equal.

    >>> fold("“Flood”  – Ävle…") == fold('"flood" - ävle')
    True
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    return _NO_LETTERS.sub(
        " ", unicodedata.normalize("NFKC", with_few_marks(text)).replace("\xad", "").casefold()
    ).strip()


def lowered(text: str) -> str:
    """Return a text in small letters, where a Turkish İ is an i: elsewhere it becomes an i and a dot.

    >>> lowered("İLGİLİ Haber")
    'ilgili haber'
    """
    return text.replace("İ", "i").lower()


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest that fits; a space is any white space.

    Words that begin alike share their beginning: `re` tries every branch of a pattern at every letter of a
    text, and a table has a thousand words.

    >>> any_of(["by", "post"])
    '(?:post|by)'
    """
    return _branches(sorted({word for word in words if word}))


def any_whole(
    words: Iterable[str], joined_letter: re.Pattern[str] = UNSPACED_LETTER, end: str = _WHOLE
) -> str:
    """Return a pattern of any of the words, whole where they hold no letter of scripts that join them.

    With no end they are the beginnings of words.
    """
    every = set(words)
    joined = set(filter(joined_letter.search, every))
    spaced = [rf"(?<!\w){any_of(every - joined)}{end}"] if every - joined else []
    return "|".join([*spaced, *([any_of(joined)] if joined else [])])


def _branches(words: list[str]) -> str:
    """Return a pattern of sorted words; an empty one says that what stands before may be all."""
    if len(words) <= _FEW:
        return f"(?:{'|'.join(map(_spelled, sorted(words, key=len, reverse=True)))})"
    found = []
    for _, group in groupby(filter(None, words), key=lambda word: word[0]):
        alike = list(group)
        ends = zip(alike[0], alike[-1], strict=False)
        shared = next((place for place, (one, other) in enumerate(ends) if one != other), len(alike[0]))
        rest = [word[shared:] for word in alike]
        found.append(_spelled(alike[0][:shared]) + (_branches(rest) if any(rest) else ""))
    return f"(?:{'|'.join(found)})" + ("" if words[0] else "?")


def is_caseless(letter: str) -> bool:
    """Tell whether a letter's script has no capitals.

    >>> is_caseless("新"), is_caseless("å"), is_caseless("Å")
    (True, False, False)
    """
    return letter.lower() == letter.upper()


def _spelled(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s+")
