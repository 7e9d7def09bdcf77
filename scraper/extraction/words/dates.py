"""Dates as printed: in ISO 8601, with the precision and the zone that the page gave and no other."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extraction.words import calendars
from scraper.extraction.words.clock import in_utc, with_time
from scraper.extraction.words.month_names import month_key, months
from scraper.writing import with_few_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_TEXT = 300
_EARLIEST = 1850

_FIGURE = re.compile("[0-9]")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d?)-(\d\d?)(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{4})[/.](\d\d?)[/.](\d\d?)(?!\d)")
_BASIC = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=T\d{4}|\D|\Z)")
_IDEOGRAPHIC = re.compile(r"(\d{4})\s*[年년.]\s*(\d\d?)\s*[月월.]\s*(\d\d?)\s*[日일.]?")
_WORD = r"([^\s\d,./:|()\[\]<>•·⋅●–—-]{2,20})"
_DAY = r"(?<!\d)(\d\d?)(?:st|nd|rd|th|er|[.ºª])?"
_YEAR = r"(\d{4}|'?\d\d)(?!\d|:\d|\s*(?:min|h(?:ours?|rs?)?|sec|comments?)\b)"
_DAY_FIRST = re.compile(
    rf"{_DAY}[\s-]*(?:(?:de|of)\s+|d[’'])?{_WORD}\.?,?[\s-]*(?:(?:de|del|of)\s+)?{_YEAR}", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"{_WORD}\.?\s*(\d\d?)(?:st|nd|rd|th)?(?:,\s*|\s+)(?:de\s+)?{_YEAR}", re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(\d{{4}})\.?\s*(?:m\.|gada|urteko|ko|,)?\s*(?:(\d\d?)\.\s)?{_WORD}\.?\s*(\d\d?)?(?!\d)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d./])(\d\d?)\s?(?P<sign>[./-])\s?(\d\d?)\s?(?P=sign)\s?(\d{4}|\d\d)(?!\d|[:.]\d|(?P=sign)\d)"
)
_VIETNAMESE = re.compile(r"(?<!\d)(\d\d?)\s+tháng\s+(\d\d?)(?:\s+năm)?,?\s+(\d{4})(?!\d)", re.IGNORECASE)
_IN_URL = (
    re.compile(r"/((?:19|20)\d\d)[/-](\d\d?|[a-zA-Z]{3,9})[/-](\d\d?)(?=\D|$)"),
    re.compile(r"(?<!\d)(20[012]\d)-?([01]\d)-?([0-3]\d)(?!\d)"),
)
_DAY_FIRST_IN_URL = re.compile(r"(?<!\d)([0-3]?\d)[-.]([01]?\d)[-.](20[012]\d)(?!\d)")
# each form with its groups for year, month and day, the surest first; one day may stand in one of two groups
_FORMS = (
    (_ISO, ((1,), (2,), (3,))),
    (_SLASHED, ((1,), (2,), (3,))),
    (_BASIC, ((1,), (2,), (3,))),
    (_IDEOGRAPHIC, ((1,), (2,), (3,))),
    (_DAY_FIRST, ((3,), (2,), (1,))),
    (_MONTH_FIRST, ((3,), (1,), (2,))),
    (_YEAR_FIRST, ((1,), (3,), (2, 4))),
    (_VIETNAMESE, ((3,), (2,), (1,))),
)
_INSTANT = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)")
_SECONDS_SINCE_1970 = re.compile(r"\A(?:/Date\()?(\d{10})(?:\d{3})?(?:[+-]\d{4})?(?:\)/)?\Z")
_UNSET = "1970-01"
"""The month of what a content system writes where no date was set."""

_OTHER_CALENDARS = frozenset({"ar", "fa", "ja", "ne", "th", "zh"})
"""Languages in which figures alone may be another calendar's."""
_MONTH_FIRST_REGIONS = frozenset({"US", "CA", "PH", "BZ"})
_LAST_YEAR = "2200"
"""What is later is a mistake, whenever the page was fetched."""


@lru_cache(maxsize=4_096)  # several sources of a page say the same, and the pages of a site
def parse_date(
    text: str,
    *,
    language: str | None = None,
    zone: str | None = None,
    near: str | None = None,
    day_first: bool | None = None,
) -> str | None:
    """Return the first date in a text as ISO 8601, in UTC where its zone is known, or None.

    `zone` is the IANA name of the zone of times that name none. Where a text leaves open which figure is the
    day, `day_first` decides, else the date `near`, else the language (BCP 47).

    >>> parse_date("Mon, 20 May 2014 10:00 +0200"), parse_date("20 mai 2014 à 14h30", language="fr")
    ('2014-05-20T08:00:00Z', '2014-05-20T14:30:00')
    """
    text = text[:_MAX_TEXT].strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", with_few_marks(text)).strip()
        text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
        text = calendars.in_gregorian(text, language)
    elif language and language[:2] in _OTHER_CALENDARS:
        text = calendars.in_gregorian(text, language)
    elif instant := _instant(text):
        return instant
    if not _FIGURE.search(text):
        return None
    if seconds := _SECONDS_SINCE_1970.match(text):
        return in_utc(datetime.fromtimestamp(int(seconds[1]), UTC))
    for day, start, end in _days(text, language, near, day_first=day_first):
        return with_time(day, text, start, end, zone)
    return None


