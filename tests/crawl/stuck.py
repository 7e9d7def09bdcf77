"""A spider whose every page with a market in it kills its worker, whatever road is taken."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from scraper.crawl.spider import NewsSpider
from scraper.model import Site

if TYPE_CHECKING:
    from scraper.model import Article, Page


class Stuck(NewsSpider):
    site = Site(name="stuck", domains=("harbour.test",), home="http://harbour.test/")

    @classmethod
    def refine(cls, article: Article, page: Page) -> Article:
        del page
        if "market" in (article.title or ""):
            os.kill(os.getpid(), signal.SIGKILL)
        return article
