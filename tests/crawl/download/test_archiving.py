from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.archive.capture import Role, to_page
from scraper.archive.place import Place
from scraper.archive.reader import Tally, capture_at, read_captures
from scraper.archive.verify import Fault, verify_file
from scraper.model import ArticleId
from scraper.store import ArticleQuery, Outcome, open_store
from scraper.urls import canonical_url
from tests.crawl.site import HOST, article, crawl, html, path, serving, site, sitemap, start

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.capture import Capture

pytestmark = pytest.mark.system


def captures(folder: Path) -> list[Capture]:
    place = Place(str(folder))
    found = []
    for name in place.names():
        with place.open(name) as stream:
            found += [each.capture for each in read_captures(stream, Tally())]
    return found


def test_every_fetched_page_is_archived_as_it_was_sent_and_the_store_says_where(tmp_path: Path) -> None:
    moved = {"/2031/05/02/an-old-address-of-it": html("", 301, Location=f"http://{HOST}{path(3)}")}
    old = f"<url><loc>http://{HOST}/2031/05/02/an-old-address-of-it</loc></url>"
    folder, store = tmp_path / "archive", tmp_path / "news.db"
    with serving(site(1, 2, 3, **moved, **{"/sitemap.xml": sitemap(1, 2, more=old)})) as server:
        crawl(server.port, store, settings={"NEWS_ARCHIVE": str(folder)})
    archived = captures(folder)
    with open_store(f"sqlite:///{store}") as opened:
        fetches = list(opened.archived())
        articles = {each.article.url: each.article for each in opened.articles(ArticleQuery())}

    assert sorted(each.status for each in archived) == [200, 200, 200, 301]
    assert {each.role for each in archived} == {Role.PAGE}
    assert all(each.header("Content-Encoding") == "gzip" for each in archived if each.status == 200)
    assert dict(archived[0].request_headers)["Host"] == HOST
    assert len(fetches) == len(articles) == 3
    for fetch in fetches:
        page = to_page(capture_at(Place(str(folder)), fetch.archived[0]))
        article = articles[page.url]
        assert page.raw_sha256 == fetch.raw_sha256 == article.raw_sha256
        assert page.fetched_at == fetch.fetched_at == article.fetched_at


def test_listings_are_archived_when_asked_for(tmp_path: Path) -> None:
    settings = {"NEWS_ARCHIVE": str(tmp_path / "archive"), "NEWS_ARCHIVE_LISTINGS": True}
    with serving(site(1)) as server:
        crawl(server.port, tmp_path / "news.db", settings=settings)
    found = {each.url.removeprefix(f"http://{HOST}"): each.role for each in captures(tmp_path / "archive")}

    assert found == {
        "/robots.txt": Role.LISTING,
        "/sitemap.xml": Role.LISTING,
        "/": Role.LISTING,
        path(1): Role.PAGE,
    }


def test_a_page_that_did_not_change_becomes_a_revisit_of_the_first(tmp_path: Path) -> None:
    settings = {"NEWS_ARCHIVE": str(tmp_path / "archive"), "NEWS_REFETCH_HOURS": [1e-6]}
    url = f"http://{HOST}{path(1)}"
    with serving(site(1)) as server:
        for _ in range(2):
            crawl(server.port, tmp_path / "news.db", settings=settings, urls=url)
    with open_store(f"sqlite:///{tmp_path / 'news.db'}") as store:
        first, second = store.fetches(canonical_url(url))

    assert (first.outcome, second.outcome) == (Outcome.STORED, Outcome.UNCHANGED)
    assert first.archived == second.archived
    assert len(captures(tmp_path / "archive")) == 1


def test_a_kill_leaves_an_archive_that_is_whole_but_for_a_torn_end(tmp_path: Path) -> None:
    folder, store = tmp_path / "archive", tmp_path / "news.db"
    settings = {"NEWS_ARCHIVE": str(folder)}
    with serving(site(*range(30))) as server:
        process = start(server.port, store, settings=settings).process
        while process.is_alive() and len(server.exchanges) < 20:
            time.sleep(0.002)
        process.kill()
        process.join()
        with open_store(f"sqlite:///{store}") as opened:
            known = [fetch.archived[0] for fetch in opened.archived()]
        place = Place(str(folder))
        assert all(capture_at(place, pointer) for pointer in known)
        crawl(server.port, store, settings=settings)
    faults = [
        found for name in place.names() for found in verify_file(place, name) if isinstance(found, Fault)
    ]
    with open_store(f"sqlite:///{store}") as opened:
        ids = {ArticleId(each.id) for each in opened.articles(ArticleQuery())}
        pointers = [fetch.archived[0] for fetch in opened.archived()]

    assert all(fault.torn for fault in faults)
    assert len(faults) <= 1
    assert len(ids) == len(pointers) == 30
    assert all(capture_at(place, pointer) for pointer in pointers)


@pytest.mark.parametrize("where", ["header", "meta"])
def test_a_page_that_says_noarchive_is_stored_and_not_archived(tmp_path: Path, where: str) -> None:
    page = article(1)
    if where == "header":
        page = replace(
            page, headers={**page.headers, "X-Robots-Tag": "otherbot: noai", "x-robots-tag": "noarchive"}
        )
    else:
        meta = b"<head><meta name='robots' content='noarchive'>"
        page = replace(page, content=page.content.replace(b"<head>", meta))
    folder, store = tmp_path / "archive", tmp_path / "news.db"
    with serving(site(1, 2, **{path(1): page})) as server:
        ended = crawl(server.port, store, settings={"NEWS_ARCHIVE": str(folder)})
    with open_store(f"sqlite:///{store}") as opened:
        stored = {each.article.url: each.article for each in opened.articles(ArticleQuery())}

    assert [each.url for each in captures(folder)] == [f"http://{HOST}{path(2)}"]
    assert "noarchive" in stored[f"http://{HOST}{path(1)}"].restrictions
    assert len(stored) == 2
    assert ended.counts["not_archived"] == 1


def test_what_a_setting_names_is_rejected_and_not_archived(tmp_path: Path) -> None:
    page = replace(article(1), headers={**article(1).headers, "TDM-Reservation": "1"})
    settings = {"NEWS_ARCHIVE": str(tmp_path / "archive"), "NEWS_NO_ARTICLE_OF": ["tdm-reservation"]}
    with serving(site(1, 2, **{path(1): page})) as server:
        ended = crawl(server.port, tmp_path / "news.db", settings=settings)
    assert (ended.counts["rejected/restricted"], ended.counts["stored"]) == (1, 1)
    assert [each.url for each in captures(tmp_path / "archive")] == [f"http://{HOST}{path(2)}"]
