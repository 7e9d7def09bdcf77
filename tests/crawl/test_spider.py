from __future__ import annotations

import gzip
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from scraper import settings as own
from scraper.crawl.run import Progress
from scraper.crawl.spider import NewsSpider
from scraper.errors import ConfigError
from scraper.fixtures.cases import Reply
from scraper.model import Site
from scraper.store import ArticleQuery, open_store
from scraper.store.service.values import EXTRACTION
from tests.crawl.site import HOST, Ended, article, crawl, html, path, serving, site, sitemap, start, text, xml

if TYPE_CHECKING:
    from pathlib import Path


class Harbour(NewsSpider):
    site = Site(name="harbour", domains=("harbour.test",), home="http://harbour.test/")


def stored(store: Path) -> list[str]:
    with open_store(f"sqlite:///{store}") as opened:
        return sorted(each.article.url or "" for each in opened.articles(ArticleQuery()))


def of_pages(ended: Ended) -> dict[str, int]:
    """Return the counts that do not depend on the time a page took."""
    return {name: count for name, count in ended.counts.items() if not name.startswith(EXTRACTION)}


def test_a_spider_is_named_after_its_site() -> None:
    assert (Harbour.name, Harbour.allowed_domains) == ("harbour", ["harbour.test"])


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown argument depth"):
        Harbour(depth="3")


def test_only_a_site_that_needs_it_has_a_refinement() -> None:
    class Refining(Harbour):
        @classmethod
        def refine(cls, article, page):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN206
            return article

    assert Harbour().refinement is None
    assert Refining().refinement is not None


def test_a_site_is_crawled_once_and_then_known(tmp_path: Path) -> None:
    numbers = range(12)
    with serving(site(*numbers)) as server:
        first = crawl(server.port, tmp_path / "a.db")
        asked = len(server.exchanges)
        second = crawl(server.port, tmp_path / "a.db")
        again = [
            exchange for exchange in server.exchanges[asked:] if exchange.address.path.startswith("/2031")
        ]
        statuses = {exchange.address.path: exchange.status for exchange in server.exchanges[asked:]}

    assert of_pages(first) == {"announced": 12, "fetched": 12, "stored": 12, "source/read": 2}
    assert first.code == 0
    assert stored(tmp_path / "a.db") == sorted(f"http://{HOST}{path(number)}" for number in numbers)
    assert not again
    assert statuses["/sitemap.xml"] == 304
    assert of_pages(second) == {"announced": 12, "not_due": 12, "source/read": 1, "source/not_modified": 1}
    assert second.code == 0


def test_every_page_ends_as_an_article_or_a_counted_rejection_or_failure(tmp_path: Path) -> None:
    moved = html("", 301, Location=f"http://{HOST}{path(3)}")
    away = html("", 301, Location="http://elsewhere.example/x")
    listed = "".join(
        f"<url><loc>http://{HOST}{where}</loc></url>"
        for where in ("/2031/05/02/an-old-address-of-it", "/2031/05/02/to-another-host", "/2031/05/02/not-there-any-more",
                      "/private/2031/05/02/what-robots-txt-forbids", "/2031/05/02/nothing-to-be-read")
    )  # fmt: skip
    replies = site(
        1,
        2,
        **{
            "/sitemap.xml": sitemap(1, 2, more=listed),
            path(3): article(3),
            "/2031/05/02/an-old-address-of-it": moved,
            "/2031/05/02/to-another-host": away,
            "/2031/05/02/nothing-to-be-read": html("<html><body></body></html>"),
        },
    )
    with serving(replies) as server:
        ended = crawl(server.port, tmp_path / "a.db")
        hosts = {exchange.address.host for exchange in server.exchanges}

    counts = ended.counts
    rejected = sum(number for name, number in counts.items() if name.startswith("rejected/"))
    assert hosts == {HOST}
    assert counts["announced"] == 7
    assert counts["fetched"] == 4 == counts["stored"] + rejected
    assert (counts["failed/404"], counts["failed/offsite"], counts["failed/robots"]) == (1, 1, 1)
    assert ended.code == 0


def test_an_article_over_several_pages_is_stored_as_one(tmp_path: Path) -> None:
    links = [f"<a href='{path(30)}?page={number}'>{number}</a>" for number in (1, 2, 3)]

    def part(number: int) -> Reply:
        return html(article(number).content.decode().replace("</article>", "</article>" + "".join(links)))

    replies = site(30, **{path(30): part(30), f"{path(30)}?page=2": part(2), f"{path(30)}?page=3": part(3)})
    with serving(replies) as server:
        ended = crawl(server.port, tmp_path / "a.db")

    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as opened:
        (only,) = opened.articles(ArticleQuery())
    assert of_pages(ended) == {"announced": 1, "fetched": 1, "stored": 1, "continued": 2, "source/read": 2}
    assert all(f"of quarter {number}" in only.article.body for number in (30, 2, 3))


