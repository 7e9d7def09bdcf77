"""The text blocks of a tree, each a paragraph, heading, item or line, and the containers around them.

Cut in the walk of page.document; body decides on them one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scraper.extraction.page.reading import (
    BLOCKS,
    FORMS,
    INLINE,
    Form,
    Lines,
    is_displayed_as_block,
    is_finished,
    is_phrase,
    is_unseen,
    lines_of,
    names_of,
    parts,
    text_after,
    whole_words,
)
from scraper.extraction.words.lexicon import class_words
from scraper.extraction.words.phrases import count_words
from scraper.extraction.words.wording import letters_of_lines, measure_lengths

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.extraction.page.reading import Attributes


# a page has hundreds of these: a named tuple is made in a third of the time of a frozen dataclass
class Block(NamedTuple):
    """A run of text that a reader sees as one paragraph, heading, list item or line."""

    index: int  # type: ignore[assignment]  # the place, not the method of tuples
    """Its place among the page's blocks, from 0."""
    text: str
    """As printed, white space folded."""
    tag: str
    """Of the element that holds it; "line" in a page text dump."""
    form: Form = Form.PARAGRAPH
    """What it is in the structure of the text."""
    element: HtmlElement | None = None
    """None in a page text dump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """One thing that spoke for a decision."""

    name: str
    weight: float
    """Above 0: for keeping the block; below 0: against."""


class Decision(NamedTuple):
    """What became of a block, and why."""

    block: Block
    kept: bool
    score: float
    """The probability, from 0 to 1, that the block belongs to the article's body."""
    reasons: tuple[Reasoning, ...] = ()


@dataclass(slots=True)
class Container:
    """An element that begins and ends lines and holds blocks; its figures count those of all levels below."""

    parent: int
    """Index of the container around it; that of the outermost is -1."""
    order: int
    """Its place among all elements, those of SKIPPED and what is in them not counted."""
    depth: int
    tag: str
    names: str
    """What its attributes call it."""
    words: int
    """Bits: the kinds of words that its names hold."""
    hidden: bool
    """It or one around it is not displayed."""
    first: int
    """Index of the first block in it."""
    last: int = 0
    """One more than the index of the last block in it."""


class Span(NamedTuple):
    """What is known of one block beside its text."""

    container: int
    linked: int
    """Characters inside links."""
    links: int
    strong: int
    """Characters inside bold or emphasised text."""
    words: int
    """Bits: the kinds of words in the names of inline elements that hold most of the text."""


@dataclass(frozen=True, kw_only=True)
class Segments:
    """A page cut into blocks; `spans[i]` belongs to `blocks[i]`."""

    blocks: tuple[Block, ...] = ()
    spans: tuple[Span, ...] = ()
    containers: tuple[Container, ...] = ()
    empty: tuple[int, ...] = ()
    """Of the elements that would be containers and hold no block: their places among all elements."""

    @cached_property
    def folded(self) -> list[str]:
        """Of each block the letters and digits in lower case."""
        return letters_of_lines([block.text for block in self.blocks])

    @cached_property
    def lengths(self) -> list[int]:
        """Of each block, in letters of the scripts with spaces."""
        return measure_lengths([block.text for block in self.blocks])

    @cached_property
    def words(self) -> list[int]:
        """How many each block has; two letters are one in scripts without spaces."""
        return [
            count_words(block.text) if length > len(block.text) else len(block.text.split())
            for length, block in zip(self.lengths, self.blocks, strict=True)
        ]


SKIPPED = frozenset((
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed", "canvas",
    "audio", "video", "select", "option", "datalist", "textarea", "input", "map", "area", "progress", "meter",
    "param", "source", "track", "frame", "frameset", "noframes", "applet", "title", "meta", "link", "base",
))  # fmt: skip
"""What these hold is no text of the page."""
_STRONG = frozenset(("b", "strong", "em", "i"))
_PLAIN = (INLINE | BLOCKS) - {"span"}
"""Elements whose tag and row tell whether they stand in a line; of the others it is noted."""
_CELLS = frozenset(("td", "th"))
_STRUCTURE = (
    "table", "tr", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "article",
    "section", "aside", "nav", "header", "footer", "form", "figure", "hr",
)  # fmt: skip
"""A row of a table that holds one of these is layout, not data."""
_LONGEST_CELL = 200
"""Characters of a cell of data; a longer one is a column of the page."""
_LEFT_OUT = frozenset(("p", "dialog"))
"""Blocks that are left out where they are hidden; a hidden container may be what a script will show."""
_MOST = 0.6
"""Share of a block's text that an inline element must hold to lend the block its names."""


