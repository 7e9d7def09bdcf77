"""An article as Markdown: CommonMark with GitHub's tables, which reads back to the same text."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from scraper.export.outline import InlineWriter, article_blocks, list_items, runs
from scraper.text_blocks import BlockKind, MarkKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from scraper.export.outline import ListItem
    from scraper.model import Article
    from scraper.text_blocks import TextBlock, TextMark

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
"""What means something anywhere in a line."""
_ESCAPED = r"\\\g<0>"
_START = re.compile(r"(?:[#+=:-]|\d{1,9}(?=[.)]))")
"""What means something at the start of one: a heading, a list, a rule; escaped is the sign or its end."""
_CLOSING = re.compile(r"(?<![^ ])#+$")
"""What would end a heading, and be no part of it."""
_DELIMITERS = {MarkKind.STRONG: "**", MarkKind.EMPHASIS: "*", MarkKind.STRUCK: "~~"}
_LEAST_FENCE = 3


def article_markdown(article: Article, header: Mapping[str, Any]) -> str:
    """Return an article as Markdown: the header as front matter in YAML, the headline, then its blocks."""
    front = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in header.items()]
    head = ["\n".join(["---", *front, "---"])] if front else []
    if article.title:
        head.append(_heading(1, _line(article.title)))
    return "\n\n".join([*head, *_blocks(article_blocks(article))]) + "\n"


def _blocks(blocks: Sequence[TextBlock]) -> Iterator[str]:
    before, turn = BlockKind.PARAGRAPH, False
    for run in runs(blocks):
        first = run[0]
        # a list right behind another one is told from it by another sign
        turn = not turn if first.kind is before is BlockKind.LIST_ITEM else False
        before = first.kind
        match first.kind:
            case BlockKind.LIST_ITEM:
                yield "\n".join(_list(list_items(run), turn=turn))
            case BlockKind.QUOTE:
                yield "\n>\n".join(f"> {_text(block)}" for block in run)
            case BlockKind.ROW:
                yield "\n".join(_table(run))
            case _:
                yield _block(first)


def _block(block: TextBlock) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return _heading(max(block.level or 2, 2), _text(block))
        case BlockKind.CODE:
            code = block.code or block.text
            fence = "`" * max(_LEAST_FENCE, 1 + max(map(len, re.findall("`+", code)), default=0))
            return f"{fence}\n{code}\n{fence}"
        case BlockKind.FIGURE:
            title = f' "{_quoted(block.credit)}"' if block.credit else ""
            return f"![{_line(block.caption or '')}]({_target(block.url or '')}{title})"
        case BlockKind.EMBED:
            return f"[{_line(block.caption or block.url or '')}]({_target(block.url or '')})"
        case BlockKind.ENTRY:
            return _heading(3, _line(" · ".join(filter(None, (block.time, block.title, block.author)))))
        case _:
            return _text(block)


def _heading(level: int, text: str) -> str:
    return f"{'#' * level} {_CLOSING.sub(_ESCAPED, text)}"


def _list(items: Sequence[ListItem], *, turn: bool, indent: str = "") -> Iterator[str]:
    for item in items:
        if item.number is None:
            sign = "*" if turn else "-"
        else:
            sign = f"{max(item.number, 0)}{')' if turn else '.'}"
        inside = indent + " " * (len(sign) + 1)
        first, *others = item.paragraphs
        yield f"{indent}{sign} {_text(first)}"
        for paragraph in others:
            yield ""
            yield inside + _text(paragraph)
        for number, inner in enumerate(item.lists):
            if inner[0].number not in {None, 1}:
                yield ""  # only a list that begins with 1 may stand right below a line
            yield from _list(inner, turn=bool(number % 2), indent=inside)


def _table(rows: Sequence[TextBlock]) -> Iterator[str]:
    """Yield the lines of a table; one without a header has an empty one, which every table must have."""
    lines = [
        [text for cell in row.cells for text in (_line(cell.text), *[""] * (cell.columns - 1))]
        for row in rows
    ]
    width = max(map(len, lines))
    if not all(cell.is_header for cell in rows[0].cells):
        lines.insert(0, [])
    for number, line in enumerate(lines):
        yield f"| {' | '.join(line + [''] * (width - len(line)))} |"
        if not number:
            yield "|" + " --- |" * width


def _text(block: TextBlock) -> str:
    """Return the text of a block with its links and emphasis."""
    text = block.text.replace("\n", " ")
    written = InlineWriter(_escaped, _marked).write(text, list(_outermost(block.marks)))
    return _start(written.replace("![", r"\!["))  # a link behind an exclamation mark is no picture


def _outermost(marks: Sequence[TextMark]) -> Iterator[TextMark]:
    """Yield the marks but for those within others of their kind, which Markdown cannot tell."""
    ends: dict[MarkKind, int] = {}
    for mark in marks:
        if mark.start >= ends.get(mark.kind, 0):
            ends[mark.kind] = mark.end
            yield mark


def _line(text: str) -> str:
    return _start(_escaped(" ".join(text.split())))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_ESCAPED, text)


def _start(written: str) -> str:
    """Return a line that means nothing by how it begins."""
    if not (match := _START.match(written)):
        return written
    begin = match[0]
    return f"{begin}\\{written[len(begin) :]}" if begin.isdecimal() else f"\\{written}"


def _marked(mark: TextMark, written: str, before: str, behind: str) -> str:
    if mark.kind is MarkKind.LINK:
        return f"[{written}]({_target(mark.url or '')})"
    delimiter = _DELIMITERS.get(mark.kind)
    if delimiter is None or not _holds(written, before, behind):
        return written
    return f"{delimiter}{written}{delimiter}"


def _holds(written: str, before: str, behind: str) -> bool:
    """Tell whether delimiters around a text are read as such: what CommonMark calls flanking."""
    is_apart = not before.strip() and written == written.strip()
    closes = not behind.strip() or (behind not in "*_~\\`" and unicodedata.category(behind)[0] == "P")
    return is_apart and (closes or written[-1].isalnum())


def _target(url: str) -> str:
    return "<" + url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace(" ", "%20") + ">"


def _quoted(text: str) -> str:
    return _escaped(" ".join(text.split())).replace('"', '\\"')
