from __future__ import annotations

import pytest

from scraper.crawl.listings.feeds import read_feed
from scraper.model import Hints, Site

BASE = "https://harbour.test/feed"
SITE = Site(name="harbour", domains=("harbour.test",))
RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
     xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Harbour Post</title><language>en-gb</language>
<atom:link href="https://harbour.test/feed" rel="self"/>
<item>
  <title><![CDATA[Ferry <b>late</b> & cold]]></title>
  <link>https://harbour.test/ferry-late</link>
  <pubDate>Fri, 02 May 2031 08:00:00 GMT</pubDate>
  <dc:creator>Ada Quill</dc:creator><dc:creator>Bo Pen</dc:creator>
  <media:content url="x.jpg"><media:title>A ferry</media:title></media:content>
</item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafen</title>
<entry><title>F\xc3\xa4hre</title><link rel="replies" href="/c"/><link rel="alternate" href="/faehre"/>
<published>2031-05-02T08:00:00+02:00</published><updated>2031-05-03T08:00:00+02:00</updated>
<author><name>Ada Quill</name></author></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel>
<item><title>Quay</title><link>https://harbour.test/quay</link><dc:date>2031-05-02</dc:date></item></rdf:RDF>"""


def test_what_an_rss_item_says_is_kept() -> None:
    (page,) = read_feed(RSS, base=BASE, site=SITE).pages

    assert page.url == "https://harbour.test/ferry-late"
    assert page.hints == Hints(
        source="feed",
        title="Ferry late & cold",
        published="Fri, 02 May 2031 08:00:00 GMT",
        language="en-gb",
        authors=("Ada Quill", "Bo Pen"),
    )


def test_an_atom_entry_points_with_its_alternate_link() -> None:
    (page,) = read_feed(ATOM, base=BASE, site=SITE).pages

    assert page.url == "https://harbour.test/faehre"
    assert page.hints is not None
    assert (page.hints.published, page.hints.modified) == (
        "2031-05-02T08:00:00+02:00",
        "2031-05-03T08:00:00+02:00",
    )
    assert (page.hints.title, page.hints.language, page.hints.authors) == ("Fähre", "de", ("Ada Quill",))


def test_items_of_rdf_stand_beside_the_channel() -> None:
    (page,) = read_feed(RDF, base=BASE, site=SITE).pages

    assert (page.url, page.hints and page.hints.published) == ("https://harbour.test/quay", "2031-05-02")


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>https://harbour.test/g</guid>", "https://harbour.test/g"),
        ("<guid isPermaLink='true'>https://harbour.test/g</guid>", "https://harbour.test/g"),
        (
            "<link>https://proxy.test/1</link><feedburner:origLink>https://harbour.test/o</feedburner:origLink>",
            "https://harbour.test/o",
        ),
    ],
)
def test_the_page_is_found_where_feeds_put_it(item: str, url: str) -> None:
    (page,) = read_feed(
        f"<rss xmlns:feedburner='f'><channel><item>{item}</item></channel></rss>".encode(),
        base=BASE,
        site=SITE,
    ).pages

    assert page.url == url


def test_an_item_without_an_address_is_passed_over() -> None:
    assert (
        read_feed(
            b"<rss><channel><item><guid isPermaLink='false'>12</guid></item></channel></rss>",
            base=BASE,
            site=SITE,
        ).pages
        == ()
    )


def test_damage_is_mended() -> None:
    damaged = RSS.replace(b"</title>\n  <link>", b"\n  <link>", 1).replace(
        b"Ada Quill", b"Ada &nbsp; & Quill"
    )

    assert len(read_feed(damaged, base=BASE, site=SITE).pages) <= 1
    assert read_feed(b"\xff\xfe nothing", base=BASE, site=SITE).pages == ()