def _is_data(row: HtmlElement) -> bool:
    """Tell whether a row of a table is read as one line: several short cells, not all of them links.

    A table of one row is layout. Out of fold, rows as lines change word F1 by +.0031 on articles elsewhere,
    -.0002 on news, -.0015 on the pages of two portals.
    """
    cells = [cell for cell in row if cell.tag in _CELLS]
    siblings = row.getprevious() is not None or row.getnext() is not None
    parent = row.getparent()
    return (
        len(cells) > 1
        and (siblings or (parent is not None and parent.tag == "thead"))
        and next(row.iterdescendants(*_STRUCTURE), None) is None
        and all(len("".join(cell.itertext())) <= _LONGEST_CELL for cell in cells)
        and any(next(cell.iter("a"), None) is None for cell in cells)
    )


class Cutter:
    """Cuts a page into blocks, told of its elements and texts in order; each boundary closes one."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.spans: list[Span] = []
        self.containers: list[Container] = []
        self.empty: list[int] = []
        self._open: list[tuple[HtmlElement, str, Attributes, int]] = []
        # of the open elements: what their text is, what its lines mean, whether it is unseen
        self._reading: list[tuple[Form, Lines, bool]] = [(Form.PARAGRAPH, Lines.FOLDED, False)]
        # of open elements that are inline by what is around them, or blocks by their style
        self._phrases: list[bool] = []
        # of the outer ones of the open elements, those with a block: their containers
        self._entered: list[int] = []
        # of open inline elements: characters of the page before, words, whether it is unseen
        self._inline: list[tuple[int, int, bool]] = []
        # of the block's closed inline elements that have words: length, words
        self._named: list[tuple[int, int]] = []
        self._pieces: list[str] = []
        # characters of the page before the block, and up to now
        self._start = self._end = 0
        self._linked = self._links = self._strong = 0
        self._link_depth = self._strong_depth = self._breaks = self._unseen = 0
        self._in_row = False
        self._order = -1

    def segments(self) -> Segments:
        """Return what the page was cut into, when it has ended."""
        self.flush()
        return Segments(
            blocks=tuple(self.blocks),
            spans=tuple(self.spans),
            containers=tuple(self.containers),
            empty=tuple(self.empty),
        )

    def text(self, text: str) -> None:
        """Add a text node: to the block, or where paragraphs end in it, to several."""
        if self._unseen or (not self._pieces and text.isspace()):
            return
        lines = self._reading[-1][1]
        if self._in_row or (lines is Lines.FOLDED and "\u3000" not in text):
            self._add(text)
            return
        for number, part in enumerate(parts(text, lines)):
            if number and self._pieces:
                self.flush()
            if part and (self._pieces or not part.isspace()):
                self._add(part)

    def _add(self, text: str) -> None:
        """Add what is not blank, or stands behind something that is not."""
        size = len(text)
        self._pieces.append(text)
        self._end += size
        if text.isspace():
            return
        self._breaks = 0
        if self._link_depth:
            self._linked += size
        if self._strong_depth:
            self._strong += size

    def start(self, element: HtmlElement, tag: str, attributes: Attributes) -> None:
        """Open an element."""
        self._order += 1
        if tag == "br":
            self._break(element)
        elif self._in_row or tag in INLINE:
            inline = tag != "span" or self._in_row or not is_displayed_as_block(attributes)
            if tag not in _PLAIN:
                self._phrases.append(inline)
            if inline:
                self._start_inline(tag, attributes)
            else:
                self._start_block(element, tag, attributes)
        elif tag in BLOCKS or not self._is_phrase(element):
            self._start_block(element, tag, attributes)
        else:
            self._start_inline(tag, attributes)

    def _is_phrase(self, element: HtmlElement) -> bool:
        """Tell whether an element that HTML does not name stands in a line; note it for its end."""
        parent = self._open[-1][1] if self._open else ""
        inline = is_phrase(element, parent, inside=bool(self._pieces))
        self._phrases.append(inline)
        return inline

    def _start_block(self, element: HtmlElement, tag: str, attributes: Attributes) -> None:
        if self._pieces or self._links:
            self.flush()
        self._open.append((element, tag, attributes, self._order))
        form, lines, _ = self._reading[-1]
        if attributes or tag == "pre":
            lines = lines_of(tag, attributes, lines)
        unseen = tag in _LEFT_OUT and _is_left_out(tag, attributes)
        self._unseen += unseen
        if tag in FORMS:
            form = FORMS[tag]
        elif form is Form.CELL:
            form = Form.PARAGRAPH
        self._reading.append((form, lines, unseen))
        self._in_row = tag == "tr" and _is_data(element)

    def _start_inline(self, tag: str, attributes: Attributes) -> None:
        if self._in_row and tag in BLOCKS and self._pieces:
            self._space(" | " if tag in _CELLS else " ")
        words, unseen = 0, False
        if attributes:
            unseen = is_unseen(attributes)
            self._unseen += unseen
            for name, value in attributes:
                if name == "class":
                    words = class_words(value)
        self._inline.append((self._end, words, unseen))
        if tag == "a":
            self._link_depth += 1
            self._links += 1
        elif tag in _STRONG:
            self._strong_depth += 1

    def end(self, tag: str) -> None:
        """Close an element."""
        if tag == "br":
            return
        if tag == "tr":
            self._in_row = False
        inline = self._in_row or tag in INLINE if tag in _PLAIN else self._phrases.pop()
        if inline:
            self._end_inline(tag)
            return
        if self._pieces or self._links:
            self.flush()
        self._unseen -= self._reading.pop()[2]
        order = self._open.pop()[3]
        if len(self._entered) > len(self._open):
            self.containers[self._entered.pop()].last = len(self.blocks)
        else:
            self.empty.append(order)

    def _end_inline(self, tag: str) -> None:
        before, words, unseen = self._inline.pop()
        self._unseen -= unseen
        if words and (size := self._end - max(before, self._start)):
            self._named.append((size, words))
        if tag == "a":
            self._link_depth -= 1
        elif tag in _STRONG:
            self._strong_depth -= 1

    def flush(self) -> None:
        """Close the block, if it has any text."""
        pieces, links = self._pieces, self._links
        if pieces and (text := " ".join(whole_words("".join(pieces)).split())):
            if len(self._entered) < len(self._open):
                self._enter()
            element, tag = self._open[-1][:2]
            size = len(text)
            self.blocks.append(Block(len(self.blocks), text, tag, self._reading[-1][0], element))
            words = self._words() if self._named or self._inline else 0
            linked, strong = min(self._linked, size), min(self._strong, size)
            self.spans.append(Span(self._entered[-1], linked, links, strong, words))
        if pieces:
            pieces.clear()
            self._named.clear()
        self._start = self._end
        self._linked = self._strong = self._breaks = 0
        self._links = self._link_depth

    def _words(self) -> int:
        """Return the words of the inline elements that hold most of the block."""
        words, least = 0, _MOST * (self._end - self._start)
        for size, bits in self._named:
            if size >= least:
                words |= bits
        for before, bits, _ in self._inline:
            if bits and self._end - max(before, self._start) >= least:
                words |= bits
        return words

    def _space(self, text: str) -> None:
        self._pieces.append(text)
        self._end += 1

    def _break(self, element: HtmlElement) -> None:
        self._breaks += 1
        ended = self._breaks > 1 or (self._pieces and is_finished(self._pieces, text_after(element)))
        if ended and not self._in_row:
            breaks = self._breaks
            self.flush()
            self._breaks = breaks
        elif self._pieces:
            self._space("\n")

    def _enter(self) -> None:
        """Make the open elements containers: the first block is about to be in them."""
        containers, entered = self.containers, self._entered
        for _, tag, attributes, order in self._open[len(entered) :]:
            parent = entered[-1] if entered else -1
            names, hidden = names_of(attributes) if attributes else ("", False)
            hidden = hidden or (parent >= 0 and containers[parent].hidden)
            words = class_words(names) if names else 0
            entered.append(len(containers))
            containers.append(
                Container(parent, order, len(entered) - 1, tag, names, words, hidden, len(self.blocks))
            )


def _is_left_out(tag: str, attributes: Attributes) -> bool:
    if tag == "dialog":
        return all(name != "open" for name, _ in attributes)
    return is_unseen(attributes)
