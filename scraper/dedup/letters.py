"""The characters of a text → letters that are the same however the text is written; read by dedup.shingle.

A name from another script is written as each publisher hears it: Volodymyr is Vladimir, Kyiv is Kiev. So
letters of one sound are one, and a word of four letters or more is known by how it begins and its consonants.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Letters = NDArray[np.unsignedinteger[Any]]
    Kinds = NDArray[np.uint8]

OF_WORD, ALONE, NUMBER, CAPITAL, BREAK, _NOTHING, _VOWEL, _BREATH = (np.uint8(1 << bit) for bit in range(8))
"""What a character is, in bits."""

APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"
TATWEEL = "\u0640"
"""Draws an Arabic word out."""
SAME_LETTERS = str.maketrans(
    "\u00df\u1e9e\u00e6\u0153\u0111\u0142\u00f8\u0131\u0127\u0167\u0629\u0649\u06cc\u06a9\u06c1",
    "ssaodloiht\u0647\u064a\u064a\u0643\u0647",
)
"""Letters that keyboards and publishers write by others: ligatures, strokes, Arabic and Persian forms."""
VOWELS = "aeiouyj"
SOUNDS = str.maketrans("bdgqcxhvwmzyj", "ptkkkkkffnsii")
"""Letters of the Latin script that stand for one sound where a name comes from another script."""
STOPS = "ptks"
"""Sounds that an h behind them is part of: Akhmed is Ahmed."""

_A, _E, _K, _S, _Z = map(ord, "aeksz")
_IS_STOP = np.array([chr(code) in STOPS for code in range(_Z + 2)])
_CODES = 0x30000
"""Characters told apart: all scripts of news; those above count as the last, which is no letter."""
_NARROW = np.dtype("<u2")
_ASTRAL = "\U00010000"
"""The first character that takes more than two bytes."""
_UNKNOWN = np.uint8(255)
"""What a character is that was not met yet: all bits."""
_FREE_MARKS = frozenset(range(10, 37)) | frozenset(range(200, 256))
"""Combining classes of what a writer may leave out: the points of Hebrew and Arabic, accents."""


def letters_of(text: str) -> tuple[Letters, Kinds]:
    """Return the letters that tell a text's words apart, 0 for what is none, and what each is."""
    for char in APOSTROPHES:
        text = text.replace(char, "")  # nearly every text has some: left out here they cost nothing
    encoded = text.encode("utf-16-le", "replace")
    if len(encoded) == _NARROW.itemsize * len(text):  # nearly every text: at half the cost
        return _kept(np.frombuffer(encoded, _NARROW), alphabet().narrow)
    return _kept(np.frombuffer(text.encode("utf-32-le", "replace"), "<u4"), alphabet().letters)


def _kept(codes: Letters, meanings: Letters) -> tuple[Letters, Kinds]:
    kinds = _kinds(codes)
    letters = meanings.take(codes, mode="clip")
    is_nothing = kinds == _NOTHING
    if is_nothing.any():
        letters, kinds = letters[~is_nothing], kinds[~is_nothing]
    is_kept = ~_is_second(letters, kinds)
    letters, kinds = letters[is_kept], kinds[is_kept]
    is_long = _is_of_long_word(kinds)
    is_later = np.zeros(len(letters), dtype=np.bool_)
    is_later[1:] = (kinds[:-1] & OF_WORD).view(np.bool_)
    letters[((kinds & _VOWEL) != 0) & is_long & ~is_later] = _A
    is_kept = ~(_is_unheard(letters, kinds, is_long) & is_later)
    return letters[is_kept], kinds[is_kept]


def _is_second(letters: Letters, kinds: Kinds) -> NDArray[np.bool_]:
    """Return what is the second of two letters that one may stand for: ss is ß, ae is ä, Odessa is Odesa."""
    is_second = np.zeros(len(letters), dtype=np.bool_)
    is_second[1:] = (letters[1:] == letters[:-1]) & (letters[1:] >= _A) & (letters[1:] <= _Z)
    is_second[1:] |= (letters[1:] == _E) & ((kinds[:-1] & _VOWEL) != 0)
    return is_second


def _is_of_long_word(kinds: Kinds) -> NDArray[np.bool_]:
    """Return which characters are of a word of four or more."""
    is_word = (kinds & OF_WORD).view(np.bool_)
    two = is_word[:-1] & is_word[1:]
    four = two[:-2] & two[2:]
    is_long = np.zeros(len(kinds), dtype=np.bool_)
    for place in range(min(4, len(kinds))):
        is_long[place : place + len(four)] |= four
    return is_long


