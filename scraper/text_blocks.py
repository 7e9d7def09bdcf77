"""The structure of a text: its blocks in order, each with what it is, its links and its emphasis.

An Article has them as `blocks`; its body is their texts, one a line. docs/reference/fields.md has their JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


FOLLOWED = ("http://", "https://", "mailto:")
"""How what a link of a text may lead to begins."""


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    ROW = "row"
    """Of a table."""
    CODE = "code"
    FIGURE = "figure"
    EMBED = "embed"
    """What the page shows of another one: a video, a post, a map."""
    ENTRY = "entry"
    """Where an entry of a live blog begins; its text follows."""


class MarkKind(StrEnum):
    """What a part of a line is."""

    LINK = "link"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    SUBSCRIPT = "subscript"
    SUPERSCRIPT = "superscript"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark:
    """A part of a block's text that is more than text. Marks of a block lie within each other or apart."""

    kind: MarkKind
    start: int
    """Of the first character, counted from 0 in code points."""
    end: int
    """After the last character."""
    url: str | None = None
    """Where a link leads, absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a row; its text stands in the row's text."""

    text: str
    is_header: bool = False
    columns: int = 1
    """That it spans."""
    rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A block of a text. Figures, embeds and entries have no text: they add no line to the body."""

    kind: BlockKind
    text: str = ""
    """As in the body; several lines where a row or code has them."""
    marks: tuple[TextMark, ...] = ()
    """The outer ones before those in them."""
    level: int | None = None
    """Of a heading, 1 to 6; of an item, from 1 on."""
    number: int | None = None
    """Of an item of an ordered list."""
    group: int | None = None
    """Items of one list, rows of one table and paragraphs of one quotation have the same, from 1 on."""
    continues: bool = False
    """A further paragraph of the item before."""
    cells: tuple[Cell, ...] = ()
    code: str | None = None
    """Its lines as they stand there, white space kept."""
    url: str | None = None
    """Of a figure's picture, of what is embedded."""
    caption: str | None = None
    credit: str | None = None
    title: str | None = None
    """Of an entry, its headline."""
    time: str | None = None
    """Of an entry, as precise as the page: ISO 8601, or what it prints."""
    author: str | None = None


_TEXTLESS = frozenset({BlockKind.FIGURE, BlockKind.EMBED, BlockKind.ENTRY})


def body_of(blocks: Iterable[TextBlock]) -> str:
    """Return the body that the blocks make: their texts, one a line.

    >>> body_of([TextBlock(kind=BlockKind.HEADING, level=2, text="Why"), TextBlock(kind=BlockKind.EMBED)])
    'Why'
    """
    return "\n".join(block.text for block in blocks if block.kind not in _TEXTLESS)


def plain_block(block: TextBlock) -> dict[str, Any]:
    """Return a block as JSON types, without what is as it is by default."""
    return _plain(block)


def to_blocks(plain: Iterable[Mapping[str, Any]]) -> tuple[TextBlock, ...]:
    """Return the blocks of JSON types. Raises TypeError, KeyError or ValueError for what are none."""
    return tuple(_block(block) for block in plain)


def pack_blocks(blocks: Iterable[TextBlock]) -> list[Any]:
    """Return what the body does not tell of its blocks, as JSON types: plain paragraphs are only counted.

    >>> pack_blocks([TextBlock(kind=BlockKind.PARAGRAPH), TextBlock(kind=BlockKind.QUOTE)])
    [1, {'kind': 'quote'}]
    """
    found: list[Any] = []
    for plain in map(plain_block, blocks):
        lines = plain.pop("text", "").count("\n") + 1
        if plain == {"kind": BlockKind.PARAGRAPH.value}:
            if found and isinstance(found[-1], int):
                found[-1] += 1
            else:
                found.append(1)
        else:
            found.append(plain | ({"lines": lines} if lines > 1 else {}))
    return found


def unpack_blocks(kept: Iterable[Any], body: str) -> list[dict[str, Any]]:
    """Return the blocks that were packed beside this body, as JSON types."""
    lines = iter(body.split("\n"))
    return [block for item in kept for block in _with_text(item, lines)]


def continue_blocks(blocks: Sequence[TextBlock], following: Sequence[TextBlock]) -> tuple[TextBlock, ...]:
    """Return the blocks of a text with those of its next page, of which texts that it held are left out."""
    held = {block.text for block in blocks}
    highest = max((block.group or 0 for block in blocks), default=0)
    added = (
        block for block in following if block.kind in _TEXTLESS or (block.text and block.text not in held)
    )
    return (*blocks, *(_moved(block, highest) for block in added))


def _moved(block: TextBlock, groups: int) -> TextBlock:
    if block.group is None:
        return block
    return replace(block, group=block.group + groups)


def _with_text(item: Any, lines: Iterator[str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - of JSON
    if isinstance(item, int):
        yield from ({"kind": "paragraph", "text": next(lines, "")} for _ in range(item))
    elif BlockKind(item["kind"]) in _TEXTLESS:
        yield item
    else:
        own = {name: value for name, value in item.items() if name != "lines"}
        yield own | {"text": "\n".join(next(lines, "") for _ in range(item.get("lines", 1)))}


def _plain(value: TextBlock | TextMark | Cell) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(value):
        held = getattr(value, field.name)
        if held == field.default:
            continue
        if isinstance(held, tuple):
            held = [_plain(each) for each in held]
        found[field.name] = held.value if isinstance(held, StrEnum) else held
    return found


def _block(plain: Mapping[str, Any]) -> TextBlock:
    marks = tuple(TextMark(**mark | {"kind": MarkKind(mark["kind"])}) for mark in plain.get("marks", ()))
    cells = tuple(Cell(**cell) for cell in plain.get("cells", ()))
    return TextBlock(**dict(plain) | {"kind": BlockKind(plain["kind"]), "marks": marks, "cells": cells})
