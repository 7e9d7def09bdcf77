"""A spider and item pipelines of somebody else, which raise, drop and replace pages by their number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from scraper.crawl.spider import NewsSpider
from scraper.model import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from scraper.crawl.discovery.discover import Target
    from scraper.model import Page


class Raising(NewsSpider):
    """Raises for one page after it has yielded it, yields nothing of another, and of a third two."""

    site = Site(name="raising", domains=("harbour.test",), home="http://harbour.test/")

    def parse_page(self, response: Response, target: Target) -> Iterator[Page]:
        pages = list(super().parse_page(response, target))
        number = int(response.url.rpartition("-")[2])
        if number != 12:
            yield from pages
        if number == 11:
            raise KeyError(number)
        if number == 13:
            content = response.body.replace(b"quarter 13", b"quarter 99")
            yield replace(pages[0], url=f"{response.url}/b", content=content)


class _Pipeline:
    raises = drops = replaces = 0

    def process_item(self, item: Any) -> Any:
        found = item["url"] if isinstance(item, dict) else getattr(item, "page", item).url
        number = int(re.sub(r"\D", "", found.rpartition("-")[2]))
        if number == self.raises:
            raise KeyError(number)
        if number == self.drops:
            raise DropItem(f"page {number} is not wanted")
        return {"url": found} if number == self.replaces else item


class First(_Pipeline):
    raises, drops, replaces = 1, 2, 3


class Between(_Pipeline):
    raises, drops, replaces = 4, 5, 6


class Last(_Pipeline):
    raises, drops, replaces = 7, 8, 9
