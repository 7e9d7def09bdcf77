"""Traps: addresses without end that hold no articles."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, urlsplit

from scrapy import signals
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.causes import HOST_BUDGET, TRAP, Refused
from scraper.model import Reason

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from scraper.crawl.discovery.discover import Target

logger = logging.getLogger(__name__)

MOST_SEGMENTS, MOST_PARAMETERS = 15, 15
"""Of an address of an article: real ones have up to 9 and 6."""
MOST_REPEATS = 3
"""Times over that a segment, or two in a row, may stand again: a relative link that leads into itself."""
FRUITLESS = 50
"""Pages of one pattern without an article, after which one in as many is still asked for."""
_FRUITLESS = {Reason.LIST, Reason.EMPTY, Reason.NOT_NEWS, Reason.ERROR, Reason.NOT_HTML}
_NUMBER = re.compile(r"\d+")
_SLUG = re.compile(r"[^\W\d_]+(?:[-_+ %.][\w%]*){2,}")


def is_endless(url: str) -> bool:
    """Return whether an address looks made by a link that leads into itself.

    >>> is_endless("https://a.example/news/news/news/news/x"), is_endless("https://a.example/a/b/a/b/c")
    (True, False)
    """
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MOST_SEGMENTS or len(parse_qsl(parts.query)) > MOST_PARAMETERS:
        return True
    words = ["" if segment.isdigit() else segment for segment in segments]
    repeats = (
        words[at : at + size] * (MOST_REPEATS + 1) == words[at : at + size * (MOST_REPEATS + 1)]
        for size in (1, 2)
        for at in range(len(words) - MOST_REPEATS * size)
        if words[at]
    )
    return any(repeats)


def pattern_of(url: str) -> str:
    """Return what an address has in common with its like: numbers and slugs are left out.

    >>> pattern_of("https://a.example/calendar/2031/05?day=2"), pattern_of("https://a.example/2031/the-old-mill")
    ('a.example/calendar/#/#?day', 'a.example/#/*')
    """
    parts = urlsplit(url)
    path = "/".join(
        "*" if _SLUG.fullmatch(segment) else _NUMBER.sub("#", segment) for segment in parts.path.split("/")
    )
    names = "&".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    return f"{parts.hostname}{path}{'?' + names if names else ''}"


class Traps:
    """A downloader middleware that refuses pages of articles which another fifty like them do not promise.

    A pattern is judged by the listing that announced it. The causes are `trap` and, beyond NEWS_HOST_BUDGET
    pages of a host, `host_budget`: neither page was asked for, and neither is held against it.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Know no pattern yet."""
        self._budget = crawler.settings.getint("NEWS_HOST_BUDGET")
        self._asked: Counter[str] = Counter()
        self._fruitless: dict[tuple[str | None, str], int] = defaultdict(int)
        self._passed_over: Counter[tuple[str | None, str]] = Counter()
        crawler.signals.connect(self._stored, signal=signals.item_scraped)
        crawler.signals.connect(self._dropped, signal=signals.item_dropped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what is likely a trap; another try for a page is not counted twice."""
        target: Target | None = request.cb_kwargs.get("target")
        if target is None or request.meta.get("retry_times") or request.meta.get("redirect_times"):
            return
        if target.origin is not None and (is_endless(request.url) or self._is_fruitless(target)):
            raise Refused(TRAP)
        host = urlparse_cached(request).hostname or ""
        self._asked[host] += 1
        if self._asked[host] > self._budget:
            raise Refused(HOST_BUDGET)

    def _is_fruitless(self, target: Target) -> bool:
        key = (target.origin, pattern_of(target.url))
        if self._fruitless[key] < FRUITLESS:
            return False
        self._passed_over[key] += 1
        if self._passed_over[key] == 1:
            logger.warning(
                "%d pages like %s gave no article: one in %d is asked for", FRUITLESS, target.url, FRUITLESS
            )
        return self._passed_over[key] % FRUITLESS != 0

    def _stored(self, response: Response | None) -> None:
        """Ask for all of a pattern that gave an article."""
        key = _key_of(response)
        if key is not None:
            self._fruitless[key] = -1_000_000_000

    def _dropped(self, response: Response | None, exception: Exception) -> None:
        key, reason = _key_of(response), getattr(exception, "reason", None)
        if key is not None and reason in _FRUITLESS:
            self._fruitless[key] += 1


def _key_of(response: Response | None) -> tuple[str | None, str] | None:
    request = response.request if response is not None else None
    target = request.cb_kwargs.get("target") if request is not None else None
    return None if target is None else (target.origin, pattern_of(target.url))
