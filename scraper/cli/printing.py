"""What commands print: tables for people, tab-separated lines for pipes, JSON lines for programs."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import typer

from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OBEYED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What JSON leaves as it is of what a terminal obeys."""

_INSTANT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::[\d.]+)?Z$")


def echo_json(value: object, *, indent: int | None = None) -> None:
    """Print a value as JSON; what a terminal would obey in it is escaped, and means the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    typer.echo(_OBEYED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


def print_rows(header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Print a table on a terminal; otherwise a line a row, tabs between the cells, without the header.

    In the table instants are told to the minute and nothing else is cut, an id stays in one piece, and a
    column of zeros is left out.
    """
    cells = ([printable("" if cell is None else str(cell)) for cell in line] for line in lines)
    if not sys.stdout.isatty():
        for row in cells:
            print("\t".join(row))  # noqa: T201
        return
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    rows = list(cells)
    told = [at for at in range(len(header)) if not rows or any(row[at] not in {"", "0"} for row in rows)]
    columns = (Column(header[at], overflow="fold", no_wrap=header[at] == "id") for at in told)
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(_INSTANT.sub(r"\1 \2Z", row[at])) for at in told))
    Console().print(table)