def _instant(text: str) -> str | None:
    """Return an instant as machines write it, which needs no other reading; None for what is none."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        return None


def is_day_first(texts: Sequence[str], language: str | None = None) -> bool | None:
    """Tell whether the numeric dates of one page have the day first, where a date in a text shows it.

    >>> is_day_first(["02/12/2014", "2 December 2014"]), is_day_first(["02/12/2014", "03/31/2014"])
    (True, False)
    >>> is_day_first(["02/12/2014", "12.02.2014"])
    False
    >>> is_day_first(["02/12/2014"]) is None
    True
    """
    texts = [text[:_MAX_TEXT] for text in texts]
    found = [match for text in texts for match in _NUMERIC.finditer(text)]
    if not found:
        return None
    dotted = [match.group(1, 3, 4) for match in found if match["sign"] == "."]
    numeric = [match.group(1, 3, 4) for match in found if match["sign"] != "."] or dotted
    read = [
        (_day(y, second, first, language), _day(y, first, second, language)) for first, second, y in numeric
    ]
    is_open = any(one and other and one != other for one, other in read)
    named = {day for text in texts for day, _, _ in _named(text, language)} if is_open else set()
    if numeric is not dotted:  # few put the month first between dots
        named |= {day for first, second, year in dotted if (day := _day(year, second, first, language))}
    for day_month, month_day in read:
        if day_month != month_day and (not month_day or day_month in named):
            return True
        if day_month != month_day and (not day_month or month_day in named):
            return False
    return None


def in_url(url: str) -> str | None:
    """Return the day that an address names.

    >>> in_url("https://example.org/2014/05/20/flood"), in_url("https://example.org/20140520-flood")
    ('2014-05-20', '2014-05-20')
    >>> in_url("https://example.org/2014/may/20/flood")
    '2014-05-20'
    """
    for pattern in _IN_URL:
        match = pattern.search(url)
        number = match and (match[2] if match[2].isdigit() else months(None).get(match[2].lower()))
        if match and number and (day := _day(match[1], number, match[3])):
            return day.isoformat()
    match = _DAY_FIRST_IN_URL.search(url)
    day = _day(match[3], match[2], match[1]) if match else None
    return day.isoformat() if day else None


def latest(moment: datetime) -> str:
    """Return the last day that a page fetched at this moment can name."""
    return (moment.astimezone(UTC) + timedelta(days=1)).isoformat()[:19]


def is_plausible(value: str, fetched_at: datetime | None) -> bool:
    """Tell whether a date can be that of an article which was fetched at this moment, if that is known."""
    if value.startswith(_UNSET):
        return False
    if fetched_at is None:
        return value[:4] <= _LAST_YEAR
    return value.removesuffix("Z")[:19] <= latest(fetched_at)


def precision(value: str) -> int:
    """Return 2 for an instant, 1 for a time without a zone, 0 for a day.

    >>> precision("2014-05-20T08:00:00Z"), precision("2014-05-20T08:00:00"), precision("2014-05-20")
    (2, 1, 0)
    """
    return 0 if len(value) == len("2014-05-20") else 2 if value.endswith("Z") else 1


def same_day(one: str, other: str) -> bool:
    """Tell whether two dates can be the same day; an instant has one day in each of the world's zones.

    >>> same_day("2014-05-20", "2014-05-19T23:30:00Z"), same_day("2014-05-20", "2014-05-18T23:30:00Z")
    (True, False)
    """
    if precision(one) == precision(other) or min(precision(one), precision(other)) == 1:
        return one[:10] == other[:10]
    coarse, fine = sorted((one, other), key=precision)
    noon = datetime.fromisoformat(coarse[:10] + "T12:00:00")
    return abs(datetime.fromisoformat(fine.removesuffix("Z")) - noon) <= timedelta(hours=26)


def _days(
    text: str, language: str | None, near: str | None, *, day_first: bool | None
) -> Iterator[tuple[date, int, int]]:
    """Yield the dates of a text with where they stand, those of the surest form first."""
    yield from _named(text, language)
    for match in _NUMERIC.finditer(text):
        order = True if day_first is None and match["sign"] == "." else day_first  # few put the month first
        if found := _ordered(match[1], match[3], match[4], language, near, day_first=order):
            yield found, match.start(), match.end()


def _named(text: str, language: str | None) -> Iterator[tuple[date, int, int]]:
    """Yield the dates of a text that have one reading, with where they stand."""
    names = months(language)
    for pattern, order in _FORMS:
        at = 0
        while match := pattern.search(text, at):
            at = match.start() + 1  # a date may begin within what was none: "10:30 BST, 20 May 2024"
            year, month, day = (
                next((match[index] for index in place if match[index]), "") for place in order
            )
            number = int(month) if month.isdigit() else names.get(month_key(month))
            if number and (found := _day(year, number, day, language)):
                yield found, match.start(), match.end()


def _ordered(
    first: str, second: str, year: str, language: str | None, near: str | None, *, day_first: bool | None
) -> date | None:
    day_month, month_day = _day(year, second, first, language), _day(year, first, second, language)
    if not (day_month and month_day):
        return day_month or month_day
    if day_first is not None:
        return day_month if day_first else month_day
    if near and (known := _day(near[:4], near[5:7], near[8:10])):
        return min(day_month, month_day, key=lambda day: abs((day - known).days))
    base, _, region = (language or "").partition("-")
    is_month_first = base == "en" and (not region or region.upper() in _MONTH_FIRST_REGIONS)
    return month_day if is_month_first else day_month


def _day(year: str, month: str | int, day: str, language: str | None = None) -> date | None:
    """Return the day, or None where there is no such day or no year that a page can name."""
    digits = year.lstrip("'")
    number = int(digits)
    if len(digits) == len("14"):
        number += 2000 if number < 70 else 1900  # noqa: PLR2004 - as in POSIX's %y
    if language and language[:2] == "th" and number > 2400:  # noqa: PLR2004 - the Buddhist era
        number -= 543
    try:
        return date(number, int(month), int(day)) if number >= _EARLIEST else None
    except ValueError:
        return None
