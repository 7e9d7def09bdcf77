"""What commands print: tables for people, tab-separated lines for pipes, JSON lines for programs."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OBEYED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What JSON leaves as it is of what a terminal obeys."""


def echo_json(value: object, *, indent: int | None = None) -> None:
    """Print a value as JSON; what a terminal would obey in it is escaped, and means the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    typer.echo(_OBEYED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


def print_rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on a terminal; otherwise a line a row, tabs between the cells, without the header."""
    cells = ([printable("" if cell is None else str(cell)) for cell in row] for row in rows)
    if not sys.stdout.isatty():
        for row in cells:
            print("\t".join(row))  # noqa: T201
        return
    table = Table(*header, box=None, pad_edge=False, header_style="bold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
