"""The time and the zone beside a day in a text; read by words.dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from scraper.extraction.words.zones import offset_of, zone_of

_CLOCK = (
    r"(?P<half>오전|오후|午前|午後|上午|下午)?\s*(?P<hour>\d\d?)(?P<sep>[:.h時时시]|\s?h\s?|"
    r"\s?uhr\s?)(?P<minute>\d\d)?(?!\d)[분分]?"
    r"(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?\s*"
    r"(?P<ampm>[ap]\.?\s?m\b\.?|[مص](?!\w)|مساء\w*|صباح\w*|[μπ]\.?\s?μ\.?)?"
)
_AFTER = re.compile(
    r"(?:T|(?:\s?[(（][^\W\d]{1,12}\.?[)）])?[\s,.|·•–—@/-]*"
    r"(?:at|um|à|a las|alle(?: ore)?|ore|às|o|ob|u|în|kl\.?|klo|"
    r"kell|om|v|в|о|об|saat|godz\.?|h|lúc|pukul|jam|στις|(?:على )?الساعة|ساعت|בשעה)?[\s:(]*)" + _CLOCK,
    re.IGNORECASE,
)
_AFTER_WORDS = re.compile(
    r"[.,]{0,2}(?:\s*[^\W\d]{1,12}\.?,?){1,3}[\s|,–—-]+(?P<hour>\d\d?):(?P<minute>\d\d)(?!\d)(?::(?P<second>\d\d))?"
)
"""A weekday or a word for the year between day and time: "20 Mayıs 2024 Pazartesi 10:30"."""
_BASIC_CLOCK = re.compile(r"T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?", re.IGNORECASE)
_HOUR_ONLY = re.compile(r"[\s,|–—@-]*(?:at)?\s*(?P<hour>\d\d?)\s*(?P<ampm>[ap]\.?m\b\.?)", re.IGNORECASE)
_BEFORE = re.compile(
    _CLOCK
    + (
        r"\s*(?:uhr|hrs?|น\.)?\s*(?P<zone>[A-Z]{2,5}|\([A-Z]{2,5}\))?[\s,|–—-]*(?:on|am|le|el|del|den|"
        r",)?\s*(?:\w{2,10}[.,]*\s+)?\Z"
    ),
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s*(?:uhr|hrs?|น\.|ч\.)?\s*\(?\s*(?:(?P<name>Z|[A-Za-z]{2,5}T|UTC|GMT|MSK|ET|CT|MT|PT|"
    r"WIB|WITA|WIT|МСК)(?![a-z])|\[?(?P<area>[A-Z][a-z]+/[A-Z][\w/]+)\]?)?\s*(?P<offset>[+\-−]\d\d?(?::?\d\d)?(?!\d))?",
    re.IGNORECASE,
)
_PM = frozenset({"오후", "午後", "下午"})


def with_time(day: date, text: str, start: int, end: int, zone: str | None) -> str:
    """Return a day that stands from `start` to `end` of a text as ISO 8601, with the time beside it.

    In UTC where the time's zone is printed, or else `zone` names it (IANA); without one as printed.
    """
    match = _AFTER.match(text, end) or _BASIC_CLOCK.match(text, end) or _HOUR_ONLY.match(text, end)
    match = match or _AFTER_WORDS.match(text, end)
    named = _ZONE.match(text, match.end()) if match else None
    offset = offset_of(named["name"], named["offset"]) or zone_of(named["area"]) if named else None
    if not match:
        match = _BEFORE.search(text[max(0, start - 40) : start])
        offset = offset_of((match["zone"] or "").strip("()"), None) if match else None
    clock = _clock(match) if match else None
    if clock is None:
        return day.isoformat()
    moment = datetime(day.year, day.month, day.day, *clock)  # noqa: DTZ001 - zone-less as printed
    if offset is not None:
        return in_utc(moment.replace(tzinfo=offset))
    return in_utc(moment.replace(tzinfo=ZoneInfo(zone))) if zone else moment.isoformat()


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    found = match.groupdict()
    hour, minute, second = int(found["hour"]), int(found.get("minute") or 0), int(found.get("second") or 0)
    if found.get("sep", "") == ":" and not found.get("minute"):
        return None
    afternoon = (found.get("ampm") or "").lower().startswith(("p", "م", "μ")) or found.get("half") in _PM
    if (found.get("ampm") or found.get("half")) and hour <= 12:  # noqa: PLR2004
        hour = hour % 12 + (12 if afternoon else 0)
    return (hour, minute, min(second, 59)) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def in_utc(moment: datetime) -> str:
    """Return an instant; at the edge of the calendar, beyond which UTC would lie, the time as printed."""
    try:
        return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    except OverflowError:
        return moment.replace(microsecond=0, tzinfo=None).isoformat()
