from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.extraction.article import examine
from scraper.model import Page, Site
from tests.extraction.pages import LONG, ld, metadata

if TYPE_CHECKING:
    from scraper.extraction.fields.metadata import Metadata


@pytest.mark.parametrize(
    ("start", "place", "agencies"),
    [
        ("AVILLE: ", "AVILLE", ()),
        ("AVILLE (Reuters) - ", "AVILLE", ("Reuters",)),
        ("AVILLE, May 20 (Xinhua) -- ", "AVILLE", ("Xinhua",)),
        ("NORTH AVILLE — ", "NORTH AVILLE", ()),
        ("AVILLE COUNTY, Calif. (KXYZ) -- ", "AVILLE COUNTY", ()),
        ("Aville (APA) - ", "Aville", ("APA",)),
        ("Aville (KNA/iz). ", "Aville", ("KNA",)),
        ("Bad Aville (dpa/lno) – ", "Bad Aville", ("dpa",)),
        ("Rostow (Russland) - ", "Rostow", ()),
        ("Aville – ", "Aville", ()),
        ("Santa Fe, 20 may (EFE).- ", "Santa Fe", ("EFE",)),
        ("(Reuters) - ", None, ("Reuters",)),
        ("BREAKING: ", None, ()),
        ("Ada Quill (CDU) said that ", None, ()),
        ("Ada Quill of Aville – a baker – said ", None, ()),
        ("Note: ", None, ()),
    ],
)
def test_a_dateline_gives_place_and_agency_and_stays_in_the_body(
    start: str, place: str | None, agencies: tuple[str, ...]
) -> None:
    found = metadata(body=[start + LONG])
    assert (found.dateline.place if found.dateline else None) == place
    assert (found.credit.agencies if found.credit else ()) == agencies


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("Reuters / Aville Gazette", ("Reuters",)),
        ("Text by News Wires", ("News Wires",)),
        ("Von dpa", ("dpa",)),
        ("Von: det/dpa", ("dpa",)),
        ("Por Agencia EFE", ("EFE",)),
        ("Source: AFP", ("AFP",)),
        ("AFP 10/05/2022 05:22 pm", ("AFP",)),
        ("By Ada Quill, Associated Press", ("AP",)),
        ("Quelle: sid/dpa", ("SID", "dpa")),
        ("Foto: dpa", ()),
        ("© picture alliance/dpa, Foto: Ada Quill", ()),
        ("The minister told Reuters on Monday that the bridge was safe.", ()),
        ("Reuters Institute opens school in Aville", ()),
    ],
)
def test_a_line_in_the_byline_zone_is_a_credit_when_it_holds_nothing_else(
    line: str, agencies: tuple[str, ...]
) -> None:
    found = metadata(before=["Flood in Aville", line])
    assert (found.credit.agencies if found.credit else ()) == agencies
    if found.credit:
        assert found.credit.line == line


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("(Con información de AFP, EFE y Reuters)", ("AFP", "EFE", "Reuters")),
        ("The Associated Press contributed to this report.", ("AP",)),
        ("© dpa-infocom, dpa:220124-99-1/5", ("dpa",)),
        ("Copyright 2023 The Associated Press. All rights reserved.", ("AP",)),
        ("Additional reporting by Reuters", ("Reuters",)),
        ("Read more: what Reuters wrote about the flood in Aville and its bridges", ()),
    ],
)
def test_a_line_after_the_body_is_a_credit(line: str, agencies: tuple[str, ...]) -> None:
    found = metadata(after=[line])
    assert (found.credit.agencies if found.credit else ()) == agencies


@pytest.mark.parametrize("tail", ["(mit dpa)", "(dpa)", "/dpa", "(EX mit Material von dpa)", "（dpa）。"])
def test_the_end_of_the_body_may_name_the_agency(tail: str) -> None:
    found = metadata(body=[LONG + tail])
    assert found.credit is not None
    assert found.credit.agencies == ("dpa",)


def test_running_text_is_no_credit() -> None:
    assert (
        metadata(
            body=[LONG + "A spokesman told Reuters that work had begun (as AFP reported on Monday)."]
        ).credit
        is None
    )


def test_a_source_line_gives_agency_place_and_date() -> None:
    found = metadata(after=["[Source: Xinhua, Beijing, 19May14]"])
    assert found.credit is not None
    assert found.dateline is not None
    assert (found.credit.agencies, found.credit.line) == (("Xinhua",), "[Source: Xinhua, Beijing, 19May14]")
    assert (found.dateline.place, found.dateline.date, found.source_date) == (
        "Beijing",
        "2014-05-19",
        "2014-05-19",
    )


