"""A day of many sites in compressed time, by threads as workers, with stubs: ./run bench cluster day."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.jobs.job import Job
from scraper.jobs.outcome import RunOutcome
from scraper.jobs.runner import Ended, Runner, Stop
from scraper.jobs.schedule import Every, next_due
from scraper.jobs.worker import Worker
from scraper.store.service.engine import EngineRuns
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.store.service.queue import RunQueue
    from scraper.store.service.values import Run

SLOTS = 4
DAY_SITES, DAY_WORKERS, DAY_TURNS, DAY = 2_000, 20, 2, 900.0
"""A day of two turns a site, in so many seconds."""
SHARED = 2
"""Workers to a ledger: with one each, they would take all of a server's 100 connections."""
SCHEDULE = Every(timedelta(seconds=DAY / DAY_TURNS))
LATE = timedelta(seconds=10)
"""How late a turn may be taken: 1.1 % of the day."""
DAY_NAMES = tuple(f"site{number}" for number in range(DAY_SITES))


class Stub(Runner):
    """A crawl that finds nothing and takes no time but the database's."""

    def run(self, run: Run, job: Job) -> Ended:
        """End the run."""
        del job
        self._runs.beat([run.id])
        self._runs.end(run, RunState.SUCCEEDED, "0 new articles", exit_code=0, counts={})
        outcome = RunOutcome(state=RunState.INTERRUPTED, reason="a stub: nothing is held against its history")
        return Ended(outcome=outcome, site=run.site)


def day(url: str) -> bool:
    """Let workers, as threads, have a day in which each site comes due some times."""
    with ExitStack() as stack:
        ledgers = [
            stack.enter_context(ServiceStore(url, queue=EngineRuns)) for _ in range(DAY_WORKERS // SHARED)
        ]
        first = _run_each(ledgers[0].runs)
        before, cpu, begin = _activity(url), time.process_time(), time.monotonic()
        connections = _work_for_a_day(url, ledgers)
        seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
        spent = _activity(url) - before
        end = ledgers[0].runs.now()
        before_it = {run.id for run in first}
        runs = [run for run in ledgers[0].runs.find() if run.id not in before_it]
    starts = Counter(run.site for run in runs if run.started)
    counts = Counter(starts[site] for site in DAY_NAMES)
    waits = sorted((run.started - run.queued).total_seconds() for run in runs if run.started)
    states = Counter(run.state.value for run in runs)
    each, middle = cpu / len(runs) * 1000, waits[len(waits) // 2]
    print(
        f"a day of {DAY_SITES} sites in {seconds:.0f} s by {DAY_WORKERS} workers: {len(runs)} runs "
        f"({len(runs) / seconds:.1f} a second, {dict(states)}); runs a site "
        f"{dict(sorted(counts.items()))}; from queued to started median {middle:.2f} s, longest "
        f"{waits[-1]:.1f} s; {connections} connections; "
        f"{spent / len(runs):.0f} transactions a run; CPU of all workers {each:.0f} ms a run"
    )
    wrong = [run.site for run in first if not _turns(run, end - LATE) <= starts[run.site] <= _turns(run, end)]
    print(f"sites with a turn too many or too few: {len(wrong)} {wrong[:8]}")
    return not wrong


def _run_each(runs: RunQueue) -> Sequence[Run]:
    """Let each site have had a run, so that they come due one after the other; return the runs."""
    for site in DAY_NAMES:
        run = runs.append(job="all", site=site, after="", owner=this_process())
        assert run is not None
        runs.end(run, RunState.SUCCEEDED, "0 new articles")
    return runs.find()


def _turns(first: Run, until: datetime) -> int:
    """Return how many turns a site has from its first run until a moment."""
    due = next_due(SCHEDULE, first.site, [first], until)
    return max(0, (until - due.at) // SCHEDULE.period + 1) if due else 0


def _work_for_a_day(url: str, ledgers: Sequence[ServiceStore]) -> int:
    """Let workers work for a day, a few with each ledger; return how many connections they hold."""
    halt = Stop()
    job = Job(name="all", sites=DAY_NAMES, schedule=SCHEDULE)
    threads = []
    for number in range(DAY_WORKERS):
        ledger = ledgers[number // SHARED]
        me = replace(this_process(), boot=f"machine {number}")
        stub = Stub(ledger.runs, logs=Path(), stop=halt, environment={})
        worker = Worker(ledger, [job], stub, stop=halt, slots=SLOTS, channels=[], me=me)
        threads.append(threading.Thread(target=worker.serve))
    for thread in threads:
        thread.start()
    time.sleep(DAY)
    connections = _connections(url)
    halt.ask()
    for thread in threads:
        thread.join()
    return connections


def _activity(url: str) -> int:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        statement = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        return int(connection.exec_driver_sql(statement).scalar_one())


def _connections(url: str) -> int:
    """Return how many connections use the schema of the address."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        return int(connection.exec_driver_sql(statement).scalar_one())
