"""What lets a subscriber in, sent to a site's hosts alone: headers from secrets, user info of addresses."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

from scrapy import signals

from scraper.config import read_secret
from scraper.crawl.addresses import belongs
from scraper.crawl.context import declared_site
from scraper.masking import hide
from scraper.urls import DEFAULT_PORTS, without_user_info

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class UserInfo:
    """A downloader middleware: what stands before the host of an address becomes a header, as in a browser.

    It holds for that host alone, with www or without, for the rest of the crawl, and never over http where it
    was given for https. Addresses are asked for, archived and stored without it.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Know nobody yet."""
        self._crawler = crawler
        self._headers: dict[str, tuple[str, str]] = {}
        """Of each host the scheme for which a header was given, and the header."""
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    def _opened(self) -> None:
        site = declared_site(self._crawler.spider)
        given: tuple[str, ...] = getattr(self._crawler.spider, "given_addresses", ())
        for url in (*given, site.home, *site.feeds, *site.sitemaps, *site.sections):
            self._learn(url or "")

    def process_request(self, request: Request) -> Request | None:
        """Return the request for the same address without user info, which is remembered."""
        return request.replace(url=without_user_info(request.url)) if self._learn(request.url) else None

    def header(self, request: Request) -> str | None:
        """Return what the host of a request is to be sent as Authorization."""
        parts = urlsplit(request.url)
        scheme, header = self._headers.get(_host(parts), ("", None))
        return header if parts.scheme in {scheme, "https"} else None

    def _learn(self, url: str) -> bool:
        """Remember the user info of an address; return whether there is some."""
        parts = urlsplit(url)
        given, at, _ = parts.netloc.rpartition("@")
        name, _, password = map(unquote, given.partition(":"))
        if name or password:
            coded = b64encode(f"{name}:{password}".encode()).decode()
            hide(given, password, coded)
            self._headers[_host(parts)] = (parts.scheme, f"Basic {coded}")
        return bool(at)


def _host(parts: SplitResult) -> str:
    """Return host and port without www; the ports of http and https are one."""
    host, port = (parts.hostname or "").removeprefix("www."), parts.port
    return host if port in {None, *DEFAULT_PORTS.values()} else f"{host}:{port}"


class Access:
    """A downloader middleware: adds the headers that NEWS_ACCESS names for the spider's site.

    They go to the site's hosts only, and over http only where the site's home is http too: a redirect
    elsewhere loses them. User info of an address (UserInfo) goes to its host, unless NEWS_ACCESS names an
    Authorization.
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
        for name, value in self._wanted(request).items():
            if value is None:
                request.headers.pop(name, None)
            else:
                request.headers[name] = value

    def _wanted(self, request: Request) -> Mapping[str, str | None]:
        """Return each header that lets its bearer in; None for one that this request must not have."""
        users = self._crawler.get_downloader_middleware(UserInfo)
        found: dict[str, str | None] = {"Authorization": users.header(request)} if users else {}
        if self._headers:
            scheme = urlsplit(request.url).scheme
            is_meant = scheme == "https" or scheme == urlsplit(self._site.home or "").scheme
            is_ours = is_meant and belongs(request.url, self._site)
            found |= {name: value if is_ours else None for name, value in self._headers.items()}
        return found


def read_access(settings: BaseSettings, site: str) -> dict[str, str]:
    """Return the headers for a site, masked from now on in logs. ConfigError for a missing secret."""
    headers = {
        name: read_secret(f"access.{site}: {name}", kept, os.environ)
        for name, kept in settings.getdict("NEWS_ACCESS").get(site, {}).items()
    }
    for value in headers.values():
        hide(value, *(pair.partition("=")[2] for pair in value.split("; ")))
    return headers
