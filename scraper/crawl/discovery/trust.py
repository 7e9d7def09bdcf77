"""What is believed of the dates that listings and servers give: they are hints, not truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.crawl.discovery.scope import read_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.crawl.listings.announced import Announced
    from scraper.model import Hints
    from scraper.store.protocol import Source

AGAIN = timedelta(days=1)
"""After which a listing is read whatever it or its index says of itself: a wrong date costs a day at most."""
_JUST_NOW = timedelta(minutes=5)
"""A listing that is made as it is asked for dates its pages so; clocks differ by less."""
_EARLIEST = 2000
"""Years before are what machines without a clock send."""
_FEW = 2
"""Dates that can be equal by chance."""


def trusted(pages: Sequence[Announced], now: datetime) -> list[Announced]:
    """Return pages without the dates of change that cannot be true.

    Those are in the future, or, where most of a listing has them, the moment of its reading or one instant.
    """
    moments = [read_date(page.hints.modified) if page.hints else None for page in pages]
    instants = [moment for moment in moments if isinstance(moment, datetime)]
    latest = now + _JUST_NOW
    fresh = sum(moment >= now - _JUST_NOW for moment in instants)
    common, number = next(iter(Counter(instants).most_common(1)), (now, 0))
    is_now = fresh >= _FEW and 2 * fresh > len(pages)
    is_one = number > _FEW and 2 * number > len(pages)

    def is_wrong(moment: date | None) -> bool:
        if not isinstance(moment, datetime):
            return moment is not None and moment > now.date() + AGAIN  # it is tomorrow somewhere
        is_common = is_one and moment == common
        return is_common or moment > latest or (is_now and moment >= now - _JUST_NOW)

    return [_undated(page) if is_wrong(moment) else page for page, moment in zip(pages, moments, strict=True)]


def _undated(page: Announced) -> Announced:
    return replace(page, hints=replace(page.hints, modified=None)) if page.hints else page


def is_older(modified: str | None, known: Source, now: datetime) -> bool:
    """Return whether an index dates a sitemap before its last complete reading, which was within a day."""
    moment = read_date(modified)
    if moment is None or not (known.etag or known.last_modified) or now - known.fetched_at > AGAIN:
        return False
    if isinstance(moment, datetime):
        return moment < known.fetched_at
    return moment < known.fetched_at.date()


def validators(known: Source | None, now: datetime) -> tuple[str | None, str | None]:
    """Return the ETag and the date to ask with: none once a day, and no date that cannot be true."""
    if known is None or now - known.fetched_at > AGAIN:
        return None, None
    moment = read_date(known.last_modified)
    is_plausible = isinstance(moment, datetime) and moment.year >= _EARLIEST and moment <= now + _JUST_NOW
    return known.etag, known.last_modified if is_plausible else None


def merged(best: Hints | None, other: Hints | None) -> Hints | None:
    """Return what two listings say of one address, field by field, the better listing first.

    The later date of change counts.
    """
    if best is None or other is None:
        return best or other
    modified = [each.modified for each in (best, other) if each.modified]
    return replace(
        best,
        title=best.title or other.title,
        published=best.published or other.published,
        modified=max(modified, key=_moment, default=None),
        language=best.language or other.language,
        authors=best.authors or other.authors,
    )


def _moment(text: str) -> datetime:
    moment = read_date(text)
    if isinstance(moment, datetime):
        return moment
    return (
        datetime.min.replace(tzinfo=UTC) if moment is None else datetime(*moment.timetuple()[:3], tzinfo=UTC)
    )
