"""A simulated month of 200 sites: which alarms open, how late, and how many for no reason.

    ./run bench alarms [SEED]

Each site has a rate, a rhythm of weekdays and hours, shares of its own, outages, and holidays. After six
weeks of history comes the month in which 10 sites go quiet, 10 change their layout and 5 block the crawl.
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from scraper.jobs.alarms.watch import watch
from scraper.store.service.values import Alarm, Figures

SITES = 200
WARM_UP = timedelta(days=42)
MONTH = timedelta(days=30)
BEGIN = datetime(2031, 3, 3, tzinfo=UTC)
PERIOD = timedelta(hours=4)
EVENTS = ["quiet"] * 10 + ["layout"] * 10 + ["blocked"] * 5
HOLIDAYS = {20, 48, 49, 63}
"""Days from the beginning: one and a double in the history and the month, one more in the month."""
RESTING = 0.3
"""Share of the sites that publish nothing on weekends and holidays."""
REFUSED = 0.5
"""Share of the runs at a blocking site that meet 403; the others meet a challenge page."""
EXPECTED = {"quiet": {"less published"}, "layout": {"layout changed"}, "blocked": {"blocked"}}


@dataclass(slots=True, kw_only=True)
class Source:
    """A synthetic site."""

    name: str
    rate: float
    rests: bool
    shares: dict[str, float]
    rejected: float
    failed: float
    length: int
    layouts: dict[str, float]
    outages: list[tuple[datetime, datetime]]
    event: str = ""
    event_at: datetime = BEGIN + WARM_UP + MONTH
    how: str = ""
    random: random.Random = field(repr=False)


def main() -> None:
    """Print the figures."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    chance = random.Random(seed)  # noqa: S311 - a simulation
    sources = [_source(chance, number) for number in range(SITES)]
    for source, event in zip(chance.sample(sources, len(EVENTS)), EVENTS, strict=True):
        source.event = event
        source.event_at = BEGIN + WARM_UP + MONTH * chance.uniform(0.1, 0.6)
        source.how = chance.choice({"layout": ["unreadable", "no author", "stubs"]}.get(event, [""]))
    found: dict[str, list[float]] = defaultdict(list)
    right: Counter[str] = Counter()
    false: list[Alarm] = []
    missed: list[Source] = []
    for source in sources:
        real, stray = _judge(source, _month(source))
        false += stray
        if source.event and not real:
            missed.append(source)
        if real:
            found[source.event].append((real.opened - source.event_at) / timedelta(hours=1))
            right[source.event] += real.cause in EXPECTED[source.event]
    for event, number in Counter(EVENTS).items():
        hours = sorted(found[event]) or [math.nan]
        print(
            f"{event:8} found {len(found[event])}/{number}, cause right {right[event]}; "
            f"delay median {median(hours):.0f} h, longest {hours[-1]:.0f} h"
        )
    for source in missed:
        print(f"  missed: {source.event} {source.how} at {source.name}, {source.rate:.1f} articles a day")
    print(f"false alarms: {len(false)} in {SITES} site-months = {len(false) / SITES:.3f} a site-month")
    for alarm in false:
        print(f"  {alarm.site} {alarm.opened:%m-%d %H:%M} {alarm.cause}: {alarm.message}")


def _judge(source: Source, alarms: list[Alarm]) -> tuple[Alarm | None, list[Alarm]]:
    """Return the alarm of the site's event and those of no event; an outage of its own is one."""
    real, stray = None, []
    for alarm in alarms:
        if source.event and alarm.opened >= source.event_at:
            real = real or alarm
        elif not any(start <= alarm.opened <= end + 2 * PERIOD for start, end in source.outages):
            stray.append(alarm)
    return real, stray


