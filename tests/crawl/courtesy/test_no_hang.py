"""Whatever a host answers, and in whatever order, the crawl ends and every request has an outcome."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.courtesy.breaker import THRESHOLD
from tests.crawl.fault_server import DOMAIN, Asked, FaultServer, allow_all, whole
from tests.crawl.site import HOST, article, crawl, path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.system

PAUSE = "scraper.crawl.courtesy.breaker:FIRST_PAUSE"
QUICK: dict[str, Any] = {
    "NEWS_BACKOFF": 0.01,
    "NEWS_LONGEST_WAIT": 5,
    "LOG_LEVEL": "CRITICAL",
    "CONSTANTS": {PAUSE: timedelta(seconds=0.1)},
}
EMPTY = b"<!DOCTYPE html><html><body></body></html>"
WAITS = (
    "0", "1", "3600", "-1", "1.5", "soon", "", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 -1200",
    "Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 02 May 2031 08:00:00 GMT", "Fri, 99 Foo 2031", "٣",
)  # fmt: skip
HOSTS, PAGES = 200, 4


def down_and_back(asked: Asked, failures: dict[str, int]) -> None:
    """Answer 500 to the first five requests for pages, then well."""
    failures[asked.host] += 1
    if failures[asked.host] <= THRESHOLD:
        whole(asked, b"", "500 Internal Server Error")
    else:
        whole(asked, article(int(asked.path.rpartition("-")[2])).content)


def test_a_host_that_fails_five_times_and_then_answers_gives_all_its_pages(tmp_path: Path) -> None:
    failures: dict[str, int] = defaultdict(int)

    def serve(asked: Asked) -> None:
        if asked.path == "/robots.txt":
            whole(asked, f"Sitemap: http://{HOST}/sitemap.xml".encode(), kind="text/plain")
        elif asked.path == "/sitemap.xml":
            urls = "".join(f"<url><loc>http://{HOST}{path(number)}</loc></url>" for number in range(1, 9))
            whole(asked, f"<urlset>{urls}</urlset>".encode(), kind="application/xml")
        elif asked.path == "/":
            whole(asked, EMPTY)
        else:
            down_and_back(asked, failures)

    with FaultServer(serve) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=QUICK)
    assert (ended.counts["stored"], ended.code) == (8, 0)


def answers_of(host: str) -> Sequence[str]:
    """Return how a host answers, one request after the other; of a long row of failures some follow."""
    dice = random.Random(host)
    kinds = ("good", "500", "503", "429", "reset", "silence")
    return [kind for _ in range(4) for kind in [dice.choice(kinds)] * dice.choice((1, 2, 5, 7))]


def test_however_a_host_answers_each_of_its_pages_has_an_outcome(tmp_path: Path) -> None:
    """Takes 15 s: of 200 hosts each is asked for four pages, and some of the answers never come."""
    numbers: Counter[str] = Counter()

    def serve(asked: Asked) -> None:
        if asked.path == "/robots.txt":
            allow_all(asked)
            return
        row = answers_of(asked.host)
        numbers[asked.host] += 1
        kind = row[numbers[asked.host] % len(row)]
        wait = random.Random(f"{asked.host} {numbers[asked.host]}").choice(WAITS)
        if kind == "reset":
            asked.reset()
        elif kind == "silence":
            asked.wait(1)
        elif kind == "good":
            whole(asked, EMPTY)
        else:
            whole(asked, b"", f"{kind} Not now", f"Retry-After: {wait}")

    urls = [f"http://h{number}.{DOMAIN}{path(page)}" for page in range(PAGES) for number in range(HOSTS)]
    with FaultServer(serve) as server:
        ended = crawl(
            server.port,
            tmp_path / "a.db",
            f"http://{DOMAIN}/",
            {**QUICK, "DOWNLOAD_TIMEOUT": 0.4, "NEWS_LONGEST_WAIT": 0.5},
            urls=" ".join(urls),
        )
    ends = Counter({name: number for name, number in ended.counts.items() if name.startswith("failed/")})
    assert ends.total() + ended.counts["fetched"] == ended.counts["announced"] == HOSTS * PAGES
    assert ended.counts["rejected/empty"] == ended.counts["fetched"] > 0
    assert {"failed/5xx", "failed/host_down"} <= set(ends)
