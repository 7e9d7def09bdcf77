"""The Cutter: cuts a page into blocks in the walk of page.document.

What an element is to a line of text is told by page.reading; what it prints itself by page.phrasing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.extraction.page.blocks import Block, Container, Segments, Span
from scraper.extraction.page.phrasing import MARKED_TAGS, formula, is_permalink, quotation_marks, raised
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

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.extraction.page.reading import Attributes


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
_tuple = tuple.__new__
"""Makes a named tuple in half the time that calling its class takes."""
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

    def __init__(self, language: str = "") -> None:
        """`language`, of the page, tells which quotation marks stand around a `q`."""
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
        # of open inline elements: characters of the page before, words, whether unseen, itself if marked
        self._inline: list[tuple[int, int, bool, HtmlElement | None]] = []
        # of the block's closed inline elements that have words: length, words
        self._named: list[tuple[int, int]] = []
        # of the open block; while there are none, white space is no text
        self.pieces: list[str] = []
        # characters of the page before the block, and up to now
        self._start = self._end = 0
        self._linked = self._links = self._strong = 0
        self._link_depth = self._strong_depth = self._breaks = self._unseen = 0
        self._in_row = False
        self._order = -1
        # of the block's closed inline elements that are marked: from, to, element
        self._marked: list[tuple[int, int, HtmlElement]] = []
        # closing quotation marks of the open quotations; how many powers are open
        self._quotes: list[str] = []
        self._raised = 0
        self._language = language

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
        if self._unseen or (not self.pieces and text.isspace()):
            return
        lines = self._reading[-1][1]
        if (lines is Lines.FOLDED and "\u3000" not in text) or self._in_row:
            self._add(text)
            return
        for number, part in enumerate(parts(text, lines)):
            if number and self.pieces:
                self.flush()
            if part and (self.pieces or not part.isspace()):
                self._add(part)

    def _add(self, text: str) -> None:
        """Add what is not blank, or stands behind something that is not."""
        if self._raised and not self._link_depth:  # a link is a note, no power
            text = raised(text, self.pieces[-1] if self.pieces else "")
        size = len(text)
        self.pieces.append(text)
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
        if tag in BLOCKS and not self._in_row:
            self._start_block(element, tag, attributes)
        elif tag == "br":
            self._break(element)
        elif self._in_row or tag in INLINE:
            inline = tag != "span" or self._in_row or not is_displayed_as_block(attributes)
            if tag not in _PLAIN:
                self._phrases.append(inline)
            if inline:
                self._start_inline(element, tag, attributes)
            else:
                self._start_block(element, tag, attributes)
        elif self._is_phrase(element):
            self._start_inline(element, tag, attributes)
        else:
            self._start_block(element, tag, attributes)

    def formula(self, element: HtmlElement) -> None:
        """Add a formula of MathML as a line prints it."""
        self.text(formula(element))

    def _is_phrase(self, element: HtmlElement) -> bool:
        """Tell whether an element that HTML does not name stands in a line; note it for its end."""
        parent = self._open[-1][1] if self._open else ""
        inline = is_phrase(element, parent, inside=bool(self.pieces))
        self._phrases.append(inline)
        return inline

    def _start_block(self, element: HtmlElement, tag: str, attributes: Attributes) -> None:
        if self.pieces or self._links:
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

    def _start_inline(self, element: HtmlElement, tag: str, attributes: Attributes) -> None:
        if self._in_row and tag in BLOCKS and self.pieces:
            self._space(" | " if tag in _CELLS else " ")
        words, unseen = 0, tag == "del"
        if attributes:
            unseen = unseen or is_unseen(attributes)
            for name, value in attributes:
                if name == "class":
                    words = class_words(value)
        if tag == "a":
            self._link_depth += 1
            self._links += 1
            unseen = unseen or (self._reading[-1][0] is Form.HEADING and is_permalink(element))
        elif tag in _STRONG:
            self._strong_depth += 1
        elif tag == "sup":
            self._raised += 1
        elif tag == "q":
            self._start_quotation(element)
        self._unseen += unseen
        is_marked = tag in MARKED_TAGS or (self._in_row and tag in _CELLS)
        self._inline.append((self._end, words, unseen, element if is_marked else None))

    def _start_quotation(self, element: HtmlElement) -> None:
        opening, closing = quotation_marks(element, len(self._quotes), self._language)
        if opening:
            self.text(opening)
        self._quotes.append(closing)

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
        if self.pieces or self._links:
            self.flush()
        self._unseen -= self._reading.pop()[2]
        order = self._open.pop()[3]
        if len(self._entered) > len(self._open):
            self.containers[self._entered.pop()].last = len(self.blocks)
        else:
            self.empty.append(order)

    def _end_inline(self, tag: str) -> None:
        before, words, unseen, marked = self._inline.pop()
        self._unseen -= unseen
        if words or marked is not None:
            begin, end = max(before - self._start, 0), self._end - self._start
            if words and end > begin:
                self._named.append((end - begin, words))
            if marked is not None and end > begin:
                self._marked.append((begin, end, marked))
        if tag == "a":
            self._link_depth -= 1
        elif tag in _STRONG:
            self._strong_depth -= 1
        elif tag == "sup":
            self._raised -= 1
        elif tag == "q" and (closing := self._quotes.pop()):
            self.text(closing)

    def flush(self) -> None:
        """Close the block, if it has any text."""
        pieces, links = self.pieces, self._links
        if pieces and (text := " ".join(whole_words(raw := "".join(pieces)).split())):
            if len(self._entered) < len(self._open):
                self._enter()
            element, tag, _, _ = self._open[-1]
            size, linked, strong = len(text), self._linked, self._strong
            words = self._words() if self._named or self._inline else 0
            inline = self._marks() if self._inline else tuple(self._marked)
            block = (len(self.blocks), text, tag, self._reading[-1][0], element)
            span = (
                self._entered[-1],
                linked and min(size, linked),
                links,
                strong and min(size, strong),
                words,
                raw if inline else "",
                inline,
            )
            self.blocks.append(_tuple(Block, block))
            self.spans.append(_tuple(Span, span))
        if pieces:
            pieces.clear()
            self._named.clear()
            self._marked.clear()
        self._start = self._end
        self._linked = self._strong = self._breaks = 0
        self._links = self._link_depth

    def _words(self) -> int:
        """Return the words of the inline elements that hold most of the block."""
        words, least = 0, _MOST * (self._end - self._start)
        for size, bits in self._named:
            if size >= least:
                words |= bits
        for before, bits, _, _ in self._inline:
            if bits and self._end - max(before, self._start) >= least:
                words |= bits
        return words

    def _marks(self) -> tuple[tuple[int, int, HtmlElement], ...]:
        """Return the marked inline elements of the block, those that go on behind it as well."""
        end = self._end - self._start
        going_on = [
            (begin, end, element)
            for before, _, _, element in self._inline
            if element is not None and (begin := max(before - self._start, 0)) < end
        ]
        return (*self._marked, *going_on)

    def _space(self, text: str) -> None:
        self.pieces.append(text)
        self._end += len(text)

    def _break(self, element: HtmlElement) -> None:
        self._breaks += 1
        ended = self._breaks > 1 or (self.pieces and is_finished(self.pieces, text_after(element)))
        if ended and not self._in_row:
            breaks = self._breaks
            self.flush()
            self._breaks = breaks
        elif self.pieces:
            self._space("\n")

    def _enter(self) -> None:
        """Make the open elements containers: the first block is about to be in them."""
        containers, entered = self.containers, self._entered
        for _, tag, attributes, order in self._open[len(entered) :]:
            parent = entered[-1] if entered else -1
            names, words, hidden = names_of(attributes) if attributes else ("", 0, False)
            hidden = hidden or (parent >= 0 and containers[parent].hidden)
            entered.append(len(containers))
            containers.append(
                Container(parent, order, len(entered) - 1, tag, names, words, hidden, len(self.blocks))
            )


def _is_left_out(tag: str, attributes: Attributes) -> bool:
    if tag == "dialog":
        return all(name != "open" for name, _ in attributes)
    return is_unseen(attributes)
