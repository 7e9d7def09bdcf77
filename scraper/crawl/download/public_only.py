"""No request reaches a private address, whatever a page, a redirect, a sitemap or a resolver says.

The check is made twice: on hosts that are addresses themselves, and inside the resolver, so that the address
that was checked is the address that is connected to.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import unicodedata
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from scrapy.exceptions import NotConfigured
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.error import DNSLookupError

from scraper.crawl.causes import Refused
from scraper.crawl.download.handler import handles_the_web
from scraper.crawl.download.loopback import LoopbackHandler
from scraper.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

logger = logging.getLogger(__name__)

ALLOWED_SETTING = "NEWS_ALLOWED_NETWORKS"
PRIVATE = "private_address"
"""The cause of a request that was refused."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def literal_address(host: str) -> Address | None:
    """Return the address that a host is in any spelling that some program understands; None for a name.

    >>> literal_address("0x7f.1"), literal_address("①②⑦.⓪.⓪.①"), literal_address("example.com")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'), None)
    """
    host = unicodedata.normalize("NFKC", unquote(host)).strip("[] \t").replace("。", ".").rstrip(".")
    try:
        return ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host and " " not in host else None
    except (OSError, UnicodeError, ValueError):
        return None


def is_public(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Return whether an address lies in the public internet, or in a network that is allowed.

    >>> is_public(ipaddress.ip_address("::ffff:10.0.0.1")), is_public(ipaddress.ip_address("8.8.8.8"))
    (False, True)
    """
    inner = _inside(address)
    if any(inner in network for network in allowed if network.version == inner.version):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inside(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one carries, else the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def allowed_networks(settings: BaseSettings) -> tuple[Network, ...]:
    """Return the networks beside the public internet that may be asked. ConfigError for one that is none."""
    given = settings.getlist(ALLOWED_SETTING)
    if handles_the_web(LoopbackHandler, settings):  # it connects to this machine only
        given = [*given, "127.0.0.0/8"]
    try:
        return tuple(ipaddress.ip_network(text) for text in given)
    except ValueError as error:
        raise ConfigError(f"{ALLOWED_SETTING}: {error}: write networks such as 10.1.0.0/16") from error


class PublicOnly:
    """Refuses requests to hosts that are private addresses, in any spelling; redirects and robots.txt too."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        """Allow these networks beside the public internet."""
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware; none is needed where every request goes to the fixture server."""
        if handles_the_web(LoopbackHandler, crawler.settings):
            raise NotConfigured
        return cls(allowed_networks(crawler.settings))

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Refuse a private address."""
        del spider
        address = literal_address(urlparse_cached(request).hostname or "")
        if address is not None and not is_public(address, self._allowed):
            raise Refused(PRIVATE)


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, which finds no private address."""

    allowed: Sequence[Network] = ()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Return the resolver of a crawl."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = allowed_networks(crawler.settings)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's
        """Return the address of a name; it fails as if there were none where the address is private."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, found: str, name: str) -> str:
        if is_public(ipaddress.ip_address(found), self.allowed):
            return found
        logger.warning(
            "%s has the address %s, which is not public: it is asked only where allowed_networks opens it",
            name,
            found,
        )
        raise DNSLookupError(f"{name} has the private address {found}")
