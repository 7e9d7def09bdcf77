"""Saved pages: files, folders and patterns of them, each with its address and the moment it was saved."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from glob import glob, has_magic
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.cli.reading.manifest import Entry, Unreadable, parse_instant, read_page, written_at
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PAGES = (".html", ".htm", ".xhtml", ".shtml")
"""How the names of saved pages end."""
_HEAD = 200_000
"""Bytes in which a page names its address: heads with styles and scripts of 100 kB occur."""
_SAVED_FROM = re.compile(
    rb"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)"
)
"""What browsers write at the head of a page, and the extension SingleFile."""


def are_several(sources: Sequence[str]) -> bool:
    """Return whether these name more than one page: several of them, a folder, or a pattern."""
    return len(sources) > 1 or any(
        Path(source).is_dir() or ("://" not in source and has_magic(source) and not Path(source).exists())
        for source in sources
    )


def saved_files(sources: Sequence[str]) -> list[Path]:
    """Return the files that are meant, each once; those of a folder are its pages, by their names.

    Raises InputError for what is not there, and for a folder or pattern without a page.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if source == "-" or "://" in source:
            raise InputError(f"{source}: only saved pages can be several, or go to --out")
        files = list(_files(source))
        if not files:
            raise InputError(f"{source}: no saved page is there ({', '.join(PAGES)}, also .gz)")
        found.update(dict.fromkeys(files))
    return list(found)


def saved_entries(files: Sequence[Path]) -> Iterator[Entry | Unreadable]:
    """Yield the pages of files in order, by the files' names; what cannot be read is yielded as such."""
    for file in files:
        try:
            yield _entry(file)
        except (InputError, ValueError, RecursionError) as error:
            yield Unreadable(id=file.as_posix(), detail=str(error))


def saved_address(content: bytes) -> str | None:
    """Return the address that a page was saved from by its own word.

    >>> saved_address(b"<!-- saved from url=(0026)https://paper.example/pier --><html>")
    'https://paper.example/pier'
    """
    found = _SAVED_FROM.search(content, 0, _HEAD)
    return unescape(found[1].decode("utf-8", "replace")) if found else None


def _files(source: str) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file() and _is_page(file))
    elif path.exists() or not has_magic(source):
        yield path
    else:
        for name in sorted(glob(source, recursive=True)):  # noqa: PTH207 - a pattern may be absolute
            yield from [Path(name)] if Path(name).is_file() else _files(name)


def _is_page(file: Path) -> bool:
    return file.name.lower().removesuffix(".gz").endswith(PAGES)


def _entry(file: Path) -> Entry:
    """Return the page of a file, with what a sidecar says of it, else the page itself, else the file."""
    said = _sidecar(file)
    moment = said.get("fetched_at")
    page = read_page(
        file,
        url=said.get("url"),
        fetched_at=parse_instant(moment) if moment else None,
        content_type=said.get("content_type"),
    )
    address = page.url or saved_address(page.content)
    page = replace(page, url=address, fetched_at=page.fetched_at or written_at(file))
    return Entry(id=file.as_posix(), file=file, page=page, site=said.get("site"))


def _sidecar(file: Path) -> dict[str, Any]:
    """Return what stands in page.html.json or page.json. Raises InputError for one that cannot be read."""
    for beside in (file.with_name(f"{file.name}.json"), file.with_suffix(".json")):
        if beside.is_file():
            try:
                told = json.loads(beside.read_bytes())
            except (OSError, ValueError, RecursionError) as error:
                raise InputError(f"{beside}: cannot be read: {error}") from error
            if not isinstance(told, dict):
                raise InputError(f"{beside}: not a JSON object with url, site, fetched_at")
            return {name: value for name, value in told.items() if isinstance(value, str)}
    return {}
