from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scraper.crawl.courtesy.breaker import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    THRESHOLD,
    HostState,
    after_answer,
    after_failure,
    asked_to_wait,
    retry_after,
    state_of,
)
from scraper.store.values import Host

NOW = datetime(2031, 5, 2, 8, tzinfo=UTC)
FRESH = Host(host="a.example")


def failed(times: int, host: Host = FRESH, at: datetime = NOW) -> Host:
    for _ in range(times):
        host = after_failure(host, "timeout", at)
    return host


def test_a_breaker_opens_at_the_fifth_failure_in_a_row() -> None:
    assert state_of(failed(THRESHOLD - 1), NOW) is HostState.CLOSED
    opened = failed(THRESHOLD)
    assert state_of(opened, NOW) is HostState.OPEN
    assert (opened.until, opened.cause) == (NOW + FIRST_PAUSE, "timeout")


def test_an_answer_between_starts_the_count_again() -> None:
    host = after_answer(failed(THRESHOLD - 1), NOW)
    assert state_of(failed(THRESHOLD - 1, host), NOW) is HostState.CLOSED


def test_after_the_pause_one_failure_opens_it_for_twice_as_long() -> None:
    host, at = failed(THRESHOLD), NOW
    pauses = []
    for _ in range(8):
        assert host.until is not None
        at = host.until
        assert state_of(host, at) is HostState.HALF_OPEN
        host = after_failure(host, "timeout", at)
        assert host.until is not None
        pauses.append(host.until - at)
    assert pauses[:3] == [2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_failure_under_way_when_it_opened_does_not_open_it_twice() -> None:
    assert failed(THRESHOLD + 1).until == failed(THRESHOLD).until


def test_an_answer_closes_it() -> None:
    host = failed(THRESHOLD)
    assert after_answer(host, NOW + FIRST_PAUSE) == FRESH


def test_a_host_that_asked_for_a_pause_gets_it_though_another_request_is_answered() -> None:
    host = asked_to_wait(failed(1), 60, "429", NOW)
    host = after_answer(host, NOW + timedelta(seconds=1))
    assert state_of(host, NOW + timedelta(seconds=59)) is HostState.OPEN
    assert state_of(host, NOW + timedelta(seconds=60)) is HostState.CLOSED


def test_no_pause_is_longer_than_an_hour() -> None:
    assert asked_to_wait(FRESH, 1e12, "429", NOW).until == NOW + LONGEST_PAUSE


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=90), usegmt=True), 0),
        ("9" * 400, None),
        ("Fri, 02 May 2031 08:01:00", 60),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("86401", None),
        ("99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert retry_after(text, NOW) == seconds
