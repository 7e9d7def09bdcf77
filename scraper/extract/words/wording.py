"""What the words of a block tell: figures of its text, and how much of it stands in another text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.words.lexicon import lexicon
from scraper.writing import JOINED_LETTER, UNSPACED_LETTER

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?。！？।؟…](?=[\s\"'”’»)」』]|$)|[。！？]")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./:-]\d{1,2}\b")
_COMMAS = re.compile("[,，、،]")
_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[^\w\s]")
_BARS = re.compile("[|•·]| / ")
_QUOTES = re.compile('["“”„«»「」]')
_OPENERS = "\"'“„«‘¿¡—–-(「『"
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != "\n")
_SIGNS = re.compile(r"[^\w\n]+")
_PIECE = 24
"""Characters of a block that are looked for at once among the characters of a text."""
_LONG_WORD = 4
_FIRST_WORDS = 100
_LONG_RUN = 600
"""Characters of a run without spaces whose pairs are read."""
TEXT_MEASURES = (
    "chars", "words", "cjk", "ends", "ends colon", "sentences", "words a sentence", "commas", "capitals",
    "all capitals", "starts lower", "starts digit", "starts quote", "digits", "punctuation", "word length",
    "function words", "date", "bars", "address", "quotes", "question",
)  # fmt: skip
"""What measure_text tells, in its order."""


def letters(text: str) -> str:
    """Return only the letters and digits, in lower case.

    >>> letters("It’s 5 o'clock.")
    'its5oclock'
    """
    return "".join(_TOKEN.findall(text.lower())).replace("_", "")


def letters_of_lines(lines: Sequence[str]) -> list[str]:
    """Return each line folded, in two thirds of the time.

    >>> letters_of_lines(["It’s 5 o'clock.", "«_»"])
    ['its5oclock', '']
    """
    text = "\n".join(lines).lower().encode().translate(None, _ASCII_SIGNS).decode()
    return (text if text.isascii() else _SIGNS.sub("", text)).split("\n")


def estimate_words(text: str) -> float:
    """Return how many words a text has; two characters make one where a script has no spaces."""
    return (
        text.count(" ") + 1 if text.isascii() else text.count(" ") + 1 + len(JOINED_LETTER.findall(text)) / 2
    )


def measure_length(text: str) -> int:
    """Return how long a text is, in letters of the scripts with spaces.

    Chinese, Japanese and Thai text of the same meaning has two fifths of the letters of English text.

    >>> measure_length("ferry"), measure_length("渡轮")
    (5, 5)
    """
    return len(text) if text.isascii() else len(text) + 3 * len(UNSPACED_LETTER.findall(text)) // 2


class ReferenceText:
    """The folded text that another source holds, and how much of a block is in it."""

    def __init__(self, lines: Sequence[str]) -> None:
        folded = letters_of_lines([line.replace("\n", " ") for line in lines])
        self.lines = frozenset(folded)
        self.all = "\n".join(folded)
        self.size = sum(map(len, folded))

    def share(self, folded: str) -> float:
        """Return the share of the block's characters that stand here too, from 0 to 1."""
        if not self.size or not folded:
            return 0.0
        if folded in self.lines:
            return 1.0
        if len(folded) < _PIECE:
            return 0.5 if len(folded) > _PIECE // 2 and folded in self.all else 0.0
        if folded in self.all:
            return 1.0
        pieces = [folded[start : start + _PIECE] for start in range(0, len(folded) - _PIECE + 1, _PIECE)]
        return sum(piece in self.all for piece in pieces) / len(pieces)


def tokenize(text: str) -> list[str]:
    """Return the words as printed; what is written without spaces is one."""
    return _TOKEN.findall(text)


def vocabulary(tokens: Sequence[str]) -> set[str]:
    """Return the longer ones of the first words, and pairs of characters where a script has no spaces."""
    words = " ".join(tokens[:_FIRST_WORDS]).lower()
    found = {word for word in words.split() if len(word) >= _LONG_WORD}
    if words.isascii() or not JOINED_LETTER.search(words):
        return found
    unspaced = [word for word in words.split() if JOINED_LETTER.search(word)]
    pairs = {word[at : at + 2] for word in unspaced for at in range(min(len(word), _LONG_RUN) - 1)}
    return found.difference(unspaced) | pairs


def measure_text(text: str, tokens: Sequence[str]) -> tuple[float, ...]:
    """Return the values of TEXT_MEASURES, given the text's words."""
    size = len(text)
    head, opening = tokens[:40], text[:300]
    unspaced = 0 if text.isascii() else len(UNSPACED_LETTER.findall(text))
    count, some = (
        max(len(tokens) + unspaced / 2, 1),
        max(len(head) + sum(map(len, head)) * unspaced / size / 2, 1),
    )
    common = lexicon().function_words
    last = text.rstrip("\"'”’»)」』 ")[-1:]
    ends, digits = len(_ENDS.findall(text)), len(_DIGIT.findall(opening))
    return (
        size,
        count,
        0.0 if text.isascii() else len(JOINED_LETTER.findall(opening)) / len(opening),
        bool(last) and last in ".!?。！？।؟…",
        text.endswith((":", "：")),
        ends,
        count / (ends + 1),
        len(_COMMAS.findall(text)) / size,
        len([word for word in head if word[0].isupper()]) / some,
        text.isupper(),
        text[0].islower(),
        text[0].isdigit(),
        text[0] in _OPENERS,
        digits / len(opening),
        len(_SIGN.findall(opening)) / len(opening),
        sum(map(len, head)) / some,
        len([word for word in " ".join(head).lower().split() if word in common]) / some,
        digits > 1 and _DATE.search(opening) is not None,
        len(_BARS.findall(text)),
        "@" in text or "http" in text or "www." in text,
        len(_QUOTES.findall(text)),
        "?" in text[-3:],
    )
