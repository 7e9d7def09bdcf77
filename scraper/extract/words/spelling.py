"""Spellings of one word or line that count as equal; read wherever titles, names and bylines are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from scraper.writing import with_few_marks

_NO_LETTERS = re.compile(r"[^\w]+")


@lru_cache(maxsize=4_096)  # a page's titles, names and bylines are compared with each other again and again
def fold(text: str) -> str:
    """Return a form in which two spellings of one headline are equal.

    >>> fold("“Flood”  – Ävle…") == fold('"flood" - ävle')
    True
    """
    return _NO_LETTERS.sub(
        " ", unicodedata.normalize("NFKC", with_few_marks(text)).replace("\xad", "").casefold()
    ).strip()
