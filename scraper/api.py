"""What other programs call: a page to an article, copies, archives. Its names are in scraper.__all__."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.archive.capture import to_page
from scraper.archive.place import warc_files
from scraper.archive.reader import Tally, read_captures
from scraper.dedup.compare import compare
from scraper.dedup.shingle import content_hash, sign
from scraper.dedup.words import Words
from scraper.errors import InputError
from scraper.extraction.article import extract_article
from scraper.model import Page, Site
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.dedup.compare import Match
    from scraper.model import Article, Rejection


def extract(
    page: Page | bytes | str, *, url: str | None = None, site: Site | None = None
) -> Article | Rejection:
    """Return the article of a page, or why it is none.

    A page is bytes as they were served, or markup that was decoded already; Page says more of it: headers,
    status, when it was fetched, that it is text without markup. `site` says what its site declares; without
    it the page's host names the site. Pure: no network, no clock; whatever the bytes, there is an answer.
    Raises InputError for an address that is none.
    """
    if isinstance(page, str):
        content = page.encode(errors="replace")
        page = Page(url=url, content=content, content_type="text/html; charset=utf-8")
    elif isinstance(page, bytes):
        page = Page(url=url, content=page)
    elif url is not None:
        raise InputError(f"{url}: a Page has its address itself: Page(url=…)")
    named = _site_of(page)
    return extract_article(page, site or named)


def article_record(article: Article) -> dict[str, Any]:
    """Return the record of an article as JSON types; docs/reference/fields.md says what each field means."""
    return to_record(article, content_hash=content_hash(article.body))


def compare_articles(one: Article, other: Article) -> Match | None:
    """Return what two articles have in common where one is a copy or a cut of the other; None otherwise."""
    is_one_site = one.site is not None and one.site == other.site
    return compare(Words(sign(one.body)), Words(sign(other.body)), same_site=is_one_site)


def read_archive(location: str) -> Iterator[Page]:
    """Yield the pages of an archive in the order of its files: a WARC file, or a folder or address of them.

    What is damaged, and what is no response, is passed over. InputError where there is no WARC file.
    """
    for place, name in warc_files(location):
        with place.open(name) as stream:
            for found in read_captures(stream, Tally()):
                with suppress(InputError):  # packed in a way that nobody can unpack
                    yield to_page(found.capture)


def _site_of(page: Page) -> Site:
    """Return the site of a page's host."""
    try:
        host = urlsplit(page.url or "").hostname or "unknown"
    except ValueError as error:
        raise InputError(f"{page.url}: this is no address: {error}") from error
    return Site(name=host.removeprefix("www."))
