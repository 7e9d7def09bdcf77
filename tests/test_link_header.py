from __future__ import annotations

import pytest

from scraper.link_header import links_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('</a>; rel="canonical"', [("/a", "canonical")]),
        ('<http://quay.test/a,b>;rel=alternate; type="text/html", </c>; REL=next', [("http://quay.test/a,b", "alternate"), ("/c", "next")]),
        ("no link at all", []),
        ("<unclosed; rel=x", []),
        ("</a>", [("/a", "")]),
    ],
)  # fmt: skip
def test_links_are_read_with_what_they_are(value: str, expected: list[tuple[str, str]]) -> None:
    found = [
        (link.address, link.parameters.get("rel", "")) for link in links_of([("Link", value), ("X", "</z>")])
    ]
    assert found == expected
