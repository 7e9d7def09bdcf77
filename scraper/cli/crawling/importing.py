"""scraper import: archived responses, saved pages, records and lists of addresses into the store."""

from __future__ import annotations

import gzip
import logging
import os
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.archive.place import Place
from scraper.cli.context import settings
from scraper.cli.crawling.import_sources import Sources, key, read_addresses, read_sources, to_capture
from scraper.cli.log_lines import OUR_LOG
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.progress import progress
from scraper.cli.reading.manifest import PARTLY_FAILED, Unreadable
from scraper.cli.running.logs import RUN
from scraper.cli.running.parts import QueueOption, part_of_run, processes, run_parts, workers_of
from scraper.cli.stored.filters import JsonOption
from scraper.config import crawl_settings
from scraper.errors import ConfigError, InputError
from scraper.jobs.batch import BatchPart
from scraper.masking import printable
from scraper.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scraper.archive.capture import Capture
    from scraper.config import Config
    from scraper.crawl.rework.importing import File, Importer
    from scraper.store.protocol import Store

_WRONG = ("torn", "unreadable", "damaged", "cut", "no date", "no record", "no address")
"""What was passed over though it should have been taken in."""
_MOST_TOLD = 20
"""Faults of lines that are told one by one."""


def import_files(
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…",
            help="WARC files, saved pages, folders and patterns of them, records or manifests (.jsonl, .csv),"
            " lists of addresses (.txt).",
        ),
    ],
    *,
    cc_news: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Take this month of CC-NEWS, a copy of which SOURCE is.")
    ] = "",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors.")] = None,
    queue: QueueOption = False,
    as_json: JsonOption = False,
) -> None:
    """Store the articles of archived responses, saved pages and records as if they had just been fetched.

    WARC files and pages are taken in order of time over all of them. Saved pages, with address and time as
    extract finds them, are kept in the archive, so that they can be extracted again. Records are those of
    export, of its change feed and of extract; they are stored as they stand. What a list of addresses names
    is fetched, as crawl does. What is stored already is not taken in again, and an import that was
    interrupted goes on where it was. A month of CC-NEWS is what its list of paths names,
    crawl-data/CC-NEWS/YYYY/MM/warc.paths.gz, in a folder or at an address that fsspec knows. With --queue
    each WARC file is a part that a worker of any machine takes, which must be able to read it by that name.

    Ends with 3 where something could not be taken in: each line or file says why.

    Example: scraper import archive/ CC-NEWS-20260301.warc.gz

    Example: scraper import pages/ pages/manifest.jsonl articles.jsonl.gz
    """
    config = settings(context)
    home = Place(config.archive or "archive")
    month = [found for each in sources if cc_news for found in _month(each, cc_news, home)]
    named = Sources(warcs=month) if cc_news else read_sources(sources, home)
    taking = _Taking(config, home, workers, is_queued=queue)
    if (named.pages or named.manifests) and not config.archive:
        raise ConfigError("archive is empty in the settings, and saved pages are kept there: name a place")
    if named.warcs or named.pages or named.manifests or named.records:
        with open_store(config.store) as store:
            taking.take(named, store)
    taking.fetch(named.addresses)
    if as_json:
        echo_json(+taking.counts)
    else:
        empty = "nothing was there to be taken in"
        print_rows(("what", "number"), sorted((+taking.counts).items()), empty=empty)
    for fault in taking.faults[:_MOST_TOLD]:
        typer.echo(printable(fault), err=True)
    if len(taking.faults) > _MOST_TOLD:
        typer.echo(f"and {len(taking.faults) - _MOST_TOLD} more", err=True)
    if taking.has_failed or any(taking.counts[f"passed/{cause}"] for cause in _WRONG):
        raise typer.Exit(PARTLY_FAILED)


