"""scraper export: stored articles as a file or a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from scraper.cli.context import opened_store
from scraper.cli.progress import progress
from scraper.cli.stored.filters import (
    DoubtOption,
    KindOption,
    LanguageOption,
    SearchOption,
    SinceOption,
    SiteOption,
    UntilOption,
    since_moment,
    until_moment,
)
from scraper.errors import ConfigError
from scraper.export.formats import WRITERS, Format, write_file, write_stream
from scraper.store.protocol import ArticleQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STDOUT = Path("-")

T = TypeVar("T")


def _counted(values: Iterable[T], advance: Callable[[int], None]) -> Iterator[T]:
    for value in values:
        yield value
        advance(1)


def export(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.JSONL,
    out: Annotated[
        Path, typer.Option(help="The file, for txt the folder, to write; - for standard output.")
    ] = STDOUT,
    site: SiteOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    kind: KindOption = None,
    in_doubt: DoubtOption = None,
    language: LanguageOption = None,
    search: SearchOption = None,
) -> None:
    """Write stored articles, the first seen first, to a file or folder that appears only when it is whole.

    Example: scraper export --format txt --out texts --site france24 --since 2026-05-01

    Example: scraper export --search strike | jq .title
    """
    if out == STDOUT and WRITERS[form].stream is None:
        raise ConfigError(f"--format {form} needs --out")
    query = ArticleQuery(
        site=site,
        since=since_moment(since),
        until=until_moment(until),
        kind=kind,
        in_doubt=in_doubt,
        language=language,
        search=search,
    )
    with opened_store(context) as store:
        if out == STDOUT:
            write_stream(store.articles(query), form, sys.stdout)
            return
        with progress("articles", None) as advance:
            count = write_file(_counted(store.articles(query), advance), form, out)
    typer.echo(f"{count} articles in {out}", err=True)
