"""scraper backup: a checked copy of a SQLite store while crawls go on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scraper.cli.context import settings
from scraper.store.sql.backup import back_up


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The new file.")],
) -> None:
    """Copy the SQLite store to a new file while crawls go on; the copy is checked.

    Example: scraper backup backups/news-2031-05-02.db
    """
    back_up(settings(context).store, file)
    typer.echo(f"{file}: {file.stat().st_size:,} bytes, checked")