class _Taking:
    """What an import has come to."""

    def __init__(self, config: Config, home: Place, workers: int | None, *, is_queued: bool) -> None:
        self.config, self.home, self.workers = config, home, workers
        self.is_queued = is_queued
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.has_failed = False

    def take(self, named: Sources, store: Store) -> None:
        """Take in what needs no network."""
        from scraper.crawl.rework.records import RecordImporter

        files = [*named.warcs, *self._packed(named, store)]
        if files:
            self._take_files(files, store)
        records = RecordImporter(store=store)
        with progress("records", None) as step:
            for path in named.records:
                records.take(path, step=step)
        self.counts += records.counts
        self.faults += records.faults

    def _take_files(self, files: Sequence[File], store: Store) -> None:
        from scraper.crawl.pages.workers import ExtractionPool
        from scraper.crawl.rework.importing import Importer

        config = self.config
        with ExtractionPool(processes(config, self.workers)) as pool:
            kept = self.home if config.layouts else None
            importer = Importer(store=store, pool=pool, excluded=config.no_article_of, home=kept)
            if self.is_queued:
                self._queue(importer, files)
            else:
                importer.is_part = RUN in os.environ
                with (
                    part_of_run(config, store) as importer.is_asked_to_end,
                    progress("import", None) as step,
                ):
                    importer.take(files, step=step)
        self.counts += importer.counts
        self.counts["files"] += len(files)

    def _queue(self, importer: Importer, files: Sequence[File]) -> None:
        """Let workers take in what is left of files; layouts are learned here, as one import would."""
        with workers_of(self.config) as ledger:
            begun = {file.key: importer.store.imported(file.key) for file in files}
            left = [file for file in files if not begun[file.key] or begun[file.key] < file.size()]
            if not any(begun.values()):
                importer.learn(files)
            parts = [
                BatchPart(name=file.key, command=("import", file.place.full_name(file.name))) for file in left
            ]
            told = run_parts(ledger, parts, "import")
        del told["files"]  # they are counted here
        self.counts += told

    def _packed(self, named: Sources, store: Store) -> list[File]:
        """Return the files of the archive that hold the saved pages."""
        from scraper.crawl.rework.packing import Packer

        excluded = {*self.config.no_capture_of, *self.config.no_article_of}
        packer = Packer(store=store, home=self.home, excluded=excluded)
        with progress("read", None) as step:
            files = list(packer.pack(self._captures(named), step=step))
        self.counts += packer.counts
        return files

    def _captures(self, named: Sources) -> Iterator[Capture]:
        for entry in named.entries():
            try:
                if not isinstance(entry, Unreadable):
                    yield to_capture(entry)
                    continue
                told = entry.detail
            except (InputError, ValueError) as error:
                told = str(error)
            self.counts["passed/unreadable"] += 1
            self.faults.append(told)

    def fetch(self, lists: Sequence[Path]) -> None:
        """Fetch what lists name and the store does not know, site by site."""
        addresses = dict.fromkeys(address for path in lists for address in self._addresses(path))
        if not addresses:
            return
        from scraper.crawl.listed import crawls_of, unknown
        from scraper.crawl.run import run_crawls

        with open_store(self.config.store) as store:
            left = unknown(store, addresses)
        self.counts["known"] += len(addresses) - len(left)
        log = logging.NullHandler(self.config.log_level)  # the root command's writes
        given = {**crawl_settings(self.config), **OUR_LOG}
        for ended in run_crawls(crawls_of(left), given, handler=log) if left else ():
            self.counts.update(ended.counts)
            self.has_failed |= bool(ended.exit_code or ended.total("failed/"))

    def _addresses(self, path: Path) -> Iterator[str]:
        from scraper.crawl.discovery.scope import check_address

        for number, said in read_addresses(path):
            try:
                check_address("", said)
            except ConfigError as error:
                self.counts["passed/no address"] += 1
                self.faults.append(f"{path}:{number}: {str(error).removeprefix('=')}")
            else:
                yield said


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
    return [File(place=place, name=name, key=key(place, name, home)) for name in names]
