"""The add-on that switches extraction and storing on in any Scrapy project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scraper
from scraper.crawl.due import REFETCH_HOURS
from scraper.crawl.pipelines import ExtractPipeline, StorePipeline

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_DEFAULTS = {
    "NEWS_STORE": "sqlite:///news.db",
    "NEWS_CONTACT": "",
    "NEWS_WORKERS": 0,  # as many as there are processors
    "NEWS_REFETCH_HOURS": list(REFETCH_HOURS),
}


class NewsAddon:
    """ADDONS = {"scraper.crawl.addon.NewsAddon": 500}: each Page a spider yields is extracted and stored."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the pipelines, our own settings where the project has none, and who we are."""
        for name, value in _DEFAULTS.items():
            settings.setdefault(name, value, priority="addon")
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", ExtractPipeline, 100)
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", StorePipeline, 900)
        contact = settings["NEWS_CONTACT"]
        agent = f"news-scraper/{scraper.__version__}" + (f" (+{contact})" if contact else "")
        settings.set("USER_AGENT", agent, priority="addon")
