from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from scraper.errors import ConfigError
from scraper.jobs.schedule import (
    RETRIES,
    Cron,
    Due,
    Every,
    OnFeed,
    Schedule,
    feed_interval,
    next_due,
    parse_schedule,
)
from scraper.store.service.values import Run, RunState

NOW = datetime(2031, 5, 2, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def ran(ago: timedelta, state: RunState = RunState.SUCCEEDED, **values: object) -> Run:
    at = NOW - ago
    defaults = {"queued": at, "started": at, "ended": at + timedelta(minutes=1)}
    return Run(id=str(at), job="paper", site="paper", state=state, **{**defaults, **values})  # type: ignore[arg-type]


def turns(schedule: Schedule, site: str, begin: datetime, count: int) -> list[datetime]:
    found = []
    for _ in range(count):
        due = next_due(schedule, site, [ran(NOW - begin)], begin)
        assert due is not None
        found.append(due.at)
        begin = due.at
    return found


def test_a_job_that_never_ran_is_due_at_once() -> None:
    assert next_due(Every(HALF_HOUR), "paper", [], NOW).at == NOW  # type: ignore[union-attr]


def test_a_site_with_an_active_run_is_not_due() -> None:
    assert next_due(Every(HALF_HOUR), "paper", [ran(HALF_HOUR, RunState.RUNNING)], NOW) is None


def test_turns_lie_one_period_apart() -> None:
    found = turns(Every(HALF_HOUR), "paper", NOW, 5)
    assert {later - earlier for earlier, later in pairwise(found)} == {HALF_HOUR}


def test_sites_spread_over_the_period_each_at_its_own_place() -> None:
    places = [turns(Every(HALF_HOUR), f"site{number}", NOW, 1)[0] - NOW for number in range(500)]
    for tenth in range(10):
        inside = [place for place in places if tenth <= place / HALF_HOUR * 10 < tenth + 1]
        assert 25 <= len(inside) <= 80
    assert places == [turns(Every(HALF_HOUR), f"site{number}", NOW, 1)[0] - NOW for number in range(500)]


def test_a_day_of_downtime_makes_one_run_due_not_many() -> None:
    first = next_due(Every(HALF_HOUR), "paper", [ran(timedelta(days=1))], NOW)
    assert first is not None
    assert first.at < NOW
    second = next_due(Every(HALF_HOUR), "paper", [ran(timedelta(0))], NOW)
    assert second is not None
    assert NOW < second.at <= NOW + HALF_HOUR


@pytest.mark.parametrize("schedule", [Every(HALF_HOUR), Cron("*/30 * * * *"), OnFeed()])
def test_after_a_clock_was_set_back_two_hours_a_job_runs_at_once(schedule: Schedule) -> None:
    history = [ran(timedelta(hours=-2), counts={"stored": 1}), ran(timedelta(hours=-1.5))]
    assert next_due(schedule, "paper", history, NOW) == Due(NOW)


def test_cron_times_are_those_of_its_zone_and_a_little_later() -> None:
    due = next_due(Cron("5 8 * * *", "Europe/Paris"), "paper", [ran(timedelta(hours=3))], NOW)
    assert due is not None
    assert timedelta(0) <= due.at - datetime(2031, 5, 3, 6, 5, tzinfo=UTC) < timedelta(minutes=5)


def test_a_cron_time_that_the_clock_skips_in_spring_still_comes_that_day() -> None:
    begin = datetime(2031, 3, 29, 12, tzinfo=UTC)
    found = turns(Cron("30 2 * * *", "Europe/Paris"), "paper", begin, 2)
    assert [moment.date().isoformat() for moment in found] == ["2031-03-30", "2031-03-31"]


@pytest.mark.parametrize(
    ("attempt", "code", "is_at_once"), [(1, None, True), (2, None, False), (1, 4, False)]
)
def test_what_a_dead_supervisor_lost_is_due_again_as_long_as_it_was(
    attempt: int, code: int | None, *, is_at_once: bool
) -> None:
    lost = ran(timedelta(minutes=1), RunState.INTERRUPTED, may_pass=True, attempt=attempt)
    last = replace(lost, exit_code=code)
    due = next_due(Every(timedelta(days=1)), "paper", [last], NOW)
    assert due is not None
    assert (due.at == last.queued) is is_at_once
    assert due.attempt == attempt + 1


@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_a_failure_that_may_pass_is_tried_again_ever_later(attempt: int) -> None:
    last = ran(timedelta(minutes=1), RunState.FAILED, may_pass=True, attempt=attempt)
    due = next_due(Every(timedelta(days=1)), "paper", [last], NOW)
    assert due is not None
    assert (due.at, due.attempt) == (NOW + RETRIES[attempt - 1], attempt + 1)


def test_after_the_last_retry_the_next_turn_is_waited_for() -> None:
    last = ran(timedelta(minutes=1), RunState.FAILED, may_pass=True, attempt=4)
    due = next_due(Every(timedelta(days=1)), "paper", [last], NOW)
    assert due is not None
    assert due.attempt == 1


def test_a_failure_that_will_not_pass_waits_for_its_turn() -> None:
    last = ran(timedelta(minutes=1), RunState.FAILED)
    due = next_due(Every(timedelta(days=1)), "paper", [last], NOW)
    assert due is not None
    assert due.attempt == 1


@pytest.mark.parametrize(
    ("articles", "gap", "expected"),
    [
        (0, timedelta(hours=1), timedelta(hours=24)),
        (2, timedelta(hours=1), timedelta(minutes=30)),
        (60, timedelta(hours=1), timedelta(minutes=5)),
        (1, timedelta(hours=20), timedelta(hours=20)),
    ],
)
def test_a_feed_job_follows_how_often_the_source_publishes(
    articles: int, gap: timedelta, expected: timedelta
) -> None:
    history = [ran(gap * place, counts={"stored": articles}) for place in range(10)]
    assert abs(feed_interval(history) - expected) < timedelta(seconds=1)


def test_the_first_run_of_a_feed_job_teaches_nothing_since_it_reads_the_backlog() -> None:
    assert feed_interval([ran(HALF_HOUR, counts={"stored": 900})]) == timedelta(hours=1)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"every": "30m", "on": "feed"},
        {"every": "0m"},
        {"every": "soon"},
        {"every": "9999999999d"},
        {"cron": "61 * * * *"},
        {"cron": "* * * * * *"},
        {"cron": "0 0 30 2 *"},
        {"cron": "5 * * * *", "zone": "Mars/Olympus"},
        {"cron": "5 * * * *", "zone": "../../etc/passwd"},
        {"on": "demand"},
    ],
)
def test_a_schedule_that_is_wrong_is_refused_with_its_job_named(table: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="paper"):
        parse_schedule(table, "paper")
