"""The TextBlocks of an article: its kept blocks with their links and emphasis; read by article.

What stands between them without a text, figures and the like, is put at its place by extraction.figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from scraper.extraction.page.reading import HEADINGS, Form, whole_words
from scraper.text_blocks import FOLLOWED, BlockKind, Cell, MarkKind, TextBlock, TextMark
from scraper.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Block, Decision, Segments, Span

_MARKS = {
    "a": MarkKind.LINK, "b": MarkKind.STRONG, "strong": MarkKind.STRONG, "sub": MarkKind.SUBSCRIPT,
    "sup": MarkKind.SUPERSCRIPT, "s": MarkKind.STRUCK, "strike": MarkKind.STRUCK,
    **dict.fromkeys(("i", "em", "cite", "dfn"), MarkKind.EMPHASIS),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), MarkKind.CODE),
}  # fmt: skip
"""What the elements of page.phrasing.MARKED_TAGS are."""
_LISTS = ("ul", "ol", "menu", "dir", "dl")
_ITEMS = ("li", "dt", "dd")
_SECTIONS = frozenset(("article", "section", "main", "aside", "blockquote", "table", "body"))
"""What stands in one of these within an item or a quotation is a text of its own."""
_CELLS = ("td", "th")
_MOST_SPAN = 1000
"""Columns or rows that a cell says it spans, as browsers bound them."""
_MOST_MARKS = 500
"""Of one block: a real paragraph has dozens at most."""


def structure_of(decisions: Sequence[Decision], segments: Segments, base: str | None) -> list[TextBlock]:
    """Return the kept blocks as those of a text: joined by line breaks, their texts are the body."""
    kept = [decision.block for decision in decisions if decision.kept]
    writer = _Writer(segments, base or "")
    for _, run in groupby(kept, key=_whole):
        writer.add(list(run))
    return writer.found


def _whole(block: Block) -> Hashable:
    """Return what blocks have in common that are one block of the text: a row's cells, the lines of code."""
    if block.element is None or block.form not in {Form.CELL, Form.CODE}:
        return block.index
    return _around(block.element, ("tr",) if block.form is Form.CELL else ("pre", "listing", "xmp"))


def _around(element: HtmlElement, tags: Sequence[str]) -> HtmlElement | None:
    """Return the innermost element of these tags that an element is or stands in."""
    return element if element.tag in tags else next(element.iterancestors(*tags), None)


