"""A page with other words: the markup kept, each word replaced by an invented one of its length and shape.

The same word becomes the same word wherever it stands (in the text, in meta elements, in JSON-LD), so what
agreed still agrees. Addresses, digits, signs and the names of months and days stay.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from scraper.archive.wordplaces import Kind, places
from scraper.extract.agencies import AGENCIES
from scraper.extract.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

_ATOMS = {
    Kind.TEXT: re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});|.", re.DOTALL),
    Kind.LITERAL: re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL),
}
"""What stands for one character of a text: a reference, an escape, or itself."""
_KEPT = re.compile(r"<[^<>]*>|(?:https?:)?//\S+|www\.\S+|\S+@\S+")
"""Of a text: markup inside it and addresses."""
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts without spaces: each letter is a word, so that a part of a text still is a part of it."""
_LEAST = 3
"""Letters of a word that is replaced: shorter ones are grammar, initials and units."""
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvwz"
_BLOCK = 32
"""Other letters change within their neighbours in Unicode, which are of the same script."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the page, as it is written there."""

    kind: Kind
    atoms: tuple[str, ...]
    letters: str

    @property
    def key(self) -> str:
        return self.letters.lower()

    def invented(self) -> str:
        """Return the invented word, written as this one."""
        pairs = zip(self.atoms, self.letters, _shaped(invent(self.key), self.letters), strict=True)
        return "".join(atom if old == new else _written(atom, new, self.kind) for atom, old, new in pairs)


@dataclass(frozen=True, slots=True)
class Redaction:
    """A page cut into markup and words."""

    pieces: Sequence[str | _Word]

    @property
    def words(self) -> list[str]:
        """The words in lower case, each once, in their order."""
        return list(dict.fromkeys(piece.key for piece in self.pieces if isinstance(piece, _Word)))

    def render(self, kept: Container[str]) -> str:
        """Return the page with every word replaced but those kept."""
        return "".join(
            piece
            if isinstance(piece, str)
            else ("".join(piece.atoms) if piece.key in kept else piece.invented())
            for piece in self.pieces
        )


def read_redaction(page: str) -> Redaction:
    """Return a page, cut into markup and words.

    >>> read_redaction("<p class='ferry'>The ferry &amp; THE FERRY</p>").render({"the"})
    "<p class='ferry'>The takkh &amp; THE TAKKH</p>"
    """
    pieces: list[str | _Word] = []
    end = 0
    for place in places(page):
        pieces.append(page[end : place.start])
        pieces += _cut(page[place.start : place.end], place.kind)
        end = place.end
    pieces.append(page[end:])
    return Redaction(pieces)


def usual_words(language: str | None, publisher: str | None) -> frozenset[str]:
    """Return what is nobody's text: grammar, months and days, the names of agencies and of the publisher."""
    names = " ".join((*AGENCIES, publisher or "")).lower()
    return lexicon().function_words | frozenset(_WORD.findall(names)) | frozenset(_calendar(language))


@lru_cache(maxsize=20_000)
def invent(word: str) -> str:
    """Return another word of the same length for a word in lower case: always the same one.

    >>> invent("ferry"), invent("ship") == invent("ship"), len(invent("ёлка"))
    ('takkh', True, 4)
    """
    taken = lexicon().function_words
    for turn in count():
        seed = hashlib.sha256(f"{turn} {word}".encode()).digest()
        found = "".join(
            _letter(letter, seed[at % len(seed)] + at // len(seed)) for at, letter in enumerate(word)
        )
        if (found != word and found not in taken) or turn > len(seed):
            return found
    raise AssertionError  # count() does not end


def _letter(letter: str, number: int) -> str:
    for alphabet in (_VOWELS, _CONSONANTS):
        if letter in alphabet or (letter.isascii() and alphabet is _CONSONANTS):
            return alphabet[number % len(alphabet)]
    first = ord(letter) // _BLOCK * _BLOCK
    alike = [
        other
        for other in map(chr, range(first, first + _BLOCK))
        if other.isalpha() and other.islower() == letter.islower() and len(other.upper()) == 1
    ]
    return alike[number % len(alike)] if alike else letter


def _shaped(word: str, like: str) -> str:
    """Return the word with the capitals of the other."""
    return "".join(
        new.upper() if old.isupper() and len(new.upper()) == 1 else new
        for new, old in zip(word, like, strict=True)
    )


def _written(atom: str, letter: str, kind: Kind) -> str:
    """Return a letter as the one before it was written: in JSON, escaped where that was."""
    if kind is Kind.LITERAL and atom.startswith("\\u"):
        return json.dumps(letter)[1:-1] if not letter.isascii() else f"\\u{ord(letter):04x}"
    return letter


def _cut(text: str, kind: Kind) -> Iterator[str | _Word]:
    """Yield a text in pieces: words that may be replaced, and what stands between them."""
    atoms = _ATOMS[kind].findall(text)
    plain = "".join(_plain(atom, kind) for atom in atoms)
    kept = [match.span() for match in _KEPT.finditer(plain)]
    end = 0
    for match in _WORD.finditer(plain):
        if any(start < match.end() and match.start() < stop for start, stop in kept):
            continue
        for start, stop in _parts(match):
            letters = plain[start:stop]
            if len(letters.lower()) == len(letters):
                yield "".join(atoms[end:start])
                yield _Word(kind, tuple(atoms[start:stop]), letters)
                end = stop
    yield "".join(atoms[end:])


def _parts(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    if _UNSPACED.search(match[0]):
        yield from ((at, at + 1) for at in range(match.start(), match.end()))
    elif match.end() - match.start() >= _LEAST:
        yield match.span()


def _plain(atom: str, kind: Kind) -> str:
    """Return the character that an atom stands for; a space for what stands for none or several."""
    if len(atom) == 1:
        return atom
    if kind is Kind.TEXT:
        character = html.unescape(atom)
    else:
        character = json.loads(f'"{atom}"') if atom[1] == "u" and len(atom) > 2 else " "  # noqa: PLR2004
    return character if len(character) == 1 else " "


def _calendar(language: str | None) -> Iterator[str]:
    for code in ("en", (language or "en").partition("-")[0]):
        try:
            locale = Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for names in (get_month_names, get_day_names):
                    for name in names(width, context, locale).values():
                        yield from _WORD.findall(name.lower())
