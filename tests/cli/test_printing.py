from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from scraper.cli.printing import print_rows, printable

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_signs_that_a_terminal_obeys_become_spaces() -> None:
    assert printable("a\x1b[31mb\u202ec\td\n\x9b1me") == "a [31mb c d  1me"
    assert printable("می\u200cروم") == "می\u200cروم"
    assert printable("a\nb\x1b", keep_lines=True) == "a\nb "


def test_a_terminal_gets_a_table_and_no_markup_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    print_rows(("id", "title"), [("1", "[bold]now[/bold] [/red]"), (None, "b")])
    assert "[bold]now[/bold] [/red]" in terminal.getvalue()
    assert "title" in terminal.getvalue()
