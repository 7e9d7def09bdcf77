from __future__ import annotations

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page
from tests.extraction.pages import SITE, document

LINES = [
    "The harbour office has counted every boat since April, and it found forty more than its books had named.",
    "Owners who never paid for a berth will get a letter in June, the harbour master Odile Brandt said.",
    "Three of the boats have lain under tarpaulins for so long that nobody remembers whose they are.",
    "The council wants to sell them in autumn, and to mend the northern quay with what they bring.",
    "Until then a chain keeps the narrow basin shut at night, as it did when the fish market was here.",
]
CHINESE = [
    "港务局自四月以来清点了所有船只，结果发现比登记册上多出四十艘，引起市民广泛关注和讨论。",
    "从未缴纳泊位费的船主将在六月收到书面通知，港务局负责人在星期二的记者会上这样表示。",
    "其中三艘船长期盖着防水布停放在内港，附近居民已经没有人记得它们到底属于谁了。",
]
BYLINE = "<div class=auth><a href=/people/ines-valkov>Ines Valkov</a></div><div>14 May 2025</div>"


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def printed(hiding: str, lines: list[str]) -> str:
    return f"<div class=print {hiding}><h1>Boats nobody owns</h1><p>Printed from harbour.example</p>{paragraphs(lines)}</div>"


def page(before: str, lines: list[str], behind: str = "") -> str:
    return (
        "<html lang=en><head><title>Boats nobody owns</title><meta property='og:type' content='article'></head><body>"
        f"{before}<header><nav><a href=/a>News</a> <a href=/b>Town</a></nav></header>"
        f"<article><h1>Boats nobody owns</h1>{BYLINE}<div>{paragraphs(lines)}</div></article>{behind}</body></html>"
    )


@pytest.mark.parametrize(
    "hiding", ['style="display:none"', 'style="color: red; display: none"', "hidden", 'aria-hidden="true"']
)
@pytest.mark.parametrize("lines", [LINES, LINES[:1], [*LINES[:2], "Copies are not for sale."], LINES[:1] * 2])
@pytest.mark.parametrize("is_before", [True, False])
def test_a_hidden_copy_of_the_text_is_as_if_it_were_not_there(
    hiding: str, lines: list[str], *, is_before: bool
) -> None:
    copy = printed(hiding, lines)
    markup = page(copy, LINES) if is_before else page("", LINES, copy)

    found, plain = (
        extract_article(Page(url="https://harbour.example/news/boats-1", content=each.encode()), SITE)
        for each in (markup, page("", LINES))
    )

    assert isinstance(found, Article), found
    assert isinstance(plain, Article), plain
    assert found.body == plain.body == "\n".join(LINES)
    assert (found.title, found.authors) == (plain.title, plain.authors)
    assert found.authors == ("Ines Valkov",)


def test_a_hidden_copy_is_known_in_a_script_without_spaces_and_by_the_start_of_a_paragraph() -> None:
    copy = printed("hidden", [CHINESE[0][:30], *CHINESE[1:]])

    assert "Printed" not in " ".join(block.text for block in document(page(copy, CHINESE)).segments.blocks)


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        (LINES[:1], LINES),  # behind a wall
        (LINES[:3], LINES),
        ([], LINES),
        (LINES[:2], LINES[2:]),  # a panel that a script will show
    ],
)
def test_what_is_hidden_and_says_more_stays(shown: list[str], hidden: list[str]) -> None:
    found = document(page("", shown, f"<div hidden>{paragraphs(hidden)}</div>"))

    texts = [block.text for block in found.segments.blocks]
    assert [text for text in texts if text in LINES] == [*shown, *hidden]


def test_a_hidden_gallery_stays_whose_captions_are_printed_too() -> None:
    gallery = f"<div hidden><img src=/a.jpg>{paragraphs(LINES[:1])}<img src=/b.jpg></div>"

    texts = [block.text for block in document(page("", LINES, gallery)).segments.blocks]

    assert texts.count(LINES[0]) == 2


def test_a_text_behind_a_hidden_copy_stays() -> None:
    found = document(page(printed("hidden", LINES) + "Tide at noon", LINES))

    assert found.segments.blocks[0].text == "Tide at noon"
