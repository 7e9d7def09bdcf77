from __future__ import annotations

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Site
from tests.extraction.pages import LONG, metadata


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Ada Quill/STT", ("Ada Quill",)),
        ("Ada Quill avec AFP", ("Ada Quill",)),
        ("Ada Quill, PAP", ("Ada Quill",)),
        ("דנה נהר, רויטרס", ("דנה נהר",)),
        ("Ada Quill (ada.quill@river.example)", ("Ada Quill",)),
        ("Анна Речная Фото: Иван Мостов", ("Анна Речная",)),
        ("Ada Quill, special to The River Times", ("Ada Quill",)),
        ("Interview: Ada Quill", ("Ada Quill",)),
        ("تحقيق وتصوير: أحمد النهري", ("أحمد النهري",)),
        ("كتب / أحمد النهري", ("أحمد النهري",)),
        ("Rivers / Bridges", ()),
        ("Ada Quill | Ben Marlow", ()),
    ],
)
def test_what_only_bylines_hold_shows_a_name_beside_it_to_be_the_author_s(
    line: str, authors: tuple[str, ...]
) -> None:
    html = "<body><h1>Flood in Aville</h1></body>"

    assert metadata(html, before=["Flood in Aville", line]).authors == authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("— Ada Quill", ("Ada Quill",)),
        ("Lê Sông (Theo Reuters)", ("Lê Sông",)),
        ("Иван Речной, собкор", ("Иван Речной",)),
        ("Журналістка Олена Річна", ("Олена Річна",)),
        ("Ada Quill, Korrespondentin", ("Ada Quill",)),
        ("Редактор отдела, собкор", ()),
    ],
)
def test_a_dash_a_trade_or_an_agency_shows_the_last_line_to_be_a_signature(
    line: str, authors: tuple[str, ...]
) -> None:
    assert metadata(after=[line]).authors == authors


def test_a_kind_of_text_may_stand_before_its_subject() -> None:
    html = f"<body><h1>Flut in Aville</h1><p>Am Abend war die Brücke gesperrt. {LONG}</p></body>"

    assert metadata(html, before=["Flut in Aville", "Analyse: Die Brücke"]).authors == ()
    assert metadata(html, before=["Flut in Aville", "Analyse: Ada Quill"]).authors == ("Ada Quill",)


def test_words_of_the_text_are_no_name() -> None:
    text = f"In this article we list related topics. {LONG}"
    html = f"<body><h1>Flood in Aville</h1><p>{text}</p></body>"

    assert metadata(html, before=["Flood in Aville", "In This Article"], body=[text]).authors == ()
    assert metadata(html, before=["Flood in Aville", "Ada Quill"], body=[text]).authors == ("Ada Quill",)


@pytest.mark.parametrize(("owner", "authors"), [("李建忠", ("李建忠",)), ("River Works", ())])
def test_a_chinese_name_in_heading_and_notice_of_rights_owns_the_page(
    owner: str, authors: tuple[str, ...]
) -> None:
    html = f"<body><h1>{owner}</h1></body>"

    assert metadata(html, before=["河水上涨"], after=[f"Copyright © 2031 {owner}"]).authors == authors


@pytest.mark.parametrize(
    ("href", "authors"),
    [("/es/inundacion", ()), ("/authors/7", ("Ada Quill",)), ("/ada-quill/", ("Ada Quill",))],
)
def test_a_line_that_leads_elsewhere_is_no_byline(href: str, authors: tuple[str, ...]) -> None:
    paragraphs = f"<p>{LONG}</p>" * 3
    page = f'<main><h1>Flood in Aville</h1><p><a href="{href}">Ada Quill</a></p>{paragraphs}</main>'
    found = extract_article(Page(url=None, content=page.encode()), Site(name="a"))

    assert isinstance(found, Article)
    assert found.authors == authors


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("vi", "Thứ Tư, 22/5/2024, 18:05 (GMT+7)"),
        ("vi", "Chủ Nhật | 26/5/2024"),
        ("vi", "Thứ Sáu, 24/05/2024 07:30"),
        ("pt", "Quarta-Feira, 22/05/2024"),
    ],
)
def test_a_day_of_the_week_beside_a_date_is_nobody_s_name(language: str, line: str) -> None:
    html = f"<html lang={language}><body><h1>Flood in Aville</h1></body></html>"

    assert metadata(html, before=["Flood in Aville", line]).authors == ()
    assert metadata(html, before=["Flood in Aville", f"Ada Quill, {line}"]).authors == ("Ada Quill",)
