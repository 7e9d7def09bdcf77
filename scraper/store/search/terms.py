"""Texts as the terms by which they are found: computed here, so that every database holds the same.

A term is a word without case and accents, and of it the stem in the article's language, whose code it begins
with: `en_bridg`. Scripts without spaces are found by pairs of letters. Before the terms of a field stands its
letter: `t_en_bridg` is a word of the title, `a_lima` of an author.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import Stemmer

from scraper.writing import JOINED, JOINED_LETTER, with_few_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.model import Article

TERMS_VERSION = 1
"""Of the terms: raise it with any change to them, and every index is made anew."""
EVERY = "_"
"""The term of every article; it parts what no phrase may join."""
MAX_TEXT = 200_000
"""Characters of a text that are searched."""
MAX_TERMS = 40_000
"""Of a text: PostgreSQL refuses an index entry above 1 MB."""
MAX_WORD = 64
"""Characters of a word; longer ones are no words."""

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Languages whose words have stems, and Snowball's names for them."""
_SAME_STEMS = {"nb": "no", "nn": "no", "bs": "sr", "hr": "sr"}
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ø": "o",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "þ": "th",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ہ": "ه",
    }
)
"""Letters that are written, or typed, by others."""
_FREE_MARKS = frozenset(range(10, 37)) | frozenset(range(200, 256))
"""Combining classes of what a writer may leave out: accents, the points of Hebrew and Arabic."""
_PLURAL = re.compile("oes$")
"""Of Portuguese words in -ão, which Snowball leaves apart."""
_TATWEEL = "\u0640"
_CYRILLIC = "\u0400"
_MOST_SIGNS = 64
"""Distinct signs replaced one after the other; ordinary texts have under 30 that are no letter or figure."""
_KEPT = 200_000
"""Words whose terms are kept, in each language: about 30 MB where a crawl meets as many."""


def stem_code(language: str | None) -> str:
    """Return the code of the language's stems, "" where its words have none.

    >>> stem_code("en-GB"), stem_code("nb"), stem_code("zh"), stem_code(None)
    ('en', 'no', '', '')
    """
    primary = (language or "").partition("-")[0].lower()
    code = _SAME_STEMS.get(primary, primary)
    return code if code in STEMMERS else ""


def terms_version() -> str:
    """Return with what terms are made: those of another version are none of these."""
    return f"{TERMS_VERSION} {Stemmer.version()}"


def terms(text: str, code: str = "") -> list[str]:
    """Return the terms of a text in a language, by the code of its stems.

    >>> terms("Às 18h, o café — C++ e a_b")
    ['as', '18h', 'o', 'cafe', 'c', 'e', 'a', 'b']
    >>> terms("The Bridges", "en"), terms("新华社 电"), terms("दिन दान")
    (['en_the', 'en_bridg'], ['新华', '华社', '社', '电'], ['दिन', 'दान'])
    """
    known = _known_terms(code)
    return list(filter(None, map(known.__getitem__, written_words(text))))[:MAX_TERMS]


def written_words(text: str) -> list[str]:
    """Return the words of a text in small letters; pairs of letters where a script has no spaces."""
    lower = text[:MAX_TEXT]
    if lower.isascii():
        lower = lower.lower()
    else:
        lower = unicodedata.normalize("NFKC", with_few_marks(lower)).casefold()
    signs = set(lower)
    lower = _replaced(lower, {sign: kept for sign in signs if (kept := _kept(sign)) != sign})
    if not lower.isascii() and JOINED_LETTER.search("".join(signs)):
        lower = joined_run().sub(_spaced_pairs, lower)
    return lower.split()


def fold_word(word: str) -> str:
    """Return a word without what people leave out when they type it.

    >>> [fold_word(word) for word in ("łódź", "københavn", "straße", "ёлка", "दिन", "أحمد", "٢٠٢٦")]
    ['lodz', 'kobenhavn', 'strasse', 'елка', 'दिन', 'احمد', '2026']
    """
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    bare = "".join(each for each in decomposed if unicodedata.combining(each) not in _FREE_MARKS)
    folded = unicodedata.normalize("NFC", bare).translate(_LETTERS)
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in folded)


def letter_pairs(run: str) -> list[str]:
    """Return the pairs of neighbours in a run of letters without spaces, then the last letter alone.

    A mark stays with its letter.

    >>> letter_pairs("新华社"), letter_pairs("ที่นี่")
    (['新华', '华社', '社'], ['ที่นี่', 'นี่'])
    """
    units = joined_units(run)
    return [*map("".join, pairwise(units)), units[-1]]


