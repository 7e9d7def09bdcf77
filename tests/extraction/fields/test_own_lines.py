"""What the metadata claims is no part of the body."""

from __future__ import annotations

import pytest

from scraper.extraction.article import examine
from scraper.extraction.fields.candidates import finding, settle
from scraper.extraction.fields.metadata import Metadata
from scraper.extraction.fields.own_lines import unclaimed
from scraper.extraction.page.blocks import Block, Decision
from scraper.model import Page, Site

PARAGRAPH = "The council of Aville voted on Monday to close the old bridge for two years, its mayor said."
TITLE = "Aville closes its old bridge"


def decided(*texts: str) -> list[Decision]:
    return [
        Decision(block=Block(index=index, text=text, tag="p"), kept=True, score=0.9)
        for index, text in enumerate(texts)
    ]


def kept(decisions: list[Decision]) -> list[str]:
    return [decision.block.text for decision in decisions if decision.kept]


def claimed(field: str, source: str, raw: str, value: object) -> Metadata:
    return Metadata(candidates={field: settle([finding(source, raw, value, 0.8)])}, **{field: value})  # type: ignore[arg-type]


def test_the_title_is_dropped_and_the_reason_says_so() -> None:
    dropped, _ = unclaimed(decided(TITLE.upper(), PARAGRAPH), Metadata(title=TITLE))

    assert not dropped.kept
    assert dropped.reasons[0].name == "the page's title"
    assert dropped.reasons[0].weight < 0


def test_a_summary_is_dropped_only_where_it_stands_first() -> None:
    metadata = Metadata(title=TITLE, standfirst="A bridge, two years, no ferry.")

    assert kept(unclaimed(decided(TITLE, "A bridge, two years, no ferry.", PARAGRAPH), metadata)) == [
        PARAGRAPH
    ]
    assert "A bridge, two years, no ferry." in kept(
        unclaimed(decided(PARAGRAPH, "A bridge, two years, no ferry."), metadata)
    )


@pytest.mark.parametrize(
    ("field", "source", "raw", "value"),
    [
        ("published", "text:date line", "20May14", "2014-05-20"),
        ("rights", "text:rights notice", "© 2014 The Aville Post", "© 2014 The Aville Post"),
        ("editors", "text:sign-off", "— Aville Post Editors", ("Aville Post Editors",)),
        ("authors", "text:byline", "By Ada Quill", ("Ada Quill",)),
    ],
)
def test_a_line_that_is_a_field_of_its_own_is_dropped(
    field: str, source: str, raw: str, value: object
) -> None:
    assert kept(unclaimed(decided(raw, PARAGRAPH), claimed(field, source, raw, value))) == [PARAGRAPH]


def test_what_a_field_was_read_from_a_part_of_stays() -> None:
    metadata = claimed("credit", "text:end of the body", PARAGRAPH, None)

    assert kept(unclaimed(decided(PARAGRAPH, PARAGRAPH + " So did its bishop."), metadata))[0] == PARAGRAPH


def test_a_date_under_a_document_that_is_not_the_pages_own_stays() -> None:
    page = claimed("published", "text:date line", "28 August 2014", "2014-08-28")
    metadata = Metadata(candidates=page.candidates, published="2014-08-30")

    assert "28 August 2014" in kept(unclaimed(decided(PARAGRAPH, "28 August 2014"), metadata))


@pytest.mark.parametrize(
    "line",
    [
        "Giriş: 20.05.2014 - 18:05 Güncelleme: 21.05.2014 - 09:12",
        "Giriş: 20.05.2014 - 18:05 | Güncelleme: 21.05.2014 - 09:12",
        "Giriş: 20.05.2014 - 18:05 Atualizado há 2 dias",
        "Updated: Giriş: 20.05.2014 - 18:05",
    ],
)
def test_a_line_of_two_dates_of_the_page_or_of_one_and_how_long_ago_it_changed_is_no_text(line: str) -> None:
    found = {
        field: claimed(field, "text:date line", raw, value).candidates[field]
        for field, raw, value in (
            ("published", "Giriş: 20.05.2014 - 18:05", "2014-05-20T18:05:00"),
            ("modified", "Güncelleme: 21.05.2014 - 09:12", "2014-05-21T09:12:00"),
        )
    }
    metadata = Metadata(candidates=found, published="2014-05-20T18:05:00", modified="2014-05-21T09:12:00")

    assert kept(unclaimed(decided(line, PARAGRAPH), metadata)) == [PARAGRAPH]
    told = "Giriş: 20.05.2014 - 18:05 is what stood over the door of the bridge in Aville."
    assert told in kept(unclaimed(decided(told, PARAGRAPH), metadata))


def test_a_body_that_is_all_claimed_stays() -> None:
    assert kept(unclaimed(decided(TITLE), Metadata(title=TITLE))) == [TITLE]


def test_an_old_page_keeps_neither_its_headline_nor_its_notices() -> None:
    lines = "".join(f"<p>{PARAGRAPH} It was vote number {number}." for number in range(1, 7))
    content = (
        f"<html><head><title>{TITLE}</title></head><body><table><tr><td>20May14<hr><p align=center><b>{TITLE}</b>"
        f"</p>{lines}<p>[Source: The Aville Post, Aville, 19May14]</p><hr>This document has been published on "
        "20May14 by the Aville Archive, which passes it on to readers who have asked for it.</td></tr></table>"
    )

    found = examine(
        Page(url="http://archive.example/doc/bridge.html", content=content.encode()), Site(name="a")
    )

    assert all(text.startswith(PARAGRAPH) for text in kept(list(found.decisions)))


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill is a staff writer who covers bridges and harbours.",
        "ADA QUILL, born in Aville, writes about rivers.",
        "— Ada Quill schreibt seit 2019 über Brücken.",
    ],
)
@pytest.mark.parametrize("after", [(), ("Follow her at @quill",)])
def test_who_the_author_is_stands_behind_the_text_and_is_none_of_it(
    text: str, after: tuple[str, ...]
) -> None:
    metadata = Metadata(authors=("Ada Quill", "Olav Brenna"))
    assert text not in kept(unclaimed(decided(PARAGRAPH, PARAGRAPH, text, *after), metadata))


@pytest.mark.parametrize(
    "texts",
    [
        (PARAGRAPH, "Ada Quill: And who paid for it?"),
        ("Ada Quill saw it all.", PARAGRAPH, PARAGRAPH, PARAGRAPH),
        (PARAGRAPH, "Ada Quillon, the mayor, said no."),
        ("Ada Quill is a staff writer.",),
    ],
)
def test_a_talk_a_text_about_the_author_and_another_name_stay(texts: tuple[str, ...]) -> None:
    assert kept(unclaimed(decided(*texts), Metadata(authors=("Ada Quill",)))) == list(texts)


@pytest.mark.parametrize(
    ("author", "line", "is_kept"),
    [
        ("김도윤", "김도윤 기자 dykim@aville.example", False),
        ("王小明", "王小明 wang@aville.example", False),
        ("河畔县人民政府", "河畔县人民政府", True),
        ("王小", "王小 说", True),
    ],
)
def test_a_line_that_begins_with_its_author_s_name_tells_who_that_is_without_spaces_too(
    author: str, line: str, *, is_kept: bool
) -> None:
    found = kept(unclaimed(decided(PARAGRAPH, line), Metadata(authors=(author,))))

    assert (line in found) == is_kept
