"""Dates of other calendars and scripts are read as the days that they are."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files

import pytest

from scraper.extraction.words import calendars
from scraper.extraction.words.dates import parse_date


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("۳۱ اردیبهشت ۱۴۰۳", "fa", "2024-05-20"),
        ("دوشنبه ۱ فروردین ماه ۱۴۰۰", "fa", "2021-03-21"),
        ("۳۰ اسفند ۱۳۹۹", "fa", "2021-03-20"),
        ("1402/12/29", "fa", "2024-03-19"),
        ("۱۴۰۳/۰۱/۰۱", "fa-IR", "2024-03-20"),
        ("31 ثور 1403", "fa", "2024-05-20"),
        ("20 พฤษภาคม พ.ศ. 2567", "th", "2024-05-20"),
        ("๒๐ พ.ค. ๒๕๖๗", "th", "2024-05-20"),
        ("20 พ.ค. 67", "th", "2024-05-20"),
        ("3 ธ.ค. 2023", "th", "2023-12-03"),
        ("20/05/67", "th", "2024-05-20"),
        ("令和6年5月20日", "ja", "2024-05-20"),
        ("平成31年4月30日", "ja", "2019-04-30"),
        ("令和元年5月1日", "ja", "2019-05-01"),
        ("中華民國113年5月20日", "zh-TW", "2024-05-20"),
        ("113/05/20", "zh-TW", "2024-05-20"),
        ("二〇二四年五月二十日", "zh", "2024-05-20"),
        ("二○一九年十二月三十一日", "zh", "2019-12-31"),
        ("20 أيار 2024", "ar", "2024-05-20"),
        ("الاثنين 3 كانون الأول/ديسمبر 2018", "ar", "2018-12-03"),
        ("4 تشرين الثاني 2020", "ar", "2020-11-04"),
        ("7 جويلية 2022", "ar", "2022-07-07"),
        ("٩ غشت ٢٠٢١", "ar", "2021-08-09"),
        ("20 במאי 2024", "he", "2024-05-20"),
        ("12 ذو القعدة 1445 هـ", "ar", "2024-05-20"),
        ("الاثنين ١٢ من ذي القعدة ١٤٤٥هـ", "ar-SA", "2024-05-20"),
        ("1 محرم، 1446", "ar", "2024-07-07"),
        ("15 شهر رمضان المبارك لعام 1444 هجرية", None, "2023-04-06"),
        ("٢٩ ربيع الآخر ١٤٤٣", "ar", "2021-12-04"),
        ("1445/11/12", "ar", "2024-05-20"),
        ("12-11-1445 هـ", "ar-SA", "2024-05-20"),
        ("۱۲ ذوالقعدہ ۱۴۴۵ھ", "ur", "2024-05-20"),
        ("۱۲ ذی‌القعده ۱۴۴۵", "fa", "2024-05-20"),
        ("12 ذو القعدة 1445 هـ الموافق 19 مايو 2024", "ar", "2024-05-19"),
        ("1445/11/12 هـ 10:30 م", "ar", "2024-05-20T22:30:00"),
        ("ב-3 בספטמבר, 2023", "he", "2023-09-03"),
    ],
)
def test_a_date_of_another_calendar_is_its_day(text: str, language: str | None, day: str) -> None:
    assert parse_date(text, language=language) == day


@pytest.mark.parametrize(
    "text", ["31 اسفند 99999", "113/05/20", "二〇二四年", "令和6年13月40日", "31 رجب 1445", "1 رجب 1599"]
)
def test_what_is_no_such_date_stays_as_printed(text: str) -> None:
    assert calendars.in_gregorian(text) == text


def test_the_days_of_the_solar_hijra_follow_one_another() -> None:
    lengths = [31] * 6 + [30] * 5
    day = date(1960, 3, 21)  # 1 Farvardin 1339
    for year in range(1339, 1440):
        for month, length in enumerate((*lengths, 29), 1):
            first = calendars.in_gregorian(f"{year}/{month}/1", "fa")
            assert abs(date.fromisoformat(first) - day) <= timedelta(days=1)
            day = date.fromisoformat(first) + timedelta(days=length)


@pytest.mark.parametrize(
    "printed",
    [
        "२०८० चैत १२ गते सोमबार",
        "२०८० साल चैत्र १२",
        "१२ चैत २०८०, सोमबार",
        "चैत १२, २०८०",
        "सोमबार, चैत १२ गते २०८०",
        "२०८०-१२-१२",
        "२०८०/१२/१२",
        "2080-12-12",
    ],
)
def test_a_day_of_bikram_sambat_is_read_on_a_nepali_page(printed: str) -> None:
    assert parse_date(printed, language="ne") == "2024-03-25"


@pytest.mark.parametrize("printed", ["२०८०-१३-०१", "२०८०-०१-३२", "२०९९-०१-०१"])
def test_a_day_that_bikram_sambat_has_not_or_nobody_knows_is_none(printed: str) -> None:
    assert (parse_date(printed, language="ne") or "2080")[:4] in {"2080", "2099"}


def test_the_years_of_bikram_sambat_follow_each_other() -> None:
    raw = json.loads(files("scraper.extraction.words").joinpath("bikram_sambat.json").read_text())
    ends = {
        str(int(year) + 1): (date.fromisoformat(first) + timedelta(days=sum(lengths))).isoformat()
        for year, (first, lengths) in raw.items()
    }

    assert all(ends.get(year, first) == first for year, (first, _) in raw.items())
    assert all(len(lengths) == 12 and 365 <= sum(lengths) <= 366 for _, lengths in raw.values())
