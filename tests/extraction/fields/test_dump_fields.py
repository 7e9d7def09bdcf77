from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scraper.extraction.fields.dump_fields import recognise
from scraper.extraction.fields.metadata import Metadata, resolve
from scraper.extraction.page.blocks import Block, Decision
from scraper.extraction.page.document import parse
from scraper.model import Page, Site

if TYPE_CHECKING:
    from collections.abc import Sequence

BODY = (
    "The council closed both bridges of Aville on Monday because the river had risen by two metres during the night.",
    "Nobody was hurt, the fire brigade said, and the water was expected to fall within days.",
)


def metadata(before: Sequence[str] = (), after: Sequence[str] = (), site: Site | None = None) -> Metadata:
    lines = (
        [(text, False) for text in before]
        + [(text, True) for text in BODY]
        + [(text, False) for text in after]
    )
    page = Page(url=None, content=b"x", fetched_at=datetime(2024, 6, 1, tzinfo=UTC), is_text=True)
    decisions = [
        Decision(block=Block(index=index, text=text, tag="line"), kept=kept, score=float(kept))
        for index, (text, kept) in enumerate(lines)
    ]
    return resolve(parse(page, site or Site(name="file")), decisions)


def test_the_headline_is_the_line_above_the_body_that_shares_its_words() -> None:
    found = metadata(
        [
            "Home | News",
            "Read more",
            "Parliament votes on new tax law today",
            "Flood closes both bridges of Aville",
            "Text by News Wires",
        ]
    )
    assert found.title == "Flood closes both bridges of Aville"
    assert found.provenance["title"].source == "text:headline"


def test_a_headline_that_is_printed_twice_has_its_kicker_between() -> None:
    title = "Flood closes both bridges of Aville"
    found = metadata([title, "COAST MEDIA WATCH", "Advertisements", title, "Reuters / Coast Gazette"])
    assert (found.title, found.kicker) == (title, "COAST MEDIA WATCH")
    assert found.credit is not None
    assert (found.credit.agencies, found.credit.line) == (("Reuters",), "Reuters / Coast Gazette")
    assert found.publisher == "Coast Gazette"


def test_the_sentence_between_headline_and_body_is_the_standfirst() -> None:
    summary = "Both bridges of Aville are closed, and the water is still rising in the whole valley."
    found = metadata(
        ["Flood closes both bridges of Aville", "Latest update : 2013-05-07", summary],
        ["Date created : 2013-05-06"],
    )
    assert found.standfirst == summary
    assert (found.published, found.modified, found.created) == ("2013-05-06", "2013-05-07", "2013-05-06")


@pytest.mark.parametrize(
    ("notice", "publisher", "published"),
    [
        (
            "This document has been published on 20May14 by the River Archive and Friends of Aville.",
            "River Archive",
            "2014-05-20",
        ),
        (
            "logo riverThis document has been published on 20May14 by the River Archive.",
            "River Archive",
            "2014-05-20",
        ),
    ],
)
def test_a_notice_of_rights_names_publisher_day_and_section(
    notice: str, publisher: str, published: str
) -> None:
    found = metadata(
        ["River Archive", "Flood closes both bridges of Aville"],
        ["[Source: Xinhua, Aville, 19May14]", "Shop Donations", "Floods of the Coast", notice],
    )
    assert (found.publisher, found.published, found.section) == (publisher, published, "Floods of the Coast")
    assert found.rights == notice.removeprefix("logo river")
    assert found.source_date == "2014-05-19"


def test_names_that_run_together_are_tags_and_one_in_the_head_is_the_section() -> None:
    found = metadata(
        ["– World news selected by our editors", "Flood closes both bridges of Aville"],
        ["— Coast Gazette Editors", "North CoastWorld News", "Leave a Reply", "Legacy Coast Gazette"],
    )
    assert (found.tags, found.section) == (("North Coast", "World News"), "World News")
    assert (found.publisher, found.editors) == ("Coast Gazette", ("Coast Gazette Editors",))


def test_a_person_after_text_by_is_the_author() -> None:
    assert metadata(["Flood closes both bridges of Aville", "Text by Ada QUILL"]).authors == ("Ada QUILL",)
    assert metadata(["Flood closes both bridges of Aville", "Text by News Wires"]).authors == ()


def test_a_declared_site_names_the_publisher() -> None:
    assert metadata(site=Site(name="coast", publisher="Coast 7")).publisher == "Coast 7"


def test_a_dump_is_recognised_by_all_markers_of_one_site() -> None:
    coast = Site(name="coast", text_markers=("Text by ", "Latest update : "))
    river = Site(name="river", text_markers=("River Archive",))
    sites = (coast, river, Site(name="unmarked"))
    assert recognise("Text by Ada\nLatest update : today", sites) is coast
    assert recognise("Text by Ada", sites) is None
    assert recognise("Text by Ada of the River Archive\nLatest update : today", sites) is None
