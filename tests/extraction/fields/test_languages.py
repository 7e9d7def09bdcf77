"""A small page for each language: who wrote it, when, and where from, as its news sites print them."""

from __future__ import annotations

import pytest

from tests.extraction.pages import LONG, metadata

# language: byline, author; printed day; dateline, place; every day is 20 May 2024
PAGES = {
    "en": ("By Ada Quill", "Ada Quill", "Monday, May 20, 2024", "AVILLE (Reuters) - ", "AVILLE"),
    "de": ("Von Ada Quill", "Ada Quill", "Montag, 20. Mai 2024", "Aville (dpa) - ", "Aville"),
    "fr": ("Par Ada Quill", "Ada Quill", "Publié le 20 mai 2024 à 10h30", "AVILLE (AFP) - ", "AVILLE"),
    "es": ("Por Ada Quill", "Ada Quill", "20 de mayo de 2024", "Aville (EFE).- ", "Aville"),
    "pt": ("Por Ada Quill", "Ada Quill", "20 de maio de 2024 às 10h30", "Aville (Lusa) - ", "Aville"),
    "it": ("di Ada Quill", "Ada Quill", "20 maggio 2024", "(ANSA) - AVILLE, 20 MAG - ", "AVILLE"),
    "nl": ("Door Ada Quill", "Ada Quill", "20 mei 2024 om 10:30", "AVILLE (ANP) - ", "AVILLE"),
    "sv": ("Av Ada Quill", "Ada Quill", "Publicerad 20 maj 2024", "AVILLE (TT) - ", "AVILLE"),
    "no": ("Av Ada Quill", "Ada Quill", "Publisert 20. mai 2024", "AVILLE (NTB): ", "AVILLE"),
    "da": ("Af Ada Quill", "Ada Quill", "20. maj 2024", "AVILLE (Ritzau): ", "AVILLE"),
    "fi": ("Teksti: Ada Quill", "Ada Quill", "20. toukokuuta 2024", "AVILLE (STT) - ", "AVILLE"),
    "pl": ("Autor: Ada Quill", "Ada Quill", "20 maja 2024", "Aville (PAP) - ", "Aville"),
    "cs": ("Autor: Jana Vodová", "Jana Vodová", "20. května 2024", "Aville (ČTK) - ", "Aville"),
    "hu": ("Írta: Folyó Anna", "Folyó Anna", "2024. május 20.", "Aville (MTI) - ", "Aville"),
    "ro": ("Autor: Ana Râu", "Ana Râu", "20 mai 2024", "AVILLE (Agerpres) - ", "AVILLE"),
    "el": ("Της Άννας Ποταμού", "Άννας Ποταμού", "20 Μαΐου 2024", None, None),
    "tr": ("Haber: Ayşe Nehir", "Ayşe Nehir", "20 Mayıs 2024 Pazartesi 10:30", "AVILLE (AA) - ", "AVILLE"),
    "ru": (
        "Автор: Анна Речная",
        "Анна Речная",
        "20 мая 2024 г., 10:30",
        "МОСКВА, 20 мая. /ТАСС/. ",
        "МОСКВА",
    ),
    "uk": ("Автор: Ганна Річкова", "Ганна Річкова", "20 травня 2024 року о 10:30", None, None),
    "ar": ("كتب: أحمد النهري", "أحمد النهري", "20 أيار 2024", None, None),
    "fa": ("نویسنده: آنا رودی", "آنا رودی", "۳۱ اردیبهشت ۱۴۰۳", None, None),
    "he": ("מאת: חנה נהר", "חנה נהר", "20 במאי 2024", None, None),
    "hi": ("लेखक: अन्ना नदी", "अन्ना नदी", "20 मई 2024", None, None),
    "bn": ("লেখক: আনা নদী", "আনা নদী", "২০ মে ২০২৪", None, None),
    "id": (
        "Penulis: Ani Sungai",
        "Ani Sungai",
        "Senin, 20 Mei 2024 | 10:30 WIB",
        "Aville (ANTARA) - ",
        "Aville",
    ),
    "vi": ("Tác giả: Lê Thị Sông", "Lê Thị Sông", "Thứ hai, 20/5/2024, 10:30 (GMT+7)", None, None),
    "th": ("โดย สมชาย แม่น้ำ", "สมชาย แม่น้ำ", "20 พฤษภาคม 2567", None, None),
    "zh": ("记者：王小明", "王小明", "二〇二四年五月二十日", "新华社北京5月20日电 ", "北京"),
    "zh-TW": ("記者 王小明", "王小明", "113年5月20日", None, None),
    "ja": ("取材・文＝川田花子", "川田花子", "令和6年5月20日", "【北京共同】", "北京"),
    "ko": (
        "홍길동 기자 hong@river.example",
        "홍길동",
        "2024년 5월 20일 오전 10:30",
        "(서울=연합뉴스) ",
        "서울",
    ),
}


@pytest.mark.parametrize("language", PAGES)
def test_a_page_of_each_language_tells_who_wrote_it_when_and_where(language: str) -> None:
    byline, author, printed, dateline, place = PAGES[language]

    found = metadata(
        f'<html lang="{language}"><body><p>x</p></body></html>',
        before=["Flood in Aville", byline, printed],
        body=[f"{dateline or ''}{LONG}"],
    )

    assert found.authors == (author,)
    assert (found.published or "")[:10] == "2024-05-20"
    assert (found.dateline.place if found.dateline else None) == place


@pytest.mark.parametrize("language", PAGES)
def test_a_printed_author_is_not_taken_for_the_organisation_that_is_declared(language: str) -> None:
    byline, author, *_ = PAGES[language]
    html = (
        f'<html lang="{language}"><head><meta name="author" content="River News"></head><body></body></html>'
    )

    assert metadata(html, before=["Flood in Aville", byline]).authors == (author,)
