"""The words of bylines: bylines.json by language, and every pattern about who wrote a text, made of it.

A word that is added there is known to all of them: to a byline's lead, to labels, to trades and to the names
between which it stands.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from scraper.writing import JOINED_LETTER, UNSPACED_LETTER

_AND = ("&", "et", "og", "och")


@dataclass(frozen=True, slots=True, kw_only=True)
class BylineWords:
    """The words of every language, by what they say."""

    by: tuple[str, ...]
    """Before the name of who wrote; no name begins with them."""
    of: tuple[str, ...]
    """The same, but a name may begin with them: "von Arx"."""
    written: tuple[str, ...]
    """Before "by": what was written, or that it was."""
    author: tuple[str, ...]
    """Labels with a colon."""
    role: tuple[str, ...]
    """Trades that stand beside a name."""
    editor: tuple[str, ...]
    """Labels of who edited."""
    crew: tuple[str, ...]
    """What others did to a text: they are no authors of it."""
    after: tuple[str, ...]
    """Behind the name of who wrote, where a language has it there."""
    press: tuple[str, ...]
    """The trades of those who write news; of English, whose others are anybody's, those of its labels."""
    joins: tuple[str, ...]
    """Between two names."""
    surname: tuple[str, ...]
    """What a Chinese name begins with; other names are told by spaces and capitals."""


@cache
def byline_words() -> BylineWords:
    """Return the words of every language together, the longest first."""
    raw = json.loads(files("scraper.extract.words").joinpath("bylines.json").read_text(encoding="utf-8"))
    for code, words in raw.items():
        trades = words.get("role", ()) if code != "en" else ()
        words["press"] = [*words.get("author", ()), *words.get("editor", ()), *trades]
    every: dict[str, tuple[str, ...]] = {}
    for kind in (field.name for field in fields(BylineWords)):
        found = {word.lower() for words in raw.values() for word in words.get(kind, ())}
        every[kind] = _longest_first(found)
    return BylineWords(**every)


def is_by(word: str) -> bool:
    """Tell whether a word stands before the name of who wrote: "Von", "By"."""
    return word.lower() in byline_words().by or word.lower() in byline_words().of


