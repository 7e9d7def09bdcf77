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

from scraper.extraction.words.calendars import date_labels
from scraper.extraction.words.spelling import any_of, any_whole
from scraper.writing import JOINED_LETTER, UNSPACED_LETTER

_ARTICLE = r"(?:(?:eine?|une?|una|uma?|een|en|et|an?)\s+)?"
_FIRST_WORDS = 3
"""Of a line, among which its label stands."""
AND = ("&", "et", "og", "och")
"""Between names in languages whose tables do not have it."""


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
    where: tuple[str, ...]
    """Between such a word and the place of the report."""
    press: tuple[str, ...]
    """The trades of those who write news; of English, whose others are anybody's, those of its labels."""
    told: tuple[str, ...]
    """What may stand before the name of who wrote with nothing between; of English, its labels alone."""
    whose: tuple[str, ...]
    """Between what was written and who wrote it, where names begin with them too: "un article de"."""
    here: tuple[str, ...]
    """Before the name of who wrote on pages of this language alone: names of others begin with it."""
    prefix: tuple[str, ...]
    """Letters before the second of two names, joined to it: "and" in Arabic and Hebrew."""
    begins: tuple[str, ...]
    """Names that begin with such a letter."""
    issuer: tuple[str, ...]
    """Labels of the authority that issues a notice."""
    joins: tuple[str, ...]
    """Between two names."""
    surname: tuple[str, ...]
    """What a Chinese name begins with; other names are told by spaces and capitals."""


@cache
def byline_words() -> BylineWords:
    """Return the words of every language together, the longest first."""
    raw = {code: dict(words) for code, words in _table().items()}
    for code, words in raw.items():
        trades = words.get("role", ()) if code != "en" else ()
        words["told"] = [*words.get("author", ()), *trades, *(words.get("written", ()) if trades else ())]
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
    return any_whole(word for kind in kinds for word in getattr(words, kind))


