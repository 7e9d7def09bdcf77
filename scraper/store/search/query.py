"""The query language: what a person types, as a tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import QueryError
from scraper.store.listing_date import parse_iso
from scraper.store.search.terms import terms
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import NoReturn

FIELDS = ("title", "author", "agency", "site", "lang", "after", "before")
"""What may stand before a colon."""
DATE_FIELDS = ("after", "before")
MAX_WORDS = 20
"""Of a query: the ordinary one has under 10, and hundreds of words run for seconds."""
MAX_QUERY = 1_000
"""Characters of a query."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_SPACE = re.compile(r"\s*")
_MINUS = re.compile(r"[-−–]+(?=[^\s])")
_FIELD = re.compile(r"([^\W\d_]+):")
_RUN = re.compile(r'[^\s"()]+')
_OR = re.compile(r"OR(?=[\s(]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A word, a phrase, or what a field must hold."""

    text: str
    field: str = ""
    """One of FIELDS; "" for title and text."""
    is_prefix: bool = False
    at: int = 0
    """Where in the query it begins, counted from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """All that is wanted, and nothing that is not; without what is wanted, everything else."""

    wanted: Sequence[QueryNode] = ()
    unwanted: Sequence[QueryNode] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """At least one."""

    nodes: Sequence[QueryNode]


QueryNode = Leaf | Both | Either


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for."""

    node: QueryNode
    after: datetime | None = None
    """Dated at or after this."""
    before: datetime | None = None


def parse_query(text: str) -> Query:
    """Return what a query means. Raises QueryError, which says what is wrong, where, and what to do.

    >>> parse_query('harbour -tram').node.unwanted[0].text
    'tram'
    """
    return _Parser(text).query()


class _Parser:
    """Reads a query from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text.translate(_QUOTES).replace("\x00", " ")
        self._at = 0
        self._words = 0

    def query(self) -> Query:
        if len(self._text) > MAX_QUERY:
            self._fail(MAX_QUERY, f"it is longer than {MAX_QUERY} characters: shorten it")
        node = self._either()
        if self._at < len(self._text):
            self._fail(self._at, "this parenthesis was never opened: leave it out, or put the text in quotes")
        members = [node] if node else []
        if isinstance(node, Both):
            members = list(node.wanted)
        dates = [each for each in members if isinstance(each, Leaf) and each.field in DATE_FIELDS]
        rest = [each for each in members if each not in dates]
        unwanted = node.unwanted if isinstance(node, Both) else ()
        if node is None or not (members or unwanted):
            self._fail(0, "it holds no word: write one that the articles shall have")
        whole = Both(wanted=tuple(rest), unwanted=tuple(unwanted))
        self._refuse_dates(whole)
        after = [_moment(each) for each in dates if each.field == "after"]
        before = [_moment(each) for each in dates if each.field == "before"]
        return Query(
            node=whole.wanted[0] if len(rest) == 1 and not unwanted else whole,
            after=max(filter(None, after), default=None),
            before=min(filter(None, before), default=None),
        )

    def _either(self, depth: int = 0) -> QueryNode | None:
        """Read what stands between OR and OR, up to the end or a closing parenthesis."""
        found = [self._both(depth)]
        while match := self._take(_OR):
            at = match.start()
            found.append(self._both(depth))
            if found[-1] is None or found[-2] is None:
                self._fail(at, 'OR stands between two words: add the missing one, or write "OR" in quotes')
        kept = [each for each in found if each]
        return kept[0] if len(kept) == 1 else Either(nodes=kept) if kept else None

    def _both(self, depth: int) -> QueryNode | None:
        """Read what must hold together."""
        wanted: list[QueryNode] = []
        unwanted: list[QueryNode] = []
        while not self._ends():
            is_unwanted = bool(self._take(_MINUS))
            node = self._one(depth)
            if node is None:
                continue
            if isinstance(node, Both) and not is_unwanted:
                wanted += node.wanted
                unwanted += node.unwanted
            else:
                (unwanted if is_unwanted else wanted).append(node)
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        return Both(wanted=wanted, unwanted=unwanted) if wanted or unwanted else None

    def _ends(self) -> bool:
        self._take(_SPACE)
        return (
            self._at >= len(self._text)
            or self._text[self._at] == ")"
            or bool(_OR.match(self._text, self._at))
        )

    def _one(self, depth: int) -> QueryNode | None:
        """Read a word, a phrase, a field or what is in parentheses; None for signs without a word."""
        at, sign = self._at, self._text[self._at]
        if sign == "(":
            return self._in_parentheses(depth)
        if sign == '"':
            return self._leaf(self._quoted(), at=at)
        if match := self._take(_FIELD):
            return self._field(match)
        return self._word(at=at)

    def _in_parentheses(self, depth: int) -> QueryNode | None:
        at = self._at
        if depth >= MAX_WORDS:
            self._fail(at, "so many parentheses within each other are not read: leave some out")
        self._at += 1
        node = self._either(depth + 1)
        if self._at >= len(self._text):
            self._fail(at, "this parenthesis has no end: add one, or leave it out")
        self._at += 1
        return node

    def _quoted(self) -> str:
        end = self._text.find('"', self._at + 1)
        if end < 0:
            self._fail(self._at, "this quotation mark has no end: add one, or leave it out")
        text = self._text[self._at + 1 : end]
        self._at = end + 1
        return text

    def _field(self, match: re.Match[str]) -> QueryNode | None:
        at, name = match.start(), match[1].lower()
        follows = self._text[self._at : self._at + 1]
        if name not in FIELDS:
            if not follows.strip():  # a colon as in a sentence
                return self._leaf(match[1], at=at)
            self._fail(
                at,
                f"{name}: is no field ({', '.join(f'{each}:' for each in FIELDS)}): "
                "correct it, or put it in quotes to find it as text",
            )
        if not follows.strip() or follows in "()":
            self._fail(at, f"{name}: lacks a value: write it right behind the colon, as in {_EXAMPLES[name]}")
        node = self._leaf(self._quoted(), name, at=at) if follows == '"' else self._word(name, at=at)
        if node is None:
            self._fail(at, f"{name}: has a value without a letter or figure: write as in {_EXAMPLES[name]}")
        return node

    def _word(self, field: str = "", *, at: int) -> Leaf | None:
        match = self._take(_RUN)
        run = match[0] if match else ""
        is_prefix = run.endswith("*")
        text = run.rstrip("*")
        if "*" in text and terms(text):
            self._fail(
                at + len(field) + run.index("*"),
                "* stands at the end of a word only: write the beginning of the word",
            )
        return self._leaf(text, field, is_prefix=is_prefix, at=at)

    def _leaf(self, text: str, field: str = "", *, is_prefix: bool = False, at: int) -> Leaf | None:
        leaf = Leaf(text=text, field=field, is_prefix=is_prefix, at=at)
        if field in DATE_FIELDS:
            if _moment(leaf) is None:
                self._fail(at, f"{text} is no date: write a day, a month or a year, as in {_EXAMPLES[field]}")
            return leaf
        found = terms(text)
        self._words += len(found)
        if self._words > MAX_WORDS:
            self._fail(at, f"from here on it has more than {MAX_WORDS} words: leave some out")
        if is_prefix and found and len(found[-1]) == 1 and not JOINED_LETTER.match(found[-1]):
            self._fail(at, "one letter begins too many words: write two or more before the *")
        return leaf if found else None

    def _refuse_dates(self, node: QueryNode) -> None:
        if isinstance(node, Leaf):
            if node.field in DATE_FIELDS:
                self._fail(
                    node.at,
                    f"{node.field}: holds for the whole query: write it without -, "
                    "outside of OR and parentheses",
                )
            return
        inner = node.nodes if isinstance(node, Either) else [*node.wanted, *node.unwanted]
        for each in inner:
            self._refuse_dates(each)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match:
            self._at = match.end()
        return match

    def _fail(self, at: int, what: str) -> NoReturn:
        raise QueryError(f"the query is wrong at character {at + 1}: {what}", at=at)


_EXAMPLES = {
    "title": "title:bridge",
    "author": 'author:"ana lima"',
    "agency": "agency:reuters",
    "site": "site:france24",
    "lang": "lang:pt",
    "after": "after:2026-03-01",
    "before": "before:2026-04",
}


def _moment(leaf: Leaf) -> datetime | None:
    """Return the first instant of a date."""
    return parse_iso(leaf.text)
