"""What a page asks for: scripts and data of its site, each asked for as the crawl asks for a page."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from scraper.crawl.causes import Refused, cause_of
from scraper.crawl.responses import HOSTS, OF_PAGE, pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

    from scraper.crawl.rendering.limits import RenderLimits

LOADED = frozenset({"Script", "XHR", "Fetch"})
"""What can bring text; the rest is for the eye, or for those who count readers."""
_STYLE = "Stylesheet"
_KEPT_BYTES = 20_000_000
"""Of scripts, which the pages of a site have in common: each is asked for once a crawl."""
_OURS = frozenset(
    {
        *("accept-encoding", "accept-language", "connection", "content-length", "cookie"),
        *("host", "origin", "referer", "user-agent"),
    }
)
"""Headers that the crawl itself says or leaves out, whatever a page says."""
_NOT_PASSED = frozenset(
    {
        *("access-control-allow-credentials", "access-control-allow-origin", "content-encoding"),
        *("content-length", "content-security-policy", "set-cookie", "transfer-encoding"),
    }
)
"""Headers of answers that are not true of what the browser is given."""
_OK = 200
_ALLOWED = [("Access-Control-Allow-Methods", "GET, HEAD"), ("Access-Control-Allow-Headers", "*")]
UNNEEDED, TOO_MANY, TOO_MUCH, METHOD = "unneeded", "requests", "size", "method"
"""Why a request of a page is not made, beside the causes of every request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TabRequest:
    """What a page asks for."""

    url: str
    method: str
    kind: str
    """As DevTools calls it: Script, XHR, Image …"""
    headers: Mapping[str, str]

    @property
    def origin(self) -> str:
        """Whom the answer is for, as the page says."""
        return next((value for name, value in self.headers.items() if name.lower() == "origin"), "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What the browser is given."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(slots=True, kw_only=True)
class TabVisit:
    """What one page has asked for."""

    under_way: int = 0
    """Requests without an answer as yet."""
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while there are none."""
    asked: int = 0
    size: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """By cause."""
    foreign: set[str] = field(default_factory=set)
    """Hosts of others that it would have loaded scripts or data from."""

    def __post_init__(self) -> None:
        """Wait for nothing yet."""
        self.idle.set()

    def begin(self) -> None:
        """Count a request that is made."""
        self.asked += 1
        self.under_way += 1
        self.idle.clear()

    def end(self) -> None:
        """Count its answer."""
        self.under_way -= 1
        if not self.under_way:
            self.idle.set()


class Traffic:
    """Asks for what pages of a site need, by the downloader: robots.txt, delays, guards and limits hold."""

    def __init__(self, crawler: Crawler, limits: RenderLimits, hosts: tuple[str, ...]) -> None:
        """Keep nothing yet; `hosts` are those from which scripts and data may come beside the site's own."""
        self._crawler = crawler
        self._limits = limits
        self._hosts = hosts
        self._kept: OrderedDict[str, GivenAnswer] = OrderedDict()
        self._kept_size = 0

    async def answer(self, asked: TabRequest, visit: TabVisit) -> GivenAnswer:
        """Return what a page is given. Refused where it is given nothing."""
        if asked.kind == _STYLE:
            return GivenAnswer(status=200, headers=_shared(asked, [("Content-Type", "text/css")]), body=b"")
        if asked.method == "OPTIONS":  # what a browser asks before it asks another host: we ask without it
            return GivenAnswer(status=204, headers=_shared(asked, _ALLOWED), body=b"")
        if asked.kind not in LOADED:
            raise self._refuse(visit, UNNEEDED)
        if asked.method not in {"GET", "HEAD"}:
            raise self._refuse(visit, METHOD)
        kept = self._kept.get(asked.url)
        if kept is not None:
            self._kept.move_to_end(asked.url)
            return kept
        if visit.asked >= self._limits.requests:
            raise self._refuse(visit, TOO_MANY)
        if visit.size >= self._limits.size:
            raise self._refuse(visit, TOO_MUCH)
        visit.begin()
        try:
            return await self._fetched(asked, visit)
        finally:
            visit.end()

    async def _fetched(self, asked: TabRequest, visit: TabVisit) -> GivenAnswer:
        self._crawler.stats.inc_value("news/render/requests")
        try:
            response = await self._crawler.engine.download_async(self._request(asked, visit))
        except Exception as error:
            cause = cause_of(error)
            if cause == "offsite":
                visit.foreign.add(asked.url.split("/")[2])
            raise self._refuse(visit, cause) from error
        visit.size += len(response.body)
        headers = [each for each in pairs(response.headers) if each[0].lower() not in _NOT_PASSED]
        answer = GivenAnswer(status=response.status, headers=_shared(asked, headers), body=response.body)
        if asked.kind == "Script" and response.status == _OK:
            self._keep(asked.url, answer)
        return answer

    def _request(self, asked: TabRequest, visit: TabVisit) -> Request:
        said = {
            name: value
            for name, value in asked.headers.items()
            if name.lower() not in _OURS and not name.lower().startswith(("sec-", "access-control-"))
        }
        meta = {
            OF_PAGE: True,
            HOSTS: self._hosts,
            "dont_retry": True,
            "download_maxsize": max(1, self._limits.size - visit.size),
            "handle_httpstatus_all": True,
        }
        return Request(
            asked.url, method=asked.method, headers=said, meta=meta, callback=NO_CALLBACK, dont_filter=True
        )

    def _keep(self, url: str, answer: GivenAnswer) -> None:
        self._kept[url] = answer
        self._kept_size += len(answer.body)
        while self._kept_size > _KEPT_BYTES:
            _, least = self._kept.popitem(last=False)
            self._kept_size -= len(least.body)

    def _refuse(self, visit: TabVisit, cause: str) -> Refused:
        visit.refused[cause] += 1
        self._crawler.stats.inc_value(f"news/render/refused/{cause}")
        return Refused(cause)


def _shared(asked: TabRequest, headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return headers by which the page may read the answer: whom it comes from, our own guard decides."""
    return (
        *headers,
        ("Access-Control-Allow-Origin", asked.origin),
        ("Access-Control-Allow-Credentials", "true"),
    )
