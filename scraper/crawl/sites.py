"""The sites that spiders declare, by name, and the one of a given page; read by commands and rework."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extraction.fields.dump_fields import recognise
from scraper.extraction.page.decode import decode
from scraper.model import Site

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
