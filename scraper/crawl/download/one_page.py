"""One page, fetched as politely as in a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from scraper.crawl.causes import INTERRUPTED, cause_of
from scraper.crawl.download.contact import require_contact
from scraper.crawl.download.side_requests import Web
from scraper.crawl.project import project_settings
from scraper.crawl.responses import page_of
from scraper.errors import ConfigError, InputError
from scraper.in_words import cause_in_words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from scraper.model import Page

T = TypeVar("T")


def fetch_page(url: str, settings: Mapping[str, Any], *, archive: str = "") -> Page:
    """Return the page at an address, whatever its status: robots.txt, limits and contact as in a crawl.

    The settings override the project's; `archive` is where what was sent is kept. ConfigError for an
    address that is none; InputError names why there is no page. Only once a process: Twisted's reactor does
    not start again.
    """
    answers: list[Page | str] = []
    _run(_OnePage, url, {**settings, "NEWS_ARCHIVE": archive}, answers=answers)
    answer = answers[0] if answers else INTERRUPTED
    if isinstance(answer, str):
        raise InputError(f"{url} could not be fetched: {answer}: {cause_in_words(answer)}")
    return answer


def ask(
    url: str, work: Callable[[Web], Awaitable[T]], settings: Mapping[str, Any], *, archive: str = ""
) -> T:
    """Return what comes of work that asks a site for several pages, likewise; what it raises is raised."""
    answers: list[T | Exception] = []
    _run(_Errand, url, {**settings, "NEWS_ARCHIVE": archive}, work=work, answers=answers)
    if not answers:
        raise InputError(f"{url}: the crawl was interrupted")
    if isinstance(answers[0], Exception):
        raise answers[0]
    return answers[0]


def _run(spider: type[Spider], url: str, settings: Mapping[str, Any], **arguments: Any) -> None:  # noqa: ANN401
    if not _is_web_address(url):
        raise ConfigError(f"{url}: only http and https addresses with a host can be fetched")
    scrapy = project_settings()
    scrapy.update({"ITEM_PIPELINES": {}, **settings}, priority="cmdline")
    require_contact([url], scrapy)
    process = AsyncCrawlerProcess(scrapy)
    process.crawl(spider, url=url, **arguments)
    process.start()


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # brackets around what is no IPv6 address
        return False


class _Errand(Spider):
    """Does some work with the web, and leaves what comes of it with the caller."""

    name = "errand"

    def __init__(self, *, url: str, work: Callable[[Web], Awaitable[Any]], answers: list[Any]) -> None:
        super().__init__()
        self._url, self._work, self._answers = url, work, answers

    async def start(self) -> AsyncIterator[Request]:
        try:
            self._answers.append(await self._work(Web(self.crawler)))
        except Exception as error:  # noqa: BLE001 - the caller raises it
            self._answers.append(error)
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # what makes this a generator
            yield request


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
