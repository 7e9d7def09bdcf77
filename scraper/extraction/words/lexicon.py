"""Words that tell what a part of a page is for: in class and id attributes, and in boilerplate itself."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")
_LOWER_WORD = re.compile(r"[a-z]+")
_TOKEN = re.compile(r"\w+")
_EDGE = re.compile(r"\b")
_STEM = 4
"""Letters of a word by which a phrase is looked up: a longer word may stand at its end."""
_LONGEST_NAMES = 300
"""Characters of an element's names that are read; utility classes run to thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of lexicon.json."""

    class_kinds: tuple[str, ...]
    """The kinds that words of class and id attributes tell, in the order of their bits."""
    class_bits: dict[str, int]
    phrases: dict[str, tuple[str, ...]]
    """Kind → phrases of boilerplate, lower case, in many languages."""
    stems: dict[str, tuple[tuple[str, int, frozenset[str]], ...]]
    """First letters of a word of a phrase, "" where none will do → phrases, the places of their kinds, and
    which words stand whole in them."""
    signs: tuple[tuple[str, int], ...]
    """Phrases that begin with a sign."""
    unspaced: tuple[tuple[str, int], ...]
    """Phrases of scripts without spaces."""
    function_words: frozenset[str]
    """The commonest words of running text: keyword lists and menus have few of them."""

    def find(self, lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yield the line, the kind by its place, and the start of each phrase in lower-case lines.

        They come in no order. A phrase with a sign or of a script without spaces is found once in a line.
        """
        text = "\n".join(lines)
        begins = [0, *accumulate(len(line) + 1 for line in lines)]
        words = set(_TOKEN.findall(text))
        stems = self.stems.keys() & {"", *[word[:_STEM] for word in words]}
        for phrase, kind, whole in chain.from_iterable(self.stems[stem] for stem in stems):
            start = text.find(phrase) if whole <= words else -1
            while start >= 0:
                if _EDGE.match(text, start):
                    line = bisect_right(begins, start) - 1
                    yield line, kind, start - begins[line]
                start = text.find(phrase, start + 1)
        for phrase, kind in self.signs + self.unspaced if JOINED_LETTER.search(text) else self.signs:
            start = text.find(phrase)
            while start >= 0:
                line = bisect_right(begins, start) - 1
                yield line, kind, start - begins[line]
                start = text.find(phrase, begins[line + 1])


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read from the package's data once."""
    raw = json.loads(files("scraper.extraction.words").joinpath("lexicon.json").read_text(encoding="utf-8"))
    bits: dict[str, int] = {}
    for bit, words in enumerate(raw["class words"].values()):
        for word in words.split():
            bits[word] = bits.get(word, 0) | 1 << bit
    stems: dict[str, list[tuple[str, int, frozenset[str]]]] = defaultdict(list)
    signs, unspaced = [], []
    for kind, phrases in enumerate(raw["phrases"].values()):
        for phrase in phrases:
            if JOINED_LETTER.match(phrase):
                unspaced.append((phrase, kind))
            elif not phrase[0].isalnum():
                signs.append((phrase, kind))
            else:
                stem, whole = _looked_up(phrase)
                stems[stem].append((phrase, kind, whole))
    return Lexicon(
        class_kinds=tuple(raw["class words"]),
        class_bits=bits,
        phrases={kind: tuple(phrases) for kind, phrases in raw["phrases"].items()},
        stems={stem: tuple(found) for stem, found in stems.items()},
        signs=tuple(signs),
        unspaced=tuple(unspaced),
        function_words=frozenset(word for line in raw["function words"] for word in line.split()),
    )


def _looked_up(phrase: str) -> tuple[str, frozenset[str]]:
    """Return the first letters of a word by which a phrase is found, and the words that stand whole in it."""
    *whole, last = _TOKEN.findall(phrase)
    if not phrase.endswith(last):
        whole.append(last)
    elif len(last) >= _STEM or not whole:
        return (last[:_STEM] if len(last) >= _STEM else ""), frozenset(whole)
    return max(whole, key=len)[:_STEM], frozenset(whole)


@lru_cache(maxsize=20_000)
def class_words(names: str) -> int:
    """Return the kinds of words that class and id attributes hold, as bits.

    >>> [kind for bit, kind in enumerate(lexicon().class_kinds) if class_words("related-posts") >> bit & 1]
    ['related']
    """
    known = lexicon().class_bits
    names = names[:_LONGEST_NAMES]
    words = _LOWER_WORD.findall(names) if names.islower() else _WORD.findall(names)
    bits = 0
    for word in words:
        bits |= known.get(word.lower(), 0)
    return bits
