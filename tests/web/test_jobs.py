from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.service.service_store import ServiceStore
from scraper.web.jobs import job_lines
from tests.web.working import JOBS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.store.service.values import Run
    from scraper.web.readers import Readers


def test_a_job_stands_by_its_last_run_its_next_and_its_pause(
    readers: Readers, worked: Mapping[str, Run], store_url: str
) -> None:
    with ServiceStore(store_url) as ledger:
        ledger.runs.pause("herald")
        ledger.runs.append(job="split", site="herald", shard="2/2", after="")
    with readers.reading() as store:
        harbour, gazette, herald = job_lines(store, JOBS)

    assert (harbour.last, harbour.active, harbour.is_paused) == (worked["good"], [], False)
    assert harbour.due is not None
    assert (gazette.last, gazette.active, gazette.due) == (worked["running"], [worked["running"]], None)
    assert herald.is_paused
    assert [run.shard for run in herald.active] == ["2/2"]
    assert herald.due is not None, "its other half has no run"
