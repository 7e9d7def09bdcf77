"""The root of the command line: its commands, and what an error looks like to a user."""

# ruff: noqa: E501 - a command a line

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from scraper.cli.lazy_commands import LazyGroup, ListedCommand
from scraper.cli.log_lines import plain_handler
from scraper.config import load_config
from scraper.errors import BusyError, ConfigError, ScraperError
from scraper.masking import mask_logs, presentable
from scraper.version import program_version


class Commands(LazyGroup):
    """Every command, in the order in which they are listed."""

    named: ClassVar[Mapping[str, ListedCommand]] = {
        "demo": ListedCommand(
            "crawling.demo:demo",
            "Crawl three sites of invented news on this machine; store and export what they hold.",
        ),
        "crawl": ListedCommand("crawling.crawl:crawl", "Crawl a news site and store its articles."),
        "articles": ListedCommand(
            "stored.articles:articles",
            "List stored articles, the newest first: id, date, site, relation, title, address.",
        ),
        "backup": ListedCommand(
            "running.backup:backup",
            "Copy the SQLite store to a new file while crawls go on; the copy is checked.",
        ),
        "show": ListedCommand("stored.articles:show", "Show one stored article: its record, then its text."),
        "rejections": ListedCommand(
            "stored.articles:rejections",
            "List fetched pages that are no articles, the latest first: id, time, site, reason, address, evidence.",
        ),
        "sites": ListedCommand("stored.articles:sites", "Count what is stored of each site."),
        "export": ListedCommand(
            "stored.export:export",
            "Write stored articles, the first seen first, to a file or folder that appears only when it is whole.",
        ),
        "forget": ListedCommand(
            "stored.forget:forget",
            "Remove an article, whatever is held of an address, or a site, for good; never fetch it again.",
        ),
        "extract": ListedCommand(
            "reading.extract:extract", "Print the record of each page as one line of JSON; nothing is stored."
        ),
        "explain": ListedCommand(
            "reading.explain:explain", "Show what became of each block of a page, and why; nothing is stored."
        ),
        "cluster": ListedCommand(
            "reading.dedup:cluster",
            "List every copy of an article's story: who ran it, who came first, who cut and who added what.",
        ),
        "diff": ListedCommand(
            "reading.dedup:diff",
            "Show word by word what a revision changed; of a copy without revisions, against the text it comes from.",
        ),
        "config": ListedCommand(
            "running.config:config",
            "Show the settings in force and where each came from; passwords are masked.",
        ),
        "doctor": ListedCommand(
            "running.doctor:doctor",
            "Check configuration, database, archive, disk space and versions, and say what to do; change nothing.",
        ),
        "reindex": ListedCommand(
            "running.reindex:reindex",
            "Add to the search index the stored articles that it lacks, the newest first.",
        ),
        "reextract": ListedCommand(
            "archive.reextract:reextract",
            "Extract stored articles and refused pages again from the archive and say what changes.",
        ),
        "record": ListedCommand(
            "fixtures:record",
            "Keep a page as a fixture, with what the extractor makes of it now: read it, and mend what is wrong.",
        ),
        "jobs": ListedCommand(
            "running.jobs:jobs", "List the jobs of scraper.toml with their last run and their next."
        ),
        "runs": ListedCommand("running.jobs:runs", "List runs, the latest first: what each came to and why."),
        "workers": ListedCommand(
            "running.jobs:workers",
            "List the processes that have runs under way, on all machines, and how long the quietest run was silent.",
        ),
        "pause": ListedCommand(
            "running.jobs:pause", "Start no run of a site until it is resumed; a run under way goes on."
        ),
        "resume": ListedCommand("running.jobs:resume", "Let runs of a paused site start again."),
        "cancel": ListedCommand(
            "running.jobs:cancel",
            "End a run: a queued one is taken back, a running one finishes its open requests.",
        ),
        "run-due": ListedCommand(
            "running.service:run_due", "Run the jobs that are due, then end: for cron and systemd timers."
        ),
        "serve": ListedCommand(
            "running.service:serve", "Run jobs as they come due, until SIGTERM; answer /metrics and /healthz."
        ),
        "web": ListedCommand(
            "running.web:web", "Show what the store holds as pages for a browser, until SIGTERM or Ctrl-C."
        ),
        "accounts": ListedCommand("running.accounts:account_commands", "Who may log in to the pages."),
        "tokens": ListedCommand(
            "running.accounts:token_commands", "What programs show to the API to be let in."
        ),
        "worker": ListedCommand(
            "running.service:worker",
            "Join the machines that share the jobs of one PostgreSQL database, until SIGTERM.",
        ),
        "coverage": ListedCommand(
            "running.coverage:coverage",
            "Show for each site what was announced, fetched, stored, refused and failed, with its days as bars.",
        ),
        "backfill": ListedCommand(
            "running.coverage:backfill", "Fetch what was announced and never fetched, the latest first."
        ),
        "alarms": ListedCommand(
            "running.coverage:alarms",
            "List the sites that changed: what, since when, the likely cause, and a page that shows it.",
        ),
        "import": ListedCommand(
            "crawling.importing:import_files",
            "Store the articles of archived responses, saved pages and records as if they had just been fetched.",
        ),
        "init": ListedCommand(
            "crawling.init:init", "Make a project: settings, and folders for spiders, fixtures and tests."
        ),
        "new-site": ListedCommand(
            "crawling.new_site:new_site",
            "Look at a site, write its spider, keep three of its articles as fixtures, and say what to check.",
        ),
        "opml": ListedCommand(
            "crawling.opml:opml", "Write the project's feeds as OPML, or spiders for a list of them."
        ),
        "judge": ListedCommand(
            "stored.judge:judge_page",
            "Say what a page is, and its title, authors or date where they were read wrong.",
        ),
        "dedup": ListedCommand(
            "reading.dedup:dedup_app",
            "Judge the records of a file, away from the store: each is new, or comes from an earlier one.",
        ),
        "archive": ListedCommand("archive.upkeep:archive", "Check the archived pages, or make room."),
        "fixtures": ListedCommand(
            "fixtures:fixtures", "Hold the kept pages against what the extractor makes of them."
        ),
        "quarantine": ListedCommand(
            "archive.quarantine:quarantine", "Look at pages whose extraction came to no end, and try again."
        ),
    }


app = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)


EXIT_CODES = ((ConfigError, 2), (BusyError, 4))
"""Of errors whose message explains them; any other is 1."""


def main() -> None:
    """Run the command line. Exits with 1 for an error that the message explains, or as EXIT_CODES says."""
    try:
        check_system(sys.platform)
        app()
    except ScraperError as error:
        print(f"scraper: {presentable(str(error))}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))


def check_system(platform: str) -> None:
    """Raise ConfigError for a system on which the program does not run, by sys.platform's name."""
    if platform != "linux":
        raise ConfigError(
            f"this program runs on Linux alone, not on {platform}: crawls and workers are tied to those who"
            " started them by what other systems lack; use a container (Dockerfile) or WSL"
        )


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
        level = context.obj.log_level
        logging.basicConfig(level=level, handlers=[plain_handler(level)])
        mask_logs()
