"""Faults of what announces articles: what can be read of it is read, the rest is counted, and nothing waits."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from scraper.store import ArticleQuery, open_store
from scraper.urls import canonical_url
from tests.crawl.fault_server import DOMAIN, FaultServer, allow_all, head, label, packed, whole
from tests.crawl.once import made_once
from tests.crawl.site import article, crawl, path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crawl.fault_server import Asked, Serve

pytestmark = pytest.mark.system

TIMEOUT = 15
"""Seconds: the listing that hangs waits this long; no other one does, even on a busy machine."""
XML = "application/xml"
MOST = 2_000_000
"""Bytes of a listing, lowered."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a host serves, below /listing, and what is to become of that."""

    serve: Serve
    result: str
    """Of the source, or a part of it."""
    articles: int
    is_feed: bool


LISTINGS: dict[str, Listing] = {}


def listing(
    result: str, articles: int = 0, *, name: str = "", feed: bool = False
) -> Callable[[Serve], Serve]:
    def add(serve: Serve) -> Serve:
        host = name or serve.__name__.replace("_", "-")  # type: ignore[attr-defined]
        LISTINGS[host] = Listing(serve=serve, result=result, articles=articles, is_feed=feed)
        return serve

    return add


def host(asked: Asked) -> str:
    return f"http://{asked.host}"


def urls(asked: Asked, *numbers: int) -> bytes:
    return "".join(f"<url><loc>{host(asked)}{path(number)}</loc></url>" for number in numbers).encode()


def sitemap(asked: Asked, *numbers: int) -> bytes:
    return b"<urlset>" + urls(asked, *numbers) + b"</urlset>"


def index(asked: Asked, *names: str) -> bytes:
    maps = "".join(f"<sitemap><loc>{host(asked)}{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{maps}</sitemapindex>".encode()


def items(asked: Asked, *numbers: int) -> bytes:
    return "".join(f"<item><link>{host(asked)}{path(number)}</link></item>" for number in numbers).encode()


def feed_of(asked: Asked, *numbers: int) -> bytes:
    return b"<rss><channel>" + items(asked, *numbers) + b"</channel></rss>"


# sitemaps


@listing("read", 1)
def loop(asked: Asked) -> None:
    names = {"/listing": ("/listing", "/b"), "/b": ("/listing", "/b", "/c"), "/c": ()}
    found = names[asked.path]
    whole(asked, index(asked, *found) if found else sitemap(asked, 1), kind=XML)


@listing("read", 1)
def endless_depth(asked: Asked) -> None:
    """Three levels are followed."""
    found = sitemap(asked, 1) if asked.path == "/listingxxx" else index(asked, f"{asked.path}x")
    whole(asked, found, kind=XML)


@listing("read", 1)
def packed_bomb(asked: Asked) -> None:
    """What stands before the limit is read."""
    content = b"<urlset>" + urls(asked, 1) + b" " * 2 * MOST + urls(asked, 2) + b"</urlset>"
    whole(asked, packed("gzip", content), kind="application/gzip")


@listing("too_large")
def coded_bomb(asked: Asked) -> None:
    content = packed("gzip", bytes(MOST + 1))
    whole(asked, content, "200 OK", "Content-Encoding: gzip", kind=XML)


@listing("read", 2)
def cut_gzip(asked: Asked) -> None:
    """What came before the cut is read."""
    content = b"<urlset>" + urls(asked, 1, 2)
    whole(asked, gzip.compress(content + b"<!--" + bytes(range(256)) * 40)[:-200], kind="application/gzip")


@listing("cut")
def cut_coding(asked: Asked) -> None:
    content = packed("gzip", sitemap(asked, 1))
    whole(asked, content[:-20], "200 OK", "Content-Encoding: gzip", kind=XML)


@listing("read", 1)
def utf_16(asked: Asked) -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?>' + sitemap(asked, 1).decode()
    whole(asked, content.encode("utf-16"), kind=XML)


@listing("read", 1)
def utf_16_packed_without_a_mark(asked: Asked) -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?>' + sitemap(asked, 1).decode()
    whole(asked, gzip.compress(content.encode("utf-16-be")), kind="application/gzip")


@listing("too_large")
def endless(asked: Asked) -> None:
    asked.send(head(kind=XML), b"<urlset>", urls(asked, 1))
    for _ in range(1_000):
        asked.send(b"<url><changefreq>daily</changefreq></url>" * 2_000)


@listing("timeout")
def hanging(asked: Asked) -> None:
    asked.wait(TIMEOUT + 1)


@listing("is neither")
def picture(asked: Asked) -> None:
    whole(asked, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, kind=XML)


@listing("read", 1)
def addresses_of_every_kind(asked: Asked) -> None:
    strange = [
        *(
            "javascript:alert(1)",
            "file:///etc/passwd",
            "",
            " ",
            "http://[::1",
            "//",
            "http://",
            "a" * 100_000,
        ),
        *(f"{host(asked)}/2031/05/02/{'long-' * 500}", "http://127.0.0.1/2031/05/02/inside-the-network-1"),
    ]
    found = "".join(f"<url><loc>{url}</loc></url>" for url in strange).encode()
    whole(asked, b"<urlset>" + found + urls(asked, 1) + b"</urlset>", kind=XML)


@listing("read", 1)
def entities(asked: Asked) -> None:
    """What came before they are used is read."""
    bomb = "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abc", "bcd", strict=True))
    doctype = f'<!DOCTYPE urlset [<!ENTITY a "x">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'.encode()
    more = b"<url><loc>&d;</loc></url><url><loc>&f;</loc></url>"
    whole(asked, doctype + b"<urlset>" + urls(asked, 1) + more + b"</urlset>", kind=XML)


