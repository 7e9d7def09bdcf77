from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from scraper.errors import QueryError
from scraper.store.search.query import Both, Either, Leaf, QueryNode, parse_query


def shown(node: QueryNode) -> str:
    """Write a tree so that it can be read."""
    if isinstance(node, Leaf):
        return f"{node.field}:{node.text}".removeprefix(":") + ("*" if node.is_prefix else "")
    if isinstance(node, Either):
        return f"({' | '.join(map(shown, node.nodes))})"
    return f"({' '.join([*map(shown, node.wanted), *(f'-{shown(each)}' for each in node.unwanted)])})"


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("harbour", "harbour"),
        ("harbour strike", "(harbour strike)"),
        ("harbour -tram", "(harbour -tram)"),
        ("-tram", "(-tram)"),
        ('"old harbour" -"new tram"', "(old harbour -new tram)"),
        ("“old harbour” — quay", "(old harbour quay)"),
        ("a OR b c", "(a | (b c))"),
        ("(a OR b) c -(d e)", "((a | b) c -(d e))"),
        ("a or b", "(a or b)"),
        ("bridg* OR tram", "(bridg* | tram)"),
        ('title:bridge AUTHOR:"ana lima" agency:dpa*', "(title:bridge author:ana lima agency:dpa*)"),
        ("site:france24 -lang:fr", "(site:france24 -lang:fr)"),
        ("12:30 C++ a.b Saint-Denis", "(12:30 C++ a.b Saint-Denis)"),
        ("Ukraine: talks", "(Ukraine talks)"),
        ("- - harbour", "harbour"),
        ("harbour)"[:-1], "harbour"),
    ],
)
def test_a_query_is_read_as_people_type_it(query: str, meaning: str) -> None:
    assert shown(parse_query(query).node) == meaning


def test_dates_bound_the_whole_query() -> None:
    query = parse_query("after:2026-03 harbour before:2026-04-02")
    assert (query.after, query.before) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC))
    assert shown(query.node) == "harbour"
    assert parse_query("after:2025").node == Both()


@pytest.mark.parametrize(
    ("query", "at", "what"),
    [
        ("", 0, "holds no word"),
        ("… -", 0, "holds no word"),
        ('harbour "old quay', 8, "quotation mark has no end"),
        ("harbour (old quay", 8, "parenthesis has no end"),
        ("harbour) quay", 7, "never opened"),
        ("harbour OR", 8, "OR stands between two words"),
        ("OR harbour", 0, "OR stands between two words"),
        ("autor:lima", 0, "autor: is no field"),
        ("harbour title: bridge", 8, "title: lacks a value"),
        ("site:+", 0, "without a letter or figure"),
        ("after:yesterday", 0, "no date"),
        ("harbour after:2026-13-01", 8, "no date"),
        ("harbour OR after:2026", 11, "whole query"),
        ("harbour -before:2026", 9, "whole query"),
        ("br*dge", 2, "end of a word"),
        ("a*", 0, "one letter"),
        ("word " * 21, 100, "more than 20 words"),
        ("x" * 1001, 1000, "longer than 1000"),
        ("(" * 25 + "a" + ")" * 25, 20, "parentheses within each other"),
    ],
)
def test_a_wrong_query_is_told_where_and_what_to_do(query: str, at: int, what: str) -> None:
    with pytest.raises(QueryError, match=what) as caught:
        parse_query(query)
    assert caught.value.at == at
    assert str(caught.value).startswith(f"the query is wrong at character {at + 1}: ")
    assert ": " in str(caught.value).partition(": ")[2]


@pytest.mark.parametrize("size", range(1, 7))
def test_whatever_is_typed_is_read_or_refused(size: int) -> None:
    signs = [
        '"',
        "(",
        ")",
        "-",
        "OR",
        "*",
        ":",
        "title:",
        "after:",
        "a",
        "新",
        " ",
        "2026",
        "site:x",
        "\x00",
        "\ud800",
    ]
    for number in range(3_000):
        picked = [
            signs[(number * 7919 + place * (number + 31) * 104_729) % len(signs)] for place in range(size)
        ]
        with suppress(QueryError):
            parse_query("".join(picked))
