from __future__ import annotations

import pytest

from scraper.extract.fields.metadata import resolve
from scraper.extract.page.blocks import Block, Decision
from tests.extract.pages import LONG, document, metadata


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


def test_a_date_of_the_last_change_is_not_taken_for_the_publication_s() -> None:
    found = metadata(before=["Last updated: 13 May 2024"])
    assert (found.published, found.modified) == (None, "2024-05-13")


def test_a_byline_or_date_may_stand_under_a_summary() -> None:
    found = metadata(body=[LONG, "By Ada Quill May 20, 2024", LONG])
    assert (found.authors, found.published) == (("Ada Quill",), "2024-05-20")


def test_the_date_before_the_word_updated_is_the_publication_s() -> None:
    found = metadata(before=["August 16, 2019 - Updated July 9, 2023"])
    assert (found.published, found.modified) == ("2019-08-16", "2023-07-09")


def test_a_line_may_say_what_the_date_in_the_next_one_is() -> None:
    found = metadata(before=["Publish date", "15 November 2018", "Last updated on:", "October 1, 2023"])
    assert (found.published, found.modified) == ("2018-11-15", "2023-10-01")


def test_a_date_under_the_headline_goes_before_those_of_a_list_of_articles() -> None:
    teasers = "".join(f'<div class="item-date">{day} May 2024</div>' for day in range(20, 25))
    found = metadata(f"<h1>Flood</h1><p>x</p>{teasers}", before=["7 May 2024"], after=["20 May 2024"])
    assert found.published == "2024-05-07"


def test_a_table_of_contents_may_stand_between_a_date_and_the_text() -> None:
    contents = [f"Chapter {name}" for name in "ABCDEFGHIJKLMNOP"]
    lines = [("Flood", False), ("Published on 21 Oct 2023", False), *((text, False) for text in contents)]
    decisions = [
        Decision(block=Block(index=index, text=text, tag="p" if index else "h1"), kept=kept, score=0.0)
        for index, (text, kept) in enumerate([*lines, (LONG, True)])
    ]
    assert resolve(document("<p>"), decisions).published == "2023-10-21"
