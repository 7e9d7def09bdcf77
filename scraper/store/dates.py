"""The one date by which stored articles are listed and filtered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.model import Article


def dated(article: Article, first_seen: datetime) -> datetime:
    """Return when the article was published, in UTC; when it was first seen where the page does not say.

    A day, month or year counts from its first instant in UTC, and so does an instant without a zone.
    """
    return (parse_iso(article.published) if article.published else None) or first_seen


def parse_iso(text: str) -> datetime | None:
    """Return the first instant of an ISO 8601 date of any precision, in UTC, or None.

    >>> parse_iso("2014-05"), parse_iso("2014-05-20T08:00:00+07:00")
    (datetime.datetime(2014, 5, 1, 0, 0, tzinfo=datetime.timezone.utc), \
datetime.datetime(2014, 5, 20, 1, 0, tzinfo=datetime.timezone.utc))
    """
    whole = {4: text + "-01-01", 7: text + "-01"}.get(len(text), text)
    try:
        moment = datetime.fromisoformat(whole)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
