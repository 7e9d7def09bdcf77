"""A text as hashed words: what deduplication compares."""

from __future__ import annotations

import hashlib
import html
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from scraper.dedup.letters import ALONE, BREAK, CAPITAL, NUMBER, OF_WORD, letters_of
from scraper.model import Signature
from scraper.writing import with_few_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

VERSION = 3
"""Of the words' hashes: raise it with any change to them, and rebuild the index.

What a letter counts as (letters.py, ideographs.json) is part of them, and that a letter of a script without
spaces (writing.py) is a word of its own.
"""
NORMAL_VERSION = 1
"""Of the normalised text and its hash, which stored articles keep."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
SAME = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
SAME |= dict.fromkeys("\u2010\u2011\u2013\u2014", "-") | dict.fromkeys(INVISIBLE, "")

MARKED, SPACED = np.uint64(1), np.uint64(2)
"""Bits of a word's hash: a number or a capital's word; no letter that is a word of its own."""
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_BASE = 0x9E3779B97F4A7C15
_PLACES = 1 << 14
"""After so many characters the powers begin again; a word across that place counts as another word."""
_SPACES = "\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"
"""What a composed text may hold of white space but space and line end; NFKC makes spaces of the others."""
_COMPOSED = {"\xa0": " ", "\u2026": "..."}
"""What NFKC does to the two characters for which alone most texts would go through it."""


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
    return sign_all((body,))[0]


def sign_all(bodies: Sequence[str]) -> list[Signature]:
    """Return what deduplication compares of each text, at three quarters of what one by one costs."""
    texts = [_composed(body) for body in bodies]
    signed = []
    for group in _groups(texts):
        hashes, lengths = _hashed("\n".join(group))
        tokens, begin, line = hashes.tobytes(), 0, 0
        for text in group:
            own = lengths[line : line + text.count("\n") + 1]
            line += len(own)
            end = begin + int(own.sum()) * hashes.itemsize
            signed.append(
                Signature(
                    version=VERSION,
                    content_hash=_hash(_normal(text)),
                    tokens=tokens[begin:end],
                    paragraphs=own[own > 0].astype("<u4").tobytes(),
                )
            )
            begin = end
    return signed


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield texts that the powers reach over together; a longer one alone."""
    group: list[str] = []
    size = 0
    for text in texts:
        if group and size + len(text) > _PLACES:
            yield group
            group, size = [], 0
        group.append(text)
        size += len(text) + 1
    if group:
        yield group


def _hashed(text: str) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hash of each word, and how many words each line has."""
    kept, kinds = letters_of(text)
    first = _first_letters(kinds)
    bounds = np.empty(text.count("\n") + 2, dtype=np.int64)
    bounds[0], bounds[-1] = 0, len(first)
    bounds[1:-1] = first.searchsorted((kinds == BREAK).nonzero()[0])
    lengths = bounds[1:] - bounds[:-1]
    if not len(first):
        return np.empty(0, "<u8"), lengths
    hashes = np.add.reduceat(_powers(1, len(kept)) * kept, first) * _powers(-1, len(kept))[first]
    hashes = (hashes ^ (hashes >> np.uint64(32))) * _MIX
    numbers = (kinds & NUMBER).nonzero()[0]
    kinds = kinds[first]
    marked = (kinds & CAPITAL) != 0
    marked[first.searchsorted(numbers, "right") - 1] = True
    hashes = (hashes ^ (hashes >> np.uint64(29))) & ~(MARKED | SPACED)
    hashes |= marked * MARKED
    hashes |= ((kinds & ALONE) == 0) * SPACED
    return hashes.astype("<u8", copy=False), lengths


def _first_letters(kinds: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return where words begin: after what is no word, and around each letter that stands alone."""
    is_word = (kinds & OF_WORD).view(np.bool_)
    starts = is_word.copy()
    if (kinds & ALONE).any():
        alone = (kinds & ALONE) != 0
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
