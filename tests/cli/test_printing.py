from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

from scraper.cli.printing import print_rows

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_table_and_no_markup_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    print_rows(("id", "title"), [("1", "[bold]now[/bold] [/red]"), (None, "b")])
    assert "[bold]now[/bold] [/red]" in terminal.getvalue()
    assert "title" in terminal.getvalue()


def test_a_narrow_terminal_cuts_nothing_and_is_spared_columns_of_zeros(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    address = "https://examiner.example/" + "".join(f"{number:03}-" for number in range(20))
    row = ("172d028e6b7a0001", address, 0, "2031-05-02T09:07:59.505851Z")
    print_rows(("id", "address", "quarantined", "kept"), [row])
    printed = re.sub(r"\x1b\[\d+m", "", terminal.getvalue())
    assert max(map(len, printed.splitlines())) <= 60
    assert "172d028e6b7a0001" in printed
    assert address in "".join(line[18:].split()[0] for line in printed.splitlines()[1:])
    assert "2031-05-02 09:07Z" in printed
    assert "quarantined" not in printed
