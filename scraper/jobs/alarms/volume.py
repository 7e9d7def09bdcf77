"""How much a site publishes by weekday and hour, and whether it went quiet. Pure."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from scraper.jobs.alarms.signs import Sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.store.service.values import Figures

LEARNING = timedelta(days=7)
"""History without which no rhythm is known."""
FEWEST_ARTICLES = 20
"""In the history; with fewer there is no rhythm to hold a silence against."""
MISSED = 10.0
"""Articles that a silence must have cost: by chance alone it happens once in 20,000 such spans …"""
BEYOND_LONGEST = 1.7
"""… and it must be that many times the longest silence of the past, counted the same way …"""
RESTS = 0.2
"""Of the strongest weekday: a site with a weaker one rests on holidays too …"""
HOLIDAY = 1.6
"""… so that what is missed must be that many of its strongest days."""
FEWER_SPAN = timedelta(days=3)
FEWER = 0.2
"""Of what is expected in that span."""
FEWER_EXPECTED = 30.0
"""Articles in that span from which on a small number is no chance."""
WEEK = 7 * 24
"""Hours."""
_MONDAY = datetime(2001, 1, 1, tzinfo=UTC).timestamp()
WEIGHT_OF_ALIKE = 0.5
"""Days that the mean of all days counts for in a weekday's rate, hours likewise."""


class Rhythm:
    """Articles expected in any span of time, learned from a history of runs."""

    def __init__(self, history: Sequence[Figures]) -> None:
        """Learn from runs, the oldest first."""
        articles, hours = [0.0] * WEEK, [0.0] * WEEK
        for earlier, later in pairwise(history):
            begin, end = _hours(earlier.at), _hours(later.at)
            for slot, share in _slots(begin, end):
                hours[slot] += share
                articles[slot] += later.new * share / (end - begin)
        mean = sum(articles) / (sum(hours) or 1)
        day = [
            _rate(sum(articles[at : at + 24]), sum(hours[at : at + 24]), mean, 24 * WEIGHT_OF_ALIKE)
            for at in range(0, WEEK, 24)
        ]
        hour = [_rate(sum(articles[at::24]), sum(hours[at::24]), mean, WEIGHT_OF_ALIKE) for at in range(24)]
        self._rate = [day[at // 24] * hour[at % 24] / mean if mean else 0.0 for at in range(WEEK)]
        self._until = [0.0, *accumulate(self._rate)]
        days = [sum(self._rate[at : at + 24]) for at in range(0, WEEK, 24)]
        self.holiday = HOLIDAY * max(days) if min(days) < RESTS * max(days) else 0.0
        """Articles that a day off may cost."""

    def expected(self, since: datetime, until: datetime) -> float:
        """Return the number of articles that the span usually brings."""
        return self._before(_hours(until)) - self._before(_hours(since))

    def _before(self, hour: float) -> float:
        weeks, rest = divmod(hour, WEEK)
        slot = int(rest)
        return weeks * self._until[-1] + self._until[slot] + (rest - slot) * self._rate[slot]


def volume_sign(history: Sequence[Figures], *, ease: float = 1) -> Sign | None:
    """Return the sign if the site is silent, or much quieter, than its weekdays and hours let expect."""
    now = history[-1].at
    last = max((run.at for run in history if run.new), default=None)
    if last is None:
        return None
    recent = now - FEWER_SPAN
    known = [run for run in history if run.at <= min(last, recent)]
    if not known or known[-1].at - known[0].at < LEARNING:
        return None
    if sum(run.new for run in known) < FEWEST_ARTICLES:
        return None
    if last == now and sum(run.new for run in history if run.at > recent) > sum(run.new for run in known) * (
        FEWER_SPAN / (known[-1].at - known[0].at)
    ):  # more than the mean of three days: spares the rhythm's learning
        return None
    rhythm = Rhythm(known)
    return _quiet(rhythm, known, last, now) or _fewer(rhythm, history, recent, now, ease)


def _quiet(rhythm: Rhythm, known: Sequence[Figures], last: datetime, now: datetime) -> Sign | None:
    missed = rhythm.expected(last, now)
    if missed < max(MISSED, rhythm.holiday):
        return None
    fruitful = [run.at for run in known if run.new]
    longest = max((rhythm.expected(*pair) for pair in pairwise(fruitful)), default=0.0)
    if missed < BEYOND_LONGEST * longest:
        return None
    text = f"no new article since {last:%Y-%m-%d %H:%M}; {missed:.0f} were to be expected"
    return Sign(name="quiet", since=last, text=text)


def _fewer(
    rhythm: Rhythm, history: Sequence[Figures], since: datetime, now: datetime, ease: float
) -> Sign | None:
    expected = rhythm.expected(since, now)
    found = sum(run.new for run in history if run.at > since)
    if expected < max(FEWER_EXPECTED, rhythm.holiday) or found > FEWER / ease * expected:
        return None
    text = f"{found} new articles in {FEWER_SPAN.days} days; {expected:.0f} were to be expected"
    return Sign(name="fewer", since=since, text=text)


def _hours(moment: datetime) -> float:
    """Return the hours since a Monday's first one (UTC)."""
    return (moment.timestamp() - _MONDAY) / 3600


def _slots(begin: float, end: float) -> list[tuple[int, float]]:
    """Return each hour of the week that a span touches, with the share of it that lies inside."""
    found = []
    while begin < end:
        following = min(math.floor(begin) + 1.0, end)
        found.append((math.floor(begin) % WEEK, following - begin))
        begin = following
    return found


def _rate(articles: float, hours: float, mean: float, weight: float) -> float:
    """Return the articles an hour, drawn towards the mean the more, the fewer hours were seen."""
    return (articles + weight * mean) / (hours + weight)
