"""What the words of a block tell: figures of its text, and how much of it stands in another text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scraper.extraction.words.characters import CharacterKind, Characters, only_words
from scraper.extraction.words.lexicon import lexicon
from scraper.writing import JOINED_LETTER, UNSPACED_LETTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_TOKEN = re.compile(r"\w+")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./:-]\d{1,2}\b")
_OPENERS = "\"'“„«‘¿¡—–-(「『"
_PIECE = 24
"""Characters of a block that are looked for at once among the characters of a text."""
_LONG_WORD = 4
_FIRST_WORDS = 100
_HEAD_WORDS = 40
"""TextWords at the start of a text whose form is told."""
_OPENING = 300
"""Characters at the start of a text that are counted by kinds."""
_LONG_RUN = 600
"""Characters of a run without spaces whose pairs are read."""
TEXT_MEASURES = (
    "chars", "words", "cjk", "ends", "ends colon", "sentences", "words a sentence", "commas", "capitals",
    "all capitals", "starts lower", "starts digit", "starts quote", "digits", "punctuation", "word length",
    "function words", "date", "bars", "address", "quotes", "question",
)  # fmt: skip
"""What measure_texts tells, in its order."""


def letters(text: str) -> str:
    """Return only the letters and digits, in lower case.

    >>> letters("It’s 5 o'clock.")
    'its5oclock'
    """
    return "".join(_TOKEN.findall(text.lower())).replace("_", "")


def letters_of_lines(lines: Sequence[str]) -> list[str]:
    """Return each line folded so, all at once: in a third of the time.

    >>> letters_of_lines(["It’s 5 o'clock.", "«_»"])
    ['its5oclock', '']
    """
    return only_words("\n".join(lines).lower()).replace("_", "").split("\n")


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


def count_unspaced(texts: Sequence[str]) -> list[int]:
    """Return how many letters of scripts without spaces each text has."""
    signs = Characters(texts)
    found: list[int] = signs.count(signs.are(CharacterKind.UNSPACED)).tolist()
    return found


def measure_lengths(texts: Sequence[str]) -> list[int]:
    """Return the length of each text as measure_length does."""
    unspaced = iter(count_unspaced([text for text in texts if not text.isascii()]))
    return [len(text) if text.isascii() else len(text) + 3 * next(unspaced) // 2 for text in texts]


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
        return sum(map(self.all.__contains__, pieces)) / len(pieces)


class TextWords(NamedTuple):
    """The words of a text."""

    total: int
    first: Sequence[str]
    """Of the first ones, in lower case."""
    is_joined: bool = True
    """Some may be of scripts without spaces."""

    def vocabulary(self) -> set[str]:
        """Return the longer ones, and pairs of characters where a script has no spaces."""
        found = {word for word in self.first if len(word) >= _LONG_WORD}
        if not self.is_joined:
            return found
        unspaced = [word for word in self.first if not word.isascii() and JOINED_LETTER.search(word)]
        if not unspaced:
            return found
        pairs = {word[at : at + 2] for word in unspaced for at in range(min(len(word), _LONG_RUN) - 1)}
        return found.difference(unspaced) | pairs


def read_words(text: str) -> TextWords:
    """Return the words of a text; what is written without spaces is one."""
    if text.isascii():
        found = _TOKEN.findall(text.lower())
        return TextWords(len(found), found[:_FIRST_WORDS], is_joined=False)
    found = _TOKEN.findall(text)
    first = " ".join(found[:_FIRST_WORDS]).lower()
    return TextWords(len(found), first.split(), is_joined=JOINED_LETTER.search(first) is not None)


def measure_texts(texts: Sequence[str], words: Sequence[TextWords]) -> NDArray[np.float64]:
    """Return a row for each of TEXT_MEASURES, a column for each text; the words are those of the texts.

    Counted for all texts at once: one by one, patterns took three times as long.
    """
    signs = Characters(texts)
    count, are, size = signs.count, signs.are, signs.ends - signs.starts
    opening = np.minimum(size, _OPENING)
    unspaced = count(are(CharacterKind.UNSPACED))
    head = np.array([min(said.total, _HEAD_WORDS) for said in words])
    head_size, capitals = _of_heads(signs)
    words_in = np.maximum(np.array([said.total for said in words]) + unspaced / 2, 1)
    some = np.maximum(head + head_size * unspaced / size / 2, 1)
    stops = count(
        (are(CharacterKind.STOP) & signs.before(are(CharacterKind.CLOSER))) | are(CharacterKind.WIDE_STOP)
    )
    digits = count(are(CharacterKind.DIGIT), _OPENING)
    is_common = lexicon().function_words.__contains__
    return np.array(
        [
            size,
            words_in,
            count(are(CharacterKind.JOINED), _OPENING) / opening,
            [_is_ended(text) for text in texts],
            [text.endswith((":", "：")) for text in texts],
            stops,
            words_in / (stops + 1),
            count(are(CharacterKind.COMMA)) / size,
            capitals / some,
            [text.isupper() for text in texts],
            [text[0].islower() for text in texts],
            [text[0].isdigit() for text in texts],
            [text[0] in _OPENERS for text in texts],
            digits / opening,
            count(are(CharacterKind.SIGN), _OPENING) / opening,
            head_size / some,
            np.array([sum(map(is_common, said.first[:_HEAD_WORDS])) for said in words]) / some,
            _are_dated(texts, digits),
            count(are(CharacterKind.BAR)) + [text.count(" / ") for text in texts],
            ["@" in text or "http" in text or "www." in text for text in texts],
            count(are(CharacterKind.QUOTE)),
            ["?" in text[-3:] for text in texts],
        ],
        dtype=float,
    )


def _of_heads(signs: Characters) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for the first words of each text their letters together, and how many begin with a capital."""
    is_word = signs.are(CharacterKind.WORD)
    begins = is_word & ~np.concatenate([[False], is_word[:-1]])
    words = np.append(np.flatnonzero(begins), np.full(_HEAD_WORDS + 1, len(begins)))
    behind = words[np.searchsorted(words, signs.starts) + _HEAD_WORDS]
    ends = np.minimum(signs.ends, behind)
    return signs.count_to(ends, is_word), signs.count_to(ends, begins & signs.are(CharacterKind.CAPITAL))


def _are_dated(texts: Sequence[str], digits: NDArray[np.int64]) -> list[bool]:
    return [
        found > 1 and _DATE.search(text, 0, _OPENING) is not None
        for text, found in zip(texts, digits.tolist(), strict=True)
    ]


def _is_ended(text: str) -> bool:
    last = text.rstrip("\"'”’»)」』 ")[-1:]
    return bool(last) and last in ".!?。！？।؟…"
