from __future__ import annotations

import dataclasses
import re
from random import Random

import nh3
import pytest
from justhtml import JustHTML

from scraper.export.html import article_html, to_fragment
from scraper.text_blocks import BlockKind, MarkKind, TextBlock, TextMark, body_of
from tests.export.structured import random_blocks
from tests.store.values import full_article

BAIT = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "javascript:alert(1)",
    "</title><svg onload=alert(1)>", "</style><script>x</script>", "data:text/html,<script>x</script>", "&lt;script&gt;",
)  # fmt: skip


def valid(page: str) -> JustHTML:
    """Return a page that the HTML standard's parser reads without an error."""
    return JustHTML(page, strict=True, sanitize=False)


@pytest.mark.parametrize("seed", range(100))
def test_a_page_is_valid_and_nothing_in_it_has_to_be_cleaned(seed: int) -> None:
    blocks = tuple(random_blocks(Random(seed)))
    fragment = "".join(to_fragment(blocks))
    cleaned = nh3.clean(
        fragment,
        tags=nh3.ALLOWED_TAGS | {"figure", "figcaption"},
        attributes=nh3.ALLOWED_ATTRIBUTES | {"li": {"value"}},
        link_rel=None,
    )

    valid(
        article_html(dataclasses.replace(full_article(), blocks=blocks, body=body_of(blocks)), {"title": "a"})
    )
    # the sanitizer writes rows into a body of their table, and unescapes what needs no escape
    assert _parsed(cleaned) == _parsed(fragment)


def _parsed(fragment: str) -> str:
    return JustHTML(f"<!DOCTYPE html><title>x</title>{fragment}", sanitize=False).to_html()


@pytest.mark.parametrize("bait", BAIT)
def test_whatever_stands_in_a_field_is_shown_and_runs_nothing(bait: str) -> None:
    block = TextBlock(
        kind=BlockKind.PARAGRAPH, text=bait, marks=(TextMark(kind=MarkKind.LINK, start=0, end=3, url=bait),)
    )
    figure = TextBlock(kind=BlockKind.FIGURE, url=f"https://a.example/{bait}", caption=bait, credit=bait)
    embed = TextBlock(kind=BlockKind.EMBED, url=bait, caption=bait)
    of = dataclasses.replace(
        full_article(), title=bait, standfirst=bait, authors=(bait,), language=bait, canonical_url=bait,
        blocks=(block, figure, embed),
    )  # fmt: skip
    page = article_html(of, {"title": bait, bait: bait})
    document = valid(page)

    assert not document.query("script, svg, [onerror], [onload], [onmouseover]")
    assert all(
        re.match("https?://", (link.attrs or {}).get("href") or "") for link in document.query("a, link")
    )


def test_lists_tables_and_quotations_are_elements() -> None:
    blocks = (
        TextBlock(kind=BlockKind.LIST_ITEM, text="a", level=1, number=2, group=1),
        TextBlock(kind=BlockKind.LIST_ITEM, text="b", level=2, group=1),
        TextBlock(kind=BlockKind.LIST_ITEM, text="c", level=1, number=5, group=1),
        TextBlock(kind=BlockKind.QUOTE, text="q", group=2),
        TextBlock(
            kind=BlockKind.PARAGRAPH, text="10⁴", marks=(TextMark(kind=MarkKind.SUPERSCRIPT, start=2, end=3),)
        ),
    )
    assert list(to_fragment(blocks)) == [
        '<ol start="2"><li>a<ul><li>b</li></ul></li><li value="5">c</li></ol>',
        "<blockquote><p>q</p></blockquote>",
        "<p>10⁴</p>",
    ]
