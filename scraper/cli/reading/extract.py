"""Extraction without crawling: one page to one record, many saved pages to a line each."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scraper.cli.context import settings
from scraper.cli.printing import echo_json
from scraper.cli.reading.manifest import (
    PARTLY_FAILED,
    Entry,
    Unreadable,
    count_lines,
    read_manifest,
)
from scraper.cli.reading.saved import are_several, saved_entries, saved_files
from scraper.cli.reading.source import FetchedOption, SpiderOption, TextOption, UrlOption, page_and_site
from scraper.errors import ConfigError, InputError
from scraper.model import Article, Rejection
from scraper.record import instant, to_json, to_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.model import Page, Site

FAILED = 1


def extract(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|FOLDER|PATTERN…|URL|-",
            help="Saved pages (.gz allowed), folders of them, an address, or standard input.",
        ),
    ] = None,
    *,
    manifest: Annotated[
        Path | None,
        typer.Option(help="JSON lines or CSV with id, file and, optionally, url, site, fetched_at, text."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the records go, one a line.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors.")] = None,
    text: TextOption = False,
    url: UrlOption = None,
    site: SpiderOption = None,
    fetched_at: FetchedOption = None,
) -> None:
    """Print the record of each page as one line of JSON; nothing is stored.

    A page that is no article gives an empty body, its kind and the reason, and exit code 1 where it is the
    only one. Of several pages each goes by the name of its file. Address and time are those of page.html.json
    (url, fetched_at, site) beside it, else what it says it was saved from, else what it declares and when
    its file was written. --out goes on where it was broken off.

    Example: scraper extract page.html --url https://example.com/news/1 --site france24

    Example: scraper extract https://example.com/news/1

    Example: scraper extract pages --out records.jsonl

    Example: scraper extract --manifest pages/manifest.jsonl --out records.jsonl
    """
    named = sources or []
    pages = _several(named, manifest, out)
    if pages is not None:
        if url or site or fetched_at or text:
            told = "--url, --site, --fetched-at and --text are of one page"
            raise ConfigError(f"{told}: name them for each in a manifest")
        _write_records(pages, out, workers)
        return
    (only,) = named
    from scraper.extraction.article import extract_article

    config = settings(context)
    page, declared = page_and_site(only, config, text=text, url=url, site=site, fetched_at=fetched_at)
    outcome = extract_article(page, declared)
    echo_json(_record(outcome))
    if isinstance(outcome, Rejection):
        raise typer.Exit(FAILED)


def _several(named: Sequence[str], manifest: Path | None, out: Path | None) -> Pages | None:
    """Return the pages that are asked for; None for one that is to be printed. Raises ConfigError."""
    if manifest is not None:
        if out is None or named:
            raise ConfigError("--manifest needs --out FILE and no other source")
        return Pages(str(manifest), count_lines(manifest), lambda: read_manifest(manifest))
    if not named:
        raise ConfigError("name files, a folder, - for standard input, or --manifest FILE")
    if out is None and not are_several(named):
        return None
    files = saved_files(named)
    return Pages(" ".join(named), len(files), lambda: saved_entries(files))


def _record(outcome: Article | Rejection) -> dict[str, Any]:
    if isinstance(outcome, Article):
        from scraper.dedup.shingle import content_hash

        return to_record(outcome, content_hash=content_hash(outcome.body))
    return {
        "url": outcome.url,
        "site": outcome.site,
        "kind": outcome.kind,
        "body": "",
        "reason": outcome.reason,
        "detail": outcome.detail,
        "confidence": outcome.confidence,
        "raw_sha256": outcome.raw_sha256,
        "fetched_at": instant(outcome.fetched_at) if outcome.fetched_at else None,
    }


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages to be extracted."""

    name: str
    total: int
    entries: Callable[[], Iterator[Entry | Unreadable]]
    """Yields them, in the same order each time."""


def _write_records(source: Pages, out: Path | None, workers: int | None) -> None:
    """Write a line for each page, to a file or to standard output.

    What was written to a file before an interruption stands and is not done again.
    """
    from scraper.cli.progress import progress
    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.crawl.sites import load_sites

    part = _beside(out) if out else None
    done = _written(part, source) if part else 0
    unreadable = 0
    with ExitStack() as stack:
        advance = stack.enter_context(progress("extract", source.total))
        # a lone surrogate of an id becomes the escape that JSON has for it
        opened = part.open("a", encoding="utf-8", errors="backslashreplace") if part else None
        lines = stack.enter_context(opened) if opened else sys.stdout
        pool = stack.enter_context(ExtractionPool(workers))
        advance(done)
        for record in _records(islice(source.entries(), done, None), pool, load_sites()):
            unreadable += record["reason"] == "unreadable" if "reason" in record else 0
            _write(lines, record)
            advance(1)
    if part and out:
        part.replace(out)
    if unreadable:
        where = f"their lines in {out}" if out else "their lines"
        typer.echo(f"{unreadable} of {source.total} pages could not be read; {where} say why", err=True)
        raise typer.Exit(PARTLY_FAILED)


def _records(
    entries: Iterable[Entry | Unreadable], pool: ExtractionPool, sites: Mapping[str, Site]
) -> Iterator[dict[str, Any]]:
    """Yield a record for each entry, in order."""
    from scraper.crawl.sites import site_of, site_page

    pending: list[Entry | Unreadable] = []

    def pages() -> Iterator[tuple[Page, Site]]:
        for entry in entries:
            pending.append(entry)
            if isinstance(entry, Entry):
                yield entry.page, site_of(site_page(entry.page), sites, entry.site)

    def unreadable() -> Iterator[dict[str, Any]]:
        while pending and isinstance(entry := pending[0], Unreadable):
            del pending[0]
            yield {"id": entry.id, "kind": None, "body": "", "reason": "unreadable", "detail": entry.detail}

    for outcome in pool.extract_each(pages()):
        yield from unreadable()
        yield {**_record(outcome), "id": pending.pop(0).id}
    yield from unreadable()


def _write(lines: TextIO, record: dict[str, Any]) -> None:
    lines.write(to_json({"id": record["id"], **record}) + "\n")
    lines.flush()


def _beside(out: Path) -> Path:
    """Return where lines go until all are there. InputError where the file cannot be written."""
    if out.is_dir() or not out.absolute().parent.is_dir():
        reason = "Is a directory" if out.is_dir() else "No such folder"
        raise InputError(f"{out}: cannot be written: {reason}")
    return out.with_name(f"{out.name}.part")


def _written(part: Path, source: Pages) -> int:
    """Return how many whole lines an interrupted run left, the torn last one cut off."""
    if not part.exists():
        return 0
    content = part.read_bytes()
    whole = content.rfind(b"\n") + 1
    os.truncate(part, whole)
    ids = [json.loads(line)["id"] for line in content[:whole].splitlines()]
    if ids != [entry.id for entry in islice(source.entries(), len(ids))]:
        raise InputError(f"{part} was begun with other pages than {source.name}: remove it and start again")
    return len(ids)
