"""What the root command leaves for the others: the settings in force, and the store they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from scraper.config import Config
from scraper.errors import InputError

if TYPE_CHECKING:
    from scraper.store import Store


def settings(context: typer.Context) -> Config:
    """Return the settings of this run."""
    return context.ensure_object(Config)


def opened_store(context: typer.Context) -> Store:
    """Return the store of this run, to be read and closed. Raises InputError for a file that is not there."""
    return open_existing(settings(context).store)


def open_existing(url: str) -> Store:
    """Return the store at an address, to be read and closed, likewise."""
    scheme, _, file = url.partition(":///")
    if scheme.partition("+")[0] == "sqlite" and file and not Path(file.partition("?")[0]).exists():
        raise InputError(
            f"{file}: there is no such database yet; scraper crawl makes it, --store names another"
        )
    from scraper.store import open_store

    return open_store(url)