def document(article: Article) -> str:
    """Return all terms of an article in one line: the text's in its order, then those of its fields."""
    code = stem_code(article.language)
    title = terms(article.title or "", code)
    text = terms("\n".join((article.standfirst or "", article.body)), code)
    agencies = article.credit.agencies if article.credit else ()
    parts: list[Iterable[str]] = [title, text, [f"t_{term}" for term in title]]
    parts += [[f"a_{term}" for term in terms(name)] for name in article.authors]
    parts += [[f"g_{term}" for term in terms(name)] for name in agencies]
    parts.append(_labels(article))
    return " ".join(chain([EVERY], *([*part, EVERY] for part in parts if part)))


def site_term(site: str) -> str:
    """Return the term of a site's articles."""
    return f"s_{_label(site)}"


def language_term(language: str) -> str:
    """Return the term of the articles in a language, or a part of it."""
    return f"l_{_label(language)}"


def kind_term(kind: str) -> str:
    """Return the term of the articles of a kind."""
    return f"k_{_label(kind)}"


IN_DOUBT = "d_doubt"
"""The term of what is more likely no article."""


def _labels(article: Article) -> Iterator[str]:
    if article.site:
        yield site_term(article.site)
    if article.language:
        yield from dict.fromkeys(
            (language_term(article.language.partition("-")[0]), language_term(article.language))
        )
    yield kind_term(article.kind.value)
    if article.verdict is not None and article.verdict.in_doubt:
        yield IN_DOUBT


def _label(value: str) -> str:
    """Return a value as one term."""
    return re.sub(r"[\x00-/:-`{-\x7f\s]", "_", value.casefold())[:MAX_WORD]


class _KnownTerms(dict[str, str]):
    """The terms of words in a language; "" for what is no word."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._stemmer = Stemmer.Stemmer(STEMMERS[code]) if code else None
        if self._stemmer:
            self._stemmer.maxCacheSize = 0  # here is the cache

    def __missing__(self, word: str) -> str:
        if len(self) >= _KEPT:
            self.clear()
        self[word] = term = sys.intern(self._term(word))
        return term

    def _term(self, word: str) -> str:
        folded = fold_word(word)
        if not folded or len(folded) > MAX_WORD:
            return ""
        if self._stemmer is None or JOINED_LETTER.match(word):
            return folded
        if folded < _CYRILLIC:  # people leave accents out, and Snowball knows most endings without
            if self._code == "pt":
                folded = _PLURAL.sub("ao", folded)
            stem = self._stemmer.stemWord(folded)
        else:  # what folding takes away there, Snowball asks for
            stem = self._stemmer.stemWord(word)
        return f"{self._code}_{fold_word(stem)}"


@cache
def _known_terms(code: str) -> _KnownTerms:
    return _KnownTerms(code)


def is_of_word(sign: str) -> bool:
    """Return whether a character stands in words, be it as nothing."""
    return _kept(sign) != " "


@cache
def _kept(sign: str) -> str:
    """Return a character where it belongs to a word, "" where it is nothing, a space where it parts words."""
    if sign.isalnum():
        return "" if sign == _TATWEEL else sign
    category = unicodedata.category(sign)
    if category == "Cf" or _is_selector(sign):
        return ""
    return sign if category.startswith("M") else " "


def _is_selector(sign: str) -> bool:
    """Return whether the character chooses between forms of the one before it."""
    return "\ufe00" <= sign <= "\ufe0f" or "\u180b" <= sign <= "\u180f"


def _replaced(text: str, signs: dict[str, str]) -> str:
    """Return the text with other signs, in a quarter of the time of str.translate where they are few."""
    if len(signs) > _MOST_SIGNS:
        return text.translate({ord(sign): other for sign, other in signs.items()})
    for sign, other in signs.items():
        text = text.replace(sign, other)
    return text


@cache
def joined_run() -> re.Pattern[str]:
    """Return the pattern of letters of scripts without spaces, or whose words are joined, in a row."""
    return re.compile(f"[{JOINED}][{JOINED}{_marks()}]*")


def joined_units(run: str) -> list[str]:
    """Return the letters of such a run, each with its marks."""
    return _unit().findall(run)


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(f".[{_marks()}]*", re.DOTALL)


@cache
def _marks() -> str:
    """Return the marks of scripts whose words are joined, as a pattern's class."""
    letters = map(
        chr, chain(range(0x0300, 0x0370), range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))
    )
    return "".join(each for each in letters if unicodedata.category(each).startswith("M")) + "\u3099\u309a"


def _spaced_pairs(run: re.Match[str]) -> str:
    return f" {' '.join(letter_pairs(run[0]))} "
