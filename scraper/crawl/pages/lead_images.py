"""The lead image of an article, where site or settings ask for it: fetched as politely as any page."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from scraper.archive.images import MOST_IMAGE_BYTES, ImageFiles, image_ending
from scraper.archive.place import Place
from scraper.crawl.causes import Refused, cause_of, status_cause
from scraper.crawl.context import declared_site
from scraper.crawl.download.handler import handles_the_web
from scraper.crawl.download.replay import PATH_SETTING, ReplayHandler
from scraper.crawl.responses import HOSTS, OF_PAGE, pairs
from scraper.errors import ConfigError, InputError
from scraper.restrictions import binding, restrictions

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.model import Article, Site

logger = logging.getLogger(__name__)

LEAD_ONLY, IMAGES_SETTING = "lead", "NEWS_IMAGES"
_OK = 200
_NO_IMAGES = frozenset({"noimageindex"})
RESTRICTED_IMAGE, NO_IMAGE = "restricted", "no_image"
"""Causes beside those of every request: the page or the answer forbids it, and the content is no picture."""


def asks_for_images(site: Site, settings: BaseSettings) -> bool:
    """Return whether lead images are to be fetched. ConfigError where they could not be checked or kept."""
    wanted = site.images or settings[IMAGES_SETTING]
    if not wanted:
        return False
    if wanted != LEAD_ONLY:
        raise ConfigError(f"images of {site.name}: {wanted!r} is not known; there is {LEAD_ONLY!r}")
    if not settings["NEWS_ARCHIVE"]:
        raise ConfigError(f'images = "{LEAD_ONLY}" keeps pictures beside the archive: set archive to a place')
    try:
        import imagesize  # noqa: F401
    except ModuleNotFoundError:
        told = f"images = \"{LEAD_ONLY}\" needs the extra images: pip install 'news-scraper[images]'"
        raise ConfigError(told) from None
    return True


class LeadImages:
    """Names in each article the file of its lead image, which is asked for where it is not known.

    Counts news/images/kept and news/images/failed/<cause>; without its picture an article is stored as ever.
    A replay asks for nothing, and names what the archive has that it replays.
    """

    def __init__(self, crawler: Crawler, pool: ExtractionPool, location: str) -> None:
        """Look at nothing yet."""
        self._crawler = crawler
        self._pool = pool
        self._files = ImageFiles(Place(location))
        self._is_replay = handles_the_web(ReplayHandler, crawler.settings)
        self._excluded = _NO_IMAGES | {*crawler.settings.getlist("NEWS_NO_CAPTURE_OF")}

    @classmethod
    def of(cls, crawler: Crawler, pool: ExtractionPool) -> LeadImages | None:
        """Return what a crawl does for pictures, None where it does nothing."""
        if handles_the_web(ReplayHandler, crawler.settings):
            location = crawler.settings[PATH_SETTING]
            has_any = Path(location, "images").is_dir() or "://" in location
            return cls(crawler, pool, location) if has_any else None
        if not asks_for_images(declared_site(crawler.spider), crawler.settings):
            return None
        return cls(crawler, pool, crawler.settings["NEWS_ARCHIVE"])

    async def with_lead(self, article: Article) -> Article:
        """Return the article with the file of its lead image, as far as there is one."""
        named = await asyncio.to_thread(self._files.named, article)
        if self._is_replay or not named.images or named.images[0].file:
            return named
        lead, *others = article.images
        try:
            content = await self._fetched(lead.url, article.restrictions)
            ending = await self._pool.run(image_ending, content)
        except Exception as error:  # noqa: BLE001 - whatever it was, the article goes on without its picture
            cause = NO_IMAGE if isinstance(error, InputError) else cause_of(error)
            logger.info("image failed: %s %s (%s)", cause, lead.url, error)
            self._crawler.stats.inc_value(f"news/images/failed/{cause}")
            return article
        file = await asyncio.to_thread(self._files.keep, lead.url, content, ending)
        self._crawler.stats.inc_value("news/images/kept")
        return replace(article, images=(replace(lead, file=file), *others))

    async def _fetched(self, url: str, said: Collection[str]) -> bytes:
        """Return what an address holds; `said` is what its page forbids. Raises what kept it from us."""
        if self._excluded.intersection(said):
            raise Refused(RESTRICTED_IMAGE)
        response = await self._crawler.engine.download_async(_request(url))
        if response.status != _OK:
            raise Refused(status_cause(response.status))
        if self._excluded & binding(restrictions(pairs(response.headers))):
            raise Refused(RESTRICTED_IMAGE)
        return response.body


def _request(url: str) -> Request:
    """Return what asks for a picture, wherever it lies, and of which the archive keeps no capture."""
    meta = {
        OF_PAGE: True,
        HOSTS: (urlsplit(url).hostname or "",),
        "download_maxsize": MOST_IMAGE_BYTES,
        "handle_httpstatus_all": True,
    }
    headers = {"Accept": "image/avif,image/webp,image/*"}
    return Request(url, headers=headers, meta=meta, callback=NO_CALLBACK, dont_filter=True)
