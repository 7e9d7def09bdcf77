"""A first look at an unknown site: its feeds and sitemaps, what they announce, and some of its articles."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scraper.crawl.addresses import ARTICLE_SCORE, article_score, belongs, looks_like_section, site_name
from scraper.crawl.discovery.site_guesses import guess_articles, guess_zone
from scraper.crawl.discovery.steps import FEED_PLACES, SITEMAP_PLACES
from scraper.crawl.listings.reading import read_listing
from scraper.errors import InputError
from scraper.model import Article, Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

    from scraper.crawl.download.side_requests import Web
    from scraper.crawl.listings.announced import Announced, Listing
    from scraper.model import Page, Rejection

WANTED = 3
"""Articles that are looked at."""
_MOST_TRIES = 8
"""Pages asked for to find them."""
_MOST_LISTINGS = 6
"""Feeds and sitemaps read: enough to see what the site's addresses look like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scouted:
    """What was found out about a site."""

    site: Site
    """With what could be guessed; name, domains and home are certain."""
    title: str
    """What the site calls itself, else its host."""
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    announced: int
    """Addresses of articles that were seen."""
    matching: int
    """How many of them the guessed expressions match."""
    articles: tuple[tuple[Page, Article], ...] = field(repr=False)


class Scout:
    """Asks a site what it is, a few requests one after the other."""

    def __init__(self, web: Web, name: str, home: str) -> None:
        """Ask for nothing yet."""
        self._web = web
        self._home = home
        self._site = Site(name=name, home=home, domains=(site_name(home),))
        self._pages: dict[str, bool] = {}
        """Addresses of articles, and whether a feed or a sitemap of news announced them."""
        self._sections: set[str] = set()

    async def scout(self) -> Scouted:
        """Return what was found out. InputError where the home page cannot be had."""
        answer = await self._web.get(self._home)
        if answer.page is None:
            moved = f": it has moved to {answer.moved_to}" if answer.moved_to else ""
            raise InputError(f"{self._home} could not be fetched: {answer.cause}{moved}")
        home = answer.page.url or self._home
        self._site = replace(self._site, home=home, domains=(site_name(home),))
        listing = read_listing(answer.page, self._site)
        self._see(listing.pages, announced=False)
        named = [found.url for found in listing.listings if found.hints and found.hints.source == "feed"]
        feeds = await self._readable(named or [urljoin(home, path) for path in FEED_PLACES], enough=2)
        sitemaps = await self._web.sitemaps(home)
        found = await self._readable(
            sitemaps or [urljoin(home, path) for path in SITEMAP_PLACES], enough=_MOST_LISTINGS
        )
        articles = [each async for each in self._articles()]
        hidden = () if named else feeds  # discovery finds those that the home page names
        return self._told(articles, feeds=feeds, hidden=hidden, sitemaps=found)

    async def _readable(self, urls: Sequence[str], *, enough: int) -> tuple[str, ...]:
        """Return the listings that can be read; note their pages, and those of an index's newest sitemaps."""
        waiting = list(dict.fromkeys(urls))[:_MOST_LISTINGS]
        good: list[str] = []
        asked = 0
        while waiting and len(good) < enough and asked < _MOST_LISTINGS:
            url = waiting.pop(0)
            asked += 1
            listing = await self._listing(url)
            if listing is None:
                continue
            if url in urls:
                good.append(url)
            self._see(listing.pages, announced=True)
            newest = sorted(listing.listings, key=_modified, reverse=True)
            waiting = [each.url for each in newest[:2]] + waiting
        return tuple(good)

    async def _listing(self, url: str) -> Listing | None:
        answer = await self._web.get(url, is_vouched=True)
        if answer.page is None:
            return None
        try:
            listing = read_listing(answer.page, self._site)
        except InputError:
            return None
        is_feed = any(page.hints for page in listing.pages) or bool(listing.listings)
        return listing if is_feed else None  # a site may answer whatever is asked for with a page

    def _see(self, pages: Sequence[Announced], *, announced: bool) -> None:
        """Tell articles from other pages by what announced them, or by their looks."""
        for page in pages:
            if not belongs(page.url, self._site):
                continue
            is_news = announced and bool(page.hints and (page.hints.source == "feed" or page.hints.published))
            if is_news or article_score(page.url, text=page.text) >= ARTICLE_SCORE:
                self._pages[page.url] = self._pages.get(page.url, False) or is_news
            elif looks_like_section(page.url):
                self._sections.add(page.url)

    async def _articles(self) -> AsyncIterator[tuple[Page, Article]]:
        """Yield some articles, announced ones first, from all over the list."""
        found = tried = 0
        for url in self._spread():
            if found == WANTED or tried == _MOST_TRIES:
                return
            tried += 1
            answer = await self._web.page(url)
            if answer.page is None:
                continue
            outcome = await asyncio.to_thread(_extract, answer.page, self._site)
            if isinstance(outcome, Article):
                found += 1
                yield answer.page, outcome

    def _spread(self) -> Iterator[str]:
        announced = [url for url, is_news in self._pages.items() if is_news]
        others = [url for url, is_news in self._pages.items() if not is_news]
        for urls in (announced, others):
            step = max(1, len(urls) // WANTED)
            yield from (url for start in range(step) for url in urls[start::step])

    def _told(
        self, articles: Sequence[tuple[Page, Article]], *, feeds: tuple[str, ...], hidden: tuple[str, ...],
        sitemaps: tuple[str, ...],
    ) -> Scouted:  # fmt: skip
        """Return what all this says about the site."""
        made = [article for _, article in articles]
        publisher = _commonest(article.publisher for article in made)
        language = _commonest(article.language for article in made)
        rules = guess_articles(self._pages, self._sections)
        host = self._site.domains[0]
        site = replace(
            self._site,
            publisher=publisher,
            language=language,
            feeds=hidden,
            articles=rules,
            timezone=guess_zone(made, host, language),
        )
        return Scouted(
            site=site,
            title=publisher or host,
            feeds=feeds,
            sitemaps=sitemaps,
            announced=len(self._pages),
            matching=sum(any(re.search(rule, url) for rule in rules) for url in self._pages),
            articles=tuple(articles),
        )


def _extract(page: Page, site: Site) -> Article | Rejection:
    from scraper.extraction.article import extract_article  # heavy

    return extract_article(page, site)


def _commonest(values: Iterable[str | None]) -> str | None:
    found = Counter(value for value in values if value)
    return found.most_common(1)[0][0] if found else None


def _modified(listing: Announced) -> str:
    return (listing.hints and listing.hints.modified) or ""
