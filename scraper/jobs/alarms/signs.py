"""What tells that a site changed: its figures now against its own history. Pure."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from scraper.store.service.values import Figures

    Share = Callable[[Figures], tuple[int, int]]

# The numbers below were set on one simulated month (./run bench alarms 7); docs/how-to/operations.md gives
# what they find, how late, and how often they err on other seeds.
ENOUGH_HISTORY = 30
"""Pages from which on a share of the past is trusted; below it the site is still being learned."""
RECENT_PAGES = 25
"""The present is the last runs that together have as many pages …"""
RECENT_SPAN = timedelta(days=3)
FEWEST_PAGES = 6
"""… or, at a slow site, those of this span, or as many as have so many pages."""
LEAST_CHANGE = 0.25
"""Of a share, to be worth an alarm."""
BEYOND_WORST = 0.10
"""That much further than the worst stretch of the past."""
CHANCE = 1e-7
"""The probability that a share as far off comes of chance."""
MOST_COUNTED = 200
"""Counted as independent: the pages of one run are much alike."""
_CONTRADICTED = 2
"""Pages of the last runs that contradict what was known of the layout: of the sample, one in twenty, any."""
_HALF_SURE = 0.5
"""What is asked of another sign where one page does."""
SHORTER = 0.4
"""Of the usual body length."""
BROWSER_SPAN = timedelta(days=3)
"""For which it is told that a site began to need a browser, or needs it no longer."""
DARK_RUNS = 3
DARK_SPAN = timedelta(hours=2)
"""Runs in a row, and time, in which nothing was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that is not as usual."""

    name: str
    since: datetime
    """The end of the last run that was as usual."""
    text: str
    """With the figures before and now."""
    subject: str = ""
    """The cause of failure or reason of rejection that stands out."""


SHARES: dict[str, tuple[str, bool, Share]] = {
    "title": ("articles with a title", False, lambda run: (run.with_title, run.articles)),
    "date": ("articles with a date", False, lambda run: (run.with_date, run.articles)),
    "author": ("articles with an author", False, lambda run: (run.with_author, run.articles)),
    "body": ("articles with a body", False, lambda run: (run.with_body, run.articles)),
    "teasers": ("articles cut by a paywall", True, lambda run: (run.teasers, run.articles)),
    "rejected": ("pages rejected", True, lambda run: (sum(run.rejected.values()), run.pages)),
    "failing": (
        "pages failed",
        True,
        lambda run: (0, 0) if run.is_dark else (sum(run.failed.values()), run.asked),
    ),
}
"""Name → what is counted, whether more of it is worse, and (of how many so many) in one run."""


def share_sign(
    name: str, past: Sequence[Figures], recent: Sequence[Figures], *, ease: float = 1
) -> Sign | None:
    """Return the sign if a share lies as far from its past as neither chance nor its worst stretch did.

    `ease` below 1 asks for less of a change: what is over must have come back further than it went.
    """
    what, more_is_worse, share = SHARES[name]
    before, now = _sum(past, share), _sum(recent, share)
    if before[1] < ENOUGH_HISTORY or now[1] < FEWEST_PAGES:
        return None
    usual, present = (before[0] + 1) / (before[1] + 2), now[0] / now[1]
    worse = present - usual if more_is_worse else usual - present
    if worse < LEAST_CHANGE * ease or _tail(usual, *now, more=more_is_worse) > CHANCE**ease:
        return None
    stretches = _stretches(past, share)
    worst = (max if more_is_worse else min)(stretches, default=usual)
    if (present - worst if more_is_worse else worst - present) < BEYOND_WORST * ease:
        return None
    subject = _subject(name, recent)
    text = f"{what}: {present:.0%} of the last {now[1]}, usually {usual:.0%}" + (
        f", most {subject}" if subject else ""
    )
    return Sign(name=name, since=past[-1].at, text=text, subject=subject)


def layout_sign(past: Sequence[Figures], recent: Sequence[Figures], *, ease: float = 1) -> Sign | None:
    """Return the sign if most articles now stand in a skeleton that was as good as never seen before.

    Half of the change is enough where pages contradict what was known of the layout; two that do are a sign
    whatever the skeleton: a site may keep its names, and build its pages anew.
    """
    contradicted = sum(run.contradicted for run in recent)
    if contradicted >= _CONTRADICTED:
        text = f"{contradicted} pages, read in full, are built in another way than was known"
        return Sign(name="layout", since=past[-1].at, text=text)
    ease *= _HALF_SURE if contradicted else 1
    before, now = _layouts(past), _layouts(recent)
    known, count = sum(before.values()), sum(now.values())
    if known < ENOUGH_HISTORY or count < FEWEST_PAGES:
        return None
    usual = {layout for layout, number in before.items() if number >= 0.01 * known}
    covered = sum(number for layout, number in before.items() if layout in usual) / known
    strange = sum(number for layout, number in now.items() if layout not in usual) / count
    if strange - (1 - covered) < 2 * LEAST_CHANGE * ease:
        return None
    newest = max(now, key=lambda layout: (layout not in usual, now[layout], layout))
    text = f"{strange:.0%} of the last {count} articles stand in a new place: {newest}"
    return Sign(name="layout", since=past[-1].at, text=text)


def length_sign(past: Sequence[Figures], recent: Sequence[Figures], *, ease: float = 1) -> Sign | None:
    """Return the sign if articles have become much shorter than they ever were for as long."""
    before = [run.body_length for run in past if run.articles]
    now = [run.body_length for run in recent if run.articles]
    if (
        sum(run.articles for run in past) < ENOUGH_HISTORY
        or sum(run.articles for run in recent) < FEWEST_PAGES
    ):
        return None
    usual, present = median(before), median(now)
    lowest = min(
        (median(before[start : start + len(now)]) for start in range(0, len(before), len(now))), default=usual
    )
    if present >= SHORTER / ease * usual or present >= lowest:
        return None
    text = f"median length of the body: {present:.0f} characters, usually {usual:.0f}"
    return Sign(name="length", since=past[-1].at, text=text)


def dark_sign(history: Sequence[Figures]) -> Sign | None:
    """Return the sign if in the last runs, and for longer than ever before, nothing was answered at all."""
    stretches: list[list[Figures]] = [[]]
    for run in history:
        if run.is_dark:
            stretches[-1].append(run)
        else:
            stretches.append([])
    *earlier, now = stretches
    if len(now) < DARK_RUNS or now[-1].at - now[0].since < DARK_SPAN:
        return None
    if any(len(stretch) >= len(now) for stretch in earlier):
        return None
    subject = _subject("failing", now)
    text = f"nothing was answered in {len(now)} runs in a row, most {subject}"
    return Sign(name="dark", since=now[0].since, text=text, subject=subject)


def browser_sign(history: Sequence[Figures]) -> Sign | None:
    """Return the sign if a site began to need a browser in the last days, or does without one again."""
    *earlier, now = [run for run in history if run.sources] or history  # one that was killed tells nothing
    before = next((run for run in reversed(earlier) if run.needs_browser != now.needs_browser), None)
    if before is None or now.at - before.at > BROWSER_SPAN:
        return None
    if not now.needs_browser:
        return Sign(name="plain", since=before.at, text="its pages have their text without a browser again")
    how = "none is installed" if now.lacks_browser else "one makes them"
    text = f"its pages come without the text that their scripts bring: they need a browser, and {how}"
    return Sign(name="browser", since=before.at, text=text)


def split(history: Sequence[Figures]) -> tuple[Sequence[Figures], Sequence[Figures]]:
    """Return the past and the present of a site's runs, oldest first."""
    pages, start = 0, len(history)
    while start and (
        pages < FEWEST_PAGES
        or (pages < RECENT_PAGES and history[-1].at - history[start - 1].at <= RECENT_SPAN)
    ):
        start -= 1
        pages += history[start].asked
    return history[:start], history[start:]


