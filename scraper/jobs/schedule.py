"""When a job is due: pure, from its schedule, its history and the time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from scraper.errors import ConfigError
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.store.service.values import Run

FEED_FASTEST = timedelta(minutes=5)
FEED_SLOWEST = timedelta(hours=24)
FEED_UNKNOWN = timedelta(hours=1)
"""Between runs, until two have shown how often the source publishes."""
FEED_HALF_LIFE = timedelta(days=2)
"""Of what a run tells about the rate: long enough to hold a night, short enough to follow a weekend."""
CRON_SPREAD = timedelta(minutes=5)
"""The jitter of a cron schedule, if a tenth of the time to the next turn is not less."""
RETRIES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
"""After a failure that may pass; then the next turn is waited for."""


@dataclass(frozen=True, slots=True)
class Every:
    """Turns at a fixed period, at a place in it that depends on the site."""

    looks_back: ClassVar[int] = 1
    """The runs that its next turn is judged by."""

    period: timedelta


@dataclass(frozen=True, slots=True)
class Cron:
    """Turns at the times of a cron expression in a zone, each a little later by the site's own jitter."""

    looks_back: ClassVar[int] = 1

    expression: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class OnFeed:
    """Turns as often as the source publishes an article: between 5 minutes and 24 hours."""

    looks_back: ClassVar[int] = 50


Schedule = Every | Cron | OnFeed


@dataclass(frozen=True, slots=True)
class Due:
    """When the next run may start, and the how-manieth attempt it will be."""

    at: datetime
    attempt: int = 1


def next_due(schedule: Schedule, site: str, history: Sequence[Run], now: datetime) -> Due | None:
    """Return when a job's site runs next, given its runs, the latest first; None while one is active.

    Turns that passed meanwhile count as one. A last run that the clock puts into the future, since it was set
    back, makes the next one due at once: how long ago it was, nothing tells, and once more is no harm.
    """
    if not history:
        return Due(now)
    last = history[0]
    if last.state.is_active:
        return None
    if _start(last) > now:
        return Due(now)
    turn = Due(_turn_after(schedule, site, _start(last), history))
    if last.may_pass and last.attempt == 1 and last.is_lost:
        return Due(last.queued, 2)  # it had its turn
    if last.may_pass and last.attempt <= len(RETRIES):
        again = min(last.ended or now, now) + RETRIES[last.attempt - 1]
        if again < turn.at:
            return Due(again, last.attempt + 1)
    return turn


def feed_interval(history: Sequence[Run]) -> timedelta:
    """Return the mean time between two new articles, the recent runs counting most."""
    articles, seconds = 0.0, 0.0
    ended = [run for run in history if run.started and run.state in {RunState.SUCCEEDED, RunState.PARTIAL}]
    for later, earlier in pairwise(ended):
        gap = (_start(later) - _start(earlier)).total_seconds()
        weight = 0.5 ** ((_start(ended[0]) - _start(later)) / FEED_HALF_LIFE)
        articles += weight * later.counts.get("stored", 0)
        seconds += weight * max(gap, 0)
    if not seconds:
        return FEED_UNKNOWN
    mean = timedelta(seconds=seconds / articles) if articles else FEED_SLOWEST
    return min(max(mean, FEED_FASTEST), FEED_SLOWEST)


def parse_schedule(table: dict[str, object], name: str) -> Schedule:
    """Return the schedule of a job's table; raises ConfigError unless it has just one that is well formed.

    >>> parse_schedule({"every": "30m"}, "example")
    Every(period=datetime.timedelta(seconds=1800))
    >>> parse_schedule({"cron": "5 * * * *", "zone": "Europe/Paris"}, "example")
    Cron(expression='5 * * * *', zone='Europe/Paris')
    """
    given = [key for key in ("every", "cron", "on") if key in table]
    if len(given) != 1:
        message = f'job {name}: give one of every = "30m", cron = "5 * * * *" and on = "feed"'
        raise ConfigError(message)
    if "zone" in table and given != ["cron"]:
        message = f'job {name}: zone goes with cron = "5 * * * *", {given[0]} is the same in all zones'
        raise ConfigError(message)
    value = str(table[given[0]])
    if given == ["every"]:
        return Every(parse_duration(value, f"job {name}: every"))
    if given == ["cron"]:
        return _cron(value, str(table.get("zone", "UTC")), name)
    if value != "feed":
        message = f'job {name}: on = "{value}" is unknown; the only one is on = "feed"'
        raise ConfigError(message)
    return OnFeed()


def parse_duration(text: str, what: str) -> timedelta:
    """Return a span of time above zero, such as 90s, 30m, 1h30m or 2d.

    >>> parse_duration("1h30m", "every")
    datetime.timedelta(seconds=5400)
    """
    found = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text.strip())
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    try:
        duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        duration = timedelta()
    if not duration:
        message = f'{what}: "{text}" is no span of time; write it like 90s, 30m, 1h30m or 2d'
        raise ConfigError(message)
    return duration


def _cron(expression: str, zone: str, name: str) -> Cron:
    if len(expression.split()) != 5:  # noqa: PLR2004 - a sixth would count seconds
        message = f'job {name}: cron = "{expression}" must have five fields, such as "5 * * * *"'
        raise ConfigError(message)
    try:
        next(CronSim(expression, datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))))
    except (ValueError, OSError, KeyError) as error:  # an unknown or malformed name
        message = f'job {name}: zone = "{zone}" is no time zone; write it like Europe/Paris'
        raise ConfigError(message) from error
    except (CronSimError, StopIteration) as error:
        message = f'job {name}: cron = "{expression}" never comes or is malformed: {error}'
        raise ConfigError(message) from error
    return Cron(expression, zone)


def _turn_after(schedule: Schedule, site: str, moment: datetime, history: Sequence[Run]) -> datetime:
    if isinstance(schedule, Every):
        return _grid_after(schedule.period, site, moment)
    if isinstance(schedule, OnFeed):
        return moment + feed_interval(history)
    return _cron_after(schedule, site, moment)


def _grid_after(period: timedelta, site: str, moment: datetime) -> datetime:
    """Return the first multiple of the period after the moment, moved by the site's share of it."""
    origin = datetime(2000, 1, 1, tzinfo=UTC) + period * _fraction(site)
    return origin + period * ((moment - origin) // period + 1)


def _cron_after(schedule: Cron, site: str, moment: datetime) -> datetime:
    """Return the first of the expression's times, each moved by the site's jitter, after the moment."""
    times = CronSim(schedule.expression, (moment - CRON_SPREAD).astimezone(ZoneInfo(schedule.zone)))
    for time, following in pairwise(times):
        start = time.astimezone(UTC)
        turn = start + min(CRON_SPREAD, (following.astimezone(UTC) - start) / 10) * _fraction(site)
        if turn > moment:
            return turn
    message = f'cron = "{schedule.expression}" has no further turn'  # an expression comes again or never did
    raise ConfigError(message)


def _fraction(site: str) -> float:
    """Return the site's place from 0 to 1: the same on every machine, evenly spread."""
    return int.from_bytes(hashlib.sha256(site.encode()).digest()[:6]) / 2**48


def _start(run: Run) -> datetime:
    return run.started or run.queued
