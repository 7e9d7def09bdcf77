from __future__ import annotations

from scraper.learned.learn import learn
from scraper.learned.template import EMPTY, SiteTemplate

SOCIAL = {
    "json-ld": "Aville flood: what to know",
    "html:h1": "Flood closes bridges",
    "meta:og:title": "“Flood closes bridges”",
}
ALIKE = {
    "json-ld": "Flood closes bridges",
    "html:h1": "Flood closes bridges",
    "meta:og:title": "You won’t believe it",
}


def test_a_host_whose_structured_headline_is_alone_prefers_the_printed_one() -> None:
    assert learn([SOCIAL] * 3) == SiteTemplate(title_source="html:h1")


def test_two_pages_teach_nothing() -> None:
    assert learn([SOCIAL] * 2) == EMPTY


def test_a_host_whose_structured_headline_is_the_printed_one_needs_no_template() -> None:
    assert learn([ALIKE] * 5) == EMPTY
    assert learn([SOCIAL, ALIKE, ALIKE, ALIKE]) == EMPTY


def test_pages_without_a_headline_teach_nothing() -> None:
    assert learn([{}] * 5) == EMPTY
