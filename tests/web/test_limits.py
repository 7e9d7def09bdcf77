from __future__ import annotations

import pytest

from scraper.web import limits
from scraper.web.limits import RateLimit


def test_turns_end_and_come_back_evenly() -> None:
    now = [0.0]
    limit = RateLimit(3, 60.0, clock=lambda: now[0])
    assert [limit.take("one") for _ in range(3)] == [0, 0, 0]
    assert limit.take("one") == pytest.approx(20)
    assert limit.take("another") == 0
    now[0] = 19.0
    assert limit.take("one") == pytest.approx(1)
    now[0] = 20.0
    assert [limit.take("one"), limit.take("one")] == [0, pytest.approx(20)]


def test_a_turn_that_is_given_back_can_be_taken_again_and_no_more_than_there_were() -> None:
    limit = RateLimit(1, 60.0, clock=lambda: 0.0)
    for _ in range(3):
        assert limit.take("one") == 0
        limit.give_back("one")
    limit.give_back("one")
    assert limit.take("one") == 0
    assert limit.take("one") > 0


def test_who_was_quiet_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 2)
    limit = RateLimit(1, 60.0, clock=lambda: 0.0)
    for key in ("one", "two", "three"):
        limit.take(key)
    assert limit.take("three") > 0
    assert limit.take("one") == 0
