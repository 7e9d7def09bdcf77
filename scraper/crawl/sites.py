"""The sites that spiders declare."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from scraper.extract.decode import decode
from scraper.extract.dump import recognise
from scraper.model import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.model import Page


def load_sites() -> dict[str, Site]:
    """Return what each spider of the project declares about its site, by the spider's name."""
    settings = get_project_settings()
    if not settings.getlist("SPIDER_MODULES"):  # called outside the project's folder
        settings.set("SPIDER_MODULES", ["spiders"])
    loader = SpiderLoader.from_settings(settings)
    sites = ((name, getattr(loader.load(name), "site", None)) for name in sorted(loader.list()))
    return {name: site for name, site in sites if isinstance(site, Site)}


def site_of(page: Page, sites: Mapping[str, Site], name: str | None = None) -> Site:
    """Return the site that a page belongs to: the one named, else the one whose domains hold its host.

    A text dump without address is recognised by its markers. A site that nobody declared has only a name.
    """
    if name:
        return sites.get(name, Site(name=name))
    if page.url is None:
        text, _ = decode(page.content, content_type=page.content_type) if page.is_text else ("", "")
        return recognise(text, sites.values()) or Site(name="unknown")
    host = (urlsplit(page.url).hostname or "unknown").removeprefix("www.")
    for site in sites.values():
        if any(host == domain or host.endswith(f".{domain}") for domain in site.domains):
            return site
    return Site(name=host)