@listing("read", 1)
def costly(asked: Asked) -> None:
    """It is read in a worker."""
    content = b"<url>" + b"<loc>/x</loc>" * 100_000 + b"</url>"
    whole(asked, b"<urlset>" + urls(asked, 1) + content + b"</urlset>", kind=XML)


@listing("read", 2, name="xn--bcher-kva")
def idn(asked: Asked) -> None:
    """The host is named in Unicode, and once in ASCII; both are one."""
    spelled = f"http://bücher.{DOMAIN}{path(2)}"
    content = f"<urlset><url><loc>{spelled}</loc></url>".encode() + urls(asked, 1, 2) + b"</urlset>"
    whole(asked, content, kind=XML)


# feeds


@listing("read", 1, feed=True)
def feed_as_a_picture(asked: Asked) -> None:
    whole(asked, feed_of(asked, 1), kind="image/png")


@listing("read", 1, feed=True)
def feed_in_utf_16(asked: Asked) -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?>' + feed_of(asked, 1).decode()
    whole(asked, content.encode("utf-16"), kind="application/rss+xml")


@listing("no JSON Feed", feed=True)
def feed_that_is_json(asked: Asked) -> None:
    whole(asked, b'{"posts": []}', kind="application/rss+xml")


@listing("too_large", feed=True)
def endless_feed(asked: Asked) -> None:
    asked.send(head(kind="application/rss+xml"), b"<rss><channel>", items(asked, 1))
    for _ in range(1_000):
        asked.send(b"<item><title>and so on</title></item>" * 2_000)


@listing("read", 1, feed=True)
def cut_feed(asked: Asked) -> None:
    whole(asked, feed_of(asked, 1, 2)[:-70], kind="application/rss+xml")


@listing("redirects", feed=True)
def feed_that_is_its_own_redirect(asked: Asked) -> None:
    whole(asked, b"", "302 Found", f"Location: {asked.path}")


NAMES = list(LISTINGS)
SETTINGS = {"DOWNLOAD_TIMEOUT": TIMEOUT, "RETRY_TIMES": 1, "NEWS_BACKOFF": 0.05, "LOG_LEVEL": "ERROR"}
LOWERED = {
    f"{module}:MAX_LISTING_BYTES": MOST
    for module in ("scraper.crawl.download.side_requests", "scraper.crawl.pages.pipelines")
}


def serve(asked: Asked) -> None:
    """Answer for a site whose robots.txt and home page name the listings of all its hosts."""
    if asked.host == DOMAIN:
        named = {name: f"http://{name.encode().decode('idna')}.{DOMAIN}/listing" for name in NAMES}
        if asked.path == "/robots.txt":
            lines = [f"Sitemap: {url}" for name, url in named.items() if not LISTINGS[name].is_feed]
            whole(asked, "\n".join(lines).encode(), kind="text/plain")
        else:
            links = [
                f"<link rel='alternate' type='application/rss+xml' href='{url}'>"
                for name, url in named.items()
                if LISTINGS[name].is_feed
            ]
            whole(asked, f"<html><head>{''.join(links)}</head></html>".encode())
    elif asked.path == "/robots.txt":
        allow_all(asked)
    elif asked.path.startswith("/2031/"):
        number = int(asked.path.rpartition("-")[2])
        whole(asked, article(10 * NAMES.index(label(asked)) + number).content)
    else:
        LISTINGS[label(asked)].serve(asked)


def crawl_all(folder: Path) -> dict[str, Any]:
    with FaultServer(serve) as server:
        ended = crawl(server.port, folder / "a.db", f"http://{DOMAIN}/", {**SETTINGS, "CONSTANTS": LOWERED})
        asked = {f"http://{host}{where}": times for (host, where), times in server.asked.items()}
    with open_store(f"sqlite:///{folder}/a.db") as store:
        results = {canonical_url(source.url): source.result for source in store.sources()}
        stored = [each.article.url or "" for each in store.articles(ArticleQuery())]
    return {"counts": ended.counts, "asked": asked, "results": results, "stored": stored}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Takes 35 s: one crawl of a site for each fault."""
    found: dict[str, Any] = made_once(tmp_path_factory, "listings", crawl_all)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_listing_has_its_result_and_what_it_announces_is_stored(crawled: dict[str, Any], name: str) -> None:
    stored = [url for url in crawled["stored"] if url.startswith(f"http://{name}.{DOMAIN}/")]
    assert LISTINGS[name].result in crawled["results"][f"https://{name}.{DOMAIN}/listing"]
    assert len(stored) == LISTINGS[name].articles


def test_no_listing_is_read_twice_and_no_index_deeper_than_three(crawled: dict[str, Any]) -> None:
    read = {
        url: len(times)
        for url, times in crawled["asked"].items()
        if "/loop." in url or "/endless-depth." in url
    }
    assert set(read.values()) == {1}
    assert f"http://endless-depth.{DOMAIN}/listingxxx" in read
    assert f"http://endless-depth.{DOMAIN}/listingxxxx" not in read


def test_a_listing_that_hangs_holds_up_no_other(crawled: dict[str, Any]) -> None:
    first = min(min(times) for times in crawled["asked"].values())
    hangs, *_ = crawled["asked"][f"http://hanging.{DOMAIN}/listing"]
    late = max(times[0] for url, times in crawled["asked"].items() if url.endswith("/listing"))
    assert hangs - first < late - first
    assert crawled["counts"]["source/failed/timeout"] == 1


def test_every_page_has_exactly_one_end(crawled: dict[str, Any]) -> None:
    counts = crawled["counts"]
    assert counts["announced"] == counts["fetched"] == counts["stored"]
