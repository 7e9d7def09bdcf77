"""Long commands in parts: put before the workers of all machines, or carried out by one of them."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.progress import progress
from scraper.cli.running.logs import RUN
from scraper.jobs.batch import look, put
from scraper.jobs.runner import Stop
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.values import Lease, lost_lease

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence

    from scraper.config import Config
    from scraper.jobs.batch import BatchPart, BatchProgress
    from scraper.store import Store

QueueOption = Annotated[
    bool,
    typer.Option(
        "--queue", help="Let the workers of all machines do it in parts, and tell how far they are."
    ),
]
PartOption = Annotated[
    str, typer.Option("--shard", metavar="N/OF", help="Only this part, as workers do it.", hidden=True)
]
LOOK_EVERY = 1.0
"""Seconds between two looks at how far the workers are."""
_UNTAKEN = 15.0
"""Seconds after which one is told that no worker takes anything."""


def workers_of(config: Config) -> ServiceStore:
    """Return what the workers share, to be closed. Raises ConfigError without PostgreSQL or the extra."""
    from scraper.store.service.engine import EngineRuns

    return ServiceStore(config.store, EngineRuns)


def run_parts(ledger: ServiceStore, parts: Sequence[BatchPart], description: str) -> Counter[str]:
    """Let the workers do the parts, and wait until they have; return the sums of what they counted.

    Raises typer.Exit: 1 where a part failed, 130 where one does not want to wait any longer.
    """
    with progress(description, len(parts)) as advance:
        since = ledger.runs.now()
        put(ledger.runs, parts)
        try:
            found = _followed(ledger, parts, since, advance)
        except KeyboardInterrupt:
            typer.echo("the workers go on; the same command shows how far they are", err=True)
            raise typer.Exit(130) from None
    for (name, shard), reason in sorted(found.failed.items()):
        typer.echo(f"{name} {shard}".strip() + f": {reason}", err=True)
    if found.failed:
        raise typer.Exit(1)
    return found.counts


def _followed(
    ledger: ServiceStore, parts: Sequence[BatchPart], since: datetime, advance: Callable[[int], None]
) -> BatchProgress:
    """Look at the parts until all have ended."""
    keys = {part.key for part in parts}
    left, began, has_begun = len(keys), time.monotonic(), False
    while True:
        found = look(ledger.runs, keys, since)
        advance(left - len(found.left))
        left, has_begun = len(found.left), has_begun or found.under_way > 0 or len(found.left) < len(keys)
        if not left:
            return found
        if not has_begun and time.monotonic() - began > _UNTAKEN:
            typer.echo(
                "no worker has a slot for it yet: is one at work? scraper workers shows what they do",
                err=True,
            )
            has_begun = True
        time.sleep(LOOK_EVERY)


def processes(config: Config, given: int | None = None) -> int | None:
    """Return in how many processes pages are read; None: as many as processors. A worker's slot is one."""
    return 1 if os.environ.get(RUN) else given or config.workers or None


@contextmanager
def part_of_run(config: Config, store: Store) -> Iterator[Callable[[], bool]]:
    """Let what a worker started end when it is asked to, and write nothing once its run is another's.

    Yields what tells whether it is asked to end: without a worker, never. Raises LeaseLostError.
    """
    run = os.environ.get(RUN)
    if not run:
        yield lambda: False
        return
    stop = Stop()
    signal.signal(signal.SIGTERM, stop.ask)
    lease = Lease(id=run, site="", hosts=(), shard="", holder=asdict(this_process()), since=datetime.now(UTC))
    with store.transaction():
        store.hold_lease(lease)
    store.fence(run)
    with ServiceStore(config.store) as ledger:
        if run not in ledger.runs.beat([run]):  # it was taken for dead before it held the lease
            raise lost_lease(run)
    yield lambda: stop.soon
