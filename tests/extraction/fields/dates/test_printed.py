from __future__ import annotations

import pytest

from scraper.extraction.fields.metadata import resolve
from scraper.extraction.page.blocks import Block, Decision
from tests.extraction.pages import LONG, document, metadata


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        ('<h1>Flood</h1><time datetime="2024-05-20T08:00:00Z">20 May</time>', "2024-05-20T08:00:00Z", None),
        (
            '<h1>Flood</h1><p>Updated <time datetime="2024-05-21">21 May</time></p>',
            "2024-05-21",
            "2024-05-21",
        ),
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
            "2024-05-20T14:30:00",
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


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 13 May 2024",
        "Stand: 13.05.2024",
        "2024-05-13 13:26更新 来源：转载文章",
        "Updated May 13, 2024",
    ],
)
def test_a_day_of_the_last_change_is_the_publication_s_only_where_there_is_no_other(line: str) -> None:
    found = metadata(before=[line])
    assert ((found.published or "")[:10], (found.modified or "")[:10]) == ("2024-05-13", "2024-05-13")
    assert found.provenance["published"].confidence <= 0.4
    assert metadata(before=[line, "Published on 2 May 2023"]).published == "2023-05-02"


def test_an_unlabelled_day_in_the_list_below_the_text_is_not_the_article_s_where_a_labelled_one_is_above() -> (
    None
):
    found = metadata(
        before=["2024-05-20 11:13更新 来源：晨报"],
        after=["·Swans come back to the quay after eleven months of silence (2024-05-19)"],
    )
    assert (found.published or "")[:10] == "2024-05-20"


def test_a_byline_or_date_may_stand_under_a_summary() -> None:
    found = metadata(body=[LONG, "By Ada Quill May 20, 2024", LONG])
    assert (found.authors, found.published) == (("Ada Quill",), "2024-05-20")


def test_the_date_behind_a_summary_goes_before_a_later_one_that_is_declared() -> None:
    html = '<meta name="date" content="2024-05-26T12:32:06+02:00">'
    found = metadata(html, body=[LONG, "21.05.2024 - 13:30", LONG])
    assert found.published == "2024-05-21T13:30:00"


@pytest.mark.parametrize(
    "line",
    [
        "Dieser Beitrag wurde am Samstag, 18. Mai 2024 um 10:30 Uhr veröffentlicht und unter {} abgelegt.",
        "This entry was posted on Saturday, May 18th, 2024 at 10:30 am and is filed under {}.",
    ],
)  # fmt: skip
def test_the_line_that_files_an_entry_tells_its_day(line: str) -> None:
    assert (metadata(after=[line.format("Rivers, " * 20)]).published or "")[:10] == "2024-05-18"


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
