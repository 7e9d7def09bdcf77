from __future__ import annotations

import lxml.html

from scraper.extraction.body.layout import origin_of_body
from scraper.extraction.page.blocks import Block, Decision

PAGE = """<html><body class="theme"><main class="front v2"><article class="story post-4711 wide">
<div class="text"><p>%s</p><p>%s</p></div></article></main><footer><p>About us</p></footer></body></html>"""


def decisions(page: str, *, kept: str = "p") -> list[Decision]:
    tree = lxml.html.document_fromstring(page)
    blocks = [
        Block(index=place, text=element.text or "", tag="p", element=element)
        for place, element in enumerate(tree.iter("p"))
    ]
    return [Decision(block=block, kept=bool(kept), score=1.0) for block in blocks]


def test_the_body_comes_from_the_innermost_element_that_holds_most_of_it() -> None:
    origin = origin_of_body(decisions(PAGE % ("The harbour opens. " * 9, "The mayor spoke. " * 9)))
    assert origin["body"].source == "html:body.theme > main.front > article.story.wide > div.text"


def test_pages_of_one_layout_have_one_place() -> None:
    first = origin_of_body(decisions(PAGE % ("A tram line. " * 30, "Short.")))
    second = origin_of_body(decisions((PAGE % ("x" * 40, "y" * 90)).replace("4711", "4712")))
    assert first == second


def test_a_text_without_a_tree_has_no_place() -> None:
    block = Block(index=0, text="A line.", tag="line")
    assert origin_of_body([Decision(block=block, kept=True, score=1.0)]) == {}
    assert origin_of_body(decisions(PAGE % ("a", "b"), kept="")) == {}