def test_structured_data_may_name_the_agency() -> None:
    found = metadata(
        ld('{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Agence France-Presse"}}')
    )
    assert found.credit is not None
    assert found.credit.agencies == ("AFP",)


def test_a_site_may_add_agencies_of_its_own() -> None:
    site = Site(name="a", agencies={"CW": "Coast Wire"})
    found = metadata(body=["AVILLE (CW) - " + LONG], site=site)
    assert found.credit is not None
    assert found.credit.agencies == ("Coast Wire",)


def test_the_original_publisher_of_a_reprint_is_named() -> None:
    found = metadata(after=["This article was originally published by Coast Review."])
    assert found.credit is not None
    assert found.credit.original_publisher == "Coast Review"


def test_a_dateline_may_stand_after_a_summary() -> None:
    found = metadata(body=[LONG, "AVILLE – " + LONG, "CARL ODE: " + LONG])
    assert found.dateline is not None
    assert found.dateline.place == "AVILLE"
    assert metadata(body=[LONG, "Aville – " + LONG]).dateline is None
    assert metadata(body=[LONG, "ADA QUILL: " + LONG]).dateline is None


@pytest.mark.parametrize(
    "markup",
    [
        '<div><a href="/a"><img src="/quay.jpg" alt=""></a><span>© 2024 APA/AP</span></div>',
        '<div><picture><img src="/quay.jpg"></picture><div>The quay on Monday</div><div>REUTERS</div></div>',
        '<p><img src="/quay.jpg"><br>© AFP</p>',
        '<div class="lead"><img src="/quay.jpg"><span>EFE/Archivo</span></div>',
    ],
)
def test_what_stands_under_a_picture_is_no_credit_of_the_text(markup: str) -> None:
    assert _read(f"<h1>Flood in Aville</h1>{markup}").credit is None


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="author"><img src="/afp.png" class="avatar"><span>AFP</span></div>',
        '<div><img src="/quay.jpg"><p>Par Le Quai et AFP</p></div>',
    ],
)
def test_a_portrait_or_by_shows_that_a_credit_is_the_text_s(markup: str) -> None:
    found = _read(f"<h1>Flood in Aville</h1>{markup}")
    assert found.credit is not None
    assert found.credit.agencies == ("AFP",)


def _read(head: str) -> Metadata:
    paragraphs = "".join(f"<p>{number}. {LONG}</p>" for number in range(5))
    page = f"<html><body>{head}{paragraphs}</body></html>".encode()
    return examine(
        Page(url=None, content=page, content_type="text/html; charset=utf-8"), Site(name="x")
    ).metadata


@pytest.mark.parametrize("line", ["The conversation", "SDA", "MAP", "Associated press room"])
def test_a_line_below_the_text_in_other_capitals_or_of_three_is_no_agency(line: str) -> None:
    assert metadata(after=[line]).credit is None


def test_a_section_that_is_called_like_an_agency_is_none() -> None:
    html = '<meta property="article:section" content="The Conversation">'
    assert metadata(html, before=["Flood in Aville", "The Conversation"]).credit is None


@pytest.mark.parametrize(
    ("end", "agencies"),
    [
        (" Com Lusa", ("Lusa",)),
        (" (PAP) jk/ mal/", ("PAP",)),
        (" (Theo TTXVN)", ("VNA",)),
        (" With AFP.", ("AFP",)),
    ],
)
def test_the_end_of_a_text_may_say_with_whom(end: str, agencies: tuple[str, ...]) -> None:
    found = metadata(body=[LONG.strip() + end])
    assert found.credit is not None
    assert found.credit.agencies == agencies


def test_a_date_beside_an_agency_is_read_in_the_page_s_language() -> None:
    found = metadata('<html lang="hu"><p>x</p></html>', before=["Árvíz", "MTI • 2024. május 20."])
    assert found.credit is not None
    assert found.credit.agencies == ("MTI",)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Güncelleme: 18.08.2024 - 11:30 Haber Kaynağı: DHA", "DHA"),
        ("20 мая 2024, 10:30 Источник: ТАСС", "TASS"),
        ("20.05.2024 | 10:30, źródło: PAP", "PAP"),
        ("20 de mayo de 2024 Fuente: EFE", "EFE"),
    ],
)
def test_a_source_behind_the_date_in_one_line_is_the_credit(line: str, agency: str) -> None:
    found = metadata(before=["Flood in Aville", line]).credit

    assert found is not None
    assert found.agencies == (agency,)
