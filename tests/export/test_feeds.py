from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree
from reader import make_reader

from scraper.export.feeds import Feed, FeedFormat, write_feed
from scraper.model import StoredArticle
from scraper.record import article_id
from tests.store.values import article, full_article, minutes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import Article

PAGE = "https://desk.example/articles?q=ferry"
BAIT = [
    "<script>alert(1)</script>",
    "]]>",
    "&amp;lt;",
    'a "quoted" <b>',
    "bell\x07 and \x0b",
    "\ud800 half",
    "\ufffe",
]


def stored(of: Article) -> StoredArticle:
    return StoredArticle(id=article_id(of), article=of, content_hash="1:ab", first_seen=minutes(0))


def feed(articles: Sequence[Article], following: str | None = None) -> Feed:
    return Feed(
        title="Ferries",
        address="https://desk.example/feeds/articles.atom?q=ferry",
        page=PAGE,
        articles=[stored(each) for each in articles],
        following=following,
    )


def items(of: Feed) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(write_feed(of, FeedFormat.JSON))["items"]
    return found


def test_a_reader_of_feeds_finds_every_field_that_an_article_has() -> None:
    parsed = feedparser.parse(write_feed(feed([full_article()]), FeedFormat.ATOM))
    assert not parsed.bozo
    (entry,) = parsed.entries
    assert (parsed.feed.title, parsed.feed.link) == ("Ferries", PAGE)
    assert entry.title == "Ferry 1 reaches the harbour"
    assert entry.link == "https://news.example/1?utm_source=feed"
    assert [each.name for each in entry.authors] == ["Ana Lima", "Bo Chen"]
    assert [each.term for each in entry.tags] == ["Coast", "ferry", "port"]
    assert (entry.published, entry.updated) == ("2026-02-02T08:00:00Z", "2026-03-01T12:01:00Z")
    assert entry.summary == "A summary — with “quotes”."
    assert 'The <a href="https://news.example/ferry">ferry</a> number 1' in entry.content[0].value


def test_an_article_keeps_its_name_when_its_text_and_title_change() -> None:
    first = article()
    later = replace(first, title="Ferry late", body="It came at noon.", fetched_at=minutes(90))
    atom = [
        feedparser.parse(write_feed(feed([each]), FeedFormat.ATOM)).entries[0].id for each in (first, later)
    ]
    names = {*atom, *(items(feed([each]))[0]["id"] for each in (first, later))}

    assert len(names) == 1
    assert atom[0].startswith("urn:uuid:")
    assert items(feed([article(2)]))[0]["id"] not in names


@pytest.mark.parametrize("bait", BAIT)
def test_whatever_a_page_says_the_feed_is_well_formed_and_its_text_is_text(bait: str) -> None:
    of = replace(full_article(), title=bait, body=bait, tags=(bait,), authors=(bait,), standfirst=bait)
    root = etree.fromstring(write_feed(feed([of]), FeedFormat.ATOM))
    content = root.findtext("{*}entry/{*}content") or ""
    assert "<script" not in content
    assert not root.xpath("//*[local-name()='script']")
    (item,) = items(feed([of]))
    assert "<script" not in str(item["content_html"])


def test_a_feed_without_entries_is_a_feed() -> None:
    parsed = feedparser.parse(write_feed(feed([]), FeedFormat.ATOM))
    assert (parsed.bozo, parsed.entries, parsed.feed.title) == (False, [], "Ferries")
    assert items(feed([])) == []


def test_what_is_older_stands_on_a_page_of_its_own_that_both_formats_name() -> None:
    of = feed([article()], following="https://desk.example/feeds/articles.atom?q=ferry&after=9")
    links = {link.rel: link.href for link in feedparser.parse(write_feed(of, FeedFormat.ATOM)).feed.links}
    assert links["next"] == of.following
    assert json.loads(write_feed(of, FeedFormat.JSON))["next_url"] == of.following


def test_an_article_without_title_author_and_date_has_what_readers_ask_for() -> None:
    bare = replace(article(), title=None, published=None, language=None)
    (entry,) = feedparser.parse(write_feed(feed([bare]), FeedFormat.ATOM)).entries
    assert (entry.title, entry.author) == (bare.url, "harbour")
    assert "published" not in entry
    assert "date_published" not in items(feed([bare]))[0]


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address at which a feed of two articles is served in a format."""
    form: FeedFormat = request.param

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = write_feed(feed([article(2), full_article()]), form)
            self.send_response(200)
            self.send_header("Content-Type", form.media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/feed"
        server.shutdown()


@pytest.mark.parametrize("served", list(FeedFormat), indirect=True)
def test_a_program_that_follows_feeds_takes_both_formats(served: str) -> None:
    with make_reader(":memory:") as reader:
        reader.add_feed(served)
        reader.update_feeds()
        assert reader.get_feed(served).title == "Ferries"
        told = {entry.title: entry for entry in reader.get_entries()}
    assert set(told) == {"Ferry 2 reaches the harbour", "Ferry 1 reaches the harbour"}
    one = told["Ferry 1 reaches the harbour"]
    assert one.link == "https://news.example/1?utm_source=feed"
    assert one.published is not None
    assert "Nobody was hurt." in one.content[0].value
