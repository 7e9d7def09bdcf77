"""A share of a site that is crawled in several parts, each by a process of its own, on whatever machine."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.crawl.announced import Listing
from scraper.errors import ConfigError
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

SHARDS_SETTING = "NEWS_SHARDS"
"""In how many parts the site is crawled at the same time."""
_SLOWER = ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY", "AUTOTHROTTLE_MAX_DELAY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of so many parts; the default is the whole site."""

    number: int = 1
    of: int = 1

    @property
    def is_whole(self) -> bool:
        """True where the site is not split."""
        return self.of == 1

    @property
    def is_first(self) -> bool:
        """True for the part that reads what is not split: feeds, home page, sections, revisits."""
        return self.number == 1

    def owns(self, address: str) -> bool:
        """Return whether an address is this part's; of all parts it is just one's, on every machine."""
        digest = hashlib.sha256(address.encode(errors="replace")).digest()
        return int.from_bytes(digest[:8]) % self.of == self.number - 1


WHOLE = Shard()


def read_shard(text: str | None) -> Shard:
    """Return the part that an argument names. ConfigError for one that cannot be read.

    >>> read_shard("2/4")
    Shard(number=2, of=4)
    """
    if not text:
        return WHOLE
    found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", text)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        raise ConfigError(f"shard={text} is no part of a site: write 2/4 for the second of four")
    return Shard(number=number, of=of)


def share(listing: Listing, shard: Shard) -> Listing:
    """Return what of a listing is the shard's: the pages and the sitemaps that it owns."""
    return Listing(
        pages=tuple(page for page in listing.pages if shard.owns(canonical_url(page.url))),
        listings=tuple(found for found in listing.listings if shard.owns(found.url)),
    )


def slowed(settings: BaseSettings, shard: Shard) -> dict[str, Any]:
    """Return the settings with which all shards ask a host no faster, and for no more, than one crawl.

    Each waits as many times longer as there are shards: none has to know whether the others run.
    """
    return {
        **{name: settings.getfloat(name) * shard.of for name in _SLOWER},
        "AUTOTHROTTLE_TARGET_CONCURRENCY": settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY") / shard.of,
        "DOWNLOAD_SLOTS": {
            host: slot | ({"delay": slot["delay"] * shard.of} if "delay" in slot else {})
            for host, slot in settings.getdict("DOWNLOAD_SLOTS").items()
        },
        "NEWS_HOST_BUDGET": max(1, settings.getint("NEWS_HOST_BUDGET") // shard.of),
        SHARDS_SETTING: shard.of,
    }
