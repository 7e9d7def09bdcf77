"""What sites write for XML is read as they mean it, of sitemaps and of feeds alike; nothing of it raises."""

from __future__ import annotations

import gzip
import random
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.listings import mending
from scraper.crawl.listings.mending import mended
from scraper.crawl.listings.reading import read_listing
from scraper.errors import InputError
from scraper.model import Page, Site

if TYPE_CHECKING:
    from scraper.crawl.listings.announced import Announced

SITE = Site(name="quay", domains=("quay.test",))
RSS = '<rss version="2.0"{names}><channel><title>Quay</title>{items}</channel></rss>'
URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{names}>{items}</urlset>'


def item(number: int = 1, more: str = "", title: str = "A boat") -> str:
    return f"<item>{more}<title>{title}</title><link>http://quay.test/boat-{number}</link></item>"


def entry(number: int = 1, more: str = "") -> str:
    return f"<url>{more}<loc>http://quay.test/boat-{number}</loc></url>"


def feed(items: str, names: str = "") -> str:
    return RSS.format(items=items, names=names)


def urlset(items: str, names: str = "") -> str:
    return URLSET.format(items=items, names=names)


def read(content: str | bytes, kind: str | None = None) -> tuple[Announced, ...]:
    body = content if isinstance(content, bytes) else content.encode()
    return read_listing(Page(url="http://quay.test/list", content=body, content_type=kind), SITE).pages


def paths(content: str | bytes, kind: str | None = None) -> list[str]:
    return [page.url.removeprefix("http://quay.test") for page in read(content, kind)]


def title_of(content: str | bytes, kind: str | None = None) -> str | None:
    (page,) = read(content, kind)
    return page.hints.title if page.hints else None


BOTH = pytest.mark.parametrize("listing", [feed(item(1) + item(2)), urlset(entry(1) + entry(2))])


@BOTH
@pytest.mark.parametrize(
    "before",
    [
        "Warning: nothing to see\n",
        "<br />\n<b>Notice</b>: in <b>/srv/x.php</b> on line <b>4</b><br />\n<?xml version='1.0'?>",
        "<!-- made by <a href='http://cms.test'>a program</a> <rss> -->",
        "\n\n \ufeff<?xml version='1.0' encoding='utf-16'?>\n",
        "<?xml version='1.0' encoding='undefined'?><?xml-stylesheet href='a.xsl'?>",
        "<!DOCTYPE x [ <!ENTITY a 'b'> ]>",
        "<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'http://my.example/rss.dtd'>",
    ],
)
def test_what_stands_before_the_root_is_cut(listing: str, before: str) -> None:
    assert paths(before + listing) == ["/boat-1", "/boat-2"]


@BOTH
@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_bytes_tell_their_encoding(listing: str, charset: str) -> None:
    assert paths(listing.encode(charset)) == ["/boat-1", "/boat-2"]


@pytest.mark.parametrize(
    ("declared", "kind", "charset"),
    [
        ("<?xml version='1.0' encoding='windows-1252'?>", None, "cp1252"),
        ("", "text/xml; charset=windows-1252", "cp1252"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>", None, "utf-8"),
        ("<?xml version='1.0' encoding='utf-16'?>", None, "utf-8"),
    ],
)
def test_a_feed_is_decoded_as_pages_are(declared: str, kind: str | None, charset: str) -> None:
    content = (declared + feed(item(title="F\u00eate au caf\u00e9"))).encode(charset)
    assert title_of(content, kind) == "F\u00eate au caf\u00e9"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Salt & pepper", "Salt & pepper"),
        ("Caf&eacute; &ndash; open&nbsp;now", "Caf\u00e9 \u2013 open now"),
        ("<![CDATA[Salt & pepper]]>", "Salt & pepper"),
        ("AT&T &unknown; &amp; Co", "AT&T &unknown; & Co"),
        ("&#xD83D;&#xDEA2; sails", "\U0001f6a2 sails"),
        ("&#55357;&#56994; sails", "\U0001f6a2 sails"),
        ("Bell&#7; &#0;rings", "Bell rings"),
        ("&#xFFFFFFFF;Late", "Late"),
    ],
)
def test_references_are_read_as_meant(written: str, meant: str) -> None:
    assert title_of(feed(item(title=written))) == meant


