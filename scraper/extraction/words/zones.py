"""The zones that a printed time names: by an abbreviation, an offset or an IANA name.

Read by words.dates.
"""

from __future__ import annotations

from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

# abbreviations that mean one offset in news; IST and AST mean several and stay unread
_OFFSETS = {
    **dict.fromkeys(("z", "utc", "gmt", "wet"), 0),
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "akst": -540,
    "hst": -600,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "mez": 60,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    **dict.fromkeys(("msk", "мск"), 180),
    "sast": 120,
    "eat": 180,
    "wat": 60,
    "pkt": 300,
    "wib": 420,
    "wita": 480,
    "wit": 540,
    "ict": 420,
    "sgt": 480,
    "hkt": 480,
    "myt": 480,
    "pht": 480,
    "awst": 480,
    "jst": 540,
    "kst": 540,
    "aest": 600,
    "aedt": 660,
    "acst": 570,
    "nzst": 720,
    "nzdt": 780,
    "brt": -180,
    "art": -180,
    "clt": -240,
}
_ZONES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


def offset_of(name: str | None, offset: str | None) -> timezone | ZoneInfo | None:
    """Return the zone that a name or an offset such as +02:00, -0330 or +7 means."""
    key = (name or "").lower()
    if offset:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("07") else (digits, "0")
        total = (int(hours) * 60 + int(minutes)) * (1 if offset[0] == "+" else -1)
        return timezone(timedelta(minutes=total)) if abs(total) <= 14 * 60 else None
    if key in _OFFSETS:
        return timezone(timedelta(minutes=_OFFSETS[key]))
    return ZoneInfo(_ZONES[key]) if key in _ZONES else None


def zone_of(name: str | None) -> ZoneInfo | None:
    """Return the zone of an IANA name, or None where there is no such zone."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