def _longest_first(words: set[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def lead() -> re.Pattern[str]:
    """Return what a byline begins with before its names: "Written by", "Von", "Yazar:", "记者".

    A word that may also begin a name counts only before two more words, with no comma between them.

    >>> lead().sub("", "Written by Ada Quill"), lead().sub("", "Oleh Petrenko, Anna Li")
    ('Ada Quill', 'Oleh Petrenko, Anna Li')
    """
    two_words = r"(?=[^\s,;]+\s+[^\s,;])"
    two_names = r"(?=(?-i:[^\W\d_a-z])[^\s,;]*\s+[^\s,;])"
    sign = r"(?:\s*[:：/]\s*|\s+[–—ـ-]\s+)"
    return re.compile(
        rf"\A\W*(?:(?:(?:{any_word('written')})(?:\s+(?:and|&)\s+(?:{any_word('crew')}))?\s+)?(?:by\s*)*by\b[\s:]*"
        rf"|{_ARTICLE}(?:(?:{any_word('written')})\s+)?(?:{any_word('by')})"
        rf"(?:{sign}|\s*(?={UNSPACED_LETTER.pattern})|\s+{two_words})"
        rf"|{_ARTICLE}(?:{any_word('written', 'author')})\s+(?:{any_word('of', 'whose')})"
        rf"(?:{sign}|\s+{two_names})"
        rf"|(?:(?:ein|un)\w*\s+\w+\s+)?(?:{any_word('of')})(?:{sign}|\s+{two_names})"
        rf"|(?-i:{any_word('by', 'of')})\s+(?=(?-i:[^\W\d_a-z]))"
        rf"|(?:{any_word('of')})\s+(?=(?-i:[A-Z]{{2,6}}\Z))"
        rf"|(?:{any_word('author', 'written')}){_beside_label()}{sign}"
        rf"|(?:{any_word('editor', 'role')})\s*[:：/]\s*"
        r"|(?:本报|本報)?(?:記者|记者)\s*)",
        re.IGNORECASE,
    )


def _beside_label() -> str:
    """Return what may stand between a label and its sign: "Text und Foto:", "Autor článku:"."""
    others = any_word("crew", "editor")
    return rf"(?:\s*(?:{any_word('joins')}|&|/)\s*(?:{others})|\s+(?!{others})[^\W\d_]+(?=\s*[:：]))?"


@cache
def told_before() -> re.Pattern[str]:
    """Return a label or a trade before two words that may be a name, with no sign: "Автор Анна Речная"."""
    return re.compile(
        rf"\A(?:{any_word('told')})\s+(?=(?-i:[^\W\d_a-z])[^\s,;]*\s+(?-i:[^\W\d_a-z]))", re.IGNORECASE
    )


@cache
def told_after() -> re.Pattern[str]:
    """Return what stands behind the name of who wrote, in the languages that have it there."""
    return re.compile(rf"\s+{_told()}\Z", re.IGNORECASE)


def _told() -> str:
    """Return what stands behind a name, and the place of a report behind that: "reports from Aville"."""
    place = r"(?-i:[^\W\d_a-z])[^\d:.|]{1,40}"
    return rf"(?:{any_word('after')})(?:\s+(?:{any_word('where')})\s+{place})?"


def without_local_by(text: str, language: str | None) -> str:
    """Return a byline without the word that says "by" on pages of this language alone.

    >>> without_local_by("De Ana Râu", "ro-RO"), without_local_by("De Smet Jan", "nl")
    ('Ana Râu', 'De Smet Jan')
    """
    words = _local_by().get((language or "")[:2].lower(), ())
    first, _, rest = text.partition(" ")
    return rest if first.lower() in words and rest[:1].isupper() and " " in rest else text


@cache
def _local_by() -> dict[str, tuple[str, ...]]:
    return {code: tuple(words["here"]) for code, words in _table().items() if "here" in words}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("scraper.extraction.words").joinpath("bylines.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def at_prefix(text: str) -> list[str]:
    """Return the names of a list whose "and" is a letter before the next name, where all have two words.

    >>> at_prefix("חנה נהר ודוד גשר"), at_prefix("أحمد وليد")
    (['חנה נהר', 'דוד גשר'], ['أحمد وليد'])
    """
    match = None if text.isascii() else _prefix().fullmatch(text)
    return [*at_prefix(match["first"]), match["second"]] if match else [text]


@cache
def _prefix() -> re.Pattern[str]:
    words = byline_words()
    return re.compile(
        rf"(?P<first>\S+(?:\s+\S+)+)\s+(?!(?:{'|'.join(words.begins)})(?!\w))(?:{'|'.join(words.prefix)})"
        rf"(?P<second>\w\S+\s+\S.*)"
    )


@cache
def within() -> re.Pattern[str]:
    """Return the pattern of a byline within a line, up to a separator, a figure or what was done else."""
    words = (*byline_words().by, *byline_words().of)
    spelled = any_of(each for word in words for each in _cases(word))
    return re.compile(
        rf"(?<![^\s|·•,])(?:[Bb]y\s?)?{spelled}(?:\s*:?\s+|:|(?<=[Bb]y)(?=[A-Z][a-z])|(?={UNSPACED_LETTER.pattern}))"
        r"(?P<names>[^\W\d_].{2,120}?)"
        r"(?=\s*(?:[|·•–—⋅●]|\d)|\s(?:[Uu]pdated?|[Pp]ublished|[Pp]osted|[Ss]tand|[Aa]ktualisiert|[Ff]ollow|[Ll]ast"
        rf"|on|[\w-]+ed [Bb]y)[\s:]|\s(?i:{label_of_date()})|\Z)"
    )


def _cases(word: str) -> set[str]:
    before, space, last = word.rpartition(" ")
    noun_last = f"{before}{space}{last.capitalize()}"  # a German noun
    return {word, word.upper(), word.capitalize(), noun_last, noun_last[0].upper() + noun_last[1:]}


def label_of_date() -> str:
    """Return the pattern of the labels of a date: "updated", "veröffentlicht"."""
    labels = date_labels()
    return f"{labels['published'].pattern}|{labels['modified'].pattern}"


@cache
def after_by() -> re.Pattern[str]:
    """Return the pattern of a text that is a word such as "by" and names."""
    return re.compile(rf"(?:{any_word('by', 'of')})\s+(?P<names>.+)", re.IGNORECASE)


@cache
def labelled() -> re.Pattern[str]:
    """Return the pattern of a line that labels its author: "Yazar: Ada Quill"."""
    return re.compile(
        rf"\A\W*(?:(?:{any_word('author')})(?:\s*[/*_(-]\W?(?:s|in|innen|es|a|as|trice|rice|{any_word('author')})\)?|{_beside_label()})"
        rf"(?:\s*[:：]|\s+[–—ـ-]\s|(?<=[文者])\s*/)\s*|(?:{any_word('author')})\s*/\s*(?:{any_word('author')})\s+"
        r"|author\s+(?=(?-i:[A-Z]))|from\s*:\W*(?=.*@))"
        r"(?P<names>.{2,120})\Z",
        re.IGNORECASE,
    )


@cache
def genre() -> re.Pattern[str]:
    """Return the pattern of a line that names a kind of text before who wrote it: "Interview: Ada Quill".

    What stands in `names` must be shown to be names and nothing else: kickers are printed alike.
    """
    sign = r"(?:\s*[:：]|\s+[–—ـ-]\s|(?<=[\u0590-\u08ff])\s*/)"
    return re.compile(
        rf"\A\W*(?:{any_word('written', 'author')}){_beside_label()}{sign}\s*(?P<names>.{{2,80}})\Z",
        re.IGNORECASE,
    )


@cache
def bare_label() -> re.Pattern[str]:
    """Return the pattern of a line that has words before its author and no colon: "Door redacteur Ada Quill".

    What stands in `names` must be shown to be names and nothing else.
    """
    words = any_word("by", "of", "author", "role", "written")
    return re.compile(
        rf"\A\W*(?=(?:[^\W\d_]+\s+){{0,2}}?(?:{any_word('by', 'of', 'author', 'whose')}))"
        rf"{_ARTICLE}(?:(?:{words}|(?-i:{any_word('whose')}|от))\s+){{1,3}}"
        rf"(?P<names>[^\d:|]{{3,80}})\Z|\A(?P<before>[^\d:|]{{3,60}}?)\s+{_told()}\Z",
        re.IGNORECASE,
    )


def may_be_labelled(text: str) -> bool:
    """Tell whether bare_label() may match a text, by some of its words alone: it is slow."""
    words = text.lower().split()
    first, behind = _label_words()
    return not first.isdisjoint(words[:_FIRST_WORDS]) or not behind.isdisjoint(words)


@cache
def _label_words() -> tuple[frozenset[str], frozenset[str]]:
    words = byline_words()
    every = (*words.by, *words.of, *words.author, *words.whose)
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
def issued() -> re.Pattern[str]:
    """Return the pattern of a line that names who issues a notice: "发文机关：河畔县人民政府"."""
    return re.compile(rf"\W*(?:{any_word('issuer')})\s*[:：][\s|]*(?P<name>[^\s|:：,，]{{3,40}})")


@cache
def author_label() -> re.Pattern[str]:
    """Return the pattern of a label of authors with its colon, anywhere in a line: "Yazar:"."""
    return re.compile(rf"(?:{any_word('author', 'by')})\s*[:：]\s*", re.IGNORECASE)


@cache
def says_written() -> re.Pattern[str]:
    """Return the pattern of a label in the markup that names who wrote: "Verfasst von", "Автор"."""
    return re.compile(any_word("by", "written", "author"), re.IGNORECASE)


@cache
def ends_written() -> re.Pattern[str]:
    """Return the pattern of words whose last says that something was written, or by whom."""
    return re.compile(rf"(?:{any_word('written', 'author')})\s*\Z", re.IGNORECASE)


@cache
def in_brackets() -> re.Pattern[str]:
    """Return the pattern of brackets that say that whoever stands before them wrote: "(texto)"."""
    return re.compile(rf"\s*[(\[](?:{any_word('written', 'author')})[)\]]", re.IGNORECASE)


@cache
def conjunction() -> re.Pattern[str]:
    """Return what stands between two names."""
    joins = any_of((*byline_words().joins, "et", "og", "och", "and/or"))
    return re.compile(rf"\s+{joins}\s+|\s*[;|、，،]\s*|\s+[&/]\s+|\s+\+\s+|\s*·\s*|\s*\n\s*")


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
