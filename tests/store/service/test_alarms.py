from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store.service.alarms import Alarms

NOW = datetime(2031, 5, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
QUIET = Alarm(site="paper", signs=("quiet",), since=NOW, opened=NOW, cause="less published", message="silent")


@pytest.fixture
def alarms(database_url: str) -> Iterator[Alarms]:
    with ServiceStore(database_url) as ledger:
        yield ledger.alarms


def test_an_alarm_is_open_until_it_is_closed(alarms: Alarms) -> None:
    alarms.save(QUIET, [], NOW)
    found = alarms.open_at("paper")
    assert found is not None
    assert dataclasses.replace(found, id=0) == QUIET
    alarms.save(dataclasses.replace(found, closed=LATER), [], LATER)
    assert alarms.open_at("paper") is None
    assert [alarm.closed for alarm in alarms.find(only_open=False)] == [LATER]


def test_opening_and_closing_become_a_message_to_each_channel(alarms: Alarms) -> None:
    alarms.save(QUIET, ["webhook", "email"], NOW)
    found = alarms.open_at("paper")
    assert found is not None
    alarms.save(dataclasses.replace(found, message="more signs"), ["webhook", "email"], NOW)
    alarms.save(dataclasses.replace(found, closed=LATER), ["webhook"], NOW)
    taken = []
    while delivery := alarms.take_delivery(NOW, LATER):
        taken.append((delivery.event, delivery.channel))
    assert taken == [("opened", "webhook"), ("opened", "email"), ("closed", "webhook")]


def test_a_message_that_was_taken_comes_again_unless_it_is_settled(alarms: Alarms) -> None:
    alarms.save(QUIET, ["webhook"], NOW)
    first = alarms.take_delivery(NOW, LATER)
    assert first is not None
    assert alarms.take_delivery(NOW, LATER) is None
    again = alarms.take_delivery(LATER, LATER)
    assert again is not None
    assert again.attempts == 2
    alarms.settle_delivery(again, due=None, error=None)
    assert alarms.take_delivery(LATER + timedelta(days=1), LATER) is None
    assert alarms.undelivered() == []
