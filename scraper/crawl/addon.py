"""The add-on that switches extraction and storing on in any Scrapy project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scraper.config import crawl_settings, load_config
from scraper.crawl.pages.accounts import Accounts
from scraper.crawl.pages.pipelines import ExtractPipeline, StorePipeline
from scraper.crawl.rework.mending import Mending
from scraper.masking import mask_logs
from scraper.version import program_version

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class NewsAddon:
    """ADDONS = {"scraper.crawl.addon.NewsAddon": 500}: each Page a spider yields is extracted and stored."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Add what scraper.toml and the environment say: the resolver is made before any crawl."""
        for name, value in crawl_settings(load_config(environ=os.environ)).items():
            settings.setdefault(name, value, priority="addon")

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the pipelines, what scraper.toml and the environment say, and who we are; mask the log."""
        mask_logs()
        self.update_pre_crawler_settings(settings)
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", ExtractPipeline, 100)
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", StorePipeline, 900)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Accounts, 0)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Mending, 0)
        contact = settings["NEWS_CONTACT"]
        agent = f"news-scraper/{program_version()}" + (f" (+{contact})" if contact else "")
        settings.set("USER_AGENT", agent, priority="addon")