def _is_unheard(letters: Letters, kinds: Kinds, is_long: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what some write and others not: vowels, an h after a stop or at the end, the s in Aleksandr."""
    is_breath = (kinds & _BREATH) != 0
    is_breath[1:-1] &= _IS_STOP.take(letters[:-2], mode="clip") | ((kinds[2:] & OF_WORD) == 0)
    is_unheard: NDArray[np.bool_] = (((kinds & _VOWEL) != 0) | is_breath) & is_long
    is_unheard[1:] |= (letters[1:] == _S) & (letters[:-1] == _K)
    return is_unheard


def _kinds(codes: Letters) -> Kinds:
    """Return what each character is; the alphabet knows all of them from then on."""
    known = alphabet()
    kinds = known.kinds.take(codes, mode="clip")
    if kinds.max(initial=0) == _UNKNOWN:
        for code in set(codes[kinds == _UNKNOWN].tolist()):
            known.learn(min(code, _CODES - 1))
        kinds = known.kinds.take(codes, mode="clip")
    return kinds


class Alphabet:
    """The letter that each character met so far counts as, 0 for none, and what it is.

    Half a second would go if all of Unicode were taken up beforehand.
    """

    def __init__(self) -> None:
        """Know none yet."""
        self.kinds: Kinds = np.full(_CODES, _UNKNOWN, dtype=np.uint8)
        self.letters = np.zeros(_CODES, dtype=np.uint64)
        self.narrow = np.zeros(ord(_ASTRAL), dtype=_NARROW)
        """The same of the characters of two bytes: they have two bytes themselves."""
        self._same = {ord(char): ord(same[0]) for same in _ideographs() for char in same}

    def learn_all(self, text: str) -> None:
        """Take all characters of a text up."""
        for code in {min(ord(char), _CODES - 1) for char in text}:
            if self.kinds[code] == _UNKNOWN:
                self.learn(code)

    def learn(self, code: int) -> None:
        """Take a character up."""
        letter, kind = _meaning(chr(code))
        self.letters[code] = letter = self._same.get(code, letter)
        if code < len(self.narrow):
            self.narrow[code] = letter
        self.kinds[code] = kind  # the last: another thread may look


@cache
def alphabet() -> Alphabet:
    """Return the one of this process."""
    return Alphabet()


def _meaning(char: str) -> tuple[int, np.uint8]:
    """Return the letter that a character counts as, 0 for none, and what it is."""
    if char == "\n":
        return 0, BREAK
    if char in APOSTROPHES or char == TATWEEL:
        return 0, _NOTHING
    code, is_joined = ord(char), JOINED_LETTER.match(char)
    if char.isalnum():
        letter = _letter(char)
        return ord(letter.translate(SOUNDS)), _kind(char, letter) | (ALONE if is_joined else np.uint8(0))
    category = unicodedata.category(char)
    if category != "Cf" and not category.startswith("M"):
        return 0, np.uint8(0)
    is_letter = category != "Cf" and unicodedata.combining(char) not in _FREE_MARKS
    if is_letter and not (_is_selector(code) or is_joined):
        return code, OF_WORD
    return 0, _NOTHING | (ALONE if is_joined else np.uint8(0))


def _letter(char: str) -> str:
    """Return the letter without case and accents, or the digit, that a character counts as."""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    base, *marks = tuple(unicodedata.normalize("NFD", char.lower()))
    is_accented = all(unicodedata.combining(mark) in _FREE_MARKS for mark in marks)
    is_accented &= base < _ASTRAL or char >= _ASTRAL  # a letter has no more bytes than its character
    return (base if is_accented else char.lower()[0]).translate(SAME_LETTERS)


def _kind(char: str, letter: str) -> np.uint8:
    kind = OF_WORD
    if char.isnumeric():
        kind |= NUMBER
    if char.isupper():
        kind |= CAPITAL
    if letter in VOWELS:
        kind |= _VOWEL
    return kind | _BREATH if letter == "h" else kind


def _is_selector(code: int) -> bool:
    """Return whether the character chooses between forms of the one before it."""
    return 0xFE00 <= code <= 0xFE0F or 0x180B <= code <= 0x180F  # noqa: PLR2004 - Unicode's blocks


def _ideographs() -> list[str]:
    """Return the ideographs that are one: traditional, simplified and other forms."""
    text = files("scraper.dedup").joinpath("ideographs.json").read_text(encoding="utf-8")
    return [same for line in json.loads(text)["same"] for same in line.split()]
