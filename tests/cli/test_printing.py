from __future__ import annotations

import io
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
