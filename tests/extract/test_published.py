from __future__ import annotations

import pytest

from scraper.model import Hints, Site
from tests.extract.pages import LONG, ld, metadata


def test_structured_data_goes_before_what_is_printed() -> None:
    found = metadata(
        ld(
            '{"@type": "NewsArticle", "datePublished": "2024-05-20T10:00:00+02:00", "dateModified": "2024-05-21T10:00:00Z"}'
        ),
        before=["Published 19 May 2024"],
    )
    assert (found.published, found.modified) == ("2024-05-20T08:00:00Z", "2024-05-21T10:00:00Z")
    assert found.provenance["published"].source == "json-ld"
    assert found.provenance["published"].raw == "2024-05-20T10:00:00+02:00"
    assert found.provenance["created"].source == "absent"


def test_a_day_gets_its_time_from_another_source_of_the_same_day() -> None:
    found = metadata(
        '<meta property="article:published_time" content="2024-05-20T10:00:00Z">'
        + ld('{"@type": "Article", "datePublished": "2024-05-20"}')
    )
    assert found.published == "2024-05-20T10:00:00Z"


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        ('<h1>Flood</h1><time datetime="2024-05-20T08:00:00Z">20 May</time>', "2024-05-20T08:00:00Z", None),
        ('<h1>Flood</h1><p>Updated <time datetime="2024-05-21">21 May</time></p>', None, "2024-05-21"),
        ('<h1>Flood</h1><span class="post-date">20 May 2024</span>', "2024-05-20", None),
        ('<h1>Flood</h1><span itemprop="datePublished" content="2024-05-20">x</span>', "2024-05-20", None),
        ('<h1>Flood</h1><div class="comments"><time datetime="2024-05-20">20 May</time></div>', None, None),
        (
            '<html lang="fr"><h1>Crue</h1><p class="date">Publié le 20/05/2024 à 14h30, mis à jour le 21/05/2024</p>',
            "2024-05-20T14:30:00",
            "2024-05-21",
        ),
        (
            '<html lang="de"><h1>Flut</h1><p class="date">Stand: 20.05.2024, 14:30 Uhr</p>',
            None,
            "2024-05-20T14:30:00",
        ),
    ],
)
def test_printed_dates_are_told_apart_by_the_words_beside_them(
    html: str, published: str | None, modified: str | None
) -> None:
    found = metadata(html)
    assert (found.published, found.modified) == (published, modified)


def test_lines_around_the_body_name_dates() -> None:
    found = metadata(before=["Latest update : 2013-05-07"], after=["Date created : 2013-05-06"])
    assert (found.modified, found.created) == ("2013-05-07", "2013-05-06")


def test_nothing_is_later_than_the_day_after_the_page_was_fetched() -> None:
    assert metadata(ld('{"@type": "Article", "datePublished": "2031-01-01"}')).published is None


def test_the_address_and_the_feed_are_the_last_resort() -> None:
    url = "https://examiner.example/2024/05/20/flood"
    found = metadata(url=url)
    assert (found.published, found.provenance["published"].source) == ("2024-05-20", "url")
    hints = Hints(source="feed", published="Mon, 20 May 2024 08:00:00 GMT")
    found = metadata(url=url, hints=hints)
    assert (found.published, found.provenance["published"].source) == ("2024-05-20T08:00:00Z", "feed")


def test_the_site_declares_the_zone_of_its_dates() -> None:
    found = metadata(
        ld('{"@type": "Article", "datePublished": "2024-05-20T10:00:00"}'),
        site=Site(name="a", timezone="Europe/Rome"),
    )
    assert found.published == "2024-05-20T08:00:00Z"


@pytest.mark.parametrize(
    "name", ["published-date", "publication_date", "date_published", "dcterms.issued", "cms:publishedAt"]
)
def test_metas_that_say_publication_in_any_spelling_are_read(name: str) -> None:
    assert metadata(f'<meta name="{name}" content="2024-05-20">').published == "2024-05-20"


def test_a_date_of_the_last_change_is_not_taken_for_the_publication_s() -> None:
    found = metadata(before=["Last updated: 13 May 2024"])
    assert (found.published, found.modified) == (None, "2024-05-13")


def test_a_byline_or_date_may_stand_under_a_summary() -> None:
    found = metadata(body=[LONG, "By Ada Quill May 20, 2024", LONG])
    assert (found.authors, found.published) == (("Ada Quill",), "2024-05-20")
