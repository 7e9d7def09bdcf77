"""Invented texts with structure, some made at random, for what is written of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.text_blocks import BlockKind, Cell, MarkKind, TextBlock, TextMark

if TYPE_CHECKING:
    from random import Random

_PIECES = (
    *(
        "river",
        "Ñandú",
        "2026",
        "a_b",
        "*",
        "**",
        "_",
        "`",
        "``",
        "#",
        "+",
        "-",
        "1.",
        "2)",
        "<b>",
        "&amp;",
        "&",
        "|",
    ),
    *(
        "[x](y)",
        "![",
        "]",
        "\\",
        "~~",
        "$x$",
        "“so”",
        "(it)",
        "http://a.example/_x_",
        "…",
        "漢字",
        "الجسر",
        "===",
        ">",
        "—",
    ),
)
"""Words, and signs that mean something in Markdown or HTML."""


def random_blocks(random: Random) -> list[TextBlock]:
    """Return a text of some blocks of any kind, with marks anywhere."""
    blocks: list[TextBlock] = []
    for group in range(1, random.randint(3, 9)):
        kind = random.choice(list(BlockKind))
        for number in range(1, random.randint(2, 5)):
            blocks.append(_block(random, kind, group, number))
            if kind not in {BlockKind.LIST_ITEM, BlockKind.ROW, BlockKind.QUOTE}:
                break
    return blocks


def random_text(random: Random) -> str:
    """Return a line of words and signs, with spaces between most of them."""
    text = "".join(
        random.choice(_PIECES) + random.choice(("", " ", " ")) for _ in range(random.randint(1, 9))
    )
    return " ".join(text.split())


def random_marks(random: Random, text: str) -> tuple[TextMark, ...]:
    """Return marks that lie within each other or apart, and neither begin nor end with a space."""
    found: list[TextMark] = []
    for _ in range(random.randint(0, 4)):
        start, end = sorted(random.sample(range(len(text) + 1), 2)) if text else (0, 0)
        crosses = any(
            mark.start < start < mark.end < end or start < mark.start < end < mark.end for mark in found
        )
        if end > start and text[start:end] == text[start:end].strip() and not crosses:
            kind = random.choice(list(MarkKind))
            if kind is MarkKind.LINK and any(mark.kind is kind for mark in found):
                continue  # links stand in no link
            url = "https://a.example/(x)_<y>" if kind is MarkKind.LINK else None
            found.append(TextMark(kind=kind, start=start, end=end, url=url))
    return tuple(sorted(found, key=lambda mark: (mark.start, -mark.end)))


def _block(random: Random, kind: BlockKind, group: int, number: int) -> TextBlock:
    text = random_text(random)
    match kind:
        case BlockKind.FIGURE | BlockKind.EMBED:
            return TextBlock(kind=kind, url=f"https://a.example/{group}", caption=random_text(random))
        case BlockKind.ENTRY:
            return TextBlock(kind=kind, time="10:41", title=random_text(random))
        case BlockKind.ROW:
            cells = tuple(
                Cell(text=random_text(random), is_header=number == 1 and group % 2 == 0) for _ in range(3)
            )
            return TextBlock(
                kind=kind, text=" | ".join(cell.text for cell in cells), group=group, cells=cells
            )
        case BlockKind.CODE:
            return TextBlock(kind=kind, text=text, code=f"{text}\n\n  {text}")
        case BlockKind.LIST_ITEM:
            level = random.randint(1, 3)
            return TextBlock(
                kind=kind, text=text, marks=random_marks(random, text), level=level, group=group,
                number=number if group % 2 else None, continues=number > 1 and random.random() < 0.3,
            )  # fmt: skip
        case _:
            depth = random.randint(1, 6) if kind is BlockKind.HEADING else None
            joined = group if kind is BlockKind.QUOTE else None
            return TextBlock(
                kind=kind, text=text, marks=random_marks(random, text), level=depth, group=joined
            )
