"""scraper export: stored articles as a file or a folder."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, TypeVar

import typer

from scraper.cli.context import opened_store, settings
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
from scraper.export.formats import WRITERS, Format, change_record, write_file, write_stream
from scraper.record import to_json
from scraper.store.queries import ArticleQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STDOUT = Path("-")
AfterOption = Annotated[
    int | None,
    typer.Option(
        metavar="CURSOR", min=0, help="Only what changed after this cursor; 0: since the beginning."
    ),
]

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
        Path,
        typer.Option(help="The file (a folder for txt, md, html, parquet-dataset); - for standard output."),
    ] = STDOUT,
    site: SiteOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    kind: KindOption = None,
    in_doubt: DoubtOption = None,
    language: LanguageOption = None,
    search: SearchOption = None,
    after: AfterOption = None,
) -> None:
    """Write stored articles, the first seen first, to a file or folder that appears only when it is whole.

    With --after, what became of articles since: a line a change (new, revised, merged, gone), each exactly
    once, beside running crawls too. The cursor to go on after is in each line, and told at the end.

    Example: scraper export --format txt --out texts --site france24 --since 2026-05-01

    Example: scraper export --search strike | jq .title

    Example: scraper export --after 0 --out changes.jsonl
    """
    if after is not None:
        if form is not Format.JSONL or any(
            (site, since, until, kind, in_doubt is not None, language, search)
        ):
            raise ConfigError(
                "--after tells all changes as JSON lines: give it --out alone, and choose later"
            )
        _export_changes(context, after, out)
        return
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


def _export_changes(context: typer.Context, cursor: int, out: Path) -> None:
    """Write a line for each change after a cursor, and say where that ended."""
    from scraper.export.whole_files import whole_file
    from scraper.store.service.service_store import ServiceStore

    with opened_store(context):
        pass  # asks for the file to be there
    count = 0
    with ExitStack() as stack:
        feed = stack.enter_context(ServiceStore(settings(context).store))
        lines: IO[str] = sys.stdout
        if out != STDOUT:
            part = stack.enter_context(whole_file(out))
            lines = stack.enter_context(part.open("w", encoding="utf-8"))
        for change in feed.changes.after(cursor):
            lines.write(to_json(change_record(change)) + "\n")
            count, cursor = count + 1, change.cursor
    typer.echo(f"{count} changes; go on with --after {cursor}", err=True)
