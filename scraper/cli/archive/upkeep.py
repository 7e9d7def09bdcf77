"""scraper archive: whether the archived pages are whole, and making room."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.archive.place import Place
from scraper.archive.prune import last_capture
from scraper.archive.reader import capture_at
from scraper.archive.verify import Fault, verify_file
from scraper.cli.context import opened_store, settings
from scraper.cli.progress import tracked
from scraper.errors import ConfigError, InputError
from scraper.masking import printable
from scraper.store.listing_date import parse_iso
from scraper.store.service.service_store import ServiceStore
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.store import Store

archive = typer.Typer(no_args_is_help=True, help="Check the archived pages, or make room.")


def place_of(context: typer.Context) -> Place:
    """Return the place of the archive. ConfigError where none is set."""
    location = settings(context).archive
    if not location:
        raise ConfigError("archive is empty in the settings: no page is archived")
    return Place(location)


@archive.command()
def verify(context: typer.Context) -> None:
    """Check every record of the archive, and every place in it that the database names.

    Ends with 1 where something is damaged or missing; a torn last record, as a kill leaves it, is only told.

    Example: scraper archive verify
    """
    place = place_of(context)
    names = place.names()
    counts: Counter[str] = Counter(files=len(names))
    for name in tracked(names, "verify", len(names)):
        for found in verify_file(place, name):
            if isinstance(found, Fault):
                counts["torn" if found.torn else "damaged"] += 1
                typer.echo(printable(f"{found.file}: at byte {found.offset}: {found.detail}"))
            else:
                counts["records"] += 1
    with opened_store(context) as store:
        _verify_pointers(store, place, counts)
    typer.echo(
        f"{counts['files']} files, {counts['records']} whole records, {counts['torn']} torn,"
        f" {counts['damaged']} damaged; {counts['pointers']} pages of the database,"
        f" {counts['missing']} of them missing"
    )
    if counts["damaged"] or counts["missing"]:
        raise typer.Exit(1)


def _verify_pointers(store: Store, place: Place, counts: Counter[str]) -> None:
    for fetch in store.archived():
        for pointer in fetch.archived:
            counts["pointers"] += 1
            try:
                capture_at(place, pointer)
            except InputError as error:
                counts["missing"] += 1
                typer.echo(printable(f"{fetch.url}: {error}"))


@archive.command()
def prune(
    context: typer.Context,
    *,
    older_than: Annotated[str, typer.Option(metavar="DAYS|DATE", help="Such as 365d, or 2026-05-20.")],
) -> None:
    """Remove the files whose pages were all fetched before, and say what cannot be extracted again.

    A file that holds the example of an open alarm stays. Articles, their revisions and the fetch log stay.

    Example: scraper archive prune --older-than 365d
    """
    before, place = _before(older_than), place_of(context)
    lost: Counter[str] = Counter()
    removed = freed = 0
    with opened_store(context) as store:
        kept = _shown_by_alarms(store, settings(context).store)
        for name in place.names():
            last = last_capture(place, name)
            if last is None or last >= before or name in kept:
                continue
            with store.transaction():
                lost.update(store.forget_archived(name))
            freed += place.remove(name)
            removed += 1
    typer.echo(f"{removed} files removed, {freed / 1e6:.1f} MB freed")
    for site, pages in sorted(lost.items()):
        typer.echo(f"{site}: {pages} fetched pages can no longer be extracted again")


def _shown_by_alarms(store: Store, url: str) -> set[str]:
    """Return the files that hold the example page of an open alarm: it may become a fixture."""
    with ServiceStore(url) as ledger:
        examples = [alarm.example for alarm in ledger.alarms.find() if alarm.example]
    fetches = [fetch for example in examples for fetch in store.fetches(canonical_url(example))]
    return {pointer.file for fetch in fetches for pointer in fetch.archived}


def _before(text: str) -> datetime:
    if days := re.fullmatch(r"(\d{1,5})d", text):
        return datetime.now(UTC) - timedelta(days=int(days[1]))
    moment = parse_iso(text)
    if moment is None:
        raise ConfigError(f"--older-than {text}: write days as 365d, or a day as 2026-05-20")
    return moment
