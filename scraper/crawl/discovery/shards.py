"""A share of a site that is crawled in several parts, each by a process of its own, on whatever machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.crawl.courtesy.delays import SHARDS_SETTING
from scraper.crawl.listings.announced import Listing
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from scraper.shard import Shard

_SLOWER = ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY", "AUTOTHROTTLE_MAX_DELAY")


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
