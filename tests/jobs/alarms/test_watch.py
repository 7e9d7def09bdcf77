from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scraper.jobs.alarms.watch import NEW_NORMAL, watch
from scraper.store.service.values import Alarm, Figures

BEGIN = datetime(2031, 3, 3, tzinfo=UTC)
STEP = timedelta(hours=4)
USUAL = Figures(
    at=BEGIN,
    since=BEGIN,
    sources=1,
    announced=8,
    new=8,
    articles=8,
    with_title=8,
    with_date=8,
    with_author=7,
    with_body=8,
    body_length=3000,
    layouts={"main.story": 8},
)


def history(*changes: dict[str, Any], days: int = 30) -> list[Figures]:
    """Return usual runs, then a run for each change."""
    usual: list[dict[str, Any]] = [{}] * (days * 6)
    return [
        dataclasses.replace(USUAL, at=BEGIN + STEP * place, since=BEGIN + STEP * (place - 1), **change)
        for place, change in enumerate([*usual, *changes])
    ]


def watched(*changes: dict[str, Any]) -> tuple[Alarm | None, list[Figures]]:
    """Return the alarm after the last of the changed runs, each of which was watched, and the runs."""
    runs, alarm = history(*changes), None
    for end in range(len(runs) - len(changes) + 1, len(runs) + 1):
        alarm = watch("paper", runs[:end], None if alarm and alarm.closed else alarm)
    return alarm, runs


CHANGES: dict[str, tuple[dict[str, Any], str, str]] = {
    "silence": ({"new": 0, "articles": 0, "layouts": {}}, "quiet", "less published"),
    "authors gone": ({"with_author": 0}, "author", "layout changed"),
    "new place": ({"layouts": {"div.app": 8}}, "layout", "layout changed"),
    "old names": ({"contradicted": 2}, "layout", "layout changed"),
    "stubs": ({"body_length": 300, "with_body": 1}, "body", "layout changed"),
    "paywall": ({"teasers": 8}, "teasers", "paywall or consent page"),
    "consent": ({"new": 0, "articles": 0, "rejected": {"consent": 8}}, "rejected", "paywall or consent page"),
    "challenge": ({"new": 0, "articles": 0, "rejected": {"bot_wall": 8}}, "rejected", "blocked"),
    "refused": ({"new": 0, "articles": 0, "sources": 0, "failed": {"403": 1}}, "dark", "blocked"),
    "down": ({"new": 0, "articles": 0, "sources": 0, "failed": {"dns": 1}}, "dark", "site down"),
    "feed gone": ({"new": 0, "articles": 0, "sources": 0, "failed": {"404": 1}}, "dark", "feed moved"),
}


def test_a_site_that_is_as_usual_has_no_alarm() -> None:
    assert watch("paper", history(), None) is None


def test_a_site_that_is_new_has_no_alarm_for_its_looks() -> None:
    assert watch("paper", history({"with_author": 0}, days=0), None) is None


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_opens_an_alarm_that_names_its_sign_its_cause_and_since_when(name: str) -> None:
    change, sign, cause = CHANGES[name]
    alarm, runs = watched(*[change] * 12)
    assert alarm is not None
    assert sign in alarm.signs
    assert alarm.cause == cause
    assert runs[-18].at <= alarm.since <= runs[-8].at
    assert alarm.since <= alarm.opened <= runs[-1].at


@pytest.mark.parametrize("name", CHANGES)
def test_an_alarm_stays_open_while_it_lasts_and_closes_when_all_is_as_before(name: str) -> None:
    alarm, _ = watched(*[CHANGES[name][0]] * 24)
    assert alarm is not None
    assert alarm.closed is None
    runs = history(*[CHANGES[name][0]] * 24, *[{}] * 24)
    closed = [watch("paper", runs[:end], alarm) for end in range(len(runs) - 23, len(runs) + 1)]
    assert any(after and after.closed for after in closed)


def test_an_alarm_that_lasts_for_weeks_is_closed_as_the_new_usual() -> None:
    runs = history({"with_author": 0})
    old = Alarm(
        site="paper",
        signs=("author",),
        since=runs[-1].at - NEW_NORMAL,
        opened=runs[-1].at - NEW_NORMAL,
        cause="layout changed",
        message="",
    )
    alarm = watch("paper", runs, old)
    assert alarm is not None
    assert alarm.closed == runs[-1].at


def test_nights_and_weekends_without_news_are_usual_where_they_always_were() -> None:
    runs = [
        dataclasses.replace(run, new=0, articles=0, layouts={})
        if run.at.weekday() > 4 or run.at.hour < 8
        else run
        for run in history(days=34)  # ends on a Sunday
    ]
    assert watch("paper", runs, None) is None


def test_a_site_that_begins_to_need_a_browser_or_does_without_one_again_is_an_alarm_for_three_days() -> None:
    needed = {"needs_browser": True, "lacks_browser": True}
    begun, _ = watched(needed)
    told, _ = watched(needed, *[needed] * 17)
    over, _ = watched(needed, *[needed] * 19)
    killed, _ = watched(needed, {"sources": 0})
    ended, _ = watched(*[needed] * 24, {})

    assert begun is not None
    assert (begun.signs, begun.cause) == (("browser",), "needs a browser")
    assert begun.message.endswith("they need a browser, and none is installed")
    assert told is not None
    assert told.closed is None
    assert over is None or over.closed
    assert killed is not None
    assert killed.signs == ("browser",)
    assert ended is not None
    assert (ended.signs, ended.cause, ended.closed) == (("plain",), "needs no browser", None)
