from __future__ import annotations

from scraper.crawl.sites import load_sites, site_of
from scraper.model import Page, Site

PAPER = Site(name="paper", domains=("paper.example",))
TRUMPET = Site(name="trumpet", text_markers=("The Trumpet of Port Ellery", "Printed on :"))
SITES = {site.name: site for site in (PAPER, TRUMPET)}


def page(url: str | None = None, text: str = "") -> Page:
    return Page(url=url, content=text.encode(), is_text=bool(text))


def test_the_projects_spiders_declare_their_sites() -> None:
    assert {"france24", "nizkor", "phuket_gazette"} <= set(load_sites())


def test_a_page_belongs_to_the_site_that_is_named_or_has_its_host() -> None:
    assert site_of(page("https://www.paper.example/1"), SITES) is PAPER
    assert site_of(page("https://www.paper.example/1"), SITES, "trumpet") is TRUMPET
    assert site_of(page("https://notpaper.example/1"), SITES) == Site(name="notpaper.example")
    assert site_of(page(), SITES, "elsewhere") == Site(name="elsewhere")


def test_a_text_dump_is_recognised_by_its_markers() -> None:
    dump = "The Trumpet of Port Ellery\nA pier is rebuilt\nPrinted on : 2026-05-04"
    assert site_of(page(text=dump), SITES) is TRUMPET
    assert site_of(page(text="A pier is rebuilt"), SITES) == Site(name="unknown")
