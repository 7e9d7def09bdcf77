"""Sites as people met them: what each publishes is found, however it says so, and what is not is told.

Each situation is an invented site of a host of its own; all are crawled one after the other in one process.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from scraper.fixtures.cases import Reply, ReplyAddress
from scraper.store import ArticleQuery, open_store
from tests.crawl.once import made_once
from tests.crawl.site import article, crawl_all, html, path, serving, text, xml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.system

NO_ARTICLES = html("<html><body><p>Good morning</p></body></html>")


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a host serves by path, and what is to be stored."""

    serves: Mapping[str, Reply]
    stored: tuple[str, ...] = ()
    code: int = 0
    host: str = ""
    """Where it is not named after the situation."""
    target: str = "/"
    elsewhere: Mapping[ReplyAddress, Reply] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    """Paths that nobody may ask for."""


def named(*lines: str) -> Reply:
    return text("\n".join(("User-agent: *", "Disallow: /private/", *lines)))


def head(content: str, body: str = "") -> Reply:
    return html(f"<html><head>{content}</head><body>{body or 'Good morning'}</body></html>")


def link(number: int) -> str:
    return f"<a href='{path(number)}'>The {number} boats that sailed on a Monday</a>"


def rss(*numbers: int, host: str = "") -> Reply:
    items = "".join(
        f"<item><title>Boat {each}</title><link>{host}{path(each)}</link></item>" for each in numbers
    )
    return xml(f"<rss version='2.0'><channel><title>B</title>{items}</channel></rss>")


def urls(*numbers: int, host: str = "") -> Reply:
    return xml(
        "<urlset>" + "".join(f"<url><loc>{host}{path(each)}</loc></url>" for each in numbers) + "</urlset>"
    )


def index(*addresses: str, more: str = "") -> Reply:
    maps = "".join(f"<sitemap><loc>{address}</loc>{more}</sitemap>" for address in addresses)
    return xml(f"<sitemapindex>{maps}</sitemapindex>")


def pages(*numbers: int) -> dict[str, Reply]:
    return {path(number): article(number) for number in numbers}


def alternate(kind: str, address: str = "/list") -> str:
    return f"<link rel='alternate' type='{kind}' href='{address}'>"


def moved(address: str, status: int = 302) -> Reply:
    return html("", status, Location=address)


def declaring(number: int, element: str) -> Reply:
    return html(article(number).content.decode().replace("<head>", f"<head>{element}"))


