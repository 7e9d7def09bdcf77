from __future__ import annotations

import json
from typing import Any

import pytest

from scraper.extraction.page.script_data import candidates, holds_prose, prose_of, values

ONE = "The river rose two metres above its usual level during the night, and the council closed both bridges."
TWO = "Engineers will look at the piers on Friday, when the water is expected to have fallen far enough."
THREE = "Until then the ferry carries whoever has to cross, and the school on the far bank stays closed."
FOUR = "Nobody was hurt, the mayor said, but the cellars of the lower town stand full of water and mud."
LINES = [ONE, TWO, THREE, FOUR]
MARKED = "".join(f"<p>{line}</p>" for line in LINES)


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(
            {"props": {"pageProps": {"article": {"body": [{"type": "p", "text": line} for line in LINES]}}}}
        ),
        f"window.__INITIAL_STATE__ = {json.dumps({'story': {'contentHtml': MARKED}})}; start();",
        f"window.__STATE__ = JSON.parse({json.dumps(json.dumps({'post': {'content': {'rendered': MARKED}}}))})",
        "var n = {a: 1}; Fusion.globalContent="
        + json.dumps(
            {
                "content_elements": [
                    {"type": "image", "content": ONE},
                    *({"type": "text", "content": x} for x in LINES),
                ]
            }
        )
        + ";Fusion.x={}",
        json.dumps([{"article": 1}, {"body": 2}, MARKED]),
        json.dumps(
            {
                "doc": {
                    "content": [
                        {"type": "paragraph", "content": [{"type": "text", "text": x}]} for x in LINES
                    ]
                }
            }
        ),
        json.dumps({"body": {"blocks": [{"type": "paragraph", "data": {"text": line}} for line in LINES]}}),
        "self.__next_f.push([1," + json.dumps(f"1:T4,aéb2:T{len(MARKED):x},{MARKED}3:[]\n") + "])",
        "self.__next_f.push([1,"
        + json.dumps("1:" + json.dumps({"body": [["$", "p", None, {"children": x}] for x in LINES]}))
        + "])",
    ],
)
def test_a_body_is_read_in_whatever_shape_a_script_holds_it(script: str) -> None:
    found = max(candidates(values(script)), key=lambda text: text.prose)

    assert "".join(found.parts).replace("<p>", "").replace("</p>", "") == "".join(LINES)


def test_pieces_of_a_line_are_one_paragraph_and_a_heading_is_one() -> None:
    body = [
        {"type": "heading", "text": "What it costs"},
        {
            "type": "paragraph",
            "children": [{"text": ONE[:-1] + " "}, {"type": "link", "text": "again"}, {"text": ". " + TWO}],
        },
        {"type": "paragraph", "children": [{"text": THREE + FOUR}]},
    ]

    (found,) = candidates([{"body": body}])

    assert found.parts == ("<h2>What it costs</h2>", f"{ONE[:-1]} again. {TWO}", THREE + FOUR)


@pytest.mark.parametrize(
    "value",
    [
        [{"body": 1}, [1, 1, 1, 2], [1, 2, 2, 2, 2]],
        {"body": [[[[[[[["x"]]]]]]]] * 50},
        {"comments": [{"comment": MARKED}]},
        {"body": "short"},
        None,
    ],
)
def test_what_is_no_body_gives_nothing_in_bounds(value: Any) -> None:
    assert candidates([value]) == []


def test_broken_data_is_passed_over() -> None:
    assert list(values("window.a = {b: 1}; c = [1,")) == []
    assert list(values('self.__next_f.push([1,"1:Tzz,abc"])')) in ([], [{"text": ""}])


def test_prose_in_a_script_is_noticed() -> None:
    assert holds_prose(f'render(`x`); var t = a("{ONE} {TWO} {THREE} {FOUR}")')
    assert not holds_prose(f'var t = "{ONE}"; ' + "f(a); " * 400)


def test_prose_is_what_stands_in_paragraphs() -> None:
    assert prose_of(f"<p>{ONE}</p><p>Menu</p>") == len(ONE)
    assert prose_of("河水夜间上涨两米，市政府关闭两座大桥，居民只能乘船过河。") > 0
