from __future__ import annotations

from scraper.crawl.listings.sitemaps import MAX_URLS, read_sitemap, read_text_sitemap

BASE = "https://harbour.test/sitemap.xml"
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url>
    <loc> https://harbour.test/2031/05/02/bridge-closes?a=1&amp;b=2 </loc>
    <lastmod>2031-05-02T10:00:00Z</lastmod>
    <image:image><image:loc>https://harbour.test/b.jpg</image:loc><image:title>A crane</image:title></image:image>
    <news:news>
      <news:publication><news:name>Harbour Post</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2031-05-02T08:00:00Z</news:publication_date>
      <news:title>Bridge closes for
      a week</news:title>
    </news:news>
  </url>
  <url><loc>/relative</loc></url>
  <url><lastmod>2031-01-01</lastmod></url>
</urlset>"""


def test_what_the_news_block_says_is_kept() -> None:
    page, relative = read_sitemap(NEWS, base=BASE).pages

    assert page.url == "https://harbour.test/2031/05/02/bridge-closes?a=1&b=2"
    assert page.hints is not None
    assert page.hints.title == "Bridge closes for a week"
    assert page.hints.published == "2031-05-02T08:00:00Z"
    assert page.hints.modified == "2031-05-02T10:00:00Z"
    assert page.hints.language == "en"
    assert relative.url == "https://harbour.test/relative"


def test_an_index_announces_sitemaps_and_when_they_changed() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2031-05-01</lastmod></sitemap></sitemapindex>"

    listing = read_sitemap(index, base=BASE)

    assert not listing.pages
    assert [(found.url, found.hints and found.hints.modified) for found in listing.listings] == [
        ("https://harbour.test/a.xml", "2031-05-01")
    ]


def test_what_came_before_damage_is_read() -> None:
    whole = (
        b"<urlset><url><loc>https://harbour.test/1</loc></url><url><loc>https://harbour.test/2</loc></url>"
    )

    assert [page.url[-1] for page in read_sitemap(whole + b"<url><loc>https://har", base=BASE).pages][:2] == [
        "1",
        "2",
    ]
    assert len(read_sitemap(b"<urlset><url><loc>/a?b=1&c=2</loc></url></urlset>", base=BASE).pages) == 1
    assert read_sitemap(b"<urlset", base=BASE).pages == ()


def test_no_entity_is_expanded_and_nothing_is_fetched() -> None:
    bomb = b"""<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY file SYSTEM "file:///etc/hostname">]>
    <urlset><url><loc>/&b;</loc></url><url><loc>/x&file;</loc></url></urlset>"""

    assert all(len(page.url) < 40 for page in read_sitemap(bomb, base=BASE).pages)


def test_no_more_than_the_protocol_allows_is_read() -> None:
    many = b"<urlset>" + b"<url><loc>/a</loc></url>" * (MAX_URLS + 10) + b"</urlset>"

    assert len(read_sitemap(many, base=BASE).pages) == MAX_URLS


def test_a_sitemap_may_be_lines_of_text() -> None:
    listing = read_text_sitemap("https://harbour.test/a\r\nhttps://harbour.test/b\nnothing\n")

    assert [page.url for page in listing.pages] == ["https://harbour.test/a", "https://harbour.test/b"]
