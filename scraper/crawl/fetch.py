"""One page, fetched as politely as in a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from scraper.crawl.contact import require_contact
from scraper.crawl.failures import cause_of
from scraper.crawl.web import page_of
from scraper.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.model import Page


def fetch_page(url: str, settings: Mapping[str, Any], *, archive: str = "") -> Page:
    """Return the page at an address, whatever its status: robots.txt, limits and contact as in a crawl.

    The settings override scraper.settings; `archive` is where what was sent is kept. ConfigError for an
    address that is none; InputError names why there is no page. Only once a process: Twisted's reactor does
    not start again.
    """
    if not url.startswith(("http://", "https://")):
        raise ConfigError(f"{url}: only http and https addresses can be fetched")
    scrapy = Settings()
    scrapy.setmodule("scraper.settings")
    scrapy.update({"ITEM_PIPELINES": {}, **settings, "NEWS_ARCHIVE": archive}, priority="cmdline")
    require_contact([url], scrapy)
    process = AsyncCrawlerProcess(scrapy)
    answers: list[Page | str] = []
    process.crawl(_OnePage, url=url, answers=answers)
    process.start()
    answer = answers[0] if answers else "the crawl was interrupted"
    if isinstance(answer, str):
        raise InputError(f"{url} could not be fetched: {answer}")
    return answer


class _OnePage(Spider):
    """Fetches one address and leaves the page, or the cause of its absence, with the caller."""

    name = "one_page"

    def __init__(self, *, url: str, answers: list[Page | str]) -> None:
        super().__init__()
        self._url, self._answers = url, answers

    async def start(self) -> AsyncIterator[Request]:
        meta = {"handle_httpstatus_all": True}
        yield Request(self._url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True)

    def parse(self, response: Response, **_: object) -> None:
        self._answers.append(page_of(response))

    def failed(self, failure: Failure) -> None:
        assert failure.value is not None
        self._answers.append(cause_of(failure.value))
