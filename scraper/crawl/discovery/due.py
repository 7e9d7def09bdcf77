"""Whether a known page is asked for again now, by its age and what listings say; read by known_pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scraper.config import REFETCH_HOURS
from scraper.crawl.discovery.scope import read_date

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FAILURES = 5
"""A page that failed this often without an answer between is asked for only at the due times."""


def is_due(
    *,
    now: datetime,
    first_seen: datetime,
    fetched_at: datetime,
    failures: int = 0,
    modified: str | None = None,
    hours: Sequence[float] = REFETCH_HOURS,
) -> bool:
    """Return whether a page is to be fetched again.

    It is when one of the hours after first sight has passed since the last fetch, when the last fetch failed,
    and when the sitemap says that the page was modified after the last fetch (`modified`, as printed there).
    """
    if 0 < failures < MAX_FAILURES:
        return True
    if _modified_after(modified, fetched_at):
        return True
    return any(fetched_at < first_seen + timedelta(hours=after) <= now for after in hours)


def _modified_after(modified: str | None, fetched_at: datetime) -> bool:
    """Return whether the day or instant lies after the fetch; the day of the fetch itself does not."""
    moment = read_date(modified)
    if isinstance(moment, datetime):
        return moment > fetched_at
    return moment is not None and moment > fetched_at.date()
