"""Copies and revisions: batches over a file, upkeep of the index, clusters and differences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from scraper.cli.completing import complete_article
from scraper.cli.context import opened_store, settings
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.progress import progress
from scraper.cli.reading.manifest import PARTLY_FAILED, count_lines
from scraper.cli.running.parts import QueueOption, run_parts, workers_of
from scraper.cli.stored.filters import JsonOption
from scraper.errors import ConfigError
from scraper.jobs.batch import BatchPart
from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.dedup.diff import Change

dedup_app = typer.Typer(rich_markup_mode="rich")


@dedup_app.callback(invoke_without_command=True)
def dedup(
    context: typer.Context,
    *,
    manifest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Records: id, url, site, title, body … a line; .gz too."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Verdicts: id and relation a line.")
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Keep the working database here; else beside OUT until it is done."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that compare texts.")] = 1,
) -> None:
    """Judge the records of a file, away from the store: each is new, or comes from an earlier one.

    Which records are one story depends on their texts, not on their order. Broken off, the same command goes
    on where it stopped and writes the same bytes, whatever the workers.

    Example: scraper dedup --manifest articles.jsonl.gz --out verdicts.jsonl
    """
    if context.invoked_subcommand:
        return
    if manifest is None or out is None:
        raise ConfigError("name --manifest FILE and --out FILE, or a command: rebuild, sweep")
    from scraper.store.copies.batch import judge_file

    database = work or out.with_name(f"{out.name}.work")
    with progress("judge", count_lines(manifest)) as advance:
        done = judge_file(manifest, out, database, complain=_complain, advance=advance, workers=workers)
    if work is None:
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    if done.bad:
        typer.echo(f"{done.bad} of {done.lines} lines are no records and have no verdict", err=True)
        raise typer.Exit(PARTLY_FAILED)


def _complain(message: str) -> None:
    typer.echo(message, err=True)


@dedup_app.command("rebuild")
def rebuild_copies(context: typer.Context) -> None:
    """Make the index of copies anew from the stored texts; verdicts stay until the next sweep.

    Example: scraper dedup rebuild
    """
    from scraper.store.copies.rebuild import rebuild_index

    with opened_store(context):
        pass  # asks for the file to be there
    with progress("index", None) as advance:
        count = rebuild_index(settings(context).store, advance)
    typer.echo(f"{count} texts are in the index; scraper dedup sweep settles their stories")


@dedup_app.command()
def sweep(context: typer.Context, *, queue: QueueOption = False, as_json: JsonOption = False) -> None:
    """Settle the stories of what came since the last sweep, and list what that changed.

    A crawl judges each text as it comes, by the texts before it. The sweep makes stories of all pairs of
    copies that are known by now: copies that were both called new are related, pages that only their site's
    frame or a round-up joined are freed, stories split and merge. Crawls go on meanwhile; broken off, the
    same command goes on. With --queue a worker does it.

    Example: scraper dedup sweep
    """
    counts = _queued_sweep(context) if queue else _swept(context, tells=not as_json)
    if as_json:
        echo_json(counts)
    else:
        typer.echo(
            f"{counts['related']} copies related, {counts['freed']} wrongly joined articles freed, "
            f"{counts['moved']} moved with their story",
            err=True,
        )


def _queued_sweep(context: typer.Context) -> Counter[str]:
    command = ("dedup", "sweep")
    with workers_of(settings(context)) as ledger:
        return run_parts(ledger, [BatchPart(name=" ".join(command), command=command)], "sweep")


def _swept(context: typer.Context, *, tells: bool) -> Counter[str]:
    """Sweep here; return how many articles were related, freed and moved."""
    from scraper.store.copies.component import FREED, MOVED
    from scraper.store.copies.sweep import sweep_store

    with opened_store(context):
        pass
    with progress("sweep", None) as advance:
        found = sweep_store(settings(context).store, advance)
    if tells:
        print_rows(
            ("article", "what", "to", "score"),
            [(change.article_id, change.kind, change.to, change.score) for change in found],
            empty="no copy was missed",
        )
    names = {FREED: "freed", MOVED: "moved"}
    return Counter(names.get(change.kind, "related") for change in found)


def cluster(
    context: typer.Context,
    article_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="Of any article of the cluster.", autocompletion=complete_article),
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """List every copy of an article's story: who ran it, who came first, who cut and who added what.

    Kept is the share of the fullest text that a copy has; own is what of the copy the fullest lacks.

    Example: scraper cluster 3f78e5d2db163922
    """
    from scraper.store.copies.differences import known_article
    from scraper.store.copies.stories import members

    with opened_store(context) as store:
        found = members(store, known_article(store, article_id).id)
    if as_json:
        for member in found:
            echo_json(member)
        return
    header = ("id", "first", "site", "relation", "kept", "own", "title")
    shares = [{name: f"{member[name]:.0%}" for name in ("kept", "own")} for member in found]
    rows = [member | share for member, share in zip(found, shares, strict=True)]
    print_rows(header, [[row[name] for name in header] for row in rows], empty="no copies")


def diff(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", autocompletion=complete_article)],
    *,
    revision: Annotated[
        int | None, typer.Option(min=2, help="This revision and the one before; else the last one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show word by word what a revision changed; of a copy without revisions, against the text it comes from.

    Example: scraper diff 3f78e5d2db163922
    """
    from scraper.store.copies.differences import compare_texts, difference_record, texts_to_compare

    with opened_store(context) as store:
        found = compare_texts(*texts_to_compare(store, article_id, revision))
    if as_json:
        echo_json(difference_record(found))
        return
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for sign, version in (("---", found.before), ("+++", found.after)):
        article = version.article
        stamp = article.modified or article.published or "undated"
        console.print(printable(f"{sign} {version.id} revision {version.revision}, {article.site}, {stamp}"))
    if found.is_silent:
        console.print("silent edit: the text changed, the page's date of modification did not")
    _print_changes(console, (*found.title, *found.body))


def _print_changes(console: Console, paragraphs: Sequence[Sequence[Change]]) -> None:
    """Print the changed paragraphs, "…" for those between; what went [-so-], what came {+so+}."""
    is_gap = False
    for paragraph in paragraphs:
        if all(change.is_equal for change in paragraph):
            if not is_gap:
                console.print("…")
            is_gap = True
            continue
        is_gap = False
        console.print(Text(" ").join(_marked(change) for change in paragraph))


def _marked(change: Change) -> Text:
    before, after = printable(change.before), printable(change.after)
    if change.is_equal:
        return Text(before)
    parts = [Text(f"[-{before}-]", style="red")] if before else []
    parts += [Text(f"{{+{after}+}}", style="green")] if after else []
    return Text(" ").join(parts)
