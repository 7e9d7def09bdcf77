"""Dates of other calendars, written as ISO days before they are read, and what says which date one is.

The months of the calendars are in calendars.json, the lengths of those of Bikram Sambat in
bikram_sambat.json, as they follow no rule; the words beside dates are in date_labels.json.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from scraper.extraction.words.spelling import any_of, any_whole
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_SIGNS = re.compile(r"[\\(\[|?]")
"""What a pattern among words has, and no word."""
_WHOLE = frozenset({"created", "other"})
"""Kinds whose words are no mere beginnings of others."""
_NUMERALS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "元": 1}
_HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})\s*年\s*([一二三四五六七八九十]{1,2})\s*月\s*([一二三四五六七八九十]{1,3})\s*[日号號]"
)
# the year before the first of each era
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民國": 1911, "民国": 1911}
_ERA_DATE = re.compile(rf"({'|'.join(_ERAS)})\s*(元|\d{{1,3}})\s*年\s*(\d\d?)\s*月\s*(\d\d?)\s*日")
_LETTERS = {"R": 2018, "H": 1988, "S": 1925}
_ERA_LETTERS = re.compile(r"(?<![A-Za-z])([RHS])(\d\d?)[./年](\d\d?)[./月](\d\d?)(?!\d)")
_REPUBLIC = re.compile(r"(?<![\d./-])(1[01]\d)([./-])(\d\d?)\2(\d\d?)(?![\d./-])")
_REPUBLIC_DATE = re.compile(r"(?<!\d)(1[01]\d)\s*年\s*(\d\d?)\s*月\s*(\d\d?)\s*日")
_SOLAR_FIGURES = re.compile(r"(?<!\d)(1[34]\d\d)([./-])(\d\d?)\2(\d\d?)(?!\d)")
_THAI_FIGURES = re.compile(r"(?<![\d/])(\d\d?)/(\d\d?)/(\d\d)(?![\d/])")
_BUDDHIST, _BUDDHIST_CENTURY, _LEAST_BUDDHIST = 543, 2500, 2400
_SOLAR_YEAR, _SOLAR_DAY = 1400, date(2021, 3, 21)
"""A year of the solar Hijra and its first day."""
_SOLAR_CYCLE, _SOLAR_LEAPS = 33, (1, 5, 9, 13, 17, 22, 26, 30)
"""Years, and which of them have a day more: so from 1206 to 1498 of the solar Hijra."""
_FIRST_MONTHS = 6
"""Months of 31 days."""
_COMMON_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LUNAR_YEAR = r"(?P<year>1[345]\d\d)(?!\d)"
_LUNAR_ERA = r"(?:\s*(?:هجرية|هجري|هـ|[هھ](?!\w)))?"


@cache
def date_labels() -> Mapping[str, re.Pattern[str]]:
    """Return a pattern of the words beside a date for each thing that it may be, to search lower-case text.

    Those of "other" say that the date is not the article's: a member's, a founder's, an event's.
    """
    raw = json.loads(
        files("scraper.extraction.words").joinpath("date_labels.json").read_text(encoding="utf-8")
    )
    # not made to ignore case: that takes ten times as long
    return {
        kind: re.compile(any_whole(words, JOINED_LETTER) if kind in _WHOLE else "|".join(_stems(words)))
        for kind, words in raw.items()
    }


def _stems(words: Sequence[str]) -> Iterator[str]:
    """Yield one pattern of all plain beginnings of words, and those that are patterns."""
    yield any_of(word for word in words if not _SIGNS.search(word))
    yield from filter(_SIGNS.search, words)


def in_gregorian(text: str, language: str | None = None) -> str:
    """Return a text with the dates of other calendars as ISO days; its digits are ASCII.

    Figures alone are another calendar's only where the language (BCP 47) says so. A day of the lunar Hijra is
    read only where no common year stands beside it: countries begin its months on different days.

    >>> in_gregorian("31 اردیبهشت 1403"), in_gregorian("令和6年5月20日 10時")
    ('2024-05-20', '2024-05-20 10時')
    """
    base = (language or "").lower()[:2]
    text = _HAN_DATE.sub(_of_han, text)
    text = _ERA_DATE.sub(
        lambda m: _iso(_ERAS[m[1]] + (1 if m[2] == "元" else int(m[2])), m[3], m[4], m[0]), text
    )
    for pattern, months, year_of in _spelled():
        text = pattern.sub(lambda m, n=months, y=year_of: y(m, n[m["month"]]), text)  # type: ignore[misc]
    if base == "fa":
        text = _SOLAR_FIGURES.sub(lambda m: _solar(m[1], int(m[3]), m[4], m[0]), text)
    elif base == "ja":
        text = _ERA_LETTERS.sub(lambda m: _iso(_LETTERS[m[1]] + int(m[2]), m[3], m[4], m[0]), text)
    elif base == "zh":
        text = _REPUBLIC_DATE.sub(lambda m: _iso(int(m[1]) + 1911, m[2], m[3], m[0]), text)
        text = _REPUBLIC.sub(lambda m: _iso(int(m[1]) + 1911, m[3], m[4], m[0]), text)
    elif base == "ne":
        for pattern in _nepali():
            text = pattern.sub(lambda m: _bikram_sambat(m["year"], m["month"], int(m["day"]), m[0]), text)
    elif base == "th":
        text = _THAI_FIGURES.sub(lambda m: _iso(_buddhist(m[3]), m[2], m[1], m[0]), text)
    if not _COMMON_YEAR.search(text):
        named, *figures = _lunar_forms()
        for pattern in (named, *(figures if base == "ar" else ())):
            text = pattern.sub(_of_lunar, text)
    return text


@cache
def _lunar_forms() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of days of the lunar Hijra: "12 ذو القعدة 1445 هـ", "1445/11/12", "12-11-1445"."""
    words = "|".join(map(re.escape, sorted(_lunar_months(), key=lambda word: (-len(word), word))))
    figure, day = r"(?P<month>\d\d?)", r"(?P<day>\d\d?)"
    return (
        re.compile(
            rf"(?<!\d){day}\s*(?:من\s+)?(?:شهر\s+)?(?P<month>{words})[،,]?"
            rf"\s*(?:(?:ل?عام|ل?سنة)\s+)?{_LUNAR_YEAR}{_LUNAR_ERA}"
        ),
        re.compile(rf"(?<![\d./-]){_LUNAR_YEAR}([./-]){figure}\2{day}(?![\d./-]){_LUNAR_ERA}"),
        re.compile(rf"(?<![\d./-]){day}([./-]){figure}\2{_LUNAR_YEAR}{_LUNAR_ERA}"),
    )


