"""Whatever a site announces, a crawl of it reaches nothing inside: counted by a server that listens there."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from scraper import settings as own
from scraper.store import ArticleQuery, open_store
from tests.crawl.site import article, path, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system

OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
"""The first stands for a public server, since the crawl's settings allow it."""
SITE, PRIVATE, REBINDING = "paper.test", "inside.paper.test", "rebinding.paper.test"
ANSWERS = {SITE: [OUTSIDE], PRIVATE: [INSIDE], REBINDING: [OUTSIDE, OUTSIDE, INSIDE]}
REBOUND = 6
"""Pages of a host whose name means the server outside for two connections, then the one inside."""


PAGES: dict[str, bytes] = {}
"""Pages in the place of those that stand there, of both servers."""


class Servers(NamedTuple):
    port: int
    outside: list[str]
    inside: list[str]


class _Handler(BaseHTTPRequestHandler):
    """The same site outside and inside, so that whatever is asked for inside would be found there."""

    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(f"{self.headers['Host']}{self.path}")
        port = int(self.connection.getsockname()[1])
        private, literal = f"http://{PRIVATE}:{port}", f"http://{INSIDE}:{port}"
        goals = {"/2031/05/02/a-redirect-to-a-name": private, "/2031/05/02/a-redirect-to-an-address": literal}
        status, kind, content = answer(self.path, port, private, literal)
        self.send_response(302 if self.path in goals else status)
        if self.path in goals:
            self.send_header("Location", goals[self.path] + path(9))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def answer(where: str, port: int, private: str, literal: str) -> tuple[int, str, bytes]:
    origin, rebinding = f"http://{SITE}:{port}", f"http://{REBINDING}:{port}"
    announced = [
        *(
            f"{origin}{path(1)}",
            f"{private}{path(2)}",
            f"{literal}{path(3)}",
            f"http://[::1]:{port}{path(4)}",
        ),
        *(f"{origin}/2031/05/02/a-redirect-to-a-name", f"{origin}/2031/05/02/a-redirect-to-an-address"),
        *(f"{rebinding}{path(10 + number)}" for number in range(REBOUND)),
    ]
    hosts = (private, literal, origin, rebinding)
    maps = "".join(f"<sitemap><loc>{host}/map.xml</loc></sitemap>" for host in hosts)
    texts = {
        "/": f"<html><link rel=alternate type=application/rss+xml href={private}/feed><p>Paper</p>"
        f"<link rel=alternate type=application/rss+xml href={origin}/feed>",
        "/robots.txt": f"Sitemap: {literal}/maps.xml\nSitemap: {private}/maps.xml\nSitemap: {origin}/maps.xml\n",
        "/maps.xml": f"<sitemapindex>{maps}</sitemapindex>",
        "/sitemap.xml": f"<sitemapindex>{maps}</sitemapindex>",
        "/map.xml": "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in announced) + "</urlset>",
        "/feed": f"<rss><channel><item><link>{private}{path(5)}</link></item>"
        f"<item><link>{literal}{path(6)}</link></item></channel></rss>",
    }
    if where in texts:
        kind = "text/plain" if where == "/robots.txt" else "text/html" if where == "/" else "application/xml"
        return 200, kind, texts[where].encode()
    if where in PAGES:
        return 200, "text/html; charset=utf-8", PAGES[where]
    number = int(where.rpartition("-")[2]) if where.rpartition("-")[2].isdigit() else 0
    content = article(number).content
    if number == 1:  # an article that seems to go on inside
        content = content.replace(
            b"</head>", f"<link rel=next href={private}{path(1)}?page=2></head>".encode()
        )
    return 200, "text/html; charset=utf-8", content


@pytest.fixture
def servers() -> Iterator[Servers]:
    outside: list[str] = []
    inside: list[str] = []
    with _serving((OUTSIDE, 0), outside) as port, _serving((INSIDE, port), inside):
        yield Servers(port, outside, inside)


@contextmanager
def _serving(address: tuple[str, int], hits: list[str]) -> Iterator[int]:
    with ThreadingHTTPServer(address, type("Handler", (_Handler,), {"hits": hits})) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.server_port
        server.shutdown()


def crawl(servers: Servers, store: Path, allowed: str, *, obey: bool = True) -> dict[str, int]:
    settings = {
        "DOWNLOAD_HANDLERS": own.DOWNLOAD_HANDLERS,
        "TWISTED_DNS_RESOLVER": "tests.crawl.resolver.ScriptedResolver",
        "ANSWERS": ANSWERS,
        "NEWS_ALLOWED_NETWORKS": [allowed],
        "ROBOTSTXT_OBEY": obey,
        "RETRY_TIMES": 0,
        "NEWS_LONGEST_WAIT": 1,
        "LOG_LEVEL": "ERROR",
    }
    started = start(1, store, f"http://{SITE}:{servers.port}/", settings)
    ended = started.receiver.recv()
    started.process.join()
    return dict(ended.counts)


@pytest.mark.parametrize("obey", [True, False])
def test_no_sitemap_feed_robots_line_redirect_or_resolver_leads_inside(
    servers: Servers, tmp_path: Path, *, obey: bool
) -> None:
    """Without robots.txt each page is looked up for itself; with it, what it names and where it lies."""
    counts = crawl(servers, tmp_path / "a.db", f"{OUTSIDE}/32", obey=obey)
    with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        stored = [each.article.url or "" for each in store.articles(ArticleQuery())]

    assert servers.inside == []
    assert f"http://{SITE}:{servers.port}{path(1)}" in stored
    assert not [url for url in stored if PRIVATE in url or INSIDE in url]
    assert counts["failed/dns"] >= 3
    assert counts["failed/private_address"] == 1  # the redirect to an address
    assert counts["source/failed/dns"] >= 2  # a sitemap and a feed
    assert f"{SITE}:{servers.port}/feed" in servers.outside
    assert counts["announced"] == counts["fetched"] + sum(
        number for name, number in counts.items() if name.startswith("failed/") and "continuation" not in name
    )


def test_the_same_crawl_would_be_seen_inside_if_it_were_allowed(servers: Servers, tmp_path: Path) -> None:
    crawl(servers, tmp_path / "a.db", "127.0.0.0/8")

    assert {hit.partition(":")[0] for hit in servers.inside} >= {PRIVATE, REBINDING}
    for where in (path(9), path(5), "/feed"):
        assert f"{PRIVATE}:{servers.port}{where}" in servers.inside
