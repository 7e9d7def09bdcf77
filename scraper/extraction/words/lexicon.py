"""Words that tell what a part of a page is for: in class and id attributes, and in boilerplate itself."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING

from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")
_LOWER_WORD = re.compile(r"[a-z]+")
_STARTS = re.compile(r"\b\w{1,3}")
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
    starts: dict[str, tuple[tuple[str, int], ...]]
    """First letters of a phrase → phrases and the places of their kinds."""
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
        for first in self.starts.keys() & _STARTS.findall(text):
            for phrase, kind in self.starts[first]:
                start = text.find(phrase)
                while start >= 0:
                    if (match := _STARTS.match(text, start)) and match[0] == first:
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
    starts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    signs, unspaced = [], []
    for kind, phrases in enumerate(raw["phrases"].values()):
        for phrase in phrases:
            if JOINED_LETTER.match(phrase):
                unspaced.append((phrase, kind))
            elif not phrase[0].isalnum():
                signs.append((phrase, kind))
            else:
                starts[_STARTS.findall(phrase)[0]].append((phrase, kind))
    return Lexicon(
        class_kinds=tuple(raw["class words"]),
        class_bits=bits,
        phrases={kind: tuple(phrases) for kind, phrases in raw["phrases"].items()},
        starts={start: tuple(found) for start, found in starts.items()},
        signs=tuple(signs),
        unspaced=tuple(unspaced),
        function_words=frozenset(word for line in raw["function words"] for word in line.split()),
    )


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