def test_entities_of_the_own_dtd_are_known_and_cannot_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "_MOST_EXPANDED", 10_000)
    own = "<!DOCTYPE rss [<!ENTITY pub 'The &amp; Quay'><!ENTITY big '&pub;&pub;&pub;'>]>"
    assert title_of(own + feed(item(title="&pub;"))) == "The & Quay"
    large = "<!DOCTYPE rss [<!ENTITY a '" + "x" * 100 + "'>]>" + feed(item(title="&a;" * 500))
    assert len(mended(large.encode()).text) < 13_000


@pytest.mark.parametrize(
    "prefix", ["dc:creator", "itunes:summary", "media:thumbnail", "x-y:z", "image:image"]
)
def test_a_prefix_that_is_declared_nowhere_costs_nothing(prefix: str) -> None:
    more = f"<{prefix}>Ada Quill</{prefix}>"
    assert paths(feed(item(1, more) + item(2))) == ["/boat-1", "/boat-2"]
    assert paths(urlset(entry(1, more) + entry(2))) == ["/boat-1", "/boat-2"]


@pytest.mark.parametrize(
    "date",
    ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-05:00", "12345678901", "Mon, 99 Foo 2031", "-", "0"],
)
def test_an_impossible_date_costs_nothing(date: str) -> None:
    assert paths(feed(item(1, f"<pubDate>{date}</pubDate>"))) == ["/boat-1"]
    assert paths(urlset(entry(1, f"<lastmod>{date}</lastmod>"))) == ["/boat-1"]


def test_names_in_capitals_are_names() -> None:
    assert paths("<URLSET><URL><LOC>http://quay.test/boat-1</LOC></URL></URLSET>") == ["/boat-1"]


@pytest.mark.parametrize(
    "listing",
    [
        "<UrlSet><Url><Loc>http://quay.test/boat-1</Loc></Url></UrlSet>",
        "<urlset><URL><LOC>http://quay.test/boat-1</LOC></URL></urlset>",
        "<ns0:urlset xmlns:ns0='http://x.test'><ns0:url><ns0:loc>http://quay.test/boat-1</ns0:loc></ns0:url></ns0:urlset>",
        "<Rss><Channel><Item><Link>http://quay.test/boat-1</Link></Item></Channel></Rss>",
        "<urlset><loc>http://quay.test/boat-1</loc></urlset>",
        "http://quay.test/boat-1\t2031-05-02\n",
        "HTTP://quay.test/boat-1\n",
    ],
)
def test_names_in_any_letters_and_entries_without_a_frame_are_read(listing: str) -> None:
    assert [path.lower().removeprefix("http://quay.test") for path in paths(listing)] == ["/boat-1"]


@pytest.mark.parametrize(
    "listing",
    [
        urlset(entry(1)) + "\n<?xml version='1.0'?>\n" + urlset(entry(2)),
        gzip.compress(urlset(entry(1)).encode()) + gzip.compress(urlset(entry(2)).encode()),
        urlset("<url><loc>http://quay.test/boat-1</loc>" + entry(2)),
        urlset(entry(1) + entry(2))[: -len("</urlset>")] + "<url><loc>http://quay.te",
    ],
)
def test_a_sitemap_in_pieces_gives_all_that_is_whole(listing: str | bytes) -> None:
    assert paths(listing) == ["/boat-1", "/boat-2"]


