"""scraper quarantine: the pages whose extraction came to no end, and another try."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scraper.archive.place import Place
from scraper.cli.archive.upkeep import place_of
from scraper.cli.context import opened_store, settings
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.progress import tracked
from scraper.cli.running.logs import RUN
from scraper.cli.running.parts import processes
from scraper.cli.stored.filters import JsonOption, SiteOption
from scraper.crawl.rework.quarantine import Retried, Retry, archived_page, quarantined_fetch
from scraper.errors import InputError
from scraper.export.whole_files import whole_file
from scraper.masking import printable
from scraper.model import Rejection
from scraper.record import instant
from scraper.store.protocol import address_key
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.store.protocol import Quarantined, Store

quarantine = typer.Typer(
    no_args_is_help=True, help="Look at pages whose extraction came to no end, and try again."
)


@quarantine.command("list")
def list_(context: typer.Context, *, site: SiteOption = None, as_json: JsonOption = False) -> None:
    """List the pages, the latest first: id, time, site, reason, address, what happened.

    Example: scraper quarantine list --site france24
    """
    with opened_store(context) as store:
        rows = [_plain(page) for page in store.quarantined(site)]
    if as_json:
        for row in rows:
            echo_json(row)
        return
    names = ("id", "fetched_at", "site", "reason", "url", "detail")
    print_rows(
        ("id", "fetched", "site", "reason", "address", "what happened"),
        (tuple(row[name] for name in names) for row in rows),
        empty="no page is in quarantine",
    )


@quarantine.command("show")
def show_quarantined(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="ID|URL", help="A page's id or address.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Write the page's bytes to this file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is known of one page and where the archive holds it.

    Example: scraper quarantine show 06fd3db9a9e0b5a1 --out page.html
    """
    with opened_store(context) as store:
        found = _named(store, page)
        fields = _plain(found)
        try:
            fetch = quarantined_fetch(store, found)
            fields |= {"size": fetch.size, "archive": f"{fetch.archived[0].file} {fetch.archived[0].offset}"}
        except InputError:
            fields["archive"] = None
        if out is not None:
            content = archived_page(store, place_of(context), found).content
            with whole_file(out) as part:
                part.write_bytes(content)
    if as_json:
        echo_json(fields)
        return
    for name, value in fields.items():
        typer.echo(f"{name:<14} {printable('not archived' if value is None else str(value))}")


@quarantine.command()
def retry(
    context: typer.Context,
    pages: Annotated[
        list[str] | None, typer.Argument(metavar="ID|URL…", help="These pages; else all.")
    ] = None,
    *,
    site: SiteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Extract archived pages again; each becomes the article or the rejection that it is, or stays.

    Ends with 1 where a page stays; what a worker is asked for ends with 3, and says what became of how many.

    Example: scraper quarantine retry --site france24
    """
    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.crawl.sites import load_refinements, load_sites

    config = settings(context)
    with opened_store(context) as store, ExtractionPool(processes(config)) as pool:
        chosen = [_named(store, page) for page in pages] if pages else store.quarantined(site)
        trial = Retry(
            store=store,
            place=Place(config.archive or "archive"),
            pool=pool,
            sites=load_sites(),
            refinements=load_refinements(),
        )
        rows = [_told(each) for each in tracked(trial.run(chosen), "retry", len(chosen))]
    stays = any(row["became"] == "quarantined" for row in rows)
    if os.environ.get(RUN):
        echo_json(Counter(row["became"] for row in rows))
        raise typer.Exit(3 if stays else 0)
    if as_json:
        for row in rows:
            echo_json(row)
    else:
        print_rows(
            ("id", "became", "address", "why"),
            (tuple(row.values()) for row in rows),
            empty="no page is in quarantine",
        )
    raise typer.Exit(stays)


def _named(store: Store, named: str) -> Quarantined:
    if "://" in named:
        found = store.find_quarantined(canonical_url(named))
    else:
        found = next((page for page in store.quarantined() if address_key(page.url) == named), None)
    if found is None:
        raise InputError(f"{named}: no such page is in quarantine; scraper quarantine list shows them")
    return found


def _plain(page: Quarantined) -> dict[str, Any]:
    rejection = page.rejection
    fetched = instant(rejection.fetched_at) if rejection.fetched_at else None
    fields = {"id": address_key(page.url), **asdict(rejection), "fetched_at": fetched, "url": page.url}
    del fields["confidence"]
    return fields


def _told(found: Retried) -> dict[str, str]:
    became, why = "quarantined", found.missing or ""
    if isinstance(found.outcome, Rejection):
        became = "quarantined" if found.outcome.reason.is_quarantine else f"rejected/{found.outcome.reason}"
        why = found.outcome.detail
    elif found.outcome is not None:
        became = str(found.outcome.kind)
        why = f"goes on at {found.following}, which the next fetch joins" if found.following else ""
    return {"id": address_key(found.was.url), "became": became, "address": found.was.url, "why": why}
