"""scraper reindex: the search index of articles that an earlier version stored."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import typer

from scraper.cli.context import opened_store, settings
from scraper.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable


def reindex(context: typer.Context) -> None:
    """Add to the search index the stored articles that it lacks, the newest first.

    Needed once after an update that says so. Crawls and searches go on meanwhile; broken off, the same
    command goes on where it stopped.

    Example: scraper reindex
    """
    from scraper.store.sql.searching.rebuild import index_stored

    with opened_store(context):
        pass  # asks for the file to be there
    with ExitStack() as stack:

        def started(total: int) -> Callable[[int], None]:
            return stack.enter_context(progress("search index", total))

        count = index_stored(settings(context).store, started)
    typer.echo(f"{count} articles were added to the search index")
