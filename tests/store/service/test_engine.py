from __future__ import annotations

import sys
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.errors import ConfigError, StoreError
from scraper.store.service.engine import EngineRuns
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Owner, RunState

if TYPE_CHECKING:
    from pathlib import Path

ME = Owner(host="here", boot="b", pid=1, started=2)


def run_sql(url: str, statement: str) -> list[object]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        found = connection.exec_driver_sql(statement)
        return [row[0] for row in found] if found.returns_rows else []


def test_workers_that_come_together_make_the_tables_once(postgresql_url: str) -> None:
    barrier, failures = Barrier(4), []

    def come() -> None:
        barrier.wait()
        try:
            with ServiceStore(postgresql_url, queue=EngineRuns):
                pass
        except Exception as error:  # noqa: BLE001 - the test tells it
            failures.append(error)

    threads = [Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_tables_of_another_version_of_the_engine_are_made_anew_and_what_waits_is_kept(
    postgresql_url: str,
) -> None:
    with ServiceStore(postgresql_url, queue=EngineRuns) as ledger:
        assert ledger.runs.append(job="hourly", site="paper", after="") is not None
    run_sql(postgresql_url, "COMMENT ON TABLE procrastinate_jobs IS 'of old'")
    run_sql(postgresql_url, "ALTER TABLE procrastinate_jobs DROP COLUMN priority CASCADE")
    with ServiceStore(postgresql_url, queue=EngineRuns) as ledger:
        assert isinstance(ledger.runs, EngineRuns)
        ledger.runs.hand_on_waiting(["hourly"], 8)
    assert run_sql(postgresql_url, "SELECT lock FROM procrastinate_jobs WHERE priority = 0") == ["paper "]


def test_tables_that_workers_of_another_version_use_are_left_to_them(postgresql_url: str) -> None:
    with ServiceStore(postgresql_url, queue=EngineRuns):
        pass
    run_sql(postgresql_url, "COMMENT ON TABLE procrastinate_jobs IS 'of old'")
    run_sql(postgresql_url, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    with pytest.raises(StoreError, match="1 workers with another version of procrastinate are at work: stop"):
        ServiceStore(postgresql_url, queue=EngineRuns)


def test_a_run_waits_with_one_task_however_often_it_is_handed_on(postgresql_url: str) -> None:
    with ServiceStore(postgresql_url, queue=EngineRuns) as ledger:
        assert isinstance(ledger.runs, EngineRuns)
        for job in ("hourly", "nightly"):
            run = ledger.runs.append(job=job, site="paper", after="")
            assert (run is None) is (job == "nightly")
        ledger.runs.hand_on_waiting(["hourly"], 8)
        assert run is None
        (run,) = ledger.runs.find()
        ledger.runs.cancel(run.id)
        assert ledger.runs.append(job="hourly", site="paper", after=run.id) is not None
    assert run_sql(postgresql_url, "SELECT queueing_lock FROM procrastinate_jobs") == ["hourly paper "]


def test_a_task_that_has_just_begun_and_claims_its_run_is_appended_no_second_time(
    postgresql_url: str,
) -> None:
    with ServiceStore(postgresql_url, queue=EngineRuns) as ledger:
        assert isinstance(ledger.runs, EngineRuns)
        assert ledger.runs.append(job="hourly", site="paper", after="") is not None
        run_sql(postgresql_url, "UPDATE procrastinate_jobs SET status = 'doing'")
        ledger.runs.hand_on_waiting(["hourly"], 8)
        assert run_sql(postgresql_url, "SELECT status::text FROM procrastinate_jobs") == ["doing"]
        run_sql(postgresql_url, "DELETE FROM procrastinate_jobs")  # it ended without a claim
        ledger.runs.hand_on_waiting(["hourly"], 8)
    assert run_sql(postgresql_url, "SELECT status::text FROM procrastinate_jobs") == ["todo"]


def test_what_a_dead_worker_had_begun_goes_before_all_that_waits(postgresql_url: str) -> None:
    with ServiceStore(postgresql_url, queue=EngineRuns) as ledger:
        assert isinstance(ledger.runs, EngineRuns)
        begun = [
            ledger.runs.append(job=job, site=job, after="", owner=ME, command=command)
            for job, command in (("lost", ()), ("batch", ("import",)), ("stopped", ()))
        ]
        for site in ("morning", "evening"):
            ledger.runs.append(job="hourly", site=site, after="")
        for run in begun:
            assert run is not None
            if run.job == "stopped":
                ledger.runs.end(run, RunState.INTERRUPTED, "asked to", may_pass=True, exit_code=-15)
            else:
                assert ledger.runs.interrupt(run, "no heartbeat")
            ledger.runs.append(job=run.job, site=run.site, after=run.id, command=run.command)
        ledger.runs.hand_on_waiting(["batch"], 8)
    ordered = run_sql(
        postgresql_url, "SELECT args->>'site' FROM procrastinate_jobs ORDER BY priority DESC, id"
    )
    assert ordered == ["lost", "batch", "morning", "evening", "stopped"]


def test_a_file_is_no_store_of_workers(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a worker shares its jobs through PostgreSQL"):
        ServiceStore(f"sqlite:///{tmp_path}/news.db", queue=EngineRuns)


def test_without_the_extra_a_worker_says_what_to_install(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("procrastinate", "procrastinate.manager"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match=r"needs the extra cluster: pip install 'news-scraper\[cluster\]'"):
        ServiceStore(postgresql_url, queue=EngineRuns)