@pytest.mark.parametrize(
    "listing",
    [
        "<sitemapindex><url><loc>/a.xml</loc></url><url><loc>/b.xml</loc></url></sitemapindex>",
        "<SITEMAPINDEX><SITEMAP><LOC>/a.xml</LOC></SITEMAP><SITEMAP><LOC>/b.xml</LOC></SITEMAP></SITEMAPINDEX>",
        urlset("<url><loc>/a.xml</loc></url><url><loc>/b.xml</loc></url>"),
    ],
)
def test_an_index_is_one_whatever_it_calls_itself_and_its_entries(listing: str) -> None:
    found = read_listing(Page(url="http://quay.test/s.xml", content=listing.encode()), SITE)
    assert not found.pages
    assert [each.url for each in found.listings] == ["http://quay.test/a.xml", "http://quay.test/b.xml"]


@pytest.mark.parametrize("reference", ["&", "&amp;", "&amp;amp;", "&#38;", "&amp;#38;", "&amp;#x26;"])
def test_an_address_is_asked_for_as_meant(reference: str) -> None:
    loc = f"<url><loc>http://quay.test/story?part=4{reference}id=9</loc></url>"
    link = f"<item><link>http://quay.test/story?part=4{reference}id=9</link></item>"
    assert paths(urlset(loc)) == paths(feed(link)) == ["/story?part=4&id=9"]


@pytest.mark.parametrize("names", ["", " xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'"])
def test_fields_of_pictures_are_not_the_pages(names: str) -> None:
    picture = "<i:image><i:loc>http://quay.test/a.jpg</i:loc><i:title>x</i:title></i:image>"
    (page,) = read(urlset(entry(1, picture + "<i:loc>http://quay.test/b.jpg</i:loc>"), names))
    assert (page.url, page.hints and page.hints.title) == ("http://quay.test/boat-1", None)


def test_a_sitemap_among_pages_is_a_sitemap() -> None:
    more = "<url><loc>http://quay.test/sitemap-2030.xml.gz</loc></url><sitemap><loc>/news.xml</loc></sitemap>"
    found = read_listing(Page(url="http://quay.test/s.xml", content=urlset(entry() + more).encode()), SITE)
    assert [page.url for page in found.pages] == ["http://quay.test/boat-1"]
    assert [each.url for each in found.listings] == [
        "http://quay.test/sitemap-2030.xml.gz",
        "http://quay.test/news.xml",
    ]


@pytest.mark.parametrize("begin", ["", "\ufeff", "# addresses of the quay\n\n", "\ufeff# x\r\n"])
def test_lines_of_addresses_are_a_sitemap(begin: str) -> None:
    lines = f"{begin}http://quay.test/boat-1\r\n  http://quay.test/boat-2\n"
    assert paths(lines) == paths(lines.encode("utf-16")) == ["/boat-1", "/boat-2"]


def test_gzip_of_several_members_and_gzip_in_gzip_are_unpacked() -> None:
    whole = urlset(entry(1) + entry(2)).encode()
    members = gzip.compress(whole[:90]) + gzip.compress(whole[90:]) + b"\0\0"
    assert paths(members) == paths(gzip.compress(members)) == ["/boat-1", "/boat-2"]


