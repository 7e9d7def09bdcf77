"""A resolver of which tests say what the network answers; the checks above it are those of every crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import succeed

from scraper.crawl.download.public_only import PublicResolver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


class _Network(CachingThreadedResolver):
    answers: Mapping[str, list[str]]

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Give the answers of a name one after the other, the last one again and again; else loopback."""
        answers = self.answers.get(name, ["127.0.0.1"])
        return succeed(answers.pop(0) if len(answers) > 1 else answers[0])


class ScriptedResolver(PublicResolver, _Network):
    """Believes the answers as a crawl does."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.answers = {name: list(given) for name, given in crawler.settings.getdict("ANSWERS").items()}
        return resolver
