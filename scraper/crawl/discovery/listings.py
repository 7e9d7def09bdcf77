"""Listings: whatever announces addresses (a sitemap, a feed, a page with links), read into one shape."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from scraper.crawl.discovery.announced import Listing
from scraper.crawl.discovery.feeds import read_feed
from scraper.crawl.discovery.links import read_links
from scraper.crawl.discovery.sitemaps import MAX_URLS, read_sitemap, read_text_sitemap
from scraper.crawl.download.side_requests import MAX_LISTING_BYTES
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.crawl.discovery.announced import Announced
    from scraper.model import Hints, Page, Site

MAX_FEED_BYTES = 10_000_000
MAX_ADDRESS = 2_083
"""Characters of an address: no browser and no downloader of ours takes a longer one."""
MAX_HINT = 1_000
"""Characters of a title, a date or an author: of 3,453 real titles the longest had 175."""
_GZIP = b"\x1f\x8b"
_AUTO_WBITS = 47
"""zlib's code for: gzip or zlib, whichever the header says."""
_UTF16 = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}\?>")
_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(urlset|sitemapindex|rss|rdf|feed|html|body|a)[\s>:]", re.IGNORECASE)


def read_listing(page: Page, site: Site) -> Listing:
    """Return what a fetched listing announces. InputError if it is neither XML, HTML nor a list of addresses.

    What it is, is told from its content: sites serve feeds as text/html and pages as application/xml. What
    no page has, a longer address or hint, is left out.
    """
    found = _read(page, site)
    return Listing(pages=_bounded(found.pages), listings=_bounded(found.listings))


def is_packed(content: bytes) -> bool:
    """Return whether a listing is packed, in itself: its size says little then."""
    return content.startswith(_GZIP)


def _read(page: Page, site: Site) -> Listing:
    content = _in_utf8(unpack(page.content)).lstrip(b"\xef\xbb\xbf \t\r\n\0")
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


def _bounded(found: Iterable[Announced]) -> tuple[Announced, ...]:
    short = (each for each in found if len(each.url) <= MAX_ADDRESS)
    return tuple(replace(each, hints=_within(each.hints)) for each in islice(short, MAX_URLS))


def _within(hints: Hints | None) -> Hints | None:
    if hints is None:
        return None
    return replace(
        hints,
        title=_short(hints.title),
        published=_short(hints.published),
        modified=_short(hints.modified),
        language=_short(hints.language),
        authors=tuple(name for name in hints.authors[:MAX_HINT] if _short(name)),
    )


def _short(text: str | None) -> str | None:
    return text if text and len(text) <= MAX_HINT else None


def _in_utf8(content: bytes) -> bytes:
    """Return UTF-16, told by its mark or its first sign, as UTF-8 without the declaration that denies it."""
    name = next((name for begin, name in _UTF16 if content.startswith(begin)), None)
    if name is None:
        return content
    return _DECLARATION.sub(b"", content.decode(name, "replace").encode())


def unpack(content: bytes) -> bytes:
    """Return the bytes, unpacked up to MAX_LISTING_BYTES if they are gzip; of a cut stream what came."""
    if not is_packed(content):
        return content[:MAX_LISTING_BYTES]
    try:
        return zlib.decompressobj(_AUTO_WBITS).decompress(content, MAX_LISTING_BYTES)
    except zlib.error as error:
        raise InputError(f"the packed listing is damaged: {error}") from error
