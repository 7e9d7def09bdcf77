"""Listings: whatever announces addresses (a sitemap, a feed, a page with links), read into one shape."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from scraper.crawl.feeds import read_feed
from scraper.crawl.links import read_links
from scraper.crawl.sitemaps import read_sitemap, read_text_sitemap
from scraper.errors import InputError

if TYPE_CHECKING:
    from scraper.crawl.announced import Listing
    from scraper.model import Page, Site

MAX_BYTES = 50_000_000
"""The limit of the sitemap protocol, unpacked; a longer listing is read up to there."""
MAX_FEED_BYTES = 10_000_000
_GZIP = b"\x1f\x8b"
_AUTO_WBITS = 47
"""zlib's code for: gzip or zlib, whichever the header says."""
_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(urlset|sitemapindex|rss|rdf|feed|html|body|a)[\s>:]", re.IGNORECASE)


def read_listing(page: Page, site: Site) -> Listing:
    """Return what a fetched listing announces. InputError if it is neither XML, HTML nor a list of addresses.

    What it is, is told from its content: sites serve feeds as text/html and pages as application/xml.
    """
    content = unpack(page.content).lstrip(b"\xef\xbb\xbf \t\r\n\0")
    base = page.url or ""
    found = _ROOT.search(content)
    root = found[1].lower() if found else b""
    if root in {b"urlset", b"sitemapindex"}:
        return read_sitemap(content, base=base)
    if root in {b"rss", b"rdf", b"feed"}:
        return read_feed(content[:MAX_FEED_BYTES], base=base)
    if root:
        return read_links(page, site)
    if content.startswith((b"http://", b"https://")):
        return read_text_sitemap(content)
    raise InputError(f"{page.url} is neither a sitemap, a feed nor a page with links")


def unpack(content: bytes) -> bytes:
    """Return the bytes, unpacked up to MAX_BYTES if they are gzip; a cut stream gives what came of it."""
    if not content.startswith(_GZIP):
        return content[:MAX_BYTES]
    try:
        return zlib.decompressobj(_AUTO_WBITS).decompress(content, MAX_BYTES)
    except zlib.error as error:
        raise InputError(f"the packed listing is damaged: {error}") from error
