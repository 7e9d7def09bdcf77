"""scraper run-due, serve and worker: three ways to run what is due."""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.context import settings
from scraper.cli.running.logs import LOG_JSON, configure_logs
from scraper.config import DEFAULT, SETTINGS
from scraper.errors import ConfigError
from scraper.jobs.alarms.deliver import deliver_due, parse_channels
from scraper.jobs.change_webhook import deliver_changes, parse_change_webhook
from scraper.jobs.job import Job, parse_jobs
from scraper.jobs.posting import keep_delivering
from scraper.jobs.runner import Runner, Stop
from scraper.jobs.supervisor import Supervisor
from scraper.store.service.runs import Runs
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scraper.config import Config
    from scraper.jobs.alarms.deliver import Channel
    from scraper.jobs.change_webhook import ChangeWebhook
    from scraper.store.service.queue import RunQueue
    from scraper.store.sql.database import Database

SlotsOption = Annotated[
    int, typer.Option("--slots", min=1, metavar="N", help="Crawls at a time; else one a processor.")
]
HostOption = Annotated[str, typer.Option("--host", help="Where /metrics and /healthz answer.")]
LogsOption = Annotated[Path, typer.Option("--logs", metavar="DIR", help="Where the crawls' logs go.")]
LogJsonOption = Annotated[bool, typer.Option("--log-json", help="Log JSON, one object a line.")]

_CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a supervising command works with."""

    ledger: ServiceStore
    jobs: Sequence[Job]
    supervisor: Supervisor
    runner: Runner
    channels: Mapping[str, Channel]
    webhook: ChangeWebhook | None
    stop: Stop


def run_due(
    context: typer.Context,
    slots: SlotsOption = _CORES,
    logs: LogsOption = Path("logs"),
    textfile: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write Prometheus metrics there, ending in .prom.")
    ] = None,
    *,
    log_json: LogJsonOption = False,
) -> None:
    """Run the jobs that are due, then end: for cron and systemd timers.

    Ends with 0, 1 if a run failed or was interrupted, 3 if one did only a part.

    Example: scraper run-due --slots 4
    """
    with service(settings(context), slots=slots, logs=logs, log_json=log_json) as parts:
        ran = parts.supervisor.run_due()
        deliver_due(parts.ledger, parts.channels)
        if parts.webhook is not None:
            deliver_changes(parts.ledger, parts.webhook, lambda: parts.stop.soon)
        if textfile is not None:
            from scraper.jobs.metrics import write_textfile

            write_textfile(parts.ledger, textfile)
    raise typer.Exit(exit_code([run.state for run in ran]))


def serve(
    context: typer.Context,
    slots: SlotsOption = _CORES,
    logs: LogsOption = Path("logs"),
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 9464,
    *,
    log_json: LogJsonOption = False,
) -> None:
    """Run jobs as they come due, until SIGTERM; answer /metrics and /healthz.

    With the extra web it shows the pages of scraper web at the same port.
    SIGTERM lets running crawls finish their open requests; a second one hurries them.

    Example: scraper serve --slots 4 --log-json
    """
    from scraper.cli.running.web import showing

    config = settings(context)
    with (
        service(config, slots=slots, logs=logs, log_json=log_json) as parts,
        delivering(parts),
        showing(config, parts, host, port),
    ):
        parts.supervisor.serve()


def worker(
    context: typer.Context,
    slots: SlotsOption = _CORES,
    logs: LogsOption = Path("logs"),
    host: HostOption = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Answer /metrics and /healthz there.")
    ] = None,
    *,
    log_json: LogJsonOption = False,
) -> None:
    """Join the machines that share the jobs of one PostgreSQL database, until SIGTERM.

    Needs the extra cluster: pip install 'news-scraper[cluster]'. Ends with 1 when it loses the database.

    Example: scraper --store postgresql://news@db.home.example/news worker
    """
    from scraper.jobs.worker import Worker
    from scraper.store.service.engine import EngineRuns

    config = settings(context)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # what it tells of each task we tell too
    with (
        service(
            config, slots=slots, logs=logs, log_json=log_json, needs_jobs=False, queue=EngineRuns
        ) as parts,
        delivering(parts),
    ):
        joined = Worker(
            parts.ledger,
            parts.jobs,
            parts.runner,
            stop=parts.stop,
            slots=slots,
            channels=sorted(parts.channels),
        )
        with answering(parts, host, port, lambda: joined.is_well):
            joined.serve()


@contextmanager
def service(
    config: Config,
    *,
    slots: int,
    logs: Path,
    log_json: bool,
    needs_jobs: bool = True,
    queue: Callable[[Database], RunQueue] = Runs,
) -> Iterator[Service]:
    """Give the parts of a supervisor, stopped by SIGTERM and SIGINT. Raises ConfigError or StoreError."""
    configure_logs(config.log_level, as_json=log_json)
    jobs = configured_jobs(config) if needs_jobs else parse_jobs(config.jobs)
    channels = parse_channels(config.alarms, os.environ)
    webhook = parse_change_webhook(config.changes, os.environ)
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    around = environment(config) | ({LOG_JSON: "1"} if log_json else {})
    with ServiceStore(config.store, queue) as ledger:
        runner = Runner(ledger.runs, logs=logs.absolute(), stop=stop, environment=around)
        supervisor = Supervisor(ledger, jobs, runner, stop=stop, slots=slots, channels=sorted(channels))
        yield Service(
            ledger=ledger,
            jobs=jobs,
            supervisor=supervisor,
            runner=runner,
            channels=channels,
            webhook=webhook,
            stop=stop,
        )


@contextmanager
def answering(parts: Service, host: str, port: int | None, is_well: Callable[[], bool]) -> Iterator[None]:
    """Answer /metrics and /healthz in a thread, where a port is given. Raises ConfigError."""
    from scraper.jobs.metrics import listen

    if port is None:
        yield
        return
    try:
        server = listen(parts.ledger, host, port, is_well)
    except OSError as error:
        raise ConfigError(f"{host}:{port} cannot be listened on: {error}; choose another --port") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def delivering(parts: Service) -> Iterator[None]:
    """Deliver alarms, and changes of articles, each in a thread of its own: neither waits for the other."""
    end = threading.Event()
    kinds: dict[str, Callable[[], object]] = {"alarms": partial(deliver_due, parts.ledger, parts.channels)}
    if parts.webhook is not None:
        kinds["changes"] = partial(deliver_changes, parts.ledger, parts.webhook, end.is_set)
    for name, deliver in kinds.items():
        threading.Thread(target=keep_delivering, args=(deliver, end), name=name, daemon=True).start()
    try:
        yield
    finally:
        end.set()


def configured_jobs(config: Config) -> Sequence[Job]:
    """Return the jobs of the configuration. Raises ConfigError where there is none."""
    jobs = parse_jobs(config.jobs)
    if not jobs:
        raise ConfigError(
            'no job is configured: write [jobs.SITE] and below it every = "30m" in scraper.toml'
        )
    return jobs


def check_sites(jobs: Sequence[Job]) -> None:
    """Raise ConfigError for a job whose site is neither an address nor a spider; this loads the spiders."""
    named = [(job, site) for job in jobs for site in job.sites if "://" not in site]
    if not named:
        return
    from scraper.crawl.sites import load_sites

    known = load_sites()
    for job, site in named:
        if site not in known:
            raise ConfigError(
                f"job {job.name}: no spider is called {site}: give an address, or one of {', '.join(known)}"
            )


def environment(config: Config) -> dict[str, str]:
    """Return the environment of crawls: this process's, with the file and the options that it was given."""
    found = dict(os.environ)
    for name in SETTINGS:
        origin = config.origin(name)
        if origin.startswith("option "):
            found[f"SCRAPER_{name.upper()}"] = str(getattr(config, name))
        elif origin != DEFAULT and not origin.startswith("environment "):
            found["SCRAPER_CONFIG"] = str(Path(origin).absolute())
    return found


def exit_code(states: Sequence[RunState]) -> int:
    """Return what the states of runs come to: the worst of them.

    >>> exit_code([RunState.SUCCEEDED, RunState.PARTIAL])
    3
    """
    if {RunState.FAILED, RunState.INTERRUPTED} & set(states):
        return 1
    return 3 if RunState.PARTIAL in states else 0