@cache
def _lunar_months() -> Mapping[str, int]:
    return {word: number for number, words in enumerate(_months()["lunar_hijri"], 1) for word in words}


def _of_lunar(match: re.Match[str]) -> str:
    """Return the ISO day of one of the lunar Hijra, or the text as printed where no table has its year."""
    from hijridate import Hijri  # few pages need its tables

    month = match["month"]
    number = int(month) if month.isdigit() else _lunar_months()[month]
    try:
        return Hijri(int(match["year"]), number, int(match["day"])).to_gregorian().isoformat()
    except (ValueError, OverflowError):
        return match[0]


@cache
def _months() -> Mapping[str, Sequence[Sequence[str]]]:
    """Return the names of each calendar's months, in order, as they may be written."""
    text = files("scraper.extraction.words").joinpath("calendars.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@cache
def _spelled() -> tuple[tuple[re.Pattern[str], Mapping[str, int], Callable[[re.Match[str], int], str]], ...]:
    """Return a pattern for each calendar with named months, its months, and what writes a date of it."""
    months = {
        name: {word: number for number, words in enumerate(found, 1) for word in words}
        for name, found in _months().items()
    }

    def pattern(calendar: str, before: str, after: str, year: str) -> re.Pattern[str]:
        words = "|".join(map(re.escape, sorted(months[calendar], key=lambda word: (-len(word), word))))
        return re.compile(
            rf"(?<!\d)(?P<day>\d\d?)\s*{before}(?P<month>{words}){after}\s*(?P<year>{year})(?!\d)"
        )

    return (
        (
            pattern("solar_hijri", "", r"(?:\s*ماه)?[،,]?(?=\s)", r"1[34]\d\d"),
            months["solar_hijri"],
            lambda m, month: _solar(m["year"], month, m["day"], m[0]),
        ),
        (
            pattern("thai", "", r"\s*(?:พ\.ศ\.|พุทธศักราช|ค\.ศ\.)?", r"\d{4}|\d\d(?![:.]\d)"),
            months["thai"],
            lambda m, month: _iso(_buddhist(m["year"]), month, m["day"], m[0]),
        ),
        (
            pattern(
                "arabic", "", r"(?:\s*[/(]\s*[^\W\d]{2,10}(?:\s[^\W\d]{2,8})?\s*\)?)?[،,]?", r"(?:19|20)\d\d"
            ),
            months["arabic"],
            lambda m, month: _iso(int(m["year"]), month, m["day"], m[0]),
        ),
        (
            pattern("hebrew", "[בל]?[-־]?", ",?", r"(?:19|20)\d\d"),
            months["hebrew"],
            lambda m, month: _iso(int(m["year"]), month, m["day"], m[0]),
        ),
    )


@cache
def _nepali() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates on Nepali pages: "2080 चैत 12", "चैत 12, 2080", "2080-12-12"."""
    words = sorted(_nepali_months(), key=lambda word: (-len(word), word))
    year, month, day = r"(?<!\d)(?P<year>20[5-9]\d)", rf"(?P<month>{'|'.join(words)})", r"(?P<day>\d\d?)"
    return (
        re.compile(rf"{year}\s*(?:साल)?\s*{month}\s*{day}(?!\d)"),
        re.compile(rf"(?<!\d){day}\s*(?:गते\s*)?{month},?\s*{year}(?!\d)"),
        re.compile(rf"{month}\s*{day}\s*(?:गते)?,?\s*{year}(?!\d)"),
        re.compile(rf"{year}\s?[-/.।]\s?(?P<month>\d\d?)\s?[-/.।]\s?{day}(?!\d)"),
    )


@cache
def _nepali_months() -> Mapping[str, int]:
    return {word: number for number, words in enumerate(_months()["bikram_sambat"], 1) for word in words}


@cache
def _nepali_years() -> Mapping[str, tuple[str, list[int]]]:
    """Return the first day of each year and the days of its months, as three libraries have them."""
    raw = files("scraper.extraction.words").joinpath("bikram_sambat.json").read_text(encoding="utf-8")
    return dict(json.loads(raw))


def _bikram_sambat(year: str, month: str, day: int, printed: str) -> str:
    """Return the ISO day of one of Bikram Sambat, or the text as printed where its year is not known."""
    number = int(month) if month.isdigit() else _nepali_months()[month]
    if year not in _nepali_years() or not 1 <= number <= 12:  # noqa: PLR2004
        return printed
    first, lengths = _nepali_years()[year]
    if not 1 <= day <= lengths[number - 1]:
        return printed
    return (date.fromisoformat(first) + timedelta(days=sum(lengths[: number - 1]) + day - 1)).isoformat()


def _iso(year: int, month: str | int, day: str | int, printed: str) -> str:
    """Return the ISO day, or the text as printed where there is no such day."""
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return printed


def _buddhist(year: str) -> int:
    """Return the common year of a Thai one; two figures are those of the Buddhist era."""
    number = int(year) if len(year) > len("67") else _BUDDHIST_CENTURY + int(year)
    return number - _BUDDHIST if number > _LEAST_BUDDHIST else number


def _solar(year: str, month: int, day: str, printed: str) -> str:
    """Return the ISO day of one of the solar Hijra, of which a year begins in March."""
    if not (1 <= month <= 12 and 1 <= int(day) <= 31):  # noqa: PLR2004
        return printed
    years = int(year) - _SOLAR_YEAR
    leaps = _leap_days(int(year)) - _leap_days(_SOLAR_YEAR)
    days = 31 * min(month - 1, _FIRST_MONTHS) + 30 * max(0, month - 1 - _FIRST_MONTHS) + int(day) - 1
    return (_SOLAR_DAY + timedelta(days=years * 365 + leaps + days)).isoformat()


def _leap_days(year: int) -> int:
    """Return the leap days before a year of the solar Hijra."""
    cycles, rest = divmod(year - 1, _SOLAR_CYCLE)
    return cycles * len(_SOLAR_LEAPS) + sum(leap <= rest for leap in _SOLAR_LEAPS)


def _of_han(match: re.Match[str]) -> str:
    year = int("".join(str(_NUMERALS[sign]) for sign in match[1]))
    return _iso(year, _number(match[2]), _number(match[3]), match[0])


def _number(text: str) -> int:
    """Return a number below a hundred: 二十一 is 21."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS[tens[-1]]
    return 10 * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)