def _source(chance: random.Random, number: int) -> Source:
    rate = math.exp(chance.uniform(math.log(0.7), math.log(250)))
    kinds = [chance.uniform(0.1, 1) ** 2 for _ in range(chance.choice([1, 1, 2, 3, 5]))]
    outages = []
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        start = BEGIN + (WARM_UP + MONTH) * chance.random()
        outages.append((start, start + timedelta(hours=chance.expovariate(1 / 3))))
    return Source(
        name=f"site{number:03}",
        rate=rate,
        rests=chance.random() < RESTING,
        shares={
            "title": 0.995,
            "date": chance.choice([1.0, 0.98, 0.9]),
            "author": chance.choice([0.97, 0.85, 0.6, 0.3, 0.05]),
            "body": chance.uniform(0.93, 1),
        },
        rejected=chance.choice([0.0, 0.02, 0.08, 0.2]),
        failed=chance.choice([0.0, 0.01, 0.05]),
        length=chance.randint(1200, 6000),
        layouts={f"main.v{place}": share for place, share in enumerate(kinds)},
        outages=outages,
        random=random.Random(chance.random()),  # noqa: S311
    )


def _month(source: Source) -> list[Alarm]:
    """Return the alarms that opened in the month."""
    history: list[Figures] = []
    opened: list[Alarm] = []
    alarm: Alarm | None = None
    now = BEGIN + PERIOD * source.random.random()
    while now < BEGIN + WARM_UP + MONTH:
        history.append(_run(source, now - PERIOD, now))
        history = history[-300:]
        if now >= BEGIN + WARM_UP:
            judged = watch(source.name, history, alarm)
            if judged and not alarm:
                opened.append(judged)
            alarm = judged if judged and not judged.closed else None
        now += PERIOD
    return opened


def _run(source: Source, since: datetime, now: datetime) -> Figures:
    chance = source.random
    if any(start <= now <= end for start, end in source.outages):
        return Figures(at=now, since=since, failed={chance.choice(["timeout", "5xx"]): 1})
    event = source.event if now >= source.event_at else ""
    if event == "blocked":
        if chance.random() < REFUSED:
            return Figures(at=now, since=since, failed={"403": chance.randint(1, 3)})
        return Figures(
            at=now, since=since, rejected={"bot_wall": max(1, _poisson(chance, _rate(source, since, now)))}
        )
    count = (
        0 if event == "quiet" else _poisson(chance, _rate(source, since, now) * chance.gammavariate(4, 0.25))
    )
    failed = _part(chance, count, source.failed)
    rejected = _part(chance, count, source.rejected)
    shares, layouts, length = dict(source.shares), source.layouts, source.length
    if event == "layout":
        layouts = {"div.new": 1.0}
        if source.how == "unreadable":
            rejected += _part(chance, count, 0.8)
        elif source.how == "no author":
            shares |= {"author": 0.0, "date": 0.3}
        else:
            shares |= {"body": 0.3}
            length //= 5
    return Figures(
        at=now,
        since=since,
        sources=1,
        announced=count,
        rejected={"list": rejected} if rejected else {},
        failed={"404": failed} if failed else {},
        **_articles(chance, max(0, count - rejected), shares, layouts, length),
    )


def _articles(
    chance: random.Random, count: int, shares: dict[str, float], layouts: dict[str, float], length: int
) -> dict[str, Any]:
    """Return the figures of so many articles."""
    return {
        "new": count,
        "articles": count,
        "with_title": _part(chance, count, shares["title"]),
        "with_date": _part(chance, count, shares["date"]),
        "with_author": _part(chance, count, shares["author"]),
        "with_body": _part(chance, count, shares["body"]),
        "body_length": int(length * chance.lognormvariate(0, 0.5 / math.sqrt(count))) if count else 0,
        "layouts": Counter(chance.choices([*layouts], [*layouts.values()], k=count)),
    }


def _rate(source: Source, since: datetime, now: datetime) -> float:
    """Return the articles to be expected in the span: nights, weekends and holidays bring fewer."""
    day = (now - BEGIN).days
    factor = {5: 0.5, 6: 0.4}.get(now.weekday(), 1.0)
    if source.rests and now.weekday() > 4:  # noqa: PLR2004 - Saturday and Sunday
        factor = 0
    if day in HOLIDAYS:
        factor *= 0 if source.rests else 0.4
    night = 0.1 if now.hour < 6 else 1.3  # noqa: PLR2004
    return source.rate * factor * night * ((now - since) / timedelta(days=1))


def _poisson(chance: random.Random, mean: float) -> int:
    number, left = 0, chance.expovariate(1)
    while left < mean:
        number += 1
        left += chance.expovariate(1)
    return number


def _part(chance: random.Random, count: int, share: float) -> int:
    return sum(chance.random() < share for _ in range(count))


if __name__ == "__main__":
    main()
