from __future__ import annotations

import dataclasses
from random import Random
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from scraper.export.markdown import article_markdown
from scraper.text_blocks import BlockKind, Cell, MarkKind, TextBlock, TextMark, body_of
from tests.export.structured import random_blocks
from tests.store.values import article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def written(*blocks: TextBlock, title: str | None = None) -> str:
    of = dataclasses.replace(article(1), title=title, blocks=blocks, body=body_of(blocks))
    return article_markdown(of, {})


def read(text: str) -> list[str]:
    """Return the lines of a Markdown text as a reader sees them."""
    return [line for line in map("".join, map(_printed, READER.parse(text))) if line]


def _printed(token: Token) -> Iterator[str]:
    if token.type in {"fence", "code_block", "html_block"}:
        yield " ".join(token.content.split())
    for child in token.children or ():
        if child.type == "image":
            yield from _printed(child)
        else:
            yield " " if child.type in {"softbreak", "hardbreak"} else child.content


def lines(blocks: Iterable[TextBlock]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        match block.kind:
            case BlockKind.ROW:
                found += [" ".join(cell.text.split()) for cell in block.cells if cell.text]
            case BlockKind.FIGURE | BlockKind.EMBED:
                found.append(block.caption or block.url or "")
            case BlockKind.ENTRY:
                found.append(f"{block.time} · {block.title}")
            case BlockKind.CODE:
                found.append(" ".join((block.code or "").split()))
            case _:
                found.append(block.text)
    return found


@pytest.mark.parametrize("seed", range(300))
def test_it_reads_back_to_the_same_text(seed: int) -> None:
    blocks = random_blocks(Random(seed))
    assert read(written(*blocks)) == lines(blocks)


def paragraph(text: str, *marks: TextMark) -> TextBlock:
    return TextBlock(kind=BlockKind.PARAGRAPH, text=text, marks=marks)


def item(text: str, level: int, number: int | None = None, group: int = 1) -> TextBlock:
    return TextBlock(kind=BlockKind.LIST_ITEM, text=text, level=level, number=number, group=group)


@pytest.mark.parametrize(
    ("blocks", "markdown"),
    [
        ([TextBlock(kind=BlockKind.HEADING, text="Why", level=3)], "### Why"),
        (
            [paragraph("A bold link here", TextMark(kind=MarkKind.STRONG, start=2, end=11),
                       TextMark(kind=MarkKind.LINK, start=7, end=11, url="https://a.example/x"))],
            "A **bold [link](<https://a.example/x>)** here",
        ),
        ([paragraph("unbelievable", TextMark(kind=MarkKind.EMPHASIS, start=2, end=9))], "unbelievable"),
        ([item("a", 1), item("b", 2, 3), item("c", 1)], "- a\n\n  3. b\n- c"),
        ([item("a", 1), item("b", 1, group=2)], "- a\n\n* b"),
        (
            [TextBlock(kind=BlockKind.QUOTE, text=text, group=1) for text in ("a", "b")],
            "> a\n>\n> b",
        ),
        (
            [TextBlock(kind=BlockKind.ROW, text="a | b", group=1, cells=(Cell(text="a|b"), Cell(text="c", columns=2)))],
            "|  |  |  |\n| --- | --- | --- |\n| a\\|b | c |  |",
        ),
        ([TextBlock(kind=BlockKind.CODE, text="x", code="```\nx")], "````\n```\nx\n````"),
        (
            [TextBlock(kind=BlockKind.FIGURE, url="https://a.example/b c.jpg", caption="River", credit='A "Q"')],
            '![River](<https://a.example/b%20c.jpg> "A \\"Q\\"")',
        ),
    ],
)  # fmt: skip
def test_each_kind_of_block_is_written_as_markdown_has_it(blocks: Sequence[TextBlock], markdown: str) -> None:
    assert written(*blocks) == f"{markdown}\n"


def test_the_header_stands_above_the_headline() -> None:
    of = dataclasses.replace(article(1), title="# 1 thing", blocks=(), body="One.\nTwo.")
    assert (
        article_markdown(of, {"title": 'a: "b"'})
        == '---\ntitle: "a: \\"b\\""\n---\n\n# \\# 1 thing\n\nOne.\n\nTwo.\n'
    )


def test_the_headline_of_an_entry_stands_once() -> None:
    entry = TextBlock(kind=BlockKind.ENTRY, time="10:41", title="Bridge opens")
    heading = TextBlock(kind=BlockKind.HEADING, text="Bridge opens", level=3)

    assert written(entry, heading, paragraph("Cars pass.")) == "### 10:41\n\n### Bridge opens\n\nCars pass.\n"
    assert written(entry, paragraph("Cars pass.")) == "### 10:41 · Bridge opens\n\nCars pass.\n"
