from __future__ import annotations

import random

import pytest

from scraper.extraction.page import jsonld
from tests.extraction.pages import ld, metadata

NEWS = '{"@type": "NewsArticle", "headline": "Flood in Aville"}'


@pytest.mark.parametrize(
    "block",
    [
        NEWS,
        f"[{NEWS}]",
        f"[[{NEWS}]]",
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebPage"}}, {NEWS}]}}',
        f'{{"@type": "WebPage", "mainEntity": {NEWS}}}',
        '{"@type": ["NewsArticle", "Article"], "headline": ["Flood in Aville"]}',
        '{"@type": "https://schema.org/NewsArticle", "headline": {"@value": "Flood in Aville"}}',
        f"<!--\n{NEWS}\n-->",
        f"//<![CDATA[\n{NEWS}\n//]]>",
        f"{NEWS};",
        f"{NEWS}\n{NEWS}",
        '{"@type": "NewsArticle", "headline": "Flood in Aville",}',
        '{"@type": "NewsArticle", "description": "two\nlines", "headline": "Flood in Aville"}',
        r'{"@type": "NewsArticle", "description": "it\'s", "headline": "Flood in Aville"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Flood in Aville&quot;}",
        '{"@type": "NewsArticle", "headline": "Flood &amp;#105;n <b>Aville</b>"}',
    ],
)
def test_the_headline_is_read_from_every_shape(block: str) -> None:
    article = jsonld.main_article(jsonld.nodes([block]), frozenset())
    assert jsonld.text(article.get("headline")) == "Flood in Aville"


def test_the_article_that_names_the_page_is_the_pages_own() -> None:
    other = '{"@type": "NewsArticle", "headline": "Other", "url": "https://a.example/2"}'
    own = '{"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": "https://a.example/1"}}'
    article = jsonld.main_article(jsonld.nodes([other, own]), frozenset({"https://a.example/1"}))
    assert article["headline"] == "Own"


def test_references_within_the_graph_are_followed() -> None:
    found = metadata(
        ld(
            '{"@graph": [{"@type": "NewsArticle", "headline": "Flood", "author": [{"@id": "#a"}, {"@id": "#b"}]},'
            '{"@id": "#a", "@type": "Person", "name": "Ada Quill"}, {"@id": "#b", "name": "Ben Marlow"}]}'
        )
    )
    assert found.authors == ("Ada Quill", "Ben Marlow")


def test_a_block_over_a_megabyte_is_not_read() -> None:
    assert jsonld.nodes([NEWS + " " * jsonld.MAX_BLOCK]) == []


def test_at_most_a_hundred_authors_are_read() -> None:
    authors = ",".join(
        f'{{"name": "Ada Quill{chr(97 + index % 26) * (1 + index // 26)}"}}' for index in range(3000)
    )
    found = metadata(ld(f'{{"@type": "NewsArticle", "author": [{authors}]}}'))
    assert len(found.authors) == 100


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "Infinity",
        "7",
        "true",
        "null",
        '"x"',
        "[]",
        "{}",
        "[[[]]]",
        '{"name": NaN}',
        '[{"name": {"name": []}}]',
        '"\\ud800"',
    ],
)
def test_odd_types_in_any_property_never_raise(value: str) -> None:
    keys = (
        *(
            "headline",
            "author",
            "creator",
            "datePublished",
            "dateModified",
            "publisher",
            "image",
            "keywords",
            "url",
        ),
        *(
            "articleSection",
            "inLanguage",
            "mainEntityOfPage",
            "license",
            "editor",
            "description",
            "@id",
            "@graph",
        ),
    )
    for key in keys:
        metadata(ld(f'{{"@type": "NewsArticle", "{key}": {value}}}'))
    metadata(ld(f'{{"@type": {value}, "headline": "x"}}'))
    metadata(ld(value))


def test_garbage_never_raises() -> None:
    draw = random.Random(7)
    pieces = [
        '{"@type":"NewsArticle"',
        '"author":',
        "[",
        "]",
        "{",
        "}",
        ",",
        '"',
        "\\",
        "\\u12",
        "NaN",
        "é",
        "<!--",
        "1e999",
        "\n",
        ":",
    ]
    for _ in range(400):
        block = "".join(draw.choice(pieces) for _ in range(draw.randint(0, 40)))
        jsonld.main_article(jsonld.nodes([block]), frozenset())


@pytest.mark.parametrize(
    "block",
    [
        "[" * 2_000,
        '{"@graph":' * 2_000,
        '{"a":"' + "\\" * 2_000,
        "(" * 2_000,
        "<!--" * 2_000,
        ", " * 2_000,
        '"\\' * 90_000,
    ],
)
def test_hostile_blocks_are_given_up_quickly(block: str) -> None:
    assert jsonld.nodes([block]) == []


def test_halves_of_signs_are_left_out_and_whole_ones_stay() -> None:
    block = r'{"@type": "NewsArticle", "headline": "\ud83d Boats \ud83d\udea2 sail\udea2", "articleBody": "\udea2 Rain"}'
    (node,) = jsonld.nodes([block])
    assert node["headline"] == " Boats \U0001f6a2 sail"
    assert jsonld.article_body([block]) == " Rain"


@pytest.mark.parametrize(
    "text",
    [
        'The mayor said "never again" on Monday',
        'She said "never", twice',
        '"Never" is the word',
        'The mayor: "no"',
    ],
)
def test_a_quote_that_is_not_escaped_costs_that_value_and_not_the_block(text: str) -> None:
    block = (
        f'{{"@type":"NewsArticle","description":"{text}","headline":"Flood","author":{{"name":"Ada Quill"}}}}'
    )

    (node,) = jsonld.nodes([block])

    assert node["headline"] == "Flood"
    assert node["author"] == {"name": "Ada Quill"}


def test_the_node_whose_headline_is_the_pages_is_its_article() -> None:
    block = """[{"@type": "NewsArticle", "headline": "Old mill sold", "datePublished": "2023-01-05"},
        {"@type": "NewsArticle", "headline": "Both bridges closed", "datePublished": "2024-05-20"},
        {"@type": "Article", "headline": "Both bridges closed", "author": {"name": "Ada Quill"}}]"""

    article = jsonld.main_article(jsonld.nodes([block]), frozenset(), frozenset({"both bridges closed"}))

    assert article["datePublished"] == "2024-05-20"
    assert article["author"] == {"name": "Ada Quill"}


def test_references_in_lists_of_lists_are_followed() -> None:
    assert jsonld.follow([[{"@id": "#ada"}]], {"#ada": {"name": "Ada Quill"}}) == [{"name": "Ada Quill"}]


@pytest.mark.parametrize(
    "rest",
    [
        '"description": "The river ro',
        '"image": ["https://a.example/1.jpg", "https://a.exa',
        '"publisher": {"@type": "Organization", "na',
        '"wordCount": 4',
        '"articleBody": "She said \\"no\\", and',
        "",
    ],
)
def test_a_block_that_was_cut_off_is_read_as_far_as_it_goes(rest: str) -> None:
    block = (
        f'{{"@type": "NewsArticle", "headline": "Flood, [again]", "author": {{"name": "Ada Quill"}}, {rest}'
    )

    (node,) = jsonld.nodes([block])

    assert node["headline"] == "Flood, [again]"
    assert node["author"] == {"name": "Ada Quill"}


def test_a_job_posting_is_no_article() -> None:
    block = '{"@type": "JobPosting", "title": "Lock keeper", "datePosted": "2031-05-02", "datePublished": "2031-05-02"}'
    assert jsonld.main_article(jsonld.nodes([block]), frozenset()) == {}
