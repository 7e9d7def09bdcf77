from __future__ import annotations

import pytest

from tests.extraction.pages import metadata

URL = "https://examiner.example/news/flood-1234"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("https://examiner.example/news/flood", "https://examiner.example/news/flood"),
        ("/news/flood", "https://examiner.example/news/flood"),
        ("https://region.examiner.example/news/flood", "https://region.examiner.example/news/flood"),
        (
            "https://coastreview.example/2024/the-flood-of-aville",
            "https://coastreview.example/2024/the-flood-of-aville",
        ),
        ("https://examiner.example/", URL),
        ("https://coastreview.example/", URL),
        ("https://coastreview.example/news", URL),
        ("not an address", URL),
    ],
)
def test_a_declared_address_counts_when_it_is_plausible(declared: str, expected: str) -> None:
    assert metadata(f'<link rel="canonical" href="{declared}">').canonical_url == expected


def test_another_site_s_social_address_is_not_the_page_s() -> None:
    found = metadata(
        '<meta property="og:url" content="https://coastreview.example/2024/the-flood-of-aville">'
    )
    assert found.canonical_url == URL


@pytest.mark.parametrize(
    ("head", "declared"),
    [
        (
            '<link rel="canonical" href="/news/a/?utm_source=x">',
            "https://examiner.example/news/a/?utm_source=x",
        ),
        (
            '<meta property="og:url" content="http://www.examiner.example/amp/a">',
            "http://www.examiner.example/amp/a",
        ),
        ('<link rel="canonical" href="http://localhost:8080/a">', None),
        ('<link rel="canonical" href="/">', None),
        ("", None),
    ],
)
def test_the_declared_address_is_kept_as_a_link(head: str, declared: str | None) -> None:
    assert metadata(head).declared_url == declared
