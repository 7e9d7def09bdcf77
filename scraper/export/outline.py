"""A text's blocks as a tree of lists, tables and quotations; read by export.markdown and export.html."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from scraper.text_blocks import BlockKind, TextBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.model import Article
    from scraper.text_blocks import TextMark


@dataclass(slots=True)
class ListItem:
    """An item of a list: its paragraphs and the lists in it."""

    paragraphs: list[TextBlock]
    lists: list[list[ListItem]] = field(default_factory=list)

    @property
    def number(self) -> int | None:
        """Its number in an ordered list."""
        return self.paragraphs[0].number


def article_blocks(article: Article) -> Sequence[TextBlock]:
    """Return the blocks of an article; of one that an earlier version stored, each line is a paragraph.

    The headline of a live blog's entry that follows as a heading stands there alone.
    """
    if not article.blocks and article.body:
        return [TextBlock(kind=BlockKind.PARAGRAPH, text=line) for line in article.body.split("\n")]
    blocks = article.blocks
    return [
        replace(block, title=None) if _is_told_again(block, blocks[at : at + 1]) else block
        for at, block in enumerate(blocks, start=1)
    ]


def _is_told_again(block: TextBlock, after: Sequence[TextBlock]) -> bool:
    is_headed = any(each.kind is BlockKind.HEADING and each.text == block.title for each in after)
    return block.kind is BlockKind.ENTRY and is_headed


def runs(blocks: Sequence[TextBlock]) -> Iterator[list[TextBlock]]:
    """Yield the blocks that belong together: of one list, one table or one quotation; else each alone."""
    for _, run in groupby(enumerate(blocks), key=lambda each: (each[1].kind, each[1].group or -each[0])):
        yield [block for _, block in run]


def list_items(run: Sequence[TextBlock]) -> list[ListItem]:
    """Return the items of a list, those of lists within it below them, whatever levels are left out."""
    top: list[ListItem] = []
    # the lists that are open: their level and their items
    stack: list[tuple[int, list[ListItem]]] = [(run[0].level or 1, top)]
    for block in run:
        level = block.level or 1
        if block.continues and stack[-1][1]:
            stack[-1][1][-1].paragraphs.append(block)
            continue
        while len(stack) > 1 and level < stack[-1][0]:
            stack.pop()
        if level > stack[-1][0] and stack[-1][1]:
            inner: list[ListItem] = []
            stack[-1][1][-1].lists.append(inner)
            stack.append((level, inner))
        stack[-1][1].append(ListItem([block]))
    return top


@dataclass(frozen=True, slots=True)
class InlineWriter:
    """Writes a line with its marks."""

    plain: Callable[[str], str]
    """Writes a part without marks."""
    marked: Callable[[TextMark, str, str, str], str]
    """Writes a mark around what was written of its text, given the characters before and behind it."""

    def write(self, text: str, marks: Sequence[TextMark], before: str = "", behind: str = "") -> str:
        """Return the text with its marks; before and behind it stand these characters."""
        found: list[str] = []
        at, rest = 0, list(marks)
        while rest:
            mark = rest.pop(0)
            start, end = mark.start, mark.end
            if not at <= start < end <= len(text):
                continue  # of a text that is not as it was
            inner = [
                replace(each, start=each.start - start, end=each.end - start)
                for each in rest
                if each.start < end
            ]
            rest = rest[len(inner) :]
            around = (text[start - 1 : start] or before, text[end : end + 1] or behind)
            written = self.write(text[start:end], inner, *around)
            found += (self.plain(text[at:start]), self.marked(mark, written, *around))
            at = end
        return "".join(found) + self.plain(text[at:])
