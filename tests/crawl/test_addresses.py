from __future__ import annotations

import pytest

from scraper.crawl.addresses import belongs, is_article, looks_like_article, looks_like_section
from scraper.model import Site

ARTICLES = """
https://harbour.test/2031/05/02/bridge-closes-for-a-week/
https://harbour.test/news/world-europe-61234567
https://harbour.test/story/3000000218734/bridge-closes
https://harbour.test/politics/bridge-closes-after-long-dispute-over-tolls
https://harbour.test/politik/bruecke-schliesst-33414658.html
https://harbour.test/20310502-bridge-closes
https://harbour.test/a/bridge-closes-2f6c81d0
https://harbour.test/articulo/2031-05-02/puente-cerrado.html
https://harbour.test/index.php?id=12345
https://harbour.test/?p=123
"""
OTHERS = """
https://harbour.test/
https://harbour.test/world/
https://harbour.test/world/europe/
https://harbour.test/tag/bridges-and-tunnels-of-the-north/
https://harbour.test/author/ada-quill-and-bo-pen-and-co
https://harbour.test/2031/05/
https://harbour.test/search?q=bridge+closes
https://harbour.test/about/terms-and-conditions-of-use
https://harbour.test/images/bridge-closes-for-a-week-20310502.jpg
https://harbour.test/page/20310
"""


@pytest.mark.parametrize("url", ARTICLES.split())
def test_an_article_is_told_by_its_address(url: str) -> None:
    assert looks_like_article(url)


@pytest.mark.parametrize("url", OTHERS.split())
def test_what_is_no_article_is_told_by_its_address(url: str) -> None:
    assert not looks_like_article(url)


def test_the_text_of_the_link_tips_the_scale() -> None:
    url = "https://harbour.test/sport/rowing-final-race"

    assert looks_like_article(url + "-won", text="Home crew wins the rowing final after a restart")
    assert not looks_like_article(url, text="Rowing")


@pytest.mark.parametrize(
    ("section", "headline"),
    [
        ("国际新闻", "港口渡轮停航三小时后恢复通航"),
        ("スポーツ", "港のフェリーが三時間ぶりに運航を再開した"),
        ("กีฬา", "เรือข้ามฟากกลับมาให้บริการอีกครั้งหลังหยุดสามชั่วโมง"),
        ("Sport", "Ferries sail again after three hours in port"),
    ],
)
def test_a_headline_is_one_in_scripts_without_spaces_too(section: str, headline: str) -> None:
    url = "https://harbour.test/a/204812"
    assert looks_like_article(url, text=headline)
    assert not looks_like_article(url, text=section)
    assert looks_like_article(f"https://harbour.test/a/{headline.replace(' ', '-')}")


def test_sections_are_short_and_plain() -> None:
    assert looks_like_section("https://harbour.test/world/middle-east")
    assert not looks_like_section("https://harbour.test/")
    assert not looks_like_section("https://harbour.test/world/2031")
    assert not looks_like_section("https://harbour.test/login")


def test_subdomains_belong_to_a_site_and_lookalikes_do_not() -> None:
    site = Site(name="harbour", domains=("harbour.test",))

    assert belongs("https://news.harbour.test/", site)
    assert not belongs("https://notharbour.test/", site)
    assert not belongs("https://harbour.test.evil.example/", site)
    assert not belongs("https://harbour.test@evil.example/", site)


def test_a_site_s_own_rules_decide() -> None:
    site = Site(name="harbour", domains=("harbour.test",), articles=(r"/n/\d+",), not_articles=("print",))

    assert is_article("https://harbour.test/n/5", site)
    assert not is_article("https://harbour.test/n/5?print=1", site)
    assert not is_article("https://harbour.test/2031/05/02/bridge-closes-for-a-week/", site, announced=True)


def test_without_rules_what_a_feed_announces_is_an_article() -> None:
    site = Site(name="harbour", domains=("harbour.test",))

    assert is_article("https://harbour.test/x", site, announced=True)
    assert not is_article("https://harbour.test/x", site)
    assert not is_article("https://elsewhere.test/2031/05/02/bridge-closes-for-a-week/", site, announced=True)
