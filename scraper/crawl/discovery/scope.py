"""What a crawl was asked for: the span of time, the number of pages, explicit addresses, a part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import ConfigError
from scraper.shard import WHOLE, Shard, read_shard

if TYPE_CHECKING:
    from scraper.model import Hints

_FIRST_YEAR, _LAST_YEAR = 1600, 2200
"""The first newspapers are of 1605."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The limits of one crawl; the default has none."""

    since: date | None = None
    """A day, or an aware instant: published then or later."""
    until: date | None = None
    """A day, or an aware instant: published then or earlier; a day counts to its end."""
    limit: int | None = None
    """At most this many pages are asked for."""
    urls: tuple[str, ...] = ()
    """Only these pages, and no discovery."""
    shard: Shard = WHOLE
    """Only this part of them."""

    def covers(self, published: str | None) -> bool:
        """Return whether a date, as printed, lies in the span of time; True for one that cannot be read.

        >>> Scope(since=date(2031, 5, 2)).covers("Thu, 01 May 2031 08:00:00 GMT")
        False
        """
        moment = read_date(published)
        if moment is None:
            return True
        early = self.since is not None and _before(moment, self.since)
        late = self.until is not None and _before(self.until, moment)
        return not early and not late

    def may_cover(self, hints: Hints | None) -> bool:
        """Return whether an announced page may lie in the span: changed before it began, it cannot."""
        if hints is None:
            return True
        if read_date(hints.published) is not None:
            return self.covers(hints.published)
        modified = read_date(hints.modified)
        return modified is None or self.since is None or not _before(modified, self.since)


def read_scope(
    *,
    since: str | None = None,
    until: str | None = None,
    limit: str | int | None = None,
    urls: str | None = None,
    shard: str | None = None,
) -> Scope:
    """Return the scope that the arguments of a spider name. ConfigError for one that cannot be read.

    >>> read_scope(since="2031-05-02", limit="10").limit
    10
    """
    begin, end = _argument_date("since", since), _argument_date("until", until)
    if begin is not None and end is not None and _before(end, begin):
        raise ConfigError(f"since={since} lies after until={until}: swap them")
    return Scope(
        since=begin,
        until=end,
        limit=_positive(limit),
        urls=_addresses(urls),
        shard=read_shard(shard),
    )


def read_date(text: str | None) -> date | None:
    """Return a day or an aware instant as a listing, a header or a page prints it, or None.

    ISO 8601 and RFC 5322, else what the reader of pages makes of it; no zone counts as UTC. None too for a
    year in which nothing was published: mistakes such as 0001 and 9999 overflow any zone.

    >>> read_date("2031-05-02"), read_date("2031-05-02T10:00:00+02:00").isoformat()
    (datetime.date(2031, 5, 2), '2031-05-02T10:00:00+02:00')
    """
    text = (text or "").strip()
    return _bounded(_standard(text) or (_printed(text) if text else None))


def _standard(text: str) -> date | None:
    """Return the day or instant that ISO 8601 or RFC 5322 writes so."""
    try:
        return date.fromisoformat(text) if _DAY.match(text) else datetime.fromisoformat(text)
    except ValueError:
        try:
            return parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None


@lru_cache(maxsize=1_024)
def _printed(text: str) -> date | None:
    """Return the day or instant that a page prints so, in whatever language."""
    from scraper.extraction.words.dates import parse_date  # with the names of months: few listings need them

    found = parse_date(text)
    return _standard(found) if found else None


def _bounded(moment: date | None) -> date | None:
    if moment is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment


def _before(first: date, second: date) -> bool:
    """Return whether one certainly lies before the other: two instants by instant, else by day as printed."""
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first < second
    return _day(first) < _day(second)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _argument_date(name: str, text: str | None) -> date | None:
    moment = _bounded(_standard(text or ""))
    if text and moment is None:
        raise ConfigError(f"{name}={text} is no date: write 2031-05-02 or 2031-05-02T08:00:00Z")
    return moment


def _positive(limit: str | int | None) -> int | None:
    if limit is None or limit == "":
        return None
    try:
        number = int(limit)
    except ValueError:
        number = 0
    if number < 1:
        raise ConfigError(f"limit={limit} is no number of pages: write a whole number above 0")
    return number


def _addresses(urls: str | None) -> tuple[str, ...]:
    found = tuple(dict.fromkeys((urls or "").replace(",http", " http").split()))
    for url in found:
        check_address("urls", url)
    return found


def check_address(name: str, url: str) -> None:
    """Raise ConfigError unless the text is an address of the web."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise ConfigError(
            f"{name}={url} is no address: it must begin with http:// or https:// and name a host"
        )
