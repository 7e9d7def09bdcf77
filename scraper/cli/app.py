"""The root of the command line: its commands, and what an error looks like to a user."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.archive.quarantine import quarantine
from scraper.cli.archive.reextract import reextract
from scraper.cli.archive.upkeep import archive
from scraper.cli.crawling.crawl import crawl
from scraper.cli.crawling.demo import demo
from scraper.cli.crawling.importing import import_files
from scraper.cli.crawling.new_site import new_site
from scraper.cli.fixtures import fixtures, record
from scraper.cli.reading.dedup import cluster, dedup_app, diff
from scraper.cli.reading.explain import explain
from scraper.cli.reading.extract import extract
from scraper.cli.running.backup import backup
from scraper.cli.running.config import config
from scraper.cli.running.coverage import alarms, backfill, coverage
from scraper.cli.running.doctor import doctor
from scraper.cli.running.jobs import cancel, jobs, pause, resume, runs
from scraper.cli.running.service import run_due, serve, worker
from scraper.cli.stored.articles import articles, rejections, show, sites
from scraper.cli.stored.export import export
from scraper.cli.stored.forget import forget
from scraper.cli.stored.judge import judge_page
from scraper.config import load_config
from scraper.errors import BusyError, ConfigError, ScraperError
from scraper.masking import mask_logs, presentable
from scraper.version import program_version

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
for command in (
    demo,
    crawl,
    articles,
    backup,
    show,
    rejections,
    sites,
    export,
    forget,
    extract,
    explain,
    cluster,
    diff,
    config,
    doctor,
    reextract,
    record,
    jobs,
    runs,
    pause,
    resume,
    cancel,
    run_due,
    serve,
    worker,
    coverage,
    backfill,
    alarms,
):
    app.command()(command)
app.command("import")(import_files)
app.command("new-site")(new_site)
app.command("judge")(judge_page)
app.add_typer(dedup_app, name="dedup")
app.add_typer(archive, name="archive")
app.add_typer(fixtures, name="fixtures")
app.add_typer(quarantine, name="quarantine")


EXIT_CODES = ((ConfigError, 2), (BusyError, 4))
"""Of errors whose message explains them; any other is 1."""


def main() -> None:
    """Run the command line. Exits with 1 for an error that the message explains, or as EXIT_CODES says."""
    try:
        app()
    except ScraperError as error:
        print(f"scraper: {presentable(str(error))}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"scraper {program_version()}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    config_file: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings; else scraper.toml, if there is one."),
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Where articles live, such as sqlite:///news.db.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Fetch news sites; store clean articles, with an honest verdict on every page."""
    del version
    given = {"store": store} if store else {}
    if verbose:
        given["log_level"] = "DEBUG"
    try:
        context.obj = load_config(config_file, environ=os.environ, given=given)
    except ConfigError as error:
        if context.invoked_subcommand != "doctor":
            raise
        context.obj = error
        return
    if context.invoked_subcommand not in {"crawl", "demo"}:  # Scrapy sets up its own
        logging.basicConfig(level=context.obj.log_level, format="%(levelname)s %(name)s: %(message)s")
        mask_logs()
