"""scraper coverage, backfill and alarms: what was missed, and what changed at the sources."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urljoin

import typer

from scraper.cli.context import settings
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.running.logs import RUN
from scraper.cli.running.service import LogsOption, exit_code, service
from scraper.cli.stored.filters import JsonOption, SiteOption, since_moment
from scraper.crawl.addresses import site_name
from scraper.errors import ConfigError, InputError
from scraper.jobs.alarms.deliver import parse_channels, send_test
from scraper.jobs.job import BACKFILL, Job, parse_jobs
from scraper.jobs.schedule import Every
from scraper.masking import presentable
from scraper.record import instant, json_types
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.cli.running.service import Service
    from scraper.config import Config
    from scraper.store.service.coverage import Day
    from scraper.store.service.values import RunState

_BARS = "▁▂▃▄▅▆▇█"
_LAST = timedelta(days=14)
_AT_ONCE = 200
"""Addresses a crawl: a command line holds about 1,000 long ones."""


def coverage(
    context: typer.Context,
    site: SiteOption = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on; else 14 days.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show for each site what was announced, fetched, stored, refused and failed, with its days as bars.

    With --json, a line a site and day.

    Example: scraper coverage --site paper --since 2031-05-01
    """
    with ServiceStore(settings(context).store) as ledger:
        begin = since_moment(since) or ledger.runs.now() - _LAST
        days = ledger.coverage.days(site=site, since=begin)
        needs = [each for each in ledger.coverage.render_needs() if site in {None, each.site}]
    if as_json:
        by_site = {each.site: each for each in needs}
        for day in days:
            need = by_site.get(day.site)
            echo_json(
                json_types(day)
                | {"fetched": day.fetched, "needs_browser": need is not None and need.covers(day.day)}
            )
        return
    header = (
        "site",
        "announced",
        "fetched",
        "stored",
        "a day",
        "revised",
        "unchanged",
        "rejected",
        "quarantined",
        "failed",
    )
    rows = (_row(name, list(lines)) for name, lines in groupby(days, key=lambda day: day.site))
    print_rows(header, rows, empty=f"no page was asked for since {begin:%Y-%m-%d}")
    for each in needs:
        if each.is_rendered and each.since:
            typer.echo(f"{each.site} needs a browser since {instant(each.since)[:16]}")
        elif each.until and each.until >= begin:
            typer.echo(f"{each.site} needs a browser no longer since {instant(each.until)[:16]}")


def backfill(
    context: typer.Context,
    site: SiteOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many pages.")] = 1000,
    logs: LogsOption = Path("logs"),
    *,
    as_json: JsonOption = False,
) -> None:
    """Fetch what was announced and never fetched, the latest first.

    Example: scraper backfill --site paper
    """
    config = settings(context)
    logs = _logs_beside_run(config) or logs
    with service(config, slots=1, logs=logs, log_json=False, needs_jobs=False) as parts:
        missing = parts.ledger.coverage.unfetched(site, limit)
        by_site: dict[str, list[str]] = {}
        for name, url in missing:
            by_site.setdefault(name, []).append(url)
        of_sites = _jobs_of_sites(parse_jobs(config.jobs))
        states = [
            state
            for name, urls in by_site.items()
            for state in _fetch(parts, *(of_sites.get(name) or _without_job(name, urls)), urls)
        ]
        left = len(parts.ledger.coverage.unfetched(site))
    if as_json:
        echo_json({"asked for": len(missing), "still unfetched": left})
    else:
        typer.echo(f"{len(missing)} pages asked for, {left} announced pages still unfetched")
    raise typer.Exit(exit_code(states))