JSON_FEED = Reply(
    status=200,
    headers={"Content-Type": "application/feed+json"},
    content=json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"url": path(1)}]}).encode(),
)
SITUATIONS: dict[str, Situation] = {
    **{
        f"feed-of-type-{at}": Situation(
            serves={"/": head(alternate(kind)), "/list": rss(at), **pages(at)}, stored=(path(at),)
        )
        for at, kind in enumerate(("application/rss+xml", "text/xml", "application/atom+xml; charset=utf-8", "APPLICATION/XML"), 10)
    },
    **{
        f"feed-of-head-{at}": Situation(serves={"/": head(element), "/list": rss(at), **pages(at)}, stored=(path(at),))
        for at, element in enumerate(
            (
                alternate("application/x-rss+xml"),
                "<link rel='alternate' title='RSS' href='/list'>",
                "<link rel='feed' href='/list'>",
                f"<link rel='alternate' type='text/xml' href='feed://feed-of-head-{113}.test/list'>",
            ),
            110,
        )
    },
    "page-of-feeds": Situation(
        serves={
            "/": head("", "<a href='/rss'>RSS feeds</a>"),
            "/rss": head("", "<a href='/boats.xml'>Boats</a><a href='/about.html'>About</a>"),
            "/boats.xml": rss(114),
            **pages(114),
        },
        stored=(path(114),),
        never=("/about.html",),
    ),
    "json-feed": Situation(
        serves={"/": head(alternate("application/feed+json")), "/list": JSON_FEED, **pages(1)}, stored=(path(1),)
    ),
    "feed-in-link-header": Situation(
        serves={
            "/": html("<p>x</p>", Link='</list>; rel="alternate"; type="application/rss+xml"'),
            "/list": rss(2),
            **pages(2),
        },
        stored=(path(2),),
    ),
    "feed-linked-by-text": Situation(
        serves={"/": head("", "<a href='/all-news'>RSS</a>"), "/all-news": rss(3), **pages(3)}, stored=(path(3),)
    ),
    "feed-linked-by-path": Situation(
        serves={"/": head("", "<a href='/rss.xml'>Abonnieren</a>"), "/rss.xml": rss(4), **pages(4)}, stored=(path(4),)
    ),
    "feed-on-another-host": Situation(
        serves={"/": head(alternate("application/rss+xml", "http://feeds.other.test/boats")), **pages(5)},
        elsewhere={ReplyAddress("feeds.other.test", "/boats"): rss(5, host="http://feed-on-another-host.test")},
        stored=(path(5),),
    ),
    "feed-that-redirects-away": Situation(
        serves={"/": head(alternate("application/rss+xml")), "/list": moved("http://burner.other.test/x"), **pages(6)},
        elsewhere={ReplyAddress("burner.other.test", "/x"): rss(6, host="http://feed-that-redirects-away.test")},
        stored=(path(6),),
    ),
    "page-where-a-feed-was": Situation(
        serves={
            "/": head(alternate("application/rss+xml")),
            "/list": head("", "<a href='/about'>About</a><a href='/sport'>Sport</a>" + link(7)),
            **pages(7),
        },
        stored=(path(7),),
        never=("/about",),
    ),
    "slug-like-a-file": Situation(
        serves={
            "/": head(alternate("application/rss+xml")),
            "/list": xml("<rss><channel><item><link>/what-is-new-in-boat.js</link></item></channel></rss>"),
            "/what-is-new-in-boat.js": article(8),
        },
        stored=("/what-is-new-in-boat.js",),
    ),
    "archive-in-a-path": Situation(
        serves={"/": head("", "<a href='/archive/2031/05/02/the-boats-sail-on-a-monday'>x</a>"), "/archive/2031/05/02/the-boats-sail-on-a-monday": article(9)},
        stored=("/archive/2031/05/02/the-boats-sail-on-a-monday",),
    ),
    "relative-sitemap": Situation(
        serves={"/": NO_ARTICLES, "/robots.txt": named("Sitemap: /maps/a.xml"), "/maps/a.xml": urls(20), **pages(20)},
        stored=(path(20),),
    ),
    **{
        f"sitemaps-{at}": Situation(
            serves={"/": NO_ARTICLES, "/robots.txt": named(line), "/m.xml": urls(at), "/n.xml": urls(at + 10), **pages(at, at + 10)},
            stored=tuple(path(each) for each, name in ((at, "/m.xml"), (at + 10, "/n.xml")) if name in line),
        )
        for at, line in enumerate(
            ("sitemap: /m.xml /n.xml # both", "Sitemap: <http://sitemaps-121.test/m.xml>", "SITEMAP:sitemaps-122.test/m.xml", "Sitemap: ./m.xml"),
            120,
        )
    },
    "own-index-of-sitemaps-elsewhere": Situation(
        serves={"/": NO_ARTICLES, "/robots.txt": named("Sitemap: /i.xml"), "/i.xml": index("http://shelf.other.test/1.xml"), **pages(140)},
        elsewhere={ReplyAddress("shelf.other.test", "/1.xml"): urls(140, host="http://own-index-of-sitemaps-elsewhere.test")},
        stored=(path(140),),
    ),
    "sitemap-on-another-host": Situation(
        serves={
            "/": NO_ARTICLES,
            "/robots.txt": named("Sitemap: http://bucket.other.test/i.xml"),
            **pages(21),
        },
        elsewhere={
            ReplyAddress("bucket.other.test", "/i.xml"): index("http://bucket.other.test/1.xml", "http://third.other.test/2.xml"),
            ReplyAddress("bucket.other.test", "/1.xml"): urls(21, host="http://sitemap-on-another-host.test"),
        },
        stored=(path(21),),
    ),
    **{
        f"usual-place-{at}": Situation(
            serves={"/": NO_ARTICLES, place: reply, "/m.xml": urls(at), **pages(at)}, stored=(path(at),)
        )
        for at, (place, reply) in enumerate(
            [
                ("/feed", rss(30)),
                ("/rss.xml", rss(31)),
                ("/sitemap_index.xml", index("/m.xml")),
                ("/sitemap-news.xml", urls(33)),
                ("/feeds/posts/default", rss(34)),
                ("/?feed=rss2", rss(35)),
                ("/wp-sitemap.xml", urls(36)),
            ],
            30,
        )
    },
    "a-page-at-every-place": Situation(
        serves={"/": NO_ARTICLES, **dict.fromkeys(("/feed", "/rss", "/rss.xml", "/atom.xml"), head("", "<a href='/world'>x</a>"))},
        code=1,
    ),
    "frames": Situation(
        serves={
            "/": html("<html><frameset cols='1,1'><frame src='/n.html'><frame src='/m.html'></frameset></html>"),
            "/m.html": head("", link(40)),
            **pages(40),
        },
        stored=(path(40),),
    ),
    "home-that-refreshes": Situation(
        serves={
            "/": head("<meta http-equiv='Refresh' content='0;URL=/en/'>"),
            "/en/": head("", link(41)),
            **pages(41),
        },
        stored=(path(41),),
    ),
    "home-in-a-window": Situation(
        serves={"/": html("<iframe src='/m.html'></iframe>"), "/m.html": head("", link(150)), **pages(150)},
        stored=(path(150),),
    ),
    "home-that-a-script-leaves": Situation(
        serves={"/": html("<script>window.location.href = '/en/';</script>"), "/en/": head("", link(151)), **pages(151)},
        stored=(path(151),),
    ),
    "links-with-backslashes-and-maps": Situation(
        serves={
            "/": head("", link(152).replace("/", "\\", 4).replace("<\\a>", "</a>") + f"<map><area href='{path(153)}' alt='The boats of a Monday morning'></map>"),
            **pages(152, 153),
        },
        stored=(path(152), path(153)),
    ),
    **{
        f"article-that-leads-on-{at}": Situation(
            serves={"/": head("", link(at)), path(at): stub, f"/en{path(at)}": article(at)}, stored=(f"/en{path(at)}",)
        )
        for at, stub in (
            (154, html("<p>Moved</p>", Refresh=f"0; url=/en{path(154)}")),
            (155, html(f"<html><script>location.replace('/en{path(155)}')</script><a href='/en{path(155)}'>on</a></html>")),
            (156, html(f"<HTML><META HTTP-EQUIV=REFRESH CONTENT='3;URL=/en{path(156)}'></HTML>")),
        )
    },
    "article-that-refreshes": Situation(
        serves={
            "/": head("", link(42)),
            path(42): head(f"<meta http-equiv='refresh' content=\"1; url='/en{path(42)}'\">"),
            f"/en{path(42)}": article(42),
        },
        stored=(f"/en{path(42)}",),
    ),
    "article-that-loads-itself-again": Situation(
        serves={
            "/": head("", link(43)),
            path(43): html(article(43).content.decode().replace("<head>", "<head><meta http-equiv='refresh' content='5'>")),
        },
        stored=(path(43),),
    ),
    "site-that-moved": Situation(serves={"/": moved("http://elsewhere.test/", 301)}, code=1, never=("/feed",)),
    "index-dated-early": Situation(
        serves={
            "/": NO_ARTICLES,
            "/robots.txt": named("Sitemap: /i.xml"),
            "/i.xml": index("/a.xml", more="<lastmod>2001-01-01</lastmod>"),
            "/a.xml": urls(44),
            **pages(44),
        },
        stored=(path(44),),
    ),
    "packed-sitemap": Situation(
        serves={
            "/": NO_ARTICLES,
            "/robots.txt": named("Sitemap: /a.xml.gz"),
            "/a.xml.gz": Reply(status=200, headers={"Content-Type": "application/x-gzip"}, content=gzip.compress(urls(45).content)),
            **pages(45),
        },
        stored=(path(45),),
    ),
    "unicode-host": Situation(
        serves={
            "/": NO_ARTICLES,
            "/robots.txt": named("Sitemap: http://gr\u00fc\u00dfe.test/a.xml"),
            "/a.xml": urls(46, host="http://gr\u00fc\u00dfe.test"),
            **pages(46),
        },
        host="xn--gre-6ka8l.test",
        target="http://gr\u00fc\u00dfe.test/",
        stored=(path(46),),
    ),
    **{
        f"one-address-for-all-{at}": Situation(
            serves={
                "/": head("", "".join(map(link, (at, at + 1, at + 2)))),
                **{path(each): declaring(each, declared) for each in (at, at + 1, at + 2)},
            },
            stored=(path(at), path(at + 1), path(at + 2)),
        )
        for at, declared in (
            (50, "<link rel='canonical' href='/news/'>"),
            (60, "<meta property='og:url' content='/en/index'>"),
            (90, f"<link rel='canonical' href='{path(91)}'>"),
            (100, f"<meta property='og:url' content='{path(102)}'><link rel='canonical' href=''>"),
        )
    },
    "one-address-without-its-number": Situation(
        serves={
            "/": head("", "".join(f"<a href='/story.php?id={at}'>The {at} boats that sailed on a Monday</a>" for at in (93, 94, 95))),
            **{f"/story.php?id={at}": declaring(at, "<link rel='canonical' href='/story.php'>") for at in (93, 94, 95)},
        },
        stored=("/story.php?id=93", "/story.php?id=94", "/story.php?id=95"),
    ),
    **{
        f"address-inside-{at}": Situation(
            serves={
                "/": head("", link(at)),
                path(at): declaring(at, f"<link rel='canonical' href='http://{host}{path(at)}'>"),
            },
            stored=(path(at),),
        )
        for at, host in enumerate(("localhost:8080", "10.1.2.3", "web-7", "cms.internal"), 70)
    },
    "address-in-a-link-header": Situation(
        serves={
            "/": head("", link(80) + f"<a href='/a{path(80)}'>The boats that sailed on a Monday</a>"),
            **{
                where: html(article(80).content.decode(), Link=f'<{path(80)}>; rel="canonical"')
                for where in (path(80), f"/a{path(80)}")
            },
        },
        stored=(path(80),),
    ),
    "nothing-at-all": Situation(serves={"/": NO_ARTICLES}, code=1),
    "listings-that-are-empty": Situation(
        serves={"/": NO_ARTICLES, "/robots.txt": named("Sitemap: /a.xml"), "/a.xml": urls()}, code=1
    ),
    "pages-that-are-no-articles": Situation(serves={"/": head("", link(47)), path(47): NO_ARTICLES}, code=1),
}  # fmt: skip


