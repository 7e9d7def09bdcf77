from __future__ import annotations

import gzip

import pytest

from scraper.crawl.listings import read_listing
from scraper.errors import InputError
from scraper.model import Page, Site

SITE = Site(name="harbour", domains=("harbour.test",))
SITEMAP = b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- made by hand --><urlset><url><loc>/a</loc></url></urlset>"
FEED = b"<rss><channel><item><link>/a</link></item></channel></rss>"


def read(content: bytes) -> list[str]:
    listing = read_listing(Page(url="https://harbour.test/x", content=content), SITE)
    return [found.url for found in listing.pages]


@pytest.mark.parametrize(
    "content",
    [
        SITEMAP,
        gzip.compress(SITEMAP, mtime=0),
        FEED,
        b"<!DOCTYPE html><a href='/a'>A</a>",
        b"https://harbour.test/a\n",
        b"<ns:urlset xmlns:ns='http://www.sitemaps.org/schemas/sitemap/0.9'><ns:url><ns:loc>/a</ns:loc></ns:url></ns:urlset>",
    ],
)
def test_a_listing_is_known_by_its_content(content: bytes) -> None:
    assert read(content) == ["https://harbour.test/a"]


def test_a_packed_listing_that_was_cut_gives_what_came() -> None:
    sitemap = (
        b"<urlset>" + b"".join(b"<url><loc>/%d</loc></url>" % number for number in range(5000)) + b"</urlset>"
    )

    assert len(read(gzip.compress(sitemap)[:-3000])) > 100


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"{}", b"\x1f\x8b damaged"])
def test_what_is_no_listing_is_an_error(content: bytes) -> None:
    with pytest.raises(InputError):
        read(content)
