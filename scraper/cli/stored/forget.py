"""scraper forget: an article, an address or a site removed for good."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.archive.erase import erase
from scraper.archive.images import ImageFiles
from scraper.archive.place import Place
from scraper.cli.context import opened_store, settings
from scraper.errors import ConfigError, InputError
from scraper.masking import printable
from scraper.model import ArticleId
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.store import Store
    from scraper.store.values import Traces

logger = logging.getLogger(__name__)


def forget(
    context: typer.Context,
    target: Annotated[
        str,
        typer.Argument(metavar="URL|ID|SITE", help="An address, an article's or rejection's id, or a site."),
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the moment.")],
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove an article, whatever is held of an address, or a site, for good; never fetch it again.

    Text, revisions, search words, relations, rejections, quarantine, fetch log and captures go; of each
    address a digest stays, with the moment and the reason. Backups and exports are not touched.

    Example: scraper forget https://paper.example/a-name --reason "asked for by the person named"
    """
    with opened_store(context) as store:
        traces = _traces(store, target)
        told = (
            f"{len(traces.articles)} articles, {traces.rejections} rejections, {len(traces.urls)} addresses"
        )
        if not is_sure:
            if not sys.stdin.isatty():
                raise ConfigError("forget removes for good, and nobody can be asked here: give --yes")
            typer.confirm(printable(f"Remove {target} for good: {told}?"), abort=True, err=True)
        location = settings(context).archive
        captures = _erase(Place(location), traces) if location else 0
        if location:
            _forget_images(store, ImageFiles(Place(location)), traces)
        store.forget(traces, reason=reason, at=datetime.now(UTC))
    logger.info("forgotten: %s, %d captures; %s", told, captures, reason)
    typer.echo(f"forgotten: {told}, {captures} captures", err=True)


def _traces(store: Store, target: str) -> Traces:
    """Return what is held of a target. InputError where an id or a site is not known."""
    if "://" in target:
        return store.traces(url=target)
    stored = store.find_by_id(ArticleId(target))
    refused = store.find_rejection(target)
    url = stored.article.canonical_url if stored else refused.url if refused else None
    traces = store.traces(url=url) if url else store.traces(site=target)
    if not (traces.urls or traces.articles or traces.rejections):
        raise InputError(f"{target}: the store knows no such article, rejection or site")
    return traces


def _forget_images(store: Store, files: ImageFiles, traces: Traces) -> None:
    """Remove the pictures that the articles have, in any of their revisions."""
    for article in traces.articles:
        for revision in store.revisions(article):
            for image in revision.article.images:
                if image.file:
                    files.forget(image.url)


def _erase(place: Place, traces: Traces) -> int:
    """Write over the captures, in the files of the sites and in those that the store names."""
    named = {pointer.file for pointer in traces.archived}
    places = {(pointer.file, pointer.offset) for pointer in traces.archived}
    number = 0
    for name in place.names():
        if name in named or name.partition("/")[0] in traces.sites:
            is_all = traces.site is not None and name.startswith(f"{traces.site}/")
            number += erase(
                place,
                name,
                lambda url, offset, name=name, is_all=is_all: (  # type: ignore[misc]
                    is_all or (name, offset) in places or canonical_url(url) in traces.urls
                ),
            )
    return number
