"""Headers that a subscriber sends to a site: read from secrets, sent to its hosts alone, told nowhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import signals

from scraper.crawl.addresses import belongs
from scraper.crawl.context import declared_site
from scraper.errors import ConfigError
from scraper.masking import hide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class Access:
    """A downloader middleware: adds the headers that NEWS_ACCESS names for the spider's site.

    They go to the site's hosts only, and over http only where the site's home is http too: a redirect
    elsewhere loses them.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read no secret yet."""
        self._crawler = crawler
        self._headers: Mapping[str, str] = {}
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    @property
    def names(self) -> frozenset[str]:
        """The headers that let their bearer in, in small letters."""
        return frozenset(name.lower() for name in self._headers)

    def _opened(self) -> None:
        self._site = declared_site(self._crawler.spider)
        self._headers = read_access(self._crawler.settings, self._site.name)

    def process_request(self, request: Request) -> None:
        """Set the headers, or take away those that another request left."""
        if not self._headers:
            return
        scheme = urlsplit(request.url).scheme
        is_meant = scheme == "https" or scheme == urlsplit(self._site.home or "").scheme
        for name, value in self._headers.items():
            if is_meant and belongs(request.url, self._site):
                request.headers[name] = value
            else:
                request.headers.pop(name, None)


def read_access(settings: BaseSettings, site: str) -> dict[str, str]:
    """Return the headers for a site, masked from now on in logs. ConfigError for a missing secret."""
    headers = {
        name: _secret(site, name, kept)
        for name, kept in settings.getdict("NEWS_ACCESS").get(site, {}).items()
    }
    for value in headers.values():
        hide(value, *(pair.partition("=")[2] for pair in value.split("; ")))
    return headers


def _secret(site: str, name: str, kept: Mapping[str, str]) -> str:
    """Return what the environment or a file holds. ConfigError, without it, where that is no header."""
    (kind, where) = next(iter(kept.items()))
    try:
        value = os.environ[where] if kind == "env" else Path(where).read_text(encoding="utf-8")
    except KeyError:
        raise ConfigError(f"access.{site}: {name} stands in {where}, which the environment has not") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"access.{site}: {name} stands in {where}, which cannot be read: {error}"
        ) from error
    value = value.strip()
    if not value or not value.isascii() or not value.isprintable():
        raise ConfigError(f"access.{site}: {name} in {where} must be one line of ASCII, such as session=…")
    return value
