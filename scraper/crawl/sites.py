"""The sites that spiders declare, by name, and the one of a given page; read by commands and rework."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extraction.fields.dump_fields import recognise
from scraper.extraction.page.decode import decode
from scraper.model import Site

_HEAD = 200_000
"""Bytes in which a page names its address: heads with styles and scripts of 100 kB occur."""
_LINK = re.compile(rb"<link\b[^>]{0,2000}>", re.IGNORECASE)
_CANONICAL = re.compile(rb"\brel\s*=\s*[\"']?canonical\b", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s*=\s*[\"']?(https?://[^\s\"'>]+)", re.IGNORECASE)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Spider

    from scraper.crawl.pages.workers import Refine
    from scraper.model import Page


def load_sites() -> dict[str, Site]:
    """Return what each spider of the project declares about its site, by the spider's name."""
    sites = ((name, getattr(spider, "site", None)) for name, spider in _spiders().items())
    return {name: site for name, site in sites if isinstance(site, Site)}


def load_refinements() -> dict[str, Refine]:
    """Return what the spiders that need it do to their articles after extraction, by the site's name."""
    from scraper.crawl.spider import NewsSpider

    plain = NewsSpider.refine.__func__  # type: ignore[attr-defined]
    spiders = (spider for spider in _spiders().values() if issubclass(spider, NewsSpider))
    return {spider.name: spider.refine for spider in spiders if spider.refine.__func__ is not plain}  # type: ignore[attr-defined]


def _spiders() -> dict[str, type[Spider]]:
    from scraper.crawl.project import ProjectSpiders, project_settings

    loader = ProjectSpiders(project_settings())
    return {name: loader.load(name) for name in loader.list()}


def site_of(page: Page, sites: Mapping[str, Site], name: str | None = None) -> Site:
    """Return the site that a page belongs to: the one named, else the one whose domains hold its host.

    A text dump without address is recognised by its markers. A site that nobody declared has only a name.
    """
    if name:
        return sites.get(name, Site(name=name))
    if page.url is None:
        text, _ = decode(page.content, content_type=page.content_type) if page.is_text else ("", "")
        return recognise(text, sites.values()) or Site(name="unknown")
    try:
        host = (urlsplit(page.url).hostname or "unknown").removeprefix("www.")
    except ValueError:  # an address that no program reads
        host = "unknown"
    for site in sites.values():
        if any(host == domain or host.endswith(f".{domain}") for domain in site.domains):
            return site
    return Site(name=host)


def site_page(page: Page) -> Page:
    """Return the page at the address that tells its site: where it came from, else what it declares."""
    return page if page.url else replace(page, url=declared_address(page.content))


def declared_address(content: bytes) -> str | None:
    """Return the address that a page declares as its own, if that is an absolute one.

    >>> declared_address(b"<link href='https://paper.example/pier?a=1&amp;b=2' rel='canonical'>")
    'https://paper.example/pier?a=1&b=2'
    """
    for link in _LINK.finditer(content, 0, _HEAD):
        if _CANONICAL.search(link[0]) and (found := _HREF.search(link[0])):
            return unescape(found[1].decode("utf-8", "replace"))
    return None
