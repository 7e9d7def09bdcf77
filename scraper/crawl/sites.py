"""The sites that spiders declare."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from scraper.model import Site

if TYPE_CHECKING:
    from collections.abc import Mapping


def load_sites() -> dict[str, Site]:
    """Return what each spider of the project declares about its site, by the spider's name."""
    settings = get_project_settings()
    if not settings.getlist("SPIDER_MODULES"):  # called outside the project's folder
        settings.set("SPIDER_MODULES", ["spiders"])
    loader = SpiderLoader.from_settings(settings)
    sites = ((name, getattr(loader.load(name), "site", None)) for name in sorted(loader.list()))
    return {name: site for name, site in sites if isinstance(site, Site)}


def site_of_address(url: str | None, sites: Mapping[str, Site]) -> Site:
    """Return the site whose domains hold the address's host; for another, one known by its host alone.

    >>> site_of_address("https://www.paper.example/1", {"p": Site(name="p", domains=("paper.example",))}).name
    'p'
    >>> site_of_address("https://www.other.example/1", {}).name
    'other.example'
    """
    host = (urlsplit(url or "").hostname or "unknown").removeprefix("www.")
    for site in sites.values():
        if any(host == domain or host.endswith(f".{domain}") for domain in site.domains):
            return site
    return Site(name=host)
