from __future__ import annotations

import pytest

from scraper.boilerplate.template import SiteTemplate
from scraper.extract.metadata import resolve
from scraper.extract.title import clean
from tests.extract.pages import document, ld, metadata

NAMES = frozenset({"theexaminer", "examiner", "examinerexample"})


@pytest.mark.parametrize(
    "text",
    [
        "Flood closes both bridges - The Examiner",
        "Flood closes both bridges | Examiner",
        "Flood closes both bridges – News – The Examiner",
        "Flood closes both bridges | World | examiner.example",
        "The Examiner | Flood closes both bridges",
        "Flood closes both bridges * Examiner * by The Examiner",
    ],
)
def test_the_site_s_name_is_taken_off(text: str) -> None:
    assert clean(text, NAMES) == "Flood closes both bridges"


@pytest.mark.parametrize("text", ["Flood - what we know so far", "Rain | wind", "Examiner"])
def test_what_is_no_name_stays(text: str) -> None:
    assert clean(text, NAMES) == text


def test_structured_data_goes_before_the_heading_before_the_social_title() -> None:
    h1, og = (
        "<h1>Flood closes both bridges</h1>",
        '<meta property="og:title" content="You won’t believe this flood">',
    )
    assert metadata(og).title == "You won’t believe this flood"
    assert metadata(og + "<title>Flood closes bridges</title>" + h1).title == "Flood closes both bridges"
    page = ld('{"@type": "NewsArticle", "headline": "Both bridges closed by flood"}').replace("<p>x</p>", h1)
    assert metadata(page).title == "Both bridges closed by flood"


def test_a_heading_that_is_not_about_the_article_is_passed_over() -> None:
    html = "<title>Flood closes both bridges</title><h1>The Examiner</h1><h1>Most read</h1><h1>Flood closes both bridges</h1>"
    assert metadata(html).title == "Flood closes both bridges"
    assert (
        metadata('<meta property="og:title" content="Flood closes both bridges"><h1>Subscribe</h1>').title
        == "Flood closes both bridges"
    )


def test_a_kicker_in_the_heading_is_a_field_of_its_own() -> None:
    html = '<meta property="og:title" content="Flood closes both bridges"><h1>After the storm: Flood closes both bridges</h1>'
    found = metadata(html)
    assert (found.title, found.kicker) == ("Flood closes both bridges", "After the storm")


def test_the_template_of_the_host_decides_between_sources() -> None:
    html = '<meta property="og:title" content="Both bridges closed"><h1>Flood closes both bridges</h1>'
    assert (
        resolve(document(html), [], SiteTemplate(title_source="meta:og:title")).title == "Both bridges closed"
    )


def test_candidates_say_which_won_and_why() -> None:
    found = metadata(
        '<meta property="og:title" content="Both bridges closed"><h1>Flood closes both bridges</h1>'
    ).candidates["title"]
    assert {(item.source, item.won) for item in found} == {("meta:og:title", False), ("html:h1", True)}
    assert all(item.why for item in found if item.won)
