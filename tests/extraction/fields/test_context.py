from __future__ import annotations

import pytest

from scraper.extraction.fields.context import FieldContext, gather
from scraper.extraction.page.blocks import Block, Decision
from scraper.learned.template import EMPTY
from tests.extraction.pages import LONG, document, ld


def context(html: str = "<p>x</p>", lines: tuple[tuple[str, bool], ...] = ()) -> FieldContext:
    decisions = [
        Decision(block=Block(index=index, text=text, tag="p"), kept=kept, score=0.5)
        for index, (text, kept) in enumerate(lines)
    ]
    return gather(document(html, url="https://news.the-examiner.example/flood"), decisions, EMPTY)


def test_the_body_is_seen_with_what_stands_around_it() -> None:
    found = context(
        lines=(("menu", False), ("By Ada Quill", True), (LONG, True), ("(dpa)", True), ("footer", False))
    )
    assert [block.text for block in found.before] == ["menu", "By Ada Quill"]
    assert found.opening is not None
    assert found.opening.text == LONG
    assert [block.text for block in found.after] == ["(dpa)", "footer"]


@pytest.mark.parametrize(
    "paragraph",
    [
        "河水在夜间上涨了两米，市政府在首班公交车发车之前就关闭了两座大桥，消防队员在市场后面装填沙袋。",
        "강물이 밤사이 2미터 불어나 시는 첫 버스가 차고지를 떠나기 전에 다리 두 곳을 모두 통제했다. 상인들은 물건을 옮겼다.",
    ],
)
def test_a_paragraph_is_one_also_where_its_script_says_more_in_fewer_letters(paragraph: str) -> None:
    found = context(lines=(("作者：李思", True), (paragraph, True)))
    assert [block.text for block in found.before] == ["作者：李思"]


def test_a_page_without_a_body_has_only_its_first_lines() -> None:
    found = context(lines=(("menu", False),))
    assert ([block.text for block in found.before], found.opening, found.after) == (["menu"], None, ())


def test_the_site_is_known_under_all_its_names() -> None:
    html = ld(
        '{"@graph": [{"@type": "NewsArticle", "publisher": {"name": "Examiner Media"}}, {"@type": "WebSite", "name": "Examiner Online"}]}'
    )
    found = context(html)
    assert all(
        found.is_site(name) for name in ("The Examiner", "Examiner Media", "Examiner Online", "the-examiner")
    )
    assert not found.is_site("Ada Quill")
