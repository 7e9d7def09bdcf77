from __future__ import annotations

import subprocess
import sys

import pytest

from scraper.extraction.words import dates


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("2014-05-20", None, "2014-05-20"),
        ("10:30 BST, 20 May 2024", "en", "2024-05-20T09:30:00Z"),
        ("2024-05-20 10:30 Europe/Berlin", "en", "2024-05-20T08:30:00Z"),
        ("2024年5月20日(月) 10時30分", "ja", "2024-05-20T10:30:00"),
        ("R6.5.20", "ja", "2024-05-20"),
        ("20 MAYIS 2024", "tr", "2024-05-20"),
        ("ΔΕΥΤΕΡΑ 20 ΜΑΪΟΥ 2024, 10:30", "el", "2024-05-20T10:30:00"),
        ("20/05/2024, 3:30 μμ", "el", "2024-05-20T15:30:00"),
        ("20 مايو 2024 الساعة 03:30 مساءً", "ar", "2024-05-20T15:30:00"),
        ("20 мая 2024 года, 10:30 МСК", "ru", "2024-05-20T07:30:00Z"),
        ("Senin, 20 Mei 2024 pukul 10.30 WIB", "id", "2024-05-20T03:30:00Z"),
        ("2024. május 20., hétfő 10:30", "hu", "2024-05-20T10:30:00"),
        ("20. maja 2024 ob 10.30", "sl", "2024-05-20T10:30:00"),
        ("5 d'agost del 2024", "ca", "2024-08-05"),
        ("02.12.19", "en", "2019-12-02"),
        ("Mar 27 14 min read", "en", None),
        ("1/3/7/8/20", "en", None),
        ("2014-05-20T08:00", None, "2014-05-20T08:00:00"),
        ("2014-05-20 08:00:05", None, "2014-05-20T08:00:05"),
        ("2014-05-20T10:00:00+02:00", None, "2014-05-20T08:00:00Z"),
        ("2014-05-20T08:00:00.123456Z", None, "2014-05-20T08:00:00Z"),
        ("2014-05-20T03:00:00.000-0500", None, "2014-05-20T08:00:00Z"),
        ("20140520T080000Z", None, "2014-05-20T08:00:00Z"),
        ("1400572800", None, "2014-05-20T08:00:00Z"),
        ("1400572800000", None, "2014-05-20T08:00:00Z"),
        ("Tue, 20 May 2014 08:00 GMT", "en", "2014-05-20T08:00:00Z"),
        ("19May14", "en", "2014-05-19"),
        ("Latest update : 2013-05-07", "en", "2013-05-07"),
        ("May 20, 2014 at 3:05 p.m. ET", "en", "2014-05-20T19:05:00Z"),
        ("3:05 PM EDT, Tue May 20, 2014", "en", "2014-05-20T19:05:00Z"),
        ("Sept. 4, 2014", "en", "2014-09-04"),
        ("20th of May 2014", "en", "2014-05-20"),
        ("20 mai 2014 à 14h30", "fr", "2014-05-20T14:30:00"),
        ("20.05.2014, 14:30 Uhr", "de", "2014-05-20T14:30:00"),
        ("20. Jänner 2014", "de", "2014-01-20"),
        ("5 de junio de 2014, 10:05 h", "es", "2014-06-05T10:05:00"),
        ("20 maggio 2014 alle 14:30", "it", "2014-05-20T14:30:00"),
        ("20/5/2014 14h30", "pt", "2014-05-20T14:30:00"),
        ("20 mei 2014 om 14:30", "nl", "2014-05-20T14:30:00"),
        ("8 jan. 2024 kl. 14.14", "sv", "2024-01-08T14:14:00"),
        ("20. toukokuuta 2014 klo 14.30", "fi", "2014-05-20T14:30:00"),
        ("2014. május 20. 14:30", "hu", "2014-05-20T14:30:00"),
        ("2014 m. gegužės 20 d.", "lt", "2014-05-20"),
        ("2014. gada 20. maijs", "lv", "2014-05-20"),
        ("20 maja 2014", "pl", "2014-05-20"),
        ("20 мая 2014, 14:30", "ru", "2014-05-20T14:30:00"),
        ("30 Nisan 2014 - 16:48", "tr", "2014-04-30T16:48:00"),
        ("2014年5月20日 14時30分", "ja", "2014-05-20T14:30:00"),
        ("2014년 5월 20일 오후 3:15", "ko", "2014-05-20T15:15:00"),
        ("20 พฤษภาคม 2557 14:30 น.", "th", "2014-05-20T14:30:00"),
        ("22/10/2014, 19:25 (GMT+7)", "vi", "2014-10-22T12:25:00Z"),
        ("20 tháng 5, 2014", "vi", "2014-05-20"),
        ("20 मई 2014", "hi", "2014-05-20"),
        ("٢٠ مايو ٢٠١٤", "ar", "2014-05-20"),
        ("Ada Quill•May 20, 2014", "en", "2014-05-20"),
        ("20 mai 2014 à 14h30", "en", "2014-05-20T14:30:00"),
        ("20/05/2014 03:30 م", "ar", "2014-05-20T15:30:00"),
        ("20/05/2014 03:30 ص", "ar", "2014-05-20T03:30:00"),
        ("20 Mayıs 2014 Salı 10:30", "tr", "2014-05-20T10:30:00"),
        ("ΤΡΙΤΗ 20 ΜΑΙΟΥ 2014", "el", "2014-05-20"),
        ("20 травня 2014 року о 10:30", "uk", "2014-05-20T10:30:00"),
        ("20 мая 2014 г., 10:30", "ru", "2014-05-20T10:30:00"),
        ("2014 m. gegužės 20 d. 10:30", "lt", "2014-05-20T10:30:00"),
        ("20 Mei 2014 | 10:30 WITA", "id", "2014-05-20T02:30:00Z"),
        ("2014-05-20T10:30:00[Europe/Berlin]", None, "2014-05-20T08:30:00Z"),
        ("/Date(1400572800000)/", None, "2014-05-20T08:00:00Z"),
        ("103年5月20日", "zh-TW", "2014-05-20"),
    ],
)
def test_a_date_keeps_the_precision_and_zone_that_it_was_printed_with(
    text: str, language: str | None, value: str
) -> None:
    assert dates.parse_date(text, language=language) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no date",
        "May 2014",
        "12",
        "31/02/2014",
        "version 1.2.3",
        "9999999999999999",
        "call 030-12 34 56",
        "rated 9.7 /10",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert dates.parse_date(text, language="en") is None