def alarms(
    context: typer.Context,
    site: SiteOption = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="Those that are closed too.")] = False,
    test: Annotated[bool, typer.Option("--test", help="List none: send a test to each channel.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the sites that changed: what, since when, the likely cause, and a page that shows it.

    With --test, whether a message arrives is printed for each channel; 1 where one does not.

    Example: scraper alarms --all
    """
    if test:
        raise typer.Exit(_test_channels(context))
    with ServiceStore(settings(context).store) as ledger:
        found = ledger.alarms.find(site=site, only_open=not all_)
        given_up = ledger.alarms.undelivered()
        trouble = ledger.change_deliveries.trouble()
    if as_json:
        for alarm in found:
            echo_json(json_types(alarm))
        return
    rows = [
        (
            alarm.site,
            alarm.cause,
            instant(alarm.since)[:16],
            _until(alarm.closed),
            alarm.message,
            alarm.example,
        )
        for alarm in found
    ]
    print_rows(("site", "likely cause", "since", "until", "what", "example"), rows, empty="no alarm is open")
    for channel, number in Counter(channel for channel, _ in given_up).items():
        typer.echo(f"{number} messages could not be delivered by {channel}", err=True)
    if trouble is not None:
        attempts, error = trouble
        typer.echo(
            presentable(f"changes wait, after {attempts} attempts, for their webhook: {error}"), err=True
        )


def _test_channels(context: typer.Context) -> int:
    channels = parse_channels(settings(context).alarms, os.environ)
    if not channels:
        raise ConfigError(
            'no channel is configured: write [alarms] and below it webhook = "https://…", email or command in'
            " scraper.toml"
        )
    sent = list(send_test(channels, datetime.now(UTC)))
    for name, error in sent:
        typer.echo(presentable(f"{name}: {error or 'arrived'}"))
    return int(any(error for _, error in sent))


def sparkline(numbers: Sequence[int]) -> str:
    """Return a bar a number, the largest full.

    >>> sparkline([0, 1, 7])
    '▁▂█'
    """
    most = max(numbers, default=0) or 1
    return "".join(_BARS[round(number * (len(_BARS) - 1) / most)] for number in numbers)


def _logs_beside_run(config: Config) -> Path | None:
    """Return where the logs of the supervisor go that started this command; None where a person did."""
    number = os.environ.get(RUN)
    if not number:
        return None
    with ServiceStore(config.store) as ledger:
        run = ledger.runs.by_id(number)
    return Path(run.log).parents[1] if run and run.log else None


def _jobs_of_sites(jobs: Iterable[Job]) -> dict[str, tuple[Job, str]]:
    """Return the job of each site and what it calls it, by the site's own name."""
    return {
        site_name(target) if "://" in target else target: (job, target)
        for job in jobs
        for target in job.sites
    }


def _without_job(site: str, urls: Sequence[str]) -> tuple[Job, str]:
    """Return limits and a target for a site that is in no job: its spider, or any of its addresses."""
    from scraper.crawl.sites import load_sites

    target = site if site in load_sites() else urljoin(urls[0], "/")
    return Job(name=BACKFILL, sites=(target,), schedule=Every(timedelta(days=1))), target


def _fetch(parts: Service, limits: Job, site: str, urls: Sequence[str]) -> Iterable[RunState]:
    """Run crawls of the addresses, one after the other, within the limits of a job."""
    for start in range(0, len(urls), _AT_ONCE):
        last = parts.ledger.runs.last([BACKFILL], site=site)
        run = parts.ledger.runs.append(
            job=BACKFILL, site=site, after=last[0].id if last else "", owner=this_process()
        )
        if run is None:
            raise InputError(f"{site} has a run under way: try again when scraper runs shows that it ended")
        addresses = ("--urls", ",".join(urls[start : start + _AT_ONCE]))
        yield parts.supervisor.execute(run, dataclasses.replace(limits, arguments=addresses)).outcome.state


def _row(site: str, days: Sequence[Day]) -> tuple[object, ...]:
    announced: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    quarantined: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for day in days:
        announced.update(day.announced)
        rejected.update(day.rejected)
        quarantined.update(day.quarantined)
        failed.update(day.failed)
    by_day = {day.day: day.stored for day in days}
    first, last = min(by_day), max(by_day)
    every = [by_day.get(first + timedelta(days=number), 0) for number in range((last - first).days + 1)]
    return (
        site,
        _causes(announced),
        sum(day.fetched for day in days),
        sum(day.stored for day in days),
        sparkline(every),
        sum(day.revised for day in days),
        sum(day.unchanged for day in days),
        _causes(rejected),
        _causes(quarantined),
        _causes(failed),
    )


def _causes(found: Counter[str]) -> str:
    return ", ".join(f"{number} {cause}" for cause, number in found.most_common()) or "0"


def _until(closed: datetime | None) -> str:
    return instant(closed)[:16] if closed else "open"
