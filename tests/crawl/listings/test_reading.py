from __future__ import annotations

import asyncio
import gzip
import time
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler

from scraper.crawl.listings.reading import MAX_ADDRESS, MAX_HINT, read_listing
from scraper.crawl.pages.pipelines import ExtractPipeline
from scraper.crawl.pages.workers import ExtractionPool
from scraper.errors import InputError
from scraper.model import Hints, Page, Site

if TYPE_CHECKING:
    from collections.abc import Callable

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


def test_what_no_page_has_is_left_out() -> None:
    long = b"<url><loc>/%s</loc></url>" % (b"a" * MAX_ADDRESS)
    title = b"<news><title>%s</title></news>" % (b"a" * (MAX_HINT + 1))
    page = Page(
        url="https://harbour.test/x",
        content=b"<urlset>" + long + b"<url><loc>/a</loc>" + title + b"</url></urlset>",
    )
    (found,) = read_listing(page, SITE).pages

    assert found.url == "https://harbour.test/a"
    assert found.hints == Hints(source="sitemap")


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_listing_in_utf_16_is_read(name: str) -> None:
    declared = '<?xml version="1.0" encoding="UTF-16"?><urlset><url><loc>/a</loc></url></urlset>'
    assert read(declared.encode(name)) == ["https://harbour.test/a"]


class Slow(ExtractionPool):
    """A pool whose workers come to no end."""

    async def run(self, work: Callable[..., Any], *arguments: object) -> Any:
        return await super().run(wait_first, work, *arguments)


def wait_first(work: Callable[..., Any], *arguments: object) -> Any:
    time.sleep(600)
    return work(*arguments)


def test_a_listing_that_takes_too_long_ends_its_worker_and_is_unreadable() -> None:
    """A short one is read in a thread, a long one in a worker, as are the pages."""
    long = b"<urlset>" + b"<a></b>" * 100_000

    async def run(pool: ExtractionPool, *contents: bytes) -> list[str]:
        pipeline, ends = ExtractPipeline(Crawler(Spider)), []
        pipeline._pool = pool
        for content in contents:
            try:
                found = await pipeline.read_listing(Page(url="https://harbour.test/x", content=content), SITE)
                ends.append(found.pages[0].url)
            except InputError as error:
                ends.append(str(error))
        return ends

    with Slow(1, time_limit=0.1) as slow:
        (first,) = asyncio.run(run(slow, long))
    with ExtractionPool(1) as pool:
        others = asyncio.run(run(pool, SITEMAP, gzip.compress(SITEMAP)))

    assert "reading it came to no end: TimeoutError" in first
    assert others == ["https://harbour.test/a"] * 2
