from __future__ import annotations

from scraper.crawl.listings.links import read_links
from scraper.model import Page, Site

SITE = Site(name="harbour", domains=("harbour.test",))


def page(html: str) -> Page:
    return Page(url="https://harbour.test/world/", content=html.encode())


def test_each_address_is_named_once_with_its_longest_text() -> None:
    listing = read_links(
        page(
            '<a href="/a"><img></a><a href="/a#top">The ferry\n was late</a><a href="b">B</a><a href="mailto:x@y.test">m</a>'
        ),
        SITE,
    )

    assert [(found.url, found.text) for found in listing.pages] == [
        ("https://harbour.test/a", "The ferry was late"),
        ("https://harbour.test/world/b", "B"),
    ]


def test_the_feeds_that_the_head_names_are_found() -> None:
    head = (
        '<head><link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" hreflang="fr" href="/fr/">'
        '<link rel="ALTERNATE" type="application/atom+xml" href="https://harbour.test/atom"></head><body><p>x</p></body>'
    )

    assert [found.url for found in read_links(page(head), SITE).listings] == [
        "https://harbour.test/rss",
        "https://harbour.test/atom",
    ]


def test_links_are_relative_to_the_base_that_the_page_sets() -> None:
    listing = read_links(page('<base href="https://m.harbour.test/x/"><a href="y">Y</a>'), SITE)

    assert [found.url for found in listing.pages] == ["https://m.harbour.test/x/y"]


def test_broken_addresses_are_passed_over() -> None:
    assert read_links(page('<a href="http://[bad/">x</a><a>y</a><a href="">z</a>'), SITE).pages == ()