def host_of(name: str) -> str:
    return SITUATIONS[name].host or f"{name}.test"


def run(folder: Path) -> dict[str, Any]:
    replies: dict[ReplyAddress, Reply] = {}
    for name, situation in SITUATIONS.items():
        replies |= {ReplyAddress(host_of(name), where): reply for where, reply in situation.serves.items()}
        replies |= situation.elsewhere
    targets = [
        each.target if "://" in each.target else f"http://{name}.test/" for name, each in SITUATIONS.items()
    ]
    with serving(replies) as server:
        ended = crawl_all(server.port, folder / "a.db", targets, {"LOG_LEVEL": "CRITICAL"})
        asked = [f"{each.address.host}{each.address.path}" for each in server.exchanges]
    with open_store(f"sqlite:///{folder / 'a.db'}") as store:
        stored = [
            str(found.article.canonical_url).partition("://")[2] for found in store.articles(ArticleQuery())
        ]
    codes = dict(zip(SITUATIONS, (each.exit_code for each in ended), strict=True))
    return {"codes": codes, "asked": asked, "stored": stored}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Takes 55 s: each situation is a site of its own that is crawled."""
    found: dict[str, Any] = made_once(tmp_path_factory, "situations", run)
    return found


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_a_site_publishes_is_found_and_what_came_of_it_is_told(
    crawled: dict[str, Any], name: str
) -> None:
    situation, host = SITUATIONS[name], host_of(name)
    stored = [each.removeprefix(host) for each in crawled["stored"] if each.startswith(f"{host}/")]
    assert (sorted(stored), crawled["codes"][name]) == (sorted(situation.stored), situation.code)
    assert not [where for where in situation.never if f"{host}{where}" in crawled["asked"]]
