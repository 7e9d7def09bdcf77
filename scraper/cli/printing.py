"""What commands print: tables for people, tab-separated lines for pipes, JSON lines for programs."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the direction of what follows them, beyond their own cell."""


def printable(text: str, *, keep_lines: bool = False) -> str:
    r"""Return the text without signs that a terminal obeys: escape sequences, and changes of direction.

    >>> printable("a\x1b[31mb\u202ec\td\n")
    'a [31mb c d '
    """
    kept = "\n" if keep_lines else ""
    return "".join(sign if sign in kept or not _is_obeyed(sign) else " " for sign in text)


def _is_obeyed(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in _DIRECTIONS


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
