"""Any news site, by its address."""

from __future__ import annotations

from typing import Any

from scraper.crawl.addresses import looks_like_article, site_name
from scraper.crawl.discovery.scope import check_address
from scraper.crawl.spider import NewsSpider
from scraper.errors import ConfigError
from scraper.model import Site
from scraper.urls import web_url, without_user_info


class GenericSpider(NewsSpider):
    """Crawls the site of an address; an address that looks like an article's is fetched alone."""

    site = Site(name="news")

    def __init__(self, *, url: str | None = None, urls: str | None = None, **arguments: Any) -> None:  # noqa: ANN401
        """Take the site from the address. ConfigError if there is none."""
        first = url or (urls or "").replace(",", " ").partition(" ")[0]
        if not first:
            raise ConfigError("which site? scrapy crawl news -a url=https://…")
        check_address("url", first)
        first = web_url(first)
        if url and not urls and looks_like_article(url):
            urls = url
        super().__init__(urls=urls, **arguments)
        self.given_addresses += (first,)
        host = site_name(first)
        self.site = Site(name=host, domains=(host,), home=without_user_info(first))
        self.allowed_domains = [host]
