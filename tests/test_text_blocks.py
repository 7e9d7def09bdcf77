from __future__ import annotations

import json

import pytest

from scraper.text_blocks import (
    BlockKind,
    Cell,
    MarkKind,
    TextBlock,
    TextMark,
    body_of,
    continue_blocks,
    pack_blocks,
    plain_block,
    to_blocks,
    unpack_blocks,
)

BLOCKS = (
    TextBlock(
        kind=BlockKind.FIGURE, url="https://a.example/lead.jpg", caption="The bridge", credit="A. Quill"
    ),
    TextBlock(kind=BlockKind.PARAGRAPH, text="The bridge is closed."),
    TextBlock(kind=BlockKind.PARAGRAPH, text="It was built in 1931."),
    TextBlock(kind=BlockKind.HEADING, text="What now", level=3),
    TextBlock(
        kind=BlockKind.PARAGRAPH,
        text="Read the report.",
        marks=(TextMark(kind=MarkKind.LINK, start=5, end=15, url="https://a.example/report"),),
    ),
    TextBlock(kind=BlockKind.LIST_ITEM, text="Repairs", level=1, number=1, group=1),
    TextBlock(kind=BlockKind.LIST_ITEM, text="which take long", level=1, number=1, group=1, continues=True),
    TextBlock(
        kind=BlockKind.ROW,
        text="Year\nCost",
        group=2,
        cells=(Cell(text="Year", is_header=True), Cell(text="Cost", is_header=True, columns=2)),
    ),
    TextBlock(kind=BlockKind.EMBED, url="https://video.example/1"),
    TextBlock(kind=BlockKind.CODE, text="a = 1\nb", code="a = 1\n\n  b"),
    TextBlock(kind=BlockKind.PARAGRAPH, text="The end."),
)


def test_the_body_is_the_texts_of_the_blocks() -> None:
    assert body_of(BLOCKS).split("\n")[:2] == ["The bridge is closed.", "It was built in 1931."]
    assert body_of(()) == ""


def test_blocks_come_back_from_json_and_from_what_is_kept_beside_the_body() -> None:
    plain = json.loads(json.dumps([plain_block(block) for block in BLOCKS]))
    kept = json.loads(json.dumps(pack_blocks(BLOCKS)))

    assert to_blocks(plain) == BLOCKS
    assert to_blocks(unpack_blocks(kept, body_of(BLOCKS))) == BLOCKS
    assert len(json.dumps(kept)) < len(json.dumps(plain))
    assert plain[1] == {"kind": "paragraph", "text": "The bridge is closed."}


@pytest.mark.parametrize("body", ["", "one line"])
def test_what_is_kept_of_another_body_raises_nothing(body: str) -> None:
    assert len(unpack_blocks(pack_blocks(BLOCKS), body)) == len(BLOCKS)


def test_a_next_page_repeats_no_text_and_has_lists_of_its_own() -> None:
    following = (
        TextBlock(kind=BlockKind.PARAGRAPH, text="The bridge is closed."),
        TextBlock(kind=BlockKind.LIST_ITEM, text="More", level=1, group=1),
    )
    first, *added = (*continue_blocks(BLOCKS, following),)[len(BLOCKS) - 1 :]

    assert first == BLOCKS[-1]
    assert [(block.text, block.group) for block in added] == [("More", 3)]
