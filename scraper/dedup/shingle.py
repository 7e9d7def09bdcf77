"""A text as hashed words: what deduplication compares."""

from __future__ import annotations

import hashlib
import html
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from scraper.model import Signature
from scraper.writing import JOINED_LETTER, with_few_marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

VERSION = 2
"""Of the words' hashes: raise it with any change to them, and rebuild the index.

A letter of a script without spaces is a word of its own: which those are (writing.py) is part of them.
"""
NORMAL_VERSION = 1
"""Of the normalised text and its hash, which stored articles keep."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
SAME = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
SAME |= dict.fromkeys("\u2010\u2011\u2013\u2014", "-") | dict.fromkeys(INVISIBLE, "")

APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"
TATWEEL = "\u0640"
"""Draws an Arabic word out."""
SAME_LETTERS = str.maketrans(
    "\u00df\u1e9e\u00e6\u0153\u0111\u0142\u00f8\u0131\u0127\u0167\u0629\u0649\u06cc\u06a9\u06c1",
    "ssaodloiht\u0647\u064a\u064a\u0643\u0647",
)
"""Letters that keyboards and publishers write by others: ligatures, strokes, Arabic and Persian forms."""

MARKED, SPACED = np.uint64(1), np.uint64(2)
"""Bits of a word's hash: a number or a capital's word; no letter that is a word of its own."""
_CODES = 0x30000
"""Characters told apart: all scripts of news; those above count as the last, which is no letter."""
_WORD, _ALONE, _NUMBER, _CAPITAL, _BREAK, _NOTHING, _UMLAUTS = (np.uint8(1 << bit) for bit in range(7))
_E, _S = ord("e"), ord("s")
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_NARROW = np.dtype("<u2")
_BASE = 0x9E3779B97F4A7C15
_PLACES = 1 << 14
"""After so many characters the powers begin again; a word across that place counts as another word."""
_SPACES = "\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"
"""What a composed text may hold of white space but space and line end; NFKC makes spaces of the others."""
_COMPOSED = {"\xa0": " ", "\u2026": "..."}
"""What NFKC does to the two characters for which alone most texts would go through it."""
_FREE_MARKS = frozenset(range(10, 37)) | frozenset(range(200, 256))
"""Combining classes of what a writer may leave out: the points of Hebrew and Arabic, accents."""


def normalise(text: str) -> str:
    r"""Return the text without what only its rendering changes: entities, ligatures, quotes, dashes, spacing.

    Case and punctuation stay: an edit of either is an edit.

    >>> normalise("“Yes”,\u00a0she said\n— twice")
    '"Yes", she said - twice'
    """
    return _normal(_composed(text))


def content_hash(text: str) -> str:
    """Return the hash of the normalised text, its version before a colon: equal for equal texts only."""
    return _hash(normalise(text))


def sign(body: str) -> Signature:
    """Return what deduplication compares of a text, in linear time, all characters at once."""
    composed = _composed(body)
    kept, kinds = _letters(composed)
    first = _first_letters(kinds)
    if not len(first):
        return Signature(version=VERSION, content_hash=_hash(_normal(composed)))
    places = _powers(1, len(kept)) * kept
    hashes = np.add.reduceat(places, first) * _powers(-1, len(kept))[first]
    hashes = (hashes ^ (hashes >> np.uint64(32))) * _MIX
    held = np.bitwise_or.reduceat(kinds, first)  # by each word and what stands between it and the next
    kinds = kinds[first]
    hashes = (hashes ^ (hashes >> np.uint64(29))) & ~(MARKED | SPACED)
    hashes |= (((kinds & _CAPITAL) | (held & _NUMBER)) != 0) * MARKED
    hashes |= ((kinds & _ALONE) == 0) * SPACED
    bounds = np.concatenate(([0], (held & _BREAK).nonzero()[0] + 1, [len(first)]))
    lengths = bounds[1:] - bounds[:-1]
    return Signature(
        version=VERSION,
        content_hash=_hash(_normal(composed)),
        tokens=hashes.astype("<u8", copy=False).tobytes(),
        paragraphs=lengths[lengths > 0].astype("<u4").tobytes(),
    )


def _letters(text: str) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.uint8]]:
    """Return the letter that each character counts as, and what it is, but for what counts as nothing."""
    letters, all_kinds = _alphabet()
    encoded = text.encode("utf-16-le", "replace")
    if len(encoded) == _NARROW.itemsize * len(text):  # nearly every text: at half the cost
        return _kept(np.frombuffer(encoded, _NARROW), _narrow_alphabet(), all_kinds)
    return _kept(np.frombuffer(text.encode("utf-32-le", "replace"), "<u4"), letters, all_kinds)


def _kept(
    codes: NDArray[np.unsignedinteger[Any]],
    letters: NDArray[np.unsignedinteger[Any]],
    all_kinds: NDArray[np.uint8],
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.uint8]]:
    kinds = all_kinds.take(codes, mode="clip")
    kept = letters.take(codes, mode="clip")
    is_left_out = _left_out(kept, kinds)
    if is_left_out.any():
        is_kept = ~is_left_out
        kept, kinds = kept[is_kept], kinds[is_kept]
    return kept, kinds


def _left_out(letters: NDArray[np.unsignedinteger[Any]], kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return what counts as nothing, and the letter of two that one may stand for: ae is ä, ss is ß."""
    left_out: NDArray[np.bool_] = kinds == _NOTHING
    left_out[1:] |= (letters[1:] == _E) & ((kinds[:-1] & _UMLAUTS) != 0)
    left_out[1:] |= (letters[1:] == _S) & (letters[:-1] == _S)
    return left_out


