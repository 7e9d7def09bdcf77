"""Scripts whose words are not told apart by spaces alone; read wherever length or words are counted."""

from __future__ import annotations

import re
import unicodedata

SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Letters of Thai, Lao, Burmese and Khmer, as a pattern's class; a space without width may part words."""
UNSPACED = SOUTH_EAST_ASIAN + "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts without spaces: these, kana and ideographs. The hashes of stored texts rest on them."""
JOINED = UNSPACED + "\uac00-\ud7af"
"""These and Hangul: Korean has spaces, but its particles are joined to the word before them."""
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
JOINED_LETTER = re.compile(f"[{JOINED}]")


_MOST_MARKS = 30
"""On a letter, as in the Stream-Safe Text Format (Unicode, UAX 15): written ones have a few."""
_SIGNS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")


def with_few_marks(text: str) -> str:
    """Return a text in which no letter bears more than 30 marks, so that normalising it takes no time.

    Putting the marks of a letter in order takes time by the square of their number: hours for a megabyte.

    >>> len(with_few_marks("e" + "\u0301\u0323" * 500))
    31
    """
    if text.isascii() or not any(map(unicodedata.combining, text[:: _MOST_MARKS + 1])):
        return text  # more marks in a row would hold one of these places
    return _SIGNS.sub(_few, text)


def _few(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in run[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
