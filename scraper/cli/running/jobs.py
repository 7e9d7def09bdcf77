"""scraper jobs, runs, pause, resume and cancel: what runs when, what ran, and a hand on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.completing import complete_job_site, complete_run
from scraper.cli.context import settings
from scraper.cli.printing import echo_json, print_records
from scraper.cli.running.service import check_sites, configured_jobs
from scraper.cli.stored.filters import JsonOption, SiteOption
from scraper.errors import InputError
from scraper.jobs.job import schedule_text
from scraper.jobs.tick import turns
from scraper.record import instant, json_types
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from scraper.store.service.values import Owner, Run

SiteArgument = Annotated[str, typer.Argument(metavar="SITE", autocompletion=complete_job_site)]


def jobs(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the jobs of scraper.toml with their last run and their next.

    Example: scraper jobs
    """
    config = settings(context)
    configured = configured_jobs(config)
    check_sites(configured)
    with ServiceStore(config.store) as ledger:
        now, paused = ledger.runs.now(), ledger.runs.paused()
        found = list(turns(ledger.runs, configured, now))
    rows = [
        {
            "job": turn.job.name,
            "site": turn.site,
            "shard": turn.shard,
            "schedule": schedule_text(turn.job.schedule),
            "last": turn.last.state.value if turn.last else "never",
            "ended": instant(turn.last.ended) if turn.last and turn.last.ended else None,
            "next": "paused"
            if turn.site in paused
            else "running"
            if turn.due is None
            else instant(max(turn.due, now)),
        }
        for turn in found
    ]
    print_records(rows, as_json=as_json, empty="no job")


def runs(
    context: typer.Context,
    site: SiteOption = None,
    state: Annotated[RunState | None, typer.Option(help="Only in this state.", metavar="STATE")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """List runs, the latest first: what each came to and why.

    Example: scraper runs --site paper --state failed
    """
    with ServiceStore(settings(context).store) as ledger:
        found = ledger.runs.find(site=site, states=[state] if state else None, limit=limit)
    if as_json:
        for run in found:
            echo_json(json_types(run))
        return
    rows = [
        {
            "run": run.id,
            "job": run.job,
            "site": run.site,
            "shard": run.shard,
            "state": run.state.value,
            "took": _took(run),
            "reason": run.reason,
        }
        for run in found
    ]
    empty = "no such run" if site or state else "no run yet: scraper run-due starts those that are due"
    print_records(rows, as_json=False, empty=empty)


def workers(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the processes that have runs under way, on all machines, and how long the quietest run was silent.

    Below stands how the work goes: runs a minute, how long the oldest waits, who waits for a lock.

    Example: scraper workers
    """
    with ServiceStore(settings(context).store) as ledger:
        now, running = ledger.runs.now(), ledger.runs.find(states=[RunState.RUNNING])
        pace = ledger.pace()
    held: dict[Owner, list[Run]] = {}
    for run in reversed(running):
        if run.owner is not None:
            held.setdefault(run.owner, []).append(run)
    rows = [
        {
            "host": owner.host,
            "process": owner.pid,
            "runs": len(found),
            "sites": ", ".join(sorted({run.site for run in found})),
            "silent": f"{max((now - (run.heartbeat or now)).total_seconds() for run in found):.0f} s",
        }
        for owner, found in sorted(held.items(), key=lambda item: (item[0].host, item[0].pid))
    ]
    print_records(rows, as_json=as_json, empty="no run is under way")
    told = [f"{pace.runs_a_minute:.1f} runs a minute", f"the oldest waits {pace.queue_age:.0f} s"]
    told += [f"{pace.parts} parts of batches wait"] if pace.parts else []
    told += [f"{pace.lock_waits} processes wait for a lock"] if pace.lock_waits is not None else []
    typer.echo(", ".join(told), err=True)


def pause(context: typer.Context, site: SiteArgument) -> None:
    """Start no run of a site until it is resumed; a run under way goes on.

    Example: scraper pause paper
    """
    config = settings(context)
    if not any(site in job.sites for job in configured_jobs(config)):
        raise InputError(f"no job has the site {site}: scraper jobs shows which there are")
    with ServiceStore(config.store) as ledger:
        ledger.runs.pause(site)
    typer.echo(f"{site} is paused")


def resume(context: typer.Context, site: SiteArgument) -> None:
    """Let runs of a paused site start again.

    Example: scraper resume paper
    """
    with ServiceStore(settings(context).store) as ledger:
        if not ledger.runs.resume(site):
            raise InputError(f"{site} is not paused: scraper jobs shows which sites are")
    typer.echo(f"{site} is resumed")


def cancel(
    context: typer.Context, run: Annotated[str, typer.Argument(metavar="RUN", autocompletion=complete_run)]
) -> None:
    """End a run: a queued one is taken back, a running one finishes its open requests.

    Example: scraper cancel 20310502T120000-3f9a1c
    """
    with ServiceStore(settings(context).store) as ledger:
        found = ledger.runs.cancel(run)
    if found is None:
        raise InputError(f"{run} is neither queued nor running: scraper runs lists them")
    typer.echo(f"{run} is asked to end" if found.state is RunState.RUNNING else f"{run} is taken back")


def _took(run: Run) -> str:
    if run.started is None:
        return ""
    seconds = ((run.ended or datetime.now(UTC)) - run.started).total_seconds()
    minutes, rest = divmod(int(max(0, seconds)), 60)
    return f"{minutes}:{rest:02}"
