"""Counts of what a page is built of: prose, teasers, linked headlines; names of classes, forms, scripts.

Noted by page.markup; read by verdict.observations to tell an article from a list or a shop.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Container, Segments

_FIELDS = frozenset({"input", "textarea", "select"})
_FRAMES = frozenset({"form", "iframe", "img"})
_OUTER = frozenset({"html", "body", "main"})
_COUNTED = frozenset({"article", "time"})
EQUIPMENT = _FIELDS | _FRAMES | _OUTER | _COUNTED
"""Elements that tell what a page is by being there."""
_TYPED = frozenset({"text", "email", "tel", "number", "date", "url", ""})
_SEARCH_NAMES = frozenset({"q", "s", "query", "search", "keyword", "keywords", "k"})
_PROSE_WORDS = 12
"""A block of fewer words is a heading, a label or a link, not a paragraph."""
_HEADLINE_WORDS = 4
_HEADLINE_SHARE = 0.75
"""Of a headline's characters inside its link: a date may stand beside it."""
_SCRIPT_CHARACTERS = 1000
"""Of each script: a challenge script names itself at its start."""
_SCRIPT_TOTAL = 20_000
_REACH = 5
"""Levels between a paragraph and what it shares with its linked headline."""


@dataclass(slots=True, kw_only=True)
class Equipment:
    """What the elements of a page are called and what they are for, in the order of the page."""

    marks: dict[str, None] = field(default_factory=dict)
    """Values of class and id attributes."""
    outer_marks: str = ""
    """Those of html, body and main."""
    scripts: list[str] = field(default_factory=list)
    """Addresses and beginnings of scripts, frames and forms."""
    noscript: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    itemtypes: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    passwords: int = 0
    inputs: int = 0
    """Fields that a reader fills in, the search box excepted."""
    price: bool = False
    """One product's price is marked up."""
    _script_total: int = 0

    def note(self, element: HtmlElement, tag: str) -> None:
        """Take in an element of EQUIPMENT."""
        get = element.get
        if tag in _COUNTED:
            self.tags[tag] += 1
        elif tag in _OUTER:
            self.outer_marks += f" {get('class', '')} {get('id', '')} "
        elif tag in _FIELDS:
            self._note_field(element, tag)
        elif address := get("action") or get("src"):
            self._note_script(address[:300])

    def note_type(self, kind: str) -> None:
        """Take in a type of microdata."""
        self.itemtypes[kind.rstrip("/").rsplit("/", 1)[-1].lower()] += 1

    def note_hidden(self, element: HtmlElement, tag: str) -> None:
        """Take in what holds no text of the page: scripts, frames, what readers without scripts are told."""
        for name in filter(None, (element.get("class"), element.get("id"))):
            self.marks[name] = None
        if tag in EQUIPMENT:
            self.note(element, tag)
        elif tag == "noscript":
            self.noscript.append(" ".join(element.text_content().split())[:500])
        elif tag == "script" and "json" not in element.get("type", ""):
            self._note_script(f"{element.get('src', '')} {(element.text or '')[:_SCRIPT_CHARACTERS]}")

    def _note_field(self, element: HtmlElement, tag: str) -> None:
        kind = element.get("type", "").lower()
        if kind == "password":
            self.passwords += 1
        elif kind in {"submit", "button"}:
            self.buttons.append(element.get("value", ""))
        elif tag != "input" or (kind in _TYPED and element.get("name", "").lower() not in _SEARCH_NAMES):
            self.inputs += 1

    def _note_script(self, text: str) -> None:
        if self._script_total < _SCRIPT_TOTAL:
            self._script_total += len(text)
            self.scripts.append(text.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The blocks of a page by their places: each is prose, a teaser, a linked headline, or none of these."""

    words: Sequence[int]
    """Of each block."""
    prose: Sequence[int]
    """The paragraphs that neither lie in a link nor belong to a linked headline."""
    teasers: Sequence[int]
    """The paragraphs that lie in a link or stand alone with a linked headline."""
    headlines: Sequence[int]
    """The blocks that are links of several words."""


def survey(segments: Segments) -> Survey:
    """Return what the blocks of a page are."""
    blocks, spans = segments.blocks, segments.spans
    words = segments.words
    paragraphs = [at for at, count in enumerate(words) if count >= _PROSE_WORDS]
    headlines = [
        at
        for at, count in enumerate(words)
        if count >= _HEADLINE_WORDS and spans[at].linked >= _HEADLINE_SHARE * len(blocks[at].text)
    ]
    containers = segments.containers
    near = {at: _near(containers, spans[at].container) for at in paragraphs}
    beside = Counter(chain.from_iterable(near.values()))
    headed = set(
        chain.from_iterable(_near(containers, at) for at in {spans[at].container for at in headlines})
    )
    prose: list[int] = []
    teasers: list[int] = []
    for at in paragraphs:
        is_linked = spans[at].linked * 2 > len(blocks[at].text)
        is_teaser = is_linked or any(beside[each] == 1 and each in headed for each in near[at])
        (teasers if is_teaser else prose).append(at)
    return Survey(words=words, prose=prose, teasers=teasers, headlines=headlines)


def _near(containers: Sequence[Container], at: int) -> list[int]:
    """Return a container and those around it that are within reach."""
    found = [at]
    while len(found) <= _REACH and (at := containers[at].parent) >= 0:
        found.append(at)
    return found
