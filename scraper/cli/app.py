"""The root of the command line: its commands, and what an error looks like to a user."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import scraper
from scraper.cli.crawl import crawl
from scraper.cli.demo import demo
from scraper.cli.extract import extract
from scraper.errors import ConfigError, ScraperError

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
app.command()(crawl)
app.command()(extract)
app.command()(demo)


def main() -> None:
    """Run the command line. Exits with 1 for an error that the message explains, 2 for wrong usage."""
    try:
        app()
    except ScraperError as error:
        print(f"scraper: {error}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(2 if isinstance(error, ConfigError) else 1)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"scraper {scraper.__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Fetch news sites; store clean articles, with an honest verdict on every page."""
    del version
