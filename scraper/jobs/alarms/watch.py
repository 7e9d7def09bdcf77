"""Alarms that open and close by themselves, each with its likely cause. Pure."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.jobs.alarms.signs import (
    SHARES,
    Sign,
    browser_sign,
    dark_sign,
    layout_sign,
    length_sign,
    share_sign,
    split,
)
from scraper.jobs.alarms.volume import volume_sign
from scraper.store.service.values import Alarm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.store.service.values import Figures

MEMORY = timedelta(days=42)
"""Of a site's history that is looked at: six of each weekday."""
NEW_NORMAL = timedelta(days=14)
"""An alarm open for that long is closed: the site has changed for good."""
HALF = 0.5
"""How much of a change must be left for its alarm to stay open."""

_BLOCKING = {"403", "401", "429", "bot_wall"}
_DOWN = {"dns", "timeout", "refused", "connection", "tls", "cut", "5xx", "host_down"}
_GONE = {"404", "410", "unreadable", "redirects", "offsite"}
_WALL = {"consent"}
_OF_PAGES = {"layout", "title", "date", "author", "body", "length", "rejected"}
"""Signs of pages that are built in another way."""


def watch(site: str, history: Sequence[Figures], alarm: Alarm | None) -> Alarm | None:
    """Return the site's alarm after its latest run: opened, gone on or closed; None where there is none.

    `history` is the site's runs, the oldest first; `alarm` the one that is open.
    """
    now = history[-1].at
    history = [run for run in history if now - run.at <= MEMORY]
    if alarm is None:
        signs = _signs(history, history)
        return _alarm(site, signs, history[-1], now) if signs else None
    before = [run for run in history if run.at <= alarm.since]
    signs = _signs(before, history, ease=HALF)
    if now - alarm.opened >= NEW_NORMAL or not signs:
        return dataclasses.replace(alarm, closed=now)
    grown = _alarm(site, signs, history[-1], alarm.opened)
    if set(grown.signs) <= set(alarm.signs):
        return alarm
    return dataclasses.replace(grown, id=alarm.id, since=alarm.since, example=alarm.example or grown.example)


def likely_cause(signs: Sequence[Sign]) -> str:
    """Return the one thing that most likely explains all the signs."""
    names, subjects = {sign.name for sign in signs}, {sign.subject for sign in signs}
    causes = (
        ("blocked", subjects & _BLOCKING),
        ("site down", subjects & _DOWN),
        ("paywall or consent page", subjects & _WALL or "teasers" in names),
        ("needs a browser", "browser" in names),
        ("layout changed", names & _OF_PAGES),
        ("feed moved", subjects & _GONE or "dark" in names),
        ("needs no browser", "plain" in names),
    )
    return next((cause for cause, speaks in causes if speaks), "less published")


def _signs(usual: Sequence[Figures], history: Sequence[Figures], *, ease: float = 1) -> list[Sign]:
    """Return all that is not as usual at the end of the history."""
    past, recent = split(history)
    past = past if usual is history else usual
    found = [dark_sign(history), browser_sign(history)]
    if not past:
        return [sign for sign in found if sign]
    found += [share_sign(name, past, recent, ease=ease) for name in SHARES]
    found += [layout_sign(past, recent, ease=ease), length_sign(past, recent, ease=ease)]
    found.append(volume_sign(history, ease=ease))
    return [sign for sign in found if sign]


def _alarm(site: str, signs: Sequence[Sign], latest: Figures, opened: datetime) -> Alarm:
    return Alarm(
        site=site,
        signs=tuple(sign.name for sign in signs),
        since=min(sign.since for sign in signs),
        opened=opened,
        cause=likely_cause(signs),
        message="; ".join(sign.text for sign in signs),
        example=latest.example,
    )