@pytest.mark.parametrize(
    ("feed_item", "path"),
    [
        (
            "<link href='/self' rel='self' xmlns='http://www.w3.org/2005/Atom'/><link>/boat-1</link>",
            "/boat-1",
        ),
        ("<atom:link href='/self' rel='self'/><link>/boat-1</link>", "/boat-1"),
        (
            "<link>http://clicks.test/~r/3</link><guid isPermaLink='true'>http://quay.test/boat-1</guid>",
            "/boat-1",
        ),
        (
            "<link>http://clicks.test/~r/3</link><guid isPermaLink='false'>http://quay.test/?p=1</guid>",
            "/?p=1",
        ),
        (
            "<media:content url='/a.mp4'><media:title>x</media:title></media:content><link>/boat-1</link>",
            "/boat-1",
        ),
        ("<guid>http://quay.test/boat-1</guid>", "/boat-1"),
        ("<atom:link href='/list'/><link>/boat-1</link><atom:link href='/comments'/>", "/boat-1"),
        ("<link>http://quay.test/</link><guid isPermaLink='true'>http://quay.test/boat-1</guid>", "/boat-1"),
        ("<link>quay.test/boat-1</link>", "/boat-1"),
        (
            "<link>http://clicks.test/3</link><pheedo:origLink xmlns:pheedo='http://p.test'>/boat-1</pheedo:origLink>",
            "/boat-1",
        ),
    ],
)
def test_an_items_address_is_its_own_page(feed_item: str, path: str) -> None:
    assert paths(feed(f"<item>{feed_item}</item>")) == [path]


def test_of_several_alternates_the_page_is_taken_and_relative_to_its_own_base() -> None:
    entry = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/news/'><entry xml:base='boats/'><title>A</title>"
        "<link rel='alternate' type='application/json' href='boat-1.json'/>"
        "<link rel='alternate' type='text/html' href='boat-1'/></entry></feed>"
    )
    assert paths(entry) == ["/news/boats/boat-1"]


@pytest.mark.parametrize(
    "rel", ["", "rel='alternate'", "rel='Alternate'", "rel='http://iana.test/alternate'"]
)
def test_an_alternate_is_one_however_it_is_written(rel: str) -> None:
    link = f"<link rel='self' href='/boat-1.atom'/><link {rel} href='/boat-1'/>"
    assert paths(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{link}</entry></feed>") == ["/boat-1"]


def test_a_pictures_title_is_no_title_of_an_item_that_has_none() -> None:
    assert title_of(feed("<item><media:title>x</media:title><link>/boat-1</link></item>")) is None


def test_json_with_bare_tabs_and_a_comment_behind_it_is_read() -> None:
    assert paths('{"items": [{"url": "/boat-1", "title": "a\tb"}]}\n<!-- cached -->') == ["/boat-1"]


def test_a_json_feed_is_read() -> None:
    (page,) = read(
        '{"version": "https://jsonfeed.org/version/1.1", "language": "en", "items": [7, {"id": "tag:1"}, {"url":'
        ' "/boat-1", "title": "A <b>boat</b>", "date_published": "2031-05-02", "authors": [{"name": "Ada"}]}]}'
    )
    assert page.hints is not None
    assert (page.url, page.hints.title, page.hints.authors) == ("http://quay.test/boat-1", "A boat", ("Ada",))


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "[" * 2_000, "{" + '"a":{' * 2_000, "", "nothing here"])
def test_what_is_no_listing_is_said_to_be_none(content: str) -> None:
    with pytest.raises(InputError, match=r"quay\.test/list"):
        read(content)


def test_spoiled_listings_are_read_or_refused_and_nothing_else_is_raised() -> None:
    whole = [
        feed(
            item(1, "<pubDate>Fri, 02 May 2031 08:00:00 GMT</pubDate><dc:creator>A &amp; B</dc:creator>")
            + item(2)
        ),
        urlset(entry(1, "<lastmod>2031-05-02</lastmod><image:image><image:loc>/a</image:loc></image:image>")),
        "<!DOCTYPE feed [<!ENTITY a 'b'>]><feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/a'/></entry></feed>",
    ]
    dice = random.Random(16)
    tokens = [
        "&",
        "<",
        "]]>",
        "<![CDATA[",
        "&#xD800;",
        "\0",
        "\ufffe",
        "<a:",
        "xmlns:b='",
        "<!--",
        "http://[",
        "9" * 30,
    ]
    for _ in range(600):
        text = dice.choice(whole)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(text))
            text = text[:at] + dice.choice(tokens) + text[at + dice.choice((0, 1, 20)) :]
        try:
            read(text)
        except InputError:
            continue
