"""./run bench heartbeats [WRITERS]: how long a run's heartbeat takes beside crawls that write all the time.

On the PostgreSQL server that NEWS_TEST_POSTGRESQL names and on a SQLite file: first alone, then beside so
many processes (20) that save batches of pages one after the other.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from bench.store import BATCH, database_at, page_of, save_batch
from scraper.model import Site
from scraper.store import open_store
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Owner

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier, Event

WRITERS = 20
SECONDS = 20.0
EVERY = 0.1
OWNER = Owner(host="bench", boot="b", pid=1, started=1)


def write(url: str, number: int, are_ready: Barrier, is_over: Event) -> None:
    """Save batches of pages until it is over."""
    with open_store(url) as store:
        batch = 0
        while not is_over.is_set():
            first = (number * 10_000 + batch) * BATCH
            save_batch(store, [page_of(first + each) for each in range(BATCH)], Site(name=f"site{number}"))
            batch += 1
            if batch == 1:
                are_ready.wait()


def measure(url: str, writers: int) -> list[float]:
    """Return how long each heartbeat took, in milliseconds, the shortest first."""
    context = multiprocessing.get_context("spawn")
    are_ready, is_over = context.Barrier(writers + 1), context.Event()
    processes = [
        context.Process(target=write, args=(url, number, are_ready, is_over)) for number in range(writers)
    ]
    for process in processes:
        process.start()
    are_ready.wait()
    taken = []
    with ServiceStore(url) as ledger:
        run = ledger.runs.append(job="bench", site=f"paper{writers}", after="", owner=OWNER)
        end = time.monotonic() + SECONDS
        while run is not None and time.monotonic() < end:
            began = time.perf_counter()
            ledger.runs.beat([run.id])
            taken.append(1000 * (time.perf_counter() - began))
            time.sleep(EVERY)
    is_over.set()
    for process in processes:
        process.join()
    return sorted(taken)


def main() -> None:
    """Print the figures of each kind of database."""
    writers = int(sys.argv[1]) if len(sys.argv) > 1 else WRITERS
    print(f"{'heartbeat, ms':<14}{'writers':>8}{'median':>9}{'95 %':>9}{'longest':>9}")
    for server in (os.environ.get("NEWS_TEST_POSTGRESQL", ""), ""):
        with database_at(server) as url:
            with open_store(url):
                pass
            for number in (0, writers):
                taken = measure(url, number)
                figures = (median(taken), taken[int(0.95 * len(taken))], taken[-1])
                name = "PostgreSQL" if server else "SQLite"
                print(f"{name:<14}{number:>8}" + "".join(f"{figure:>9.1f}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()
