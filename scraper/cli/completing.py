"""What a shell completes after a command: sites, jobs' sites, runs, and the ids of what is stored.

Nothing here raises: a shell that completes has no place for an error.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from scraper.config import load_config
from scraper.errors import ScraperError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.config import Config

MOST_OFFERED = 100
"""Candidates offered, the latest first."""

Candidates = list[tuple[str, str]]


def complete_stored_site(context: typer.Context, incomplete: str) -> Candidates:
    """Return the sites of which something is stored."""
    return _beginning(incomplete, _stored_sites(context))


def complete_spider(_context: typer.Context, incomplete: str) -> Candidates:
    """Return the spiders."""
    return _beginning(incomplete, _spiders())


def complete_job_site(context: typer.Context, incomplete: str) -> Candidates:
    """Return the sites of jobs."""
    return _beginning(incomplete, _job_sites(context))


def complete_article(context: typer.Context, incomplete: str) -> Candidates:
    """Return the ids of articles, the newest first, with their titles."""
    return _beginning(incomplete, _articles(context))


def complete_page(context: typer.Context, incomplete: str) -> Candidates:
    """Return the ids of articles and of rejected pages."""
    return _beginning(incomplete, (*_articles(context), *_rejections(context)))


def complete_run(context: typer.Context, incomplete: str) -> Candidates:
    """Return the runs that are queued or under way."""
    return _beginning(incomplete, _runs(context))


def _beginning(incomplete: str, found: Iterable[tuple[str, str]]) -> Candidates:
    kept: dict[str, str] = {}
    with suppress(ScraperError):
        for value, told in islice(found, 10 * MOST_OFFERED):
            if value.startswith(incomplete):
                kept.setdefault(value, told)
    return [*kept.items()][:MOST_OFFERED]


def _config(context: typer.Context) -> Config:
    """Return the settings that the words before would give; a shell runs no command to find them."""
    given = context.find_root().params
    store, file = given.get("store"), given.get("config_file")
    return load_config(
        Path(file) if file else None,  # Typer before 0.29 completes with the words as they were typed
        environ=os.environ,
        given={"store": store} if store else {},
    )


def _stored_sites(context: typer.Context) -> Iterator[tuple[str, str]]:
    from scraper.cli.context import open_existing

    with open_existing(_config(context).store) as store:
        for counts in store.site_counts():
            yield counts.site, f"{counts.articles} articles"


def _spiders() -> Iterator[tuple[str, str]]:
    from scraper.crawl.sites import load_sites

    for name, site in load_sites().items():
        yield name, site.publisher or ""


def _job_sites(context: typer.Context) -> Iterator[tuple[str, str]]:
    from scraper.jobs.job import parse_jobs

    for job in parse_jobs(_config(context).jobs):
        for site in job.sites:
            yield site, f"job {job.name}"


def _articles(context: typer.Context) -> Iterator[tuple[str, str]]:
    from scraper.cli.context import open_existing
    from scraper.store import ArticleQuery

    with open_existing(_config(context).store) as store:
        for stored in store.articles(ArticleQuery(newest_first=True, limit=10 * MOST_OFFERED)):
            yield stored.id, f"{stored.article.site}: {stored.article.title}"


def _rejections(context: typer.Context) -> Iterator[tuple[str, str]]:
    from scraper.cli.context import open_existing
    from scraper.store import RejectionQuery

    with open_existing(_config(context).store) as store:
        for rejection in store.rejections(RejectionQuery(limit=MOST_OFFERED)):
            yield rejection.id, f"{rejection.reason}: {rejection.url}"


def _runs(context: typer.Context) -> Iterator[tuple[str, str]]:
    from scraper.store.service.service_store import ServiceStore
    from scraper.store.service.values import RunState

    with ServiceStore(_config(context).store) as ledger:
        for run in ledger.runs.find(states=[RunState.QUEUED, RunState.RUNNING], limit=MOST_OFFERED):
            yield run.id, f"{run.site}, {run.state.value}"
