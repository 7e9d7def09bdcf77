"""An article as a page of HTML that is safe to show: all text is escaped, links lead to the web alone."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from scraper.export.outline import InlineWriter, article_blocks, list_items, runs
from scraper.text_blocks import FOLLOWED, BlockKind, MarkKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.export.outline import ListItem
    from scraper.model import Article
    from scraper.text_blocks import Cell, TextBlock, TextMark

_ELEMENTS = {
    MarkKind.STRONG: "strong",
    MarkKind.EMPHASIS: "em",
    MarkKind.CODE: "code",
    MarkKind.SUBSCRIPT: "sub",
    MarkKind.SUPERSCRIPT: "sup",
    MarkKind.STRUCK: "s",
}
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no page of HTML may hold."""
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
"""They stand high by themselves."""
_STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 serif}"
    "img,video{max-width:100%;height:auto}figcaption,.by{color:#555;font-size:.9em}"
    "table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.3em .6em}pre{overflow-x:auto}"
)


def article_html(article: Article, header: Mapping[str, str]) -> str:
    """Return a whole page: the header's lines as meta elements, the headline, who and when, then the text."""
    title = _text(article.title or "")
    metas = [f'<meta name="{_text(name)}" content="{_text(value)}">' for name, value in header.items()]
    link = f'<link rel="canonical" href="{address}">' if (address := _address(article.canonical_url)) else ""
    said = " · ".join(filter(None, ("; ".join(article.authors), article.published)))
    language = f' lang="{_text(article.language)}"' if article.language else ""
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset="utf-8">',
            f"<title>{title or 'Untitled'}</title>",
            *metas,
            *filter(None, [link]),
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<article>",
            *([f"<h1>{title}</h1>"] if title else []),
            *([f"<p>{_text(article.standfirst)}</p>"] if article.standfirst else []),
            *([f'<p class="by">{_text(said)}</p>'] if said else []),
            *to_fragment(article_blocks(article)),
            "</article>\n</body>\n</html>\n",
        ]
    )


def to_fragment(blocks: Sequence[TextBlock]) -> Iterator[str]:
    """Yield the elements of a text's blocks."""
    for run in runs(blocks):
        match run[0].kind:
            case BlockKind.LIST_ITEM:
                yield _list(list_items(run))
            case BlockKind.QUOTE:
                yield f"<blockquote>{''.join(f'<p>{_line(block)}</p>' for block in run)}</blockquote>"
            case BlockKind.ROW:
                yield f"<table>{''.join(map(_row, run))}</table>"
            case _:
                yield _block(run[0])


def _block(block: TextBlock) -> str:
    match block.kind:
        case BlockKind.HEADING:
            name = f"h{min(max(block.level or 2, 2), 6)}"
            return f"<{name}>{_line(block)}</{name}>"
        case BlockKind.CODE:
            return f"<pre><code>{_text(block.code or block.text)}</code></pre>"
        case BlockKind.FIGURE:
            return _figure(block)
        case BlockKind.EMBED:
            address = _address(block.url)
            return (
                f'<p><a href="{address}">{_text(block.caption or block.url or "")}</a></p>' if address else ""
            )
        case BlockKind.ENTRY:
            return f"<h3>{_text(' · '.join(filter(None, (block.time, block.title, block.author))))}</h3>"
        case _:
            return f"<p>{_line(block)}</p>"


def _figure(block: TextBlock) -> str:
    caption = " ".join(filter(None, (block.caption, f"({block.credit})" if block.credit else None)))
    told = f"<figcaption>{_text(caption)}</figcaption>" if caption else ""
    address = _address(block.url)
    return (
        f'<figure><img src="{address}" alt="{_text(block.caption or "")}">{told}</figure>' if address else ""
    )


def _list(items: Sequence[ListItem]) -> str:
    number = items[0].number
    if number is None:
        return f"<ul>{''.join(f'<li>{_item(item)}</li>' for item in items)}</ul>"
    start = f' start="{number}"' if number != 1 else ""
    written = (f"<li{_value(item, number + at)}>{_item(item)}</li>" for at, item in enumerate(items))
    return f"<ol{start}>{''.join(written)}</ol>"


def _value(item: ListItem, expected: int) -> str:
    return "" if item.number in {None, expected} else f' value="{item.number}"'


def _item(item: ListItem) -> str:
    lines = [_line(block) for block in item.paragraphs]
    text = lines[0] if len(lines) == 1 else "".join(f"<p>{line}</p>" for line in lines)
    return text + "".join(map(_list, item.lists))


def _row(row: TextBlock) -> str:
    return f"<tr>{''.join(map(_cell, row.cells))}</tr>"


def _cell(cell: Cell) -> str:
    name = "th" if cell.is_header else "td"
    spans = f' colspan="{cell.columns}"' * (cell.columns > 1) + f' rowspan="{cell.rows}"' * (cell.rows > 1)
    return f"<{name}{spans}>{_text(cell.text).replace(chr(10), '<br>')}</{name}>"


def _line(block: TextBlock) -> str:
    written = InlineWriter(_text, _marked).write(block.text, block.marks)
    return written.replace("\n", "<br>")


def _marked(mark: TextMark, written: str, _before: str, _behind: str) -> str:
    if mark.kind is MarkKind.LINK:
        return f'<a href="{address}">{written}</a>' if (address := _address(mark.url)) else written
    name = _ELEMENTS[mark.kind]
    return written if name == "sup" and _RAISED.issuperset(written) else f"<{name}>{written}</{name}>"


def _address(url: str | None) -> str:
    """Return an address to stand in an attribute, '' for one that no reader may be led to."""
    return _text(url) if url and url.startswith(FOLLOWED) else ""


def _text(text: str) -> str:
    return escape(_NO_TEXT.sub("", text))
