"""The one date by which stored articles are listed and filtered: of publication, else when first seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.model import Article

YEAR, MONTH, DAY = len("2014"), len("2014-05"), len("2014-05-20")


def dated(article: Article, first_seen: datetime) -> datetime:
    """Return when the article was published, in UTC; when it was first seen where the page does not say.

    A day, month or year counts from its first instant in UTC, and so does an instant without a zone.
    """
    return (parse_iso(article.published) if article.published else None) or first_seen


def parse_iso(text: str) -> datetime | None:
    """Return the first instant of an ISO 8601 date of any precision, in UTC, or None.

    >>> str(parse_iso("2014-05")), str(parse_iso("2014-05-20T08:00:00+07:00"))
    ('2014-05-01 00:00:00+00:00', '2014-05-20 01:00:00+00:00')
    """
    whole = {YEAR: text + "-01-01", MONTH: text + "-01"}.get(len(text), text)
    try:
        moment = datetime.fromisoformat(whole)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def first_instant(day: date) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def end_iso(text: str) -> datetime | None:
    """Return the first instant after an ISO 8601 year, month or day, in UTC; the instant itself; or None.

    >>> str(end_iso("2014-12")), str(end_iso("2014-05-20"))
    ('2015-01-01 00:00:00+00:00', '2014-05-21 00:00:00+00:00')
    """
    start = parse_iso(text)
    if start is None:
        return None
    try:
        if len(text) == YEAR:
            return start.replace(year=start.year + 1)
        if len(text) == MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        return start + timedelta(days=1) if len(text) == DAY else start
    except (ValueError, OverflowError):
        return None
