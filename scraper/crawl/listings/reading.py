"""Reads a listing of any kind (a sitemap, a feed, a page with links) into one shape; asked by discovery."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from scraper.crawl.download.side_requests import MAX_LISTING_BYTES
from scraper.crawl.listings.announced import Listing
from scraper.crawl.listings.feeds import read_feed, read_json_feed
from scraper.crawl.listings.links import read_links
from scraper.crawl.listings.mending import mended
from scraper.crawl.listings.sitemaps import MAX_URLS, read_sitemap, read_text_sitemap
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.crawl.listings.announced import Announced
    from scraper.model import Hints, Page, Site

MAX_FEED_BYTES = 10_000_000
MAX_ADDRESS = 2_083
"""Characters of an address: no browser and no downloader of ours takes a longer one."""
MAX_HINT = 1_000
"""Characters of a title, a date or an author: of 3,453 real titles the longest had 175."""
_ADDRESS_LINE = re.compile(r"^[ \t]*https?://\S", re.MULTILINE | re.IGNORECASE)
_MOST_LAYERS = 2
MOST_AT_ONCE = 500_000
"""Bytes of a listing that is read in a thread: a worker takes 1 s to start, the worst of these .7 s."""
_FEED = re.compile(rb"<(?:rss|rdf:RDF|feed)[\s>]", re.IGNORECASE)
_HEAD = 4_000
_GZIP = b"\x1f\x8b"
_AUTO_WBITS = 47
"""zlib's code for: gzip or zlib, whichever the header says."""


def read_listing(page: Page, site: Site, most: int = MAX_LISTING_BYTES) -> Listing:
    """Return what a fetched listing announces. InputError if it is neither XML, HTML nor a list of addresses.

    What it is, is told from its content: sites serve feeds as text/html and pages as application/xml. What
    no page has, a longer address or hint, is left out; so is what stands behind `most` bytes, unpacked.
    """
    try:
        found = _read(page, site, most)
    except InputError:
        raise
    except Exception as error:  # whatever a parser makes of what a site sends: this listing alone fails
        raise InputError(f"{page.url} could not be read: {error!r}") from error
    return Listing(pages=_bounded(found.pages), listings=_bounded(found.listings))


def needs_worker(content: bytes) -> bool:
    """Return whether reading a listing may take long: it is long, packed in itself, or a feed.

    feedparser is Python, whose threads hold each other up, and takes 20 ms for 100 items.
    """
    is_packed = content.startswith(_GZIP)  # its size says little then
    return len(content) > MOST_AT_ONCE or is_packed or _FEED.search(content[:_HEAD]) is not None


def _read(page: Page, site: Site, most: int) -> Listing:
    content = unpack(page.content, most)
    root, text = mended(content, content_type=page.content_type)
    base = page.url or ""
    if root in {"urlset", "sitemapindex"}:
        return read_sitemap(text.encode("utf-8", "replace"), base=base)
    if root in {"rss", "rdf", "feed"}:
        return read_feed(text[:MAX_FEED_BYTES].encode("utf-8", "replace"), base=base, site=site)
    if root:
        return read_links(replace(page, content=content), site)
    if text.startswith("{"):
        return read_json_feed(text[:MAX_FEED_BYTES], base=base)
    if _ADDRESS_LINE.search(text):
        return read_text_sitemap(text)
    if (page.content_type or "").startswith(("text/html", "application/xhtml")):
        return read_links(replace(page, content=content), site)
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


def unpack(content: bytes, most: int = MAX_LISTING_BYTES) -> bytes:
    """Return the bytes, unpacked up to so many if they are gzip: every member, twice too.

    Of a cut or damaged stream it is what came before.
    """
    for _ in range(_MOST_LAYERS):
        if not content.startswith(_GZIP):
            break
        content = _gunzip(content, most)
    return content[:most]


def _gunzip(content: bytes, most: int) -> bytes:
    whole = b""
    while content.startswith(_GZIP) and len(whole) < most:
        member = zlib.decompressobj(_AUTO_WBITS)
        try:
            whole += member.decompress(content, most - len(whole))
        except zlib.error as error:
            if not whole:
                raise InputError(f"the packed listing is damaged: {error}") from error
            break
        content = member.unused_data
    return whole
