from __future__ import annotations

from tests.extraction.pages import document

PAGE = """<html lang="de"><head><title>Flood</title><meta property="OG:Title" content=" A &amp; B "><meta name="og:title" content="C">
<link rel="canonical license" href="/flood"></head><body><h1>Flood <em>now</em></h1>
<span class="post__author-name">Ada</span><a rel="tag">river</a><span itemprop="schema:author">Ben</span>
<time datetime="2024-05-20">20 May</time><div class="calendar-details">x</div></body></html>"""


def test_one_pass_collects_what_the_markup_says() -> None:
    found = document(PAGE).harvest
    assert found.language == "de"
    assert found.meta["og:title"] == ("A & B", "C")
    assert found.links == {"canonical": ("/flood",), "license": ("/flood",)}
    assert [mark.text for mark in found.headings] == ["Flood now"]
    assert [(mark.selector, mark.text) for mark in found.roles["byline"]] == [
        ("span.post__author-name", "Ada")
    ]
    assert [mark.text for mark in found.rels["tag"]] == ["river"]
    assert [mark.text for mark in found.items["author"]] == ["Ben"]
    assert [(mark.value, mark.text) for mark in found.times] == [("2024-05-20", "20 May")]


def test_marks_keep_the_order_of_the_page() -> None:
    found = document(PAGE).harvest
    assert found.headings[0].order < found.roles["byline"][0].order < found.times[0].order


def test_thousands_of_one_kind_are_not_collected() -> None:
    found = document(
        "<p>" + '<a rel="tag" class="author">x</a><meta name="author" content="y">' * 300
    ).harvest
    assert len(found.rels["tag"]) == len(found.roles["byline"]) == 100


def test_long_elements_are_read_from_their_start() -> None:
    (heading,) = document(f"<h1>{'<b>word </b>' * 1_000}</h1>").harvest.headings
    assert heading.text.startswith("word word")
    assert 1_900 < len(heading.text) < 2_100


def test_how_a_word_is_read_is_no_part_of_a_headline() -> None:
    word = "<ruby>\u6cd5\u5f8b<rt>\u307b\u3046\u308a\u3064</rt></ruby>"
    headings = document(f"<h1>\u65b0\u3057\u3044{word}\u304c\u6c7a\u307e\u308b</h1>").harvest.headings

    assert [mark.text for mark in headings] == ["\u65b0\u3057\u3044\u6cd5\u5f8b\u304c\u6c7a\u307e\u308b"]
