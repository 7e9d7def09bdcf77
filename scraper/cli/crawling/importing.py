"""scraper import: archived responses through the whole pipeline."""

from __future__ import annotations

import gzip
import re
import zlib
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.archive.place import Place, warc_files
from scraper.cli.context import settings
from scraper.cli.printing import print_rows
from scraper.cli.progress import progress
from scraper.errors import InputError
from scraper.store import open_store

if TYPE_CHECKING:
    from scraper.crawl.rework.importing import File


def import_files(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="WARC files (.warc, .warc.gz, .warc.zst), or folders of them."),
    ],
    *,
    cc_news: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Take this month of CC-NEWS, a copy of which FILE is.")
    ] = "",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors.")] = None,
) -> None:
    """Store the articles of archived responses as if they had just been fetched.

    They are taken in order of time over all files. Only HTML pages are taken; everything else is counted,
    as are records that are damaged or cut. An import that was interrupted goes on where its last batch ended,
    and a file that was taken in is not taken in again. A month of CC-NEWS is what its list of paths names,
    crawl-data/CC-NEWS/YYYY/MM/warc.paths.gz, in a folder or at an address that fsspec knows.

    Example: scraper import archive/ CC-NEWS-20260301.warc.gz
    """
    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.crawl.rework.importing import Importer

    config = settings(context)
    home = Place(config.archive or "archive")
    named = [
        found for file in files for found in (_month(file, cc_news, home) if cc_news else _files(file, home))
    ]
    with (
        open_store(config.store) as store,
        ExtractionPool(workers or config.workers or None) as pool,
        progress("import", None) as step,
    ):
        importer = Importer(
            store=store, pool=pool, excluded=config.no_article_of, home=home if config.layouts else None
        )
        importer.take(named, step=step)
    counts = importer.counts
    print_rows(("what", "number"), [("files", len(named)), *sorted(counts.items())], empty="")
    if any(counts[f"passed/{cause}"] for cause in ("torn", "unreadable", "damaged", "cut", "no date")):
        raise typer.Exit(3)


def _month(named: str, month: str, home: Place) -> list[File]:
    """Return the files of a month of CC-NEWS, as its list names them, at the place that has both."""
    from scraper.crawl.rework.importing import File

    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise InputError(f"--cc-news {month}: a month is written like 2026-10")
    place, listed = Place(named), f"crawl-data/CC-NEWS/{month.replace('-', '/')}/warc.paths.gz"
    with place.open(listed) as stream:
        try:
            names = gzip.decompress(stream.read()).decode().split()
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            raise InputError(f"{place.full_name(listed)}: is no list of paths: {error}") from error
    return [File(place=place, name=name, key=_key(place, name, home)) for name in names]


def _files(named: str, home: Place) -> list[File]:
    """Return the files that an argument means; those of the archive go by their names in it."""
    from scraper.crawl.rework.importing import File

    found = warc_files(named)
    return [File(place=place, name=name, key=_key(place, name, home)) for place, name in found]


def _key(place: Place, name: str, home: Place) -> str:
    full, root = place.full_name(name), home.full_name("").rstrip("/")
    return full.removeprefix(f"{root}/")
