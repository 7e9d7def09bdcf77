"""A body that came cut or is not packed as its header says is asked for again, never taken for whole."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes

from scraper.archive.coding import Flaw, undo_coding
from scraper.crawl.causes import Refused
from scraper.crawl.download.retry import Patience
from scraper.crawl.download.unpacking import decoded_body

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_ROOT = re.compile(rb"<(?:!doctype\s+)?(html|urlset|sitemapindex|rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_HEAD = 4_000
"""Bytes at the start in which the root element stands, and at the end in which its end does."""
_CLIENT_ERROR, _PARTIAL = 400, 206
_IDENTITY, _CUT_AS = "news_identity", "news_cut_as"
"""Keys of Request.meta: that a misnamed body was asked for unpacked; the digest of one without an end."""


class Decoding(HttpCompressionMiddleware):
    """Unpacks bodies as Scrapy does, and knows those that are not what they should be.

    One that is cut is fetched again as often as any failure and then fails as `cut`; one that is misnamed is
    asked for once more unpacked, then read as what its bytes show, or fails as `encoding`. Counts
    news/body/cut and news/body/misnamed, every time.
    """

    def __init__(self, *, crawler: Crawler) -> None:
        """Read the limits."""
        super().__init__(crawler=crawler)
        self._crawler = crawler

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response unpacked, or the request for another try."""
        del spider
        if request.method == "HEAD":
            return response
        decoded = decoded_body(request, response, self._max_size)
        is_page = response.status < _CLIENT_ERROR and "download_stopped" not in response.flags
        if decoded.flaw is Flaw.TOO_LARGE:
            raise Refused(Flaw.TOO_LARGE)
        if is_page and decoded.flaw is Flaw.MISNAMED:
            self._count("misnamed")
            if not request.meta.get(_IDENTITY) and not request.meta.get("dont_retry"):
                return _unpacked(request)
            if response.body and not decoded.content:
                raise Refused(Flaw.MISNAMED)
        if response.status == _PARTIAL:  # no range was asked for
            self._count("cut")
            return self._again(request)
        if is_page and (decoded.flaw is Flaw.CUT or _lacks_end(request, response, decoded.content)):
            self._count("cut")
            return self._again(request)
        return _replaced(response, decoded.content) if "Content-Encoding" in response.headers else response

    def _again(self, request: Request) -> Request:
        patience = self._crawler.get_downloader_middleware(Patience)
        again = patience.again(request, Flaw.CUT) if patience else None
        if again is None:
            raise ResponseDataLossError
        return again

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(f"news/body/{name}")


def _unpacked(request: Request) -> Request:
    again = request.replace(dont_filter=True)
    again.headers["Accept-Encoding"] = b"identity"
    again.meta[_IDENTITY] = True
    return again


def _lacks_end(request: Request, response: Response, content: bytes) -> bool:
    """Return whether a body has no end though it should: no end tag, and another sign beside.

    The other sign is that nothing told its length, or that it ends amid words. The same bytes twice are how
    the site writes its pages, unless both signs are there.
    """
    is_partial = "partial" in response.flags
    if is_partial and content.startswith(b"\x1f\x8b"):
        return undo_coding(content, "gzip").flaw is Flaw.CUT
    root = _ROOT.search(content[:_HEAD])
    if root is None or b"</" + root[1].lower() in content[-_HEAD:].lower():
        return False
    is_amid_words = not content.rstrip().endswith(b">")
    if not is_partial and not is_amid_words:
        return False
    digest = hashlib.sha256(content).hexdigest()
    is_habit = request.meta.get(_CUT_AS) == digest and not (is_partial and is_amid_words)
    request.meta[_CUT_AS] = digest
    return not is_habit


def _replaced(response: Response, content: bytes) -> Response:
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=headers, url=response.url, body=content)
    given: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
    return response.replace(cls=kind, headers=headers, body=content, **given)