@pytest.mark.parametrize(
    ("language", "near", "value"),
    [
        ("en-US", None, "2014-05-06"),
        ("en", None, "2014-05-06"),
        ("en-GB", None, "2014-06-05"),
        ("de", None, "2014-06-05"),
        (None, None, "2014-06-05"),
        ("en-US", "2014-06-05", "2014-06-05"),
        ("de", "2014-05-07", "2014-05-06"),
    ],
)
def test_day_and_month_are_ordered_by_the_other_dates_then_by_the_language(
    language: str | None, near: str | None, value: str
) -> None:
    assert dates.parse_date("05/06/2014", language=language, near=near) == value


def test_a_site_s_zone_applies_where_none_is_printed() -> None:
    assert (
        dates.parse_date("20.05.2014, 14:30 Uhr", language="de", zone="Europe/Vienna")
        == "2014-05-20T12:30:00Z"
    )
    assert dates.parse_date("2014-05-20T14:30:00Z", zone="Europe/Vienna") == "2014-05-20T14:30:00Z"
    assert dates.parse_date("2014-05-20", zone="Europe/Vienna") == "2014-05-20"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2014/05/20/flood", "2014-05-20"),
        ("https://a.example/2014/5/7/flood", "2014-05-07"),
        ("https://a.example/news-20140520-flood", "2014-05-20"),
        ("https://a.example/2014-05-20-flood.html", "2014-05-20"),
        ("https://a.example/flood-12345678", None),
        ("https://a.example/2014/flood", None),
    ],
)
def test_an_address_may_name_a_day(url: str, day: str | None) -> None:
    assert dates.in_url(url) == day


def test_the_months_of_a_language_do_not_depend_on_which_was_asked_first() -> None:
    ask = (
        "import sys; from scraper.extraction.words.month_names import months;"
        "print(sorted((code, sorted(months(code).items())) for code in sys.argv[1:]))"
    )
    codes = ("yue", "cop", "vmw", "pt", "sr", "aa", "hi", "lg")
    told = {
        subprocess.run([sys.executable, "-c", ask, *order], capture_output=True, check=True).stdout
        for order in (codes, codes[::-1])
    }

    assert len(told) == 1


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+02:00", "9999-12-31 23:59", "0001-01-01"]
)
def test_the_edge_of_the_calendar_raises_nothing_and_is_no_date_of_an_article(text: str) -> None:
    found = dates.parse_date(text, zone="America/New_York")
    assert found is None or found.startswith("0001") or not dates.is_plausible(found, None)
