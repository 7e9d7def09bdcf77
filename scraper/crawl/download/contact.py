"""Whoever crawls beyond this machine says who is asking."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.crawl.download.handler import handles_the_web
from scraper.crawl.download.loopback import LoopbackHandler
from scraper.crawl.download.replay import ReplayHandler
from scraper.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.settings import BaseSettings


def require_contact(addresses: Iterable[str | None], settings: BaseSettings) -> None:
    """Raise ConfigError if an address is beyond this machine and the settings name no contact."""
    outside = [url for url in addresses if url and not is_local(url)]
    stays_here = any(handles_the_web(handler, settings) for handler in (LoopbackHandler, ReplayHandler))
    if outside and not stays_here and not settings.get("NEWS_CONTACT"):
        raise ConfigError(
            f"{outside[0]} is beyond this machine: set contact in scraper.toml, SCRAPER_CONTACT or"
            " NEWS_CONTACT to an address or a page where its operators can reach you; it becomes part of the"
            " user agent"
        )


def is_local(url: str) -> bool:
    """Return whether an address can only mean this machine: loopback, or a name that RFC 6761 reserves.

    >>> is_local("http://127.0.0.1:8000/"), is_local("https://paper.test/"), is_local("https://a.example.com/")
    (True, True, False)
    """
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".test"))