def any_word(*kinds: str) -> str:
    """Return a pattern, ignoring case, of the words of these kinds, whole where their script has spaces."""
    words = byline_words()
    every = _longest_first({word for kind in kinds for word in getattr(words, kind)})
    spaced = [_spelled(word) for word in every if not UNSPACED_LETTER.search(word)]
    joined = [_spelled(word) for word in every if UNSPACED_LETTER.search(word)]
    return "|".join([rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", *joined])


def _longest_first(words: set[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _spelled(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s+")


@cache
def lead() -> re.Pattern[str]:
    """Return what a byline begins with before its names: "Written by", "Von", "Yazar:", "记者".

    A word that may also begin a name counts only before two more words, with no comma between them.

    >>> lead().sub("", "Written by Ada Quill"), lead().sub("", "Oleh Petrenko, Anna Li")
    ('Ada Quill', 'Oleh Petrenko, Anna Li')
    """
    two_words = r"(?=[^\s,;]+\s+[^\s,;])"
    two_names = r"(?=(?-i:[^\W\d_a-z])[^\s,;]*\s+[^\s,;])"
    return re.compile(
        rf"\A\W*(?:(?:(?:{any_word('written')})\s+)?(?:by\s*)*by\b[\s:]*"
        rf"|(?:(?:{any_word('written')})\s+)?(?:{any_word('by')})"
        rf"(?:\s*:\s*|\s*(?={UNSPACED_LETTER.pattern})|\s+{two_words})"
        rf"|(?:(?:ein|un)\w*\s+\w+\s+)?(?:{any_word('of')})(?:\s*:\s*|\s+{two_names})"
        rf"|(?-i:{any_word('by', 'of')})\s+(?=(?-i:[^\W\d_a-z]))"
        rf"|(?:{any_word('of')})\s+(?=(?-i:[A-Z]{{2,6}}\Z))"
        rf"|(?:{any_word('author', 'written', 'editor', 'role')})\s*[:：/]\s*"
        r"|(?:本报|本報)?(?:記者|记者)\s*)",
        re.IGNORECASE,
    )


@cache
def within() -> re.Pattern[str]:
    """Return the pattern of a byline within a line, up to a separator, a figure or what was done else."""
    words = (*byline_words().by, *byline_words().of)
    spelled = "|".join(_spelled(each) for word in words for each in (word, word.capitalize(), word.upper()))
    return re.compile(
        rf"(?:\A|(?<=[\s|·•,]))(?:[Bb]y\s?)?(?:{spelled})(?:\s*:?\s+|:|(?<=[Bb]y)(?=[A-Z][a-z])|(?={UNSPACED_LETTER.pattern}))"
        r"(?P<names>[^\W\d_].{2,120}?)"
        r"(?=\s*(?:[|·•–—⋅●]|\d)|\s(?:[Uu]pdated?|[Pp]ublished|[Pp]osted|[Ss]tand|[Aa]ktualisiert|[Ff]ollow|[Ll]ast"
        r"|on|[\w-]+ed [Bb]y)\s|\Z)"
    )


@cache
def after_by() -> re.Pattern[str]:
    """Return the pattern of a text that is a word such as "by" and names."""
    return re.compile(rf"(?:{any_word('by', 'of')})\s+(?P<names>.+)", re.IGNORECASE)


@cache
def labelled() -> re.Pattern[str]:
    """Return the pattern of a line that labels its author: "Yazar: Ada Quill"."""
    return re.compile(
        rf"\A\W*(?:(?:{any_word('author')})(?:\s*[/*_(-]\W?(?:s|in|innen|es|a|as|trice|rice|{any_word('author')})\)?)?"
        rf"(?:\s*[:：]|\s+[–—-]\s|(?<=[文者])\s*/)\s*|(?:{any_word('author')})\s*/\s*(?:{any_word('author')})\s+"
        r"|author\s+(?=(?-i:[A-Z]))|from\s*:\W*(?=.*@))"
        r"(?P<names>.{2,120})\Z",
        re.IGNORECASE,
    )


@cache
def bare_label() -> re.Pattern[str]:
    """Return the pattern of a line that has words before its author and no colon: "Door redacteur Ada Quill".

    What stands in `names` must be shown to be names and nothing else.
    """
    words = any_word("by", "of", "author", "role")
    return re.compile(
        rf"\A\W*(?=(?:[^\W\d_]+\s+){{0,2}}?(?:{any_word('by', 'of', 'author')}|de\s))"
        rf"(?:(?:{words}|(?-i:de|от))\s+){{1,3}}"
        rf"(?P<names>[^\d:|]{{3,80}})\Z|\A(?P<before>[^\d:|]{{3,60}}?)\s+(?:{any_word('after')})\Z",
        re.IGNORECASE,
    )


def may_be_labelled(text: str) -> bool:
    """Tell whether bare_label() may match a text, by its first and last words alone: it is slow."""
    words = text.lower().split(maxsplit=3)
    first, last = _label_words()
    return not first.isdisjoint(words) or text.rpartition(" ")[2] in last


@cache
def _label_words() -> tuple[frozenset[str], frozenset[str]]:
    words = byline_words()
    every = (*words.by, *words.of, *words.author, "de")
    return frozenset(word.split()[0] for word in every), frozenset(words.after)


@cache
def press() -> re.Pattern[str]:
    """Return the pattern of a text that begins with the trade of one who writes or edits news."""
    return re.compile(rf"(?:\w+\s+){{0,2}}?(?:{any_word('press')})", re.IGNORECASE)


@cache
def label() -> re.Pattern[str]:
    """Return the pattern of a line that is a label and nothing else, its names in the next one."""
    before = rf"(?:(?:{any_word('written')})\s+)?(?:{any_word('by', 'of')})"
    return re.compile(rf"\W*(?:{before}|{any_word('author')})\s*[:：]?\s*", re.IGNORECASE)


@cache
def author_label() -> re.Pattern[str]:
    """Return the pattern of a label of authors with its colon, anywhere in a line: "Yazar:"."""
    return re.compile(rf"(?:{any_word('author', 'by')})\s*[:：]\s*", re.IGNORECASE)


@cache
def says_written() -> re.Pattern[str]:
    """Return the pattern of a label in the markup that names who wrote: "Verfasst von", "Автор"."""
    return re.compile(any_word("by", "written", "author"), re.IGNORECASE)


@cache
def crew() -> re.Pattern[str]:
    """Return the pattern of a line's start that names others than who wrote: "Kamera:", "责任编辑："."""
    return re.compile(rf"\W*(?:{any_word('crew', 'editor')})\s*[:：]", re.IGNORECASE)


def without_others(text: str) -> str:
    """Return a byline without what it says behind its authors of those who photographed or edited.

    >>> without_others("Ada Quill, Foto: Ben Marlow"), without_others("Ana Ribera. Fotos: Luis Muelle")
    ('Ada Quill', 'Ana Ribera')
    >>> without_others("Text und Foto: Ada Quill"), without_others("Anna Joki, kuvat Pekka Ranta")
    ('Text und Foto: Ada Quill', 'Anna Joki')
    """
    for match in _others().finditer(text):
        before = text[: match.start()].rstrip()
        is_parted = bool(match["sign"].strip())
        is_joined = not is_parted and before.rpartition(" ")[2].lower() in {*byline_words().joins, *_AND}
        if before and not is_joined and (match["colon"] or is_parted):
            return before
    return text


@cache
def _others() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<sign>\s*[,;/|·•–—.]\s*|\s+-\s+|\s+)(?:{any_word('crew', 'editor')})"
        r"(?:(?P<colon>\s*[:：])|(?=\s+(?-i:[^\W\d_a-z])))",
        re.IGNORECASE,
    )


def others_named(text: str) -> bool:
    """Tell whether a text names who did something else than write it: "fact checked by Ada Quill"."""
    return bool(_crew_word().search(text))


@cache
def _crew_word() -> re.Pattern[str]:
    return re.compile(any_word("crew"), re.IGNORECASE)


@cache
def done_by_others() -> re.Pattern[str]:
    """Return what stands before "by" where others than who wrote follow: "reviewed", "photos"."""
    return re.compile(rf"(?:{any_word('crew')})\s*\Z", re.IGNORECASE)


@cache
def edited_by() -> re.Pattern[str]:
    """Return the pattern of who edited a text, at its end: "Editing by Ada Quill", "责任编辑：…"."""
    return re.compile(
        r"(?:\b(?:edit(?:ed|ing) by|editing:|redigiert von|editado por|édité par)\s+"
        rf"|(?:{any_word('editor')})\s*[:：]\s*)"
        r"(?P<names>[^\W\d_].{1,80}?)(?:[.;)\]】）]|\Z)",
        re.IGNORECASE,
    )


@cache
def conjunction() -> re.Pattern[str]:
    """Return what stands between two names."""
    joins = "|".join(map(_spelled, byline_words().joins))
    return re.compile(
        rf"\s+(?:{joins}|et|og|och|and/or)\s+|\s*[;|、，،]\s*|\s+[&/]\s+|\s+\+\s+|\s*·\s*|\s*\n\s*"
    )


@cache
def trade_after_name() -> re.Pattern[str]:
    """Return the pattern of a trade that is written right after a name: "김민수 기자"."""
    after = [word for word in byline_words().role if JOINED_LETTER.search(word)]
    return re.compile(rf"(?<=\w)\s*(?:{'|'.join(after)})(?=\W|\Z)")


@cache
def trade() -> re.Pattern[str]:
    """Return the pattern of a trade or degree beside a name."""
    return re.compile(
        rf"{any_word('role')}|\b(?:ph\.?d|m\.?d|r\.?d|mba|m\.?s|cpa|cfp|esq|jr|sr|ceo)\b", re.IGNORECASE
    )