@dataclass
class _Writer:
    """Makes the blocks of a text one after another."""

    segments: Segments
    base: str
    found: list[TextBlock] = field(default_factory=list)
    groups: dict[HtmlElement, int] = field(default_factory=dict)
    numbers: dict[HtmlElement, int] = field(default_factory=dict)
    item: HtmlElement | None = None
    """Of the block before, where it is one of a list."""

    def add(self, run: list[Block]) -> None:
        """Add blocks that belong together."""
        first, item = run[0], self.item
        self.item = None
        match first.form:
            case Form.HEADING:
                self.found.append(self._heading(first))
            case Form.LIST_ITEM:
                self.found.append(self._item(first, item))
            case Form.QUOTE:
                self.found.append(self._quote(first))
            case Form.CODE:
                self.found.append(self._code(run))
            case Form.CELL:
                self.found += self._row(run)
            case _:
                self.found.append(self._block(BlockKind.PARAGRAPH, first))

    def _block(self, kind: BlockKind, block: Block, **place: Any) -> TextBlock:  # noqa: ANN401 - as of TextBlock
        return TextBlock(kind=kind, text=block.text, marks=self._marks(block), **place)

    def _group(self, element: HtmlElement) -> int:
        return self.groups.setdefault(element, len(self.groups) + 1)

    def _heading(self, block: Block) -> TextBlock:
        heading = None if block.element is None else _around(block.element, HEADINGS)
        level = 2 if heading is None else int(heading.tag[1])
        return self._block(BlockKind.HEADING, block, level=level)

    def _item(self, block: Block, before: HtmlElement | None) -> TextBlock:
        item = None if block.element is None else _holder(block.element, _ITEMS)
        lists = [] if item is None else _lists_around(item)
        if item is None or not lists:
            return self._block(BlockKind.PARAGRAPH, block)
        self.item = item
        return self._block(
            BlockKind.LIST_ITEM,
            block,
            level=len(lists),
            number=self._number(item) if lists[0].tag == "ol" else None,
            group=self._group(lists[-1]),
            continues=item is before,
        )

    def _number(self, item: HtmlElement) -> int:
        """Return the number of an item; the list is counted through once."""
        if item not in self.numbers:
            parent = item.getparent()
            number = _whole_number(parent.get("start"), 1) if parent is not None else 1
            for each in parent if parent is not None else ():
                if each.tag == "li":
                    number = _whole_number(each.get("value"), number)
                    self.numbers[each] = number
                    number += 1
        return self.numbers.get(item, 1)

    def _quote(self, block: Block) -> TextBlock:
        quotation = None if block.element is None else _around(block.element, ("blockquote",))
        group = None if quotation is None else self._group(quotation)
        return self._block(BlockKind.QUOTE, block, group=group)

    def _code(self, run: Sequence[Block]) -> TextBlock:
        holder = _whole(run[0])
        text = "\n".join(block.text for block in run)
        if isinstance(holder, int) or holder is None:
            return TextBlock(kind=BlockKind.CODE, text=text, code=text)
        printed = "".join(holder.itertext())  # type: ignore[attr-defined]  # it is an element
        whole = "".join(text.split()) == "".join(whole_words(printed).split())
        return TextBlock(kind=BlockKind.CODE, text=text, code=printed.strip("\r\n") if whole else text)

    def _row(self, run: Sequence[Block]) -> Iterator[TextBlock]:
        """Yield the row that blocks are; where they are one cell, a table only lays it out."""
        row = None if run[0].element is None else _around(run[0].element, ("tr",))
        cells = self._cells(run)
        if row is None or len(cells) <= 1:
            yield from (self._block(BlockKind.PARAGRAPH, block) for block in run)
            return
        marks: list[TextMark] = []
        at = 0
        for block in run:
            marks += (replace(mark, start=mark.start + at, end=mark.end + at) for mark in self._marks(block))
            at += len(block.text) + 1
        table = next(row.iterancestors("table"), row)
        yield TextBlock(
            kind=BlockKind.ROW,
            text="\n".join(block.text for block in run),
            marks=tuple(marks),
            group=self._group(table),
            cells=tuple(cells),
        )

    def _cells(self, run: Sequence[Block]) -> list[Cell]:
        if run[0].element is not None and run[0].element.tag in _CELLS:
            by_cell = groupby(run, key=lambda block: block.element)
            return [
                _cell(element, "\n".join(block.text for block in blocks))
                for element, blocks in by_cell
                if element is not None
            ]
        span = self._span(run[0])
        return [
            _cell(element, " ".join(whole_words(span.raw[start:end]).split()).removeprefix("| "))
            for start, end, element in sorted(span.inline if span else (), key=lambda each: each[:2])
            if span and element.tag in _CELLS
        ]

    def _span(self, block: Block) -> Span | None:
        return self.segments.spans[block.index] if block.element is not None else None

    def _marks(self, block: Block) -> tuple[TextMark, ...]:
        span = self._span(block)
        if span is None or not span.inline:
            return ()
        found = [
            mark
            for start, end, element in span.inline[:_MOST_MARKS]
            if element.tag in _MARKS and (mark := self._mark(block, span.raw, start, end, element))
        ]
        return tuple(sorted(found, key=lambda mark: (mark.start, -mark.end)))

    def _mark(self, block: Block, raw: str, start: int, end: int, element: HtmlElement) -> TextMark | None:
        url = None
        if element.tag == "a":
            href = (element.get("href") or "").strip()
            url = None if href.startswith("#") else absolute_url(self.base, href)
            if url is None or not url.startswith(FOLLOWED):
                return None
        before = whole_words(raw[:start]).strip()
        if not block.text.startswith(before):  # else its white space is folded
            before = " ".join(before.split())
        inside = " ".join(whole_words(raw[start:end]).split())
        is_apart = bool(before) and (raw[start - 1].isspace() or raw[start].isspace())
        begin = len(before) + is_apart
        if not inside or not block.text.startswith(inside, begin):
            return None  # a sign at its edge is printed there and not in the line
        return TextMark(kind=_MARKS[element.tag], start=begin, end=begin + len(inside), url=url)


def _holder(element: HtmlElement, tags: Sequence[str]) -> HtmlElement | None:
    """Return the innermost element of these tags around a block that no section parts it from."""
    here: HtmlElement | None = element
    while here is not None and here.tag not in tags:
        if here.tag in _SECTIONS:
            return None
        here = here.getparent()
    return here


def _lists_around(item: HtmlElement) -> list[HtmlElement]:
    """Return the lists that an item stands in, the innermost first, as far as one is an item of the next."""
    found = []
    here: HtmlElement | None = item
    while here is not None:
        above = _holder(here, _LISTS)
        if above is None:
            break
        found.append(above)
        here = None if (parent := above.getparent()) is None else _holder(parent, _ITEMS)
    return found


def _cell(element: HtmlElement, text: str) -> Cell:
    parent = element.getparent()
    above = None if parent is None else parent.getparent()
    return Cell(
        text=text,
        is_header=element.tag == "th" or (above is not None and above.tag == "thead"),
        columns=min(max(_whole_number(element.get("colspan"), 1), 1), _MOST_SPAN),
        rows=min(max(_whole_number(element.get("rowspan"), 1), 1), _MOST_SPAN),
    )


def _whole_number(text: str | None, otherwise: int) -> int:
    text = (text or "").strip()
    return int(text) if text.removeprefix("-").isdecimal() and len(text) <= len("-99999") else otherwise
