"""Manifests: JSON lines, or the rows of a CSV file, that name saved pages, each to be extracted."""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.errors import InputError
from scraper.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES: dict[str, type] = {
    "id": str, "file": str, "url": str, "site": str, "fetched_at": str, "text": bool, "content_type": str,
}  # fmt: skip
_REQUIRED = ("id", "file")
_SAVED = re.compile(
    rb"<!--\s*Page saved with SingleFile\s.{0,4000}?saved date:\s*"
    rb"\w{3} (?P<moment>\w{3} \d\d \d{4} [\d:]{8}) GMT(?P<zone>[+-]\d{4})",
    re.DOTALL,
)
"""What the extension SingleFile writes at the head of a page."""
_HEAD = 10_000
PARTLY_FAILED = 3
"""How a command ends that could not read some lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a manifest, or a saved page."""

    id: str
    file: Path
    page: Page
    site: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A line that names nothing that can be read, and why."""

    id: str | None
    detail: str


def count_lines(path: Path) -> int:
    """Return the number of entries: lines that are not blank, of a CSV file its rows."""
    return sum(1 for _ in (_rows(path) if _is_csv(path) else json_lines(path)))


def read_manifest(path: Path) -> Iterator[Entry | Unreadable]:
    """Yield the entries in order, their pages read; what cannot be read is yielded as such."""
    if _is_csv(path):
        for number, row in _rows(path):
            yield _entry_of(row, f"{path}:{number}", path.parent)
        return
    for number, line in json_lines(path):
        where = f"{path}:{number}"
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Unreadable(id=None, detail=f"{where}: {error}")
        else:
            yield _entry_of(told, where, path.parent)


def read_page(
    path: Path,
    *,
    url: str | None = None,
    fetched_at: datetime | None = None,
    content_type: str | None = None,
    is_text: bool | None = None,
) -> Page:
    """Return the page that a file holds, unpacked where its name ends in .gz. Raises InputError.

    Where `fetched_at` is not told, it is what a saved page says of itself.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from error
    if is_text is None:
        is_text = path.name.removesuffix(".gz").endswith(".txt")
    return Page(
        url=url,
        content=content,
        content_type=content_type,
        fetched_at=fetched_at or saved_at(content),
        is_text=is_text,
    )


def saved_at(content: bytes) -> datetime | None:
    """Return the moment at which a browser's extension saved a page, if it says so.

    >>> saved_at(b"<!-- Page saved with SingleFile saved date: Mon May 20 2024 10:30:00 GMT+0200 (CEST) -->")
    datetime.datetime(2024, 5, 20, 8, 30, tzinfo=datetime.timezone.utc)
    """
    match = _SAVED.search(content, 0, _HEAD)
    if match is None:
        return None
    text = f"{match['moment'].decode()} {match['zone'].decode()}"
    try:
        return datetime.strptime(text, "%b %d %Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written_at(file: Path) -> datetime:
    """Return when a file was written, to the second."""
    return datetime.fromtimestamp(int(file.stat().st_mtime), UTC)


def parse_instant(value: str) -> datetime:
    """Return the aware moment that an ISO 8601 text names; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)
    except OverflowError as error:  # the first or last day of the calendar, in another zone
        raise ValueError(f"{value} is no moment in UTC") from error
    return moment


def json_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, numbered from 1. InputError where the file cannot be read."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from error


def _is_csv(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith(".csv")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows of a CSV file, numbered from 2; one without id goes by its file.

    Raises InputError where the file cannot be read or has no column "file".
    """
    lines = (
        line.decode("utf-8-sig" if number == 1 else "utf-8", "replace") for number, line in json_lines(path)
    )
    rows = csv.DictReader(lines)
    try:
        if "file" not in (rows.fieldnames or ()):
            raise InputError(
                f"{path}: its first line names no column file (beside it id, url, site, fetched_at)"
            )
        for number, row in enumerate(rows, start=2):
            told = {name: value for name, value in row.items() if name in _TYPES and value}
            yield number, {"id": told.get("file"), **told}
    except csv.Error as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _entry_of(told: Any, where: str, folder: Path) -> Entry | Unreadable:  # noqa: ANN401 - whatever the line holds
    try:
        fields = _fields(told)
        urlsplit(fields.get("url") or "")  # raises for one that no program reads
        moment = fields.get("fetched_at")
        file = folder / Path(fields["file"])
        page = read_page(
            file,
            url=fields.get("url"),
            fetched_at=parse_instant(moment) if moment else None,
            content_type=fields.get("content_type"),
            is_text=fields.get("text"),
        )
    except (ValueError, InputError) as error:
        return Unreadable(id=_name(told), detail=f"{where}: {error}")
    return Entry(id=fields["id"], file=file, page=page, site=fields.get("site"))


def _name(told: Any) -> str | None:  # noqa: ANN401 - whatever the line holds
    name = told.get("id") if isinstance(told, dict) else None
    return name if isinstance(name, str) else None


def _fields(fields: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the line holds
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the caller tells a user, not a programmer
    for name in _REQUIRED:
        if name not in fields:
            raise ValueError(f"the key {name!r} is missing")
    for name, kind in _TYPES.items():
        if not isinstance(fields.get(name), (kind, type(None))):
            raise ValueError(f"the key {name!r} must be a {kind.__name__}")  # noqa: TRY004 - likewise
    return fields
