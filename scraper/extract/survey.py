"""One walk over a page's tree: its runs of text, its names, fields and scripts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from scraper.extract.phrases import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object"})
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)
_TYPED = frozenset({"text", "email", "tel", "number", "date", "url", ""})
_COUNTED = frozenset({"article", "time"})
_SEARCH_NAMES = frozenset({"q", "s", "query", "search", "keyword", "keywords", "k"})
_PROSE_WORDS = 12
"""A run of fewer words is a heading, a label or a link, not a paragraph."""
_HEADLINE_WORDS = 4
_SCRIPT_CHARACTERS = 1000
"""Of each script: a challenge script names itself at its start."""
_SCRIPT_TOTAL = 20_000
_REACH = 5
"""Levels between a paragraph and what it shares with its linked headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Text that no block element interrupts."""

    text: str
    words: int
    linked: int
    """Words inside links."""
    element: HtmlElement


@dataclass(slots=True, kw_only=True)
class Survey:
    """What one walk over a tree finds, in the order of the page."""

    runs: list[Run] = field(default_factory=list)
    marks: dict[str, None] = field(default_factory=dict)
    """Class and id names in lower case."""
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

    @property
    def prose(self) -> list[Run]:
        """The paragraphs that neither lie in a link nor belong to a linked headline."""
        return [run for run, teaser in self._paragraphs() if not teaser]

    @property
    def teasers(self) -> list[Run]:
        """The paragraphs that lie in a link or stand alone with a linked headline."""
        return [run for run, teaser in self._paragraphs() if teaser]

    @property
    def headlines(self) -> list[Run]:
        """The runs that are links of several words."""
        return [run for run in self.runs if run.words >= _HEADLINE_WORDS and run.linked >= 0.9 * run.words]

    def _paragraphs(self) -> Iterator[tuple[Run, bool]]:
        paragraphs = [run for run in self.runs if run.words >= _PROSE_WORDS]
        beside = Counter(ancestor for run in paragraphs for ancestor in _near(run))
        headed = {ancestor for run in self.headlines for ancestor in _near(run)}
        for run in paragraphs:
            alone = (ancestor for ancestor in _near(run) if beside[ancestor] == 1)
            yield run, run.linked > 0.5 * run.words or any(ancestor in headed for ancestor in alone)


def _near(run: Run) -> list[HtmlElement]:
    return [run.element, *islice(run.element.iterancestors(), _REACH)]


def survey(tree: HtmlElement) -> Survey:
    """Return what the page is made of; the time is linear in its size."""
    found = Survey()
    walk = _Walk(found)
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if not walk.enter(element):
                walker.skip_subtree()
        else:
            walk.leave(element)
    return found


class _Walk:
    """Where the walk is: the run that is open and the links around it."""

    def __init__(self, found: Survey) -> None:
        self.found = found
        self.parts: list[str] = []
        self.linked = 0
        self.links = 0
        self.blocks: list[HtmlElement] = []
        self.script_total = 0
        self.seen: set[str] = set()

    def enter(self, element: HtmlElement) -> bool:
        """Take in an element; return whether its children are text that a reader sees."""
        tag = element.tag
        if not isinstance(tag, str):
            return False
        self._note(element, tag)
        if tag not in _INLINE:
            self._close()
            self.blocks.append(element)
        if tag in _HIDDEN:
            self._note_hidden(element, tag)
            return False
        if tag == "a":
            self.links += 1
        self._read(element.text)
        return True

    def leave(self, element: HtmlElement) -> None:
        """Close an element and read the text behind it."""
        tag = element.tag
        if isinstance(tag, str):
            if tag not in _INLINE:
                self._close()
                self.blocks.pop()
            elif tag == "a":
                self.links -= 1
        self._read(element.tail)

    def _read(self, text: str | None) -> None:
        if text and not text.isspace():
            self.parts.append(text)
            if self.links:
                self.linked += count_words(text)
        elif text and self.parts:
            self.parts.append(" ")

    def _close(self) -> None:
        if not self.parts:
            return
        text = " ".join("".join(self.parts).split())
        if text and self.blocks:
            run = Run(text=text, words=count_words(text), linked=self.linked, element=self.blocks[-1])
            self.found.runs.append(run)
            if self.blocks[-1].tag == "button":
                self.found.buttons.append(text)
        self.parts, self.linked = [], 0

    def _note(self, element: HtmlElement, tag: str) -> None:
        found = self.found
        if tag in _COUNTED:
            found.tags[tag] += 1
        if not element.keys():
            return
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if names not in self.seen:
            self.seen.add(names)
            found.marks.update(dict.fromkeys(names.lower().split()))
        if tag in {"html", "body", "main"}:
            found.outer_marks += f" {names.lower()} "
        if kind := element.get("itemtype"):
            found.itemtypes[kind.rstrip("/").rsplit("/", 1)[-1].lower()] += 1
        if element.get("itemprop") == "price":
            found.price = True
        if tag in {"input", "textarea", "select"}:
            self._note_field(element, tag)
        elif tag in {"form", "iframe", "img"} and (address := element.get("action") or element.get("src")):
            self._note_script(address[:300])

    def _note_field(self, element: HtmlElement, tag: str) -> None:
        kind = element.get("type", "").lower()
        if kind == "password":
            self.found.passwords += 1
        elif kind in {"submit", "button"}:
            self.found.buttons.append(element.get("value", ""))
        elif tag != "input" or (kind in _TYPED and element.get("name", "").lower() not in _SEARCH_NAMES):
            self.found.inputs += 1

    def _note_hidden(self, element: HtmlElement, tag: str) -> None:
        if tag == "noscript":
            self.found.noscript.append(" ".join(element.text_content().split())[:500])
        elif tag == "head":
            for child in element.iter("script", "noscript"):
                self._note_hidden(child, child.tag)
        elif tag == "script" and "json" not in element.get("type", ""):
            self._note_script(f"{element.get('src', '')} {(element.text or '')[:_SCRIPT_CHARACTERS]}")

    def _note_script(self, text: str) -> None:
        if self.script_total < _SCRIPT_TOTAL:
            self.script_total += len(text)
            self.found.scripts.append(text.lower())