def _first_letters(kinds: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return where words begin: after what is no word, and around each letter that stands alone."""
    is_word = (kinds & _WORD).view(np.bool_)
    starts = is_word.copy()
    if (kinds & _ALONE).any():
        alone = (kinds & _ALONE) != 0
        starts[1:] &= ~is_word[:-1] | alone[1:] | alone[:-1]
    else:
        np.greater(is_word[1:], is_word[:-1], out=starts[1:])
    return starts.nonzero()[0]


def _powers(sign: int, count: int) -> NDArray[np.uint64]:
    """Return the powers of an odd number modulo 2^64, or their inverses: they make a word's sum its own."""
    powers = _places(sign)
    return powers[:count] if count <= _PLACES else np.resize(powers, count)


@cache
def _places(sign: int) -> NDArray[np.uint64]:
    base = np.full(_PLACES, pow(_BASE, sign, 1 << 64), dtype=np.uint64)
    return np.cumprod(base, dtype=np.uint64)


@cache
def _alphabet() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return the letter that each character code counts as, 0 for none, and what it is; made once."""
    letters, kinds = np.zeros(_CODES, dtype=np.uint64), np.zeros(_CODES, dtype=np.uint8)
    for code in range(_CODES):
        char = chr(code)
        if char in APOSTROPHES or char == TATWEEL:
            kinds[code] = _NOTHING
        elif char.isalnum():
            letters[code] = ord(_letter(char))
            kinds[code] = _WORD | (_NUMBER if char.isnumeric() else 0) | (_CAPITAL if char.isupper() else 0)
        elif (category := unicodedata.category(char)) == "Cf" or category.startswith("M"):
            is_letter = category != "Cf" and unicodedata.combining(char) not in _FREE_MARKS
            is_letter &= not (_is_selector(code) or JOINED_LETTER.match(char))
            letters[code], kinds[code] = (code, _WORD) if is_letter else (0, _NOTHING)
    alone = [found.start() for found in JOINED_LETTER.finditer("".join(map(chr, range(_CODES))))]
    kinds[alone] |= np.where(kinds[alone] != 0, _ALONE, np.uint8(0))
    kinds[ord("\n")] = _BREAK
    kinds[[ord(vowel) for vowel in "aouAOU"]] |= _UMLAUTS
    return letters, kinds


@cache
def _narrow_alphabet() -> NDArray[np.uint16]:
    """Return the letters that the characters of two bytes count as: they have two bytes themselves."""
    return _alphabet()[0][: 1 << 16].astype(_NARROW)


def _letter(char: str) -> str:
    """Return the letter without case and accents, or the digit, that a character counts as."""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    base, *marks = tuple(unicodedata.normalize("NFD", char.lower()))
    is_accented = all(unicodedata.combining(mark) in _FREE_MARKS for mark in marks)
    return (base if is_accented else char.lower()[0]).translate(SAME_LETTERS)


def _is_selector(code: int) -> bool:
    """Return whether the character chooses between forms of the one before it."""
    return 0xFE00 <= code <= 0xFE0F or 0x180B <= code <= 0x180F  # noqa: PLR2004 - Unicode's blocks


def _hash(normal: str) -> str:
    return f"{NORMAL_VERSION}:{hashlib.sha256(normal.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _normal(composed: str) -> str:
    text = _replaced(composed, SAME)
    line = text.replace("\n", " ")
    if "  " in line or any(space in line for space in _SPACES):
        return " ".join(text.split())
    return line.strip(" ")  # at a third of the cost


def _composed(text: str) -> str:
    """Return the text with entities resolved and characters in their composed, compatible form."""
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text
    text = _replaced(text, _COMPOSED)
    text = with_few_marks(text)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _replaced(text: str, table: dict[str, str]) -> str:
    """Return the text with each character of the table replaced; ten times as fast as str.translate."""
    for char, other in table.items():
        if char in text:
            text = text.replace(char, other)
    return text
