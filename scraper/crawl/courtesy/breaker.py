"""When a host is left alone: a circuit breaker as a pure function of what came before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from scraper.store.values import Host

THRESHOLD = 5
"""Failures in a row that open the breaker: one page's three tries are no verdict on a host."""
FIRST_PAUSE = timedelta(minutes=1)
"""A server restarts in less; each further opening doubles it."""
LONGEST_PAUSE = timedelta(hours=1)
"""Also of a Retry-After: a job that runs every hour must find out that a host is back."""
LONGEST_SENSE = timedelta(days=1)
"""A Retry-After beyond is a mistake (year 9999, milliseconds for seconds) and says nothing."""
DOWN = frozenset({"dns", "timeout", "refused", "connection", "tls", "5xx", "429"})
"""Causes that speak against a host, and not only against one page."""


class HostState(StrEnum):
    """Of a breaker."""

    CLOSED = "closed"
    """The host is asked."""
    OPEN = "open"
    """It is not asked."""
    HALF_OPEN = "half_open"
    """One request finds out whether it answers again."""


def state_of(host: Host, now: datetime) -> HostState:
    """Return whether a host may be asked."""
    if host.until is None:
        return HostState.CLOSED
    if now < host.until:
        return HostState.OPEN
    return HostState.HALF_OPEN if host.failures >= THRESHOLD else HostState.CLOSED


def after_failure(host: Host, cause: str, now: datetime) -> Host:
    """Return the host after a request failed; open from the fifth failure in a row on, longer each time.

    A failure that was under way when the breaker opened does not open it a second time.
    """
    host = replace(host, failures=host.failures + 1, cause=cause)
    if host.failures < THRESHOLD or state_of(host, now) is HostState.OPEN:
        return host
    pause = min(FIRST_PAUSE * 2 ** min(host.openings, 10), LONGEST_PAUSE)
    return replace(host, openings=host.openings + 1, until=_later(host.until, now + pause))


def after_answer(host: Host, now: datetime) -> Host:
    """Return the host after it answered; what it asked for itself it still gets."""
    if host.failures < THRESHOLD and state_of(host, now) is HostState.OPEN:
        return replace(host, failures=0)
    return Host(host=host.host)


def asked_to_wait(host: Host, seconds: float, cause: str, now: datetime) -> Host:
    """Return a host that asked to be left alone for a while; it is for an hour at most."""
    wait = min(seconds, LONGEST_PAUSE.total_seconds())
    return replace(host, until=_later(host.until, now + timedelta(seconds=wait)), cause=cause)


def retry_after(text: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for (RFC 9110 10.2.3); None where it says nothing sensible.

    >>> retry_after("120", datetime.now(UTC)), retry_after("soon", datetime.now(UTC))
    (120.0, None)
    """
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:12])
    else:
        try:
            moment = parsedate_to_datetime(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = max(0.0, (moment - now).total_seconds())
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
    return seconds if seconds <= LONGEST_SENSE.total_seconds() else None


def _later(known: datetime | None, moment: datetime) -> datetime:
    return moment if known is None else max(known, moment)
