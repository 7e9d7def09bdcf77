"""The sites that spiders declare."""

from __future__ import annotations

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from scraper.model import Site


def load_sites() -> dict[str, Site]:
    """Return what each spider of the project declares about its site, by the spider's name."""
    settings = get_project_settings()
    if not settings.getlist("SPIDER_MODULES"):  # called outside the project's folder
        settings.set("SPIDER_MODULES", ["spiders"])
    loader = SpiderLoader.from_settings(settings)
    sites = ((name, getattr(loader.load(name), "site", None)) for name in sorted(loader.list()))
    return {name: site for name, site in sites if isinstance(site, Site)}