def _sum(runs: Sequence[Figures], share: Share) -> tuple[int, int]:
    pairs = [share(run) for run in runs]
    return sum(part for part, _ in pairs), sum(whole for _, whole in pairs)


def _stretches(runs: Sequence[Figures], share: Share) -> list[float]:
    """Return the share in each stretch of runs that is as long as the present is."""
    shares, part, whole = [], 0, 0
    for run in runs:
        more, of = share(run)
        part, whole = part + more, whole + of
        if whole >= RECENT_PAGES:
            shares.append(part / whole)
            part = whole = 0
    return shares


def _tail(usual: float, found: int, count: int, *, more: bool) -> float:
    """Return the probability of a binomial number as far out, or further, than the one found."""
    if count > MOST_COUNTED:
        found, count = found * MOST_COUNTED // count, MOST_COUNTED
    numbers = range(found, count + 1) if more else range(found + 1)
    return math.fsum(
        math.comb(count, number) * usual**number * (1 - usual) ** (count - number) for number in numbers
    )


def _layouts(runs: Sequence[Figures]) -> Counter[str]:
    found: Counter[str] = Counter()
    for run in runs:
        found.update(run.layouts)
    return found


def _subject(name: str, runs: Sequence[Figures]) -> str:
    found: Counter[str] = Counter()
    for run in runs:
        found.update({"rejected": run.rejected, "failing": run.failed}.get(name, {}))
    return found.most_common(1)[0][0] if found else ""
