"""What an import is given: WARC files, saved pages, records, lists of addresses, told apart by name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from scraper.archive.capture import OF_FILE, Capture, Role
from scraper.archive.place import Place, warc_files
from scraper.cli.reading.manifest import Entry, Unreadable, json_lines, read_manifest, written_at
from scraper.cli.reading.saved import PAGES, saved_entries, saved_files
from scraper.crawl.rework.importing import File
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_TABLES = (".csv", ".csv.gz")
_LISTS = (".txt",)
_WARC = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]")
TAKEN = (
    "WARC files (.warc, .warc.gz, .warc.zst), saved pages (.html), folders of both, records or a manifest"
    " (.jsonl, .csv), and lists of addresses (.txt)"
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be taken in, by what it is."""

    warcs: list[File] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    manifests: list[Path] = field(default_factory=list)
    records: list[Path] = field(default_factory=list)
    addresses: list[Path] = field(default_factory=list)

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield the saved pages, and what names none."""
        yield from saved_entries(self.pages)
        for manifest in self.manifests:
            yield from read_manifest(manifest)


def read_sources(named: Sequence[str], home: Place) -> Sources:
    """Return what the arguments name; WARC files of the archive go by their names in it.

    Raises InputError for what is not there, and for what an import does not know.
    """
    found = Sources()
    for each in named:
        path, small = Path(each), each.lower()
        if small.endswith(_WARC) or "://" in each:
            found.warcs.extend(warcs(each, home))
        elif path.is_dir():
            _add_folder(found, each, home)
        elif not path.exists() and not has_magic(each):
            raise InputError(f"{each}: there is no such file; an import takes {TAKEN}")
        elif small.endswith(_LISTS):
            found.addresses.append(path)
        elif small.endswith(_TABLES) or (small.endswith(_LINES) and _names_files(path)):
            found.manifests.append(path)
        elif small.endswith(_LINES):
            found.records.append(path)
        elif has_magic(each) or small.removesuffix(".gz").endswith(PAGES):
            found.pages.extend(saved_files([each]))
        else:
            raise InputError(f"{each}: an import takes {TAKEN}")
    return found


def warcs(named: str, home: Place) -> Iterator[File]:
    """Yield the WARC files that an argument means. Raises InputError where there is none."""
    for place, name in warc_files(named):
        yield File(place=place, name=name, key=key(place, name, home))


def key(place: Place, name: str, home: Place) -> str:
    """Return what the store calls a WARC file: its name in the archive, elsewhere its whole one."""
    full, root = place.full_name(name), home.full_name("").rstrip("/")
    return full.removeprefix(f"{root}/")


def to_capture(entry: Entry) -> Capture:
    """Return a saved page as the archive keeps it. Raises InputError for an address that is none."""
    page = entry.page
    if page.url is not None and (
        _UNSEEN.search(page.url) or urlsplit(page.url).scheme not in {"http", "https"}
    ):
        raise InputError(f"{entry.id}: {page.url!r} is no address: it must begin with http:// or https://")
    kind = page.content_type or ("text/plain" if page.is_text else None)
    return Capture(
        url=page.url or OF_FILE + quote(entry.id.lstrip("/")),
        fetched_at=page.fetched_at or written_at(entry.file),
        status=200,
        headers=(("Content-Type", kind),) if kind else (),
        payload=page.content,
        role=Role.SAVED_TEXT if page.is_text else Role.SAVED,
        site=entry.site,
    )


def read_addresses(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the addresses of a list, a line each, numbered from 1; blank lines and # comments are none."""
    try:
        text = path.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if (said := line.strip()) and not said.startswith("#"):
            yield number, said


def _add_folder(found: Sources, folder: str, home: Place) -> None:
    has_pages = any(file.name.lower().removesuffix(".gz").endswith(PAGES) for file in Path(folder).rglob("*"))
    if has_pages:
        found.pages.extend(saved_files([folder]))
    try:
        found.warcs.extend(warcs(folder, home))
    except InputError as error:
        if not has_pages:
            raise InputError(f"{folder}: neither a saved page nor a WARC file is in it") from error


def _names_files(path: Path) -> bool:
    """Return whether the first line is one of a manifest: it names a file, and tells no text."""
    for _, line in json_lines(path):
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            return False
        return isinstance(told, dict) and "file" in told and "body" not in told
    return False
