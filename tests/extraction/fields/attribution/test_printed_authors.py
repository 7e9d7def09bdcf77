from __future__ import annotations

import pytest

from scraper.extraction.article import examine
from scraper.model import Page, Site
from tests.extraction.pages import LONG, metadata


@pytest.mark.parametrize(
    "line",
    [
        "Ada Quill | 20.05.2024 - 10:30",
        "Ada Quill - 20/05/2024",
        "Ada Quill | Senior Writer | May 2, 2024",
        "Ada Quill • 2 May 2024",
    ],
)
def test_a_name_opens_the_line_of_the_date(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    ("language", "line", "author"),
    [
        ("en", "May 20, 2024 | Ada Quill", "Ada Quill"),
        ("en", "Ada Quill for The Examiner", "Ada Quill"),
        ("it", "Anna Fiume, 20 maggio 2024", "Anna Fiume"),
        ("it", "dalla nostra inviata Anna Fiume", "Anna Fiume"),
        ("cs", "20. května 2024, 10:30 | Jana Vodová", "Jana Vodová"),
        ("cs", "Jana Vodová, redaktorka", "Jana Vodová"),
        ("ru", "Иван Речной, корреспондент", "Иван Речной"),
        ("ru", "Иван Речной | 20 мая 2024, 10:30", "Иван Речной"),
        ("uk", "Авторка — Олена Річна", "Олена Річна"),
        ("ar", "كتب أحمد النهري", "أحمد النهري"),
        ("ar", "كتبت - سلمى النهري:", "سلمى النهري"),
        ("vi", "Phóng viên Lê Thị Sông", "Lê Thị Sông"),
        ("id", "Laporan wartawan Dewi Sungai", "Dewi Sungai"),
        ("id", "Dewi Sungai - Senin, 20 Mei 2024 10:30 WIB", "Dewi Sungai"),
        ("hi", "अनिल नदी द्वारा", "अनिल नदी"),
        ("bn", "লিখেছেন আনা নদী", "আনা নদী"),
        ("th", "เรื่อง : สมชาย ริมน้ำ ภาพ : สมหญิง ท่าน้ำ", "สมชาย ริมน้ำ"),
        ("pt", "Reportagem de Ana Ribeira", "Ana Ribeira"),
        ("pt", "Ana Ribeira, da Redação", "Ana Ribeira"),
        ("nl", "Door onze redacteur Anna Kade", "Anna Kade"),
        ("es", "Texto: Ana Ribera. Fotos: Luis Muelle", "Ana Ribera"),
        ("sv", "Text: Anna Å Foto: Per Kaj", "Anna Å"),
        ("fi", "Teksti Anna Joki, kuvat Pekka Ranta", "Anna Joki"),
        ("fr", "Ada Quillot (avec AFP)", "Ada Quillot"),
        ("tr", "Ayşe Nehir - Muhabir", "Ayşe Nehir"),
        ("ro", "de Ana Râu", "Ana Râu"),
        ("zh-TW", "記者陳大文／台北報導", "陳大文"),
        ("zh", "文/图 王小明", "王小明"),
        ("ja", "文・山田花子", "山田花子"),
        ("ja", "ワシントン＝川田次郎", "川田次郎"),
        ("ko", "글·사진 이영희 기자", "이영희"),
        ("en", "EXCLUSIVE by Ada Quill", "Ada Quill"),
        ("en", "Ada Quill reports from Low Aville", "Ada Quill"),
        ("de", "Ada Quill berichtet aus Aville", "Ada Quill"),
        ("es", "Ana Ribera (texto) y Luis Muelle (fotos)", "Ana Ribera"),
        ("sv", "Anna Å rapporterar från Ävle", "Anna Å"),
    ],
)
def test_a_line_of_each_language_s_habit_names_its_author(language: str, line: str, author: str) -> None:
    found = metadata(
        f'<html lang="{language}"><h1>Flood in Aville</h1></html>', before=["Flood in Aville", line]
    )
    assert found.authors == (author,)


@pytest.mark.parametrize("line", ["Von DPA", "VON DPA", "Por EFE", "Par AFP", "Av TT", "Door: ANP"])
def test_by_and_an_agency_name_no_person(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ()


@pytest.mark.parametrize("line", ["Von Tilda", "Por Tilda", "By Tilda"])
def test_by_is_no_part_of_a_name_that_is_declared_without_it(line: str) -> None:
    html = '<meta name="author" content="Tilda">'
    assert metadata(html, before=["Flood in Aville", line]).authors == ("Tilda",)


def test_a_section_beside_a_date_is_no_author() -> None:
    html = '<meta property="article:section" content="Real Estate">'
    assert metadata(html, before=["Flood in Aville", "Real Estate | 20.05.2024"]).authors == ()


@pytest.mark.parametrize(
    "line", ["Local News | 20.05.2024", "Aville | 20.05.2024", "Ada Quill | Rivers", "Updated | May 2, 2024"]
)
def test_another_line_with_a_date_names_nobody(line: str) -> None:
    assert metadata(before=["Flood in Aville", "What the river did", line]).authors == ()


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("<p><strong>Lê Thị Sông</strong></p>", ("Lê Thị Sông",)),
        ('<p style="text-align:right">Ada Quill</p>', ("Ada Quill",)),
        ("<p>Aville Harbour</p>", ()),
    ],
)
def test_a_name_in_bold_or_at_the_right_signs_the_text(line: str, people: tuple[str, ...]) -> None:
    paragraphs = "".join(f"<p>{number}. {LONG}</p>" for number in range(5))
    page = f"<html><body><h1>Flood in Aville</h1>{paragraphs}{line}</body></html>"
    found = examine(
        Page(url=None, content=page.encode(), content_type="text/html; charset=utf-8"), Site(name="x")
    )

    assert found.metadata.authors == people


def test_a_link_to_an_authors_page_is_the_last_resort() -> None:
    link = '<p>The river page, with <a href="/authors/ada-quill">Ada Quill</a>, every day</p>'
    paragraphs = "".join(f"<p>{number}. {LONG}</p>" for number in range(5))
    page = f"<html><body><h1>Flood in Aville</h1>{link}{paragraphs}</body></html>"
    found = examine(
        Page(url=None, content=page.encode(), content_type="text/html; charset=utf-8"), Site(name="x")
    )

    assert found.metadata.authors == ("Ada Quill",)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("2031-05-02 09:00 Автор: Иван Петров", "Иван Петров"),
        ("2 мая 2031 | Автор: Иван Петров", "Иван Петров"),
        ("2 مايو 2031 كتب: أحمد علي", "أحمد علي"),
        ("02.05.2031 – Autorin: Ada Quill", "Ada Quill"),
        ("2 May 2031, Author: Ada Quill", "Ada Quill"),
        ("2 मई 2031 लेखक: अमित शर्मा", "अमित शर्मा"),
    ],
)
def test_a_label_behind_a_date_names_the_author(line: str, name: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == (name,)


@pytest.mark.parametrize(
    "line",
    [
        "Uneingeschränkten Zugang zur Versorgung gewähren und von Krieg, Folter und Flucht Betroffene schützen",
        "Die Brücke wurde im Mai von Ben Marlow eröffnet",
        "La piazza intitolata alla memoria di Ben Marlow",
    ],
)
def test_a_running_line_names_no_author_behind_a_word_for_of(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "Aville, 20. Mai 2024 von Ada Quill",
        "Eine große Reportage von Ada Quill",
        "Eine Dokumentation von Ada Quill",
        "Lokales aus Aville | von Ada Quill",
    ],
)
def test_a_line_that_says_what_was_written_names_its_author(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ("Ada Quill",)
