from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.jobs.job import Job
from scraper.jobs.schedule import Every
from scraper.jobs.tick import Tick
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ServiceStore]:
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as store:
        yield store


def test_where_not_all_can_run_each_site_has_its_turn_before_any_has_a_second(
    ledger: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = tuple(f"paper{number}" for number in range(12))
    job = Job(name="hourly", sites=sites, schedule=Every(timedelta(hours=1)))
    tick = Tick(ledger.runs, [job], has_under_way=lambda _: True, ahead=3)
    now = ledger.runs.now()
    for turn in range(4):
        later = now + timedelta(hours=2 * turn)
        monkeypatch.setattr("scraper.store.service.runs.clock", lambda _, later=later: later)
        tick.queue_due()
        queued = ledger.runs.find(states=[RunState.QUEUED])
        assert len(queued) == 3
        for run in queued:
            ledger.runs.end(run, RunState.SUCCEEDED, "done")
    assert sorted(run.site for run in ledger.runs.find()) == sorted(sites)
