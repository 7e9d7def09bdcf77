"""What commands print: tables for people, tab-separated lines for pipes, JSON lines for programs."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import typer

from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rich.text import Text

_OBEYED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What JSON leaves as it is of what a terminal obeys."""

_SAFE = "%/:=&?~#+!$,;'@()*[]"
"""Signs that an address keeps as they are."""
_INSTANT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::[\d.]+)?Z$")


def echo_json(value: object, *, indent: int | None = None) -> None:
    """Print a value as JSON; what a terminal would obey in it is escaped, and means the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    typer.echo(_OBEYED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


class Worded(NamedTuple):
    """A cell that programs know by its value, and people by words."""

    value: str
    words: str


class Linked(NamedTuple):
    """A cell that leads, on a terminal which knows that, to an address."""

    text: str
    address: str

    def __str__(self) -> str:
        """Return what is printed."""
        return self.text


def print_rows(
    header: Sequence[str], lines: Iterable[Sequence[object]], *, empty: str, cut: Collection[str] = ()
) -> None:
    """Print a table on a terminal; otherwise a line a row, tabs between the cells, without the header.

    In the table instants are told to the minute and nothing else is shortened, an id stays in one piece, and
    a column of zeros is left out; with columns that may be `cut`, a row is one line. `empty` says that there
    is no row: to whoever looks at the terminal, and in a pipe on standard error.
    """
    if sys.stdout.isatty():
        _print_table(header, list(lines), empty, cut)
        return
    number = 0
    for number, line in enumerate(lines, start=1):  # noqa: B007 - the last one is how many
        print("\t".join(_plain(cell) for cell in line))  # noqa: T201
    if not number:
        typer.echo(empty, err=True)


def print_records(records: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str) -> None:
    """Print records of the same keys: an object a line, or as print_rows does."""
    if as_json:
        for record in records:
            echo_json(record)
    else:
        header = list(records[0]) if records else ()
        print_rows(header, (list(record.values()) for record in records), empty=empty)


def _print_table(
    header: Sequence[str], rows: Sequence[Sequence[object]], empty: str, cut: Collection[str]
) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    if not rows:
        typer.echo(empty)
        return
    shown = [[_shown(cell, is_cut=bool(cut)) for cell in row] for row in rows]
    told = [at for at in range(len(header)) if any(row[at].plain not in {"", "0"} for row in shown)]
    may_fold = [not cut and header[at] != "id" for at in told]
    columns = (
        Column(
            header[at],
            overflow="fold" if folds else "ellipsis",
            no_wrap=not folds and header[at] not in cut,  # what wraps, rich makes narrower first
        )
        for at, folds in zip(told, may_fold, strict=True)
    )
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in shown:
        table.add_row(*(row[at] for at in told))
    Console().print(table)


def _plain(cell: object) -> str:
    return printable("" if cell is None else cell.value if isinstance(cell, Worded) else str(cell))


def _shown(cell: object, *, is_cut: bool) -> Text:
    """Return a cell of a table; one that may be cut stays on its line."""
    from rich.text import Text

    words = cell.words if isinstance(cell, Worded) else _plain(cell)
    text = Text(
        _INSTANT.sub(r"\1 \2Z", printable(words)), no_wrap=is_cut, overflow="ellipsis" if is_cut else None
    )
    if isinstance(cell, Linked) and cell.address:
        text.stylize(f"link {quote(cell.address, safe=_SAFE)}")
    return text