def test_feeds_and_nested_packed_sitemaps_are_read_and_loops_end(tmp_path: Path) -> None:
    index = f"<sitemapindex><sitemap><loc>http://{HOST}/deep.xml.gz</loc></sitemap><sitemap><loc>http://{HOST}/index.xml</loc></sitemap></sitemapindex>"
    packed = Reply(
        status=200, headers={"Content-Type": "application/gzip"}, content=gzip.compress(sitemap(2, 3).content)
    )
    feed = f"<rss><channel><item><link>http://{HOST}{path(1)}</link></item><item><link>http://{HOST}/odd</link></item></channel></rss>"
    replies = site(
        1,
        2,
        3,
        **{
            "/": html(
                "<head><link rel='alternate' type='application/rss+xml' href='/feed'></head><body><a href='/feed'>RSS</a></body>"
            ),
            "/robots.txt": text(f"Sitemap: http://{HOST}/index.xml"),
            "/index.xml": xml(index),
            "/deep.xml.gz": packed,
            "/feed": xml(feed),
            "/odd": article(9),
        },
    )
    with serving(replies) as server:
        ended = crawl(server.port, tmp_path / "a.db")

    assert of_pages(ended) == {"announced": 4, "fetched": 4, "stored": 4, "source/read": 4}


def test_the_limit_and_the_span_hold(tmp_path: Path) -> None:
    news = "".join(
        f"<url><loc>http://{HOST}{path(number)}</loc><lastmod>2021-05-{number:02}</lastmod></url>"
        for number in range(1, 9)
    )
    replies = site(*range(1, 9), **{"/sitemap.xml": xml(f"<urlset>{news}</urlset>")})
    with serving(replies) as server:
        ended = crawl(server.port, tmp_path / "a.db", since="2021-05-02", limit="3")
        fetched = {
            exchange.address.path
            for exchange in server.exchanges
            if exchange.address.path.startswith("/2031")
        }

    assert fetched == {path(8), path(7), path(6)}
    assert ended.counts["out_of_range"] == 1
    assert ended.counts["stored"] == 3


def test_named_addresses_are_fetched_without_discovery(tmp_path: Path) -> None:
    with serving(site(1, 2)) as server:
        ended = crawl(server.port, tmp_path / "a.db", urls=f"http://{HOST}{path(2)}")
        asked = [exchange.address.path for exchange in server.exchanges]

    assert asked == ["/robots.txt", path(2)]
    assert of_pages(ended) == {"announced": 1, "fetched": 1, "stored": 1}


def test_a_failed_source_is_told_by_the_exit_code(tmp_path: Path) -> None:
    broken = html("down", 500)
    with serving(
        site(1, **{"/sitemap.xml": broken, "/": html(f"<a href='{path(1)}'>The bridge</a>")})
    ) as server:
        some = crawl(server.port, tmp_path / "a.db", settings={"RETRY_TIMES": 0})
        none = crawl(server.port, tmp_path / "b.db", "http://nowhere.test/", settings={"RETRY_TIMES": 0})

    assert (some.code, some.counts["source/failed/5xx"], some.counts["stored"]) == (3, 1, 1)
    assert none.code == 1


def test_a_robots_txt_that_cannot_be_had_forbids_everything(tmp_path: Path) -> None:
    with serving(site(1, **{"/robots.txt": html("down", 503)})) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings={"RETRY_TIMES": 0})
        asked = {exchange.address.path for exchange in server.exchanges}

    assert asked == {"/robots.txt"}
    assert of_pages(ended) == {"source/failed/robots_5xx": 2}
    assert ended.code == 1


def test_a_wrong_target_is_named_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no spider is called paper"):
        crawl(1, tmp_path / "a.db", "paper")


def test_a_crawl_beyond_this_machine_needs_a_contact(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is beyond this machine: set contact"):
        crawl(0, tmp_path / "a.db", "https://a.example.com/", {"DOWNLOAD_HANDLERS": own.DOWNLOAD_HANDLERS})


def test_an_interrupt_lets_open_pages_finish_and_commits_them(tmp_path: Path) -> None:
    numbers = range(40)
    with serving(site(*numbers)) as server:
        started = start(server.port, tmp_path / "a.db")
        while len(server.exchanges) < 10 and started.process.is_alive():
            time.sleep(0.002)
        assert started.process.pid is not None
        os.kill(started.process.pid, signal.SIGINT)
        ended = started.receiver.recv()
        started.process.join()

    assert isinstance(ended, Progress)
    assert ended.reason == "shutdown"
    assert 0 < ended.counts["fetched"] < len(numbers)
    assert len(stored(tmp_path / "a.db")) == ended.counts["stored"] == ended.counts["fetched"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_stored_article_that_its_site_removed_is_kept_as_gone(tmp_path: Path, status: int) -> None:
    store, settings = tmp_path / "news.db", {"NEWS_REFETCH_HOURS": [1e-6]}
    with serving(site(1, 2)) as server:
        crawl(server.port, store, settings=settings)
    with serving(site(1, 2, **{path(1): html("no such page", status)})) as server:
        crawl(server.port, store, settings=settings)
    with open_store(f"sqlite:///{store}") as opened:
        gone = {each.article.url: each.gone for each in opened.articles(ArticleQuery())}
    with serving(site(1, 2)) as server:
        crawl(server.port, store, settings=settings)
    with open_store(f"sqlite:///{store}") as opened:
        back = [each.gone for each in opened.articles(ArticleQuery())]

    assert gone[f"http://{HOST}{path(2)}"] is None
    assert gone[f"http://{HOST}{path(1)}"] is not None
    assert back == [None, None]
