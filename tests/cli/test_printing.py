from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

from scraper.cli.printing import Linked, Worded, print_rows
from tests.cli.terminals import SEQUENCE

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_table_and_no_markup_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    print_rows(("id", "title"), [("1", "[bold]now[/bold] [/red]"), (None, "b")], empty="")
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
    print_rows(("id", "address", "quarantined", "kept"), [row], empty="")
    printed = re.sub(r"\x1b\[\d+m", "", terminal.getvalue())
    assert max(map(len, printed.splitlines())) <= 60
    assert "172d028e6b7a0001" in printed
    assert address in "".join(line[18:].split()[0] for line in printed.splitlines()[1:])
    assert "2031-05-02 09:07Z" in printed
    assert "quarantined" not in printed


def test_rows_that_may_be_cut_are_one_line_each_and_an_id_stays_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "50")
    row = ("172d028e6b7a0001", "harbour", Linked("Bridge opens " * 9, "https://a.example/\x1b]8"))
    print_rows(("id", "site", "title"), [row], empty="", cut=("site", "title"))
    assert "https://a.example/%1B]8" in terminal.getvalue()
    (_, line) = SEQUENCE.sub("", terminal.getvalue()).splitlines()
    assert line.split()[:2] == ["172d028e6b7a0001", "harbour"]
    assert len(line) <= 50
    assert "…" in line


def test_an_empty_list_says_so_on_a_terminal_and_beside_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    print_rows(("id",), [], empty="no article")
    assert capsys.readouterr() == ("", "no article\n")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    print_rows(("id",), [], empty="no article")
    assert terminal.getvalue() == "no article\n"


def test_programs_get_a_value_and_people_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    print_rows(("why",), [(Worded("bot_wall", "keeps robots out"),)], empty="")
    assert capsys.readouterr().out == "bot_wall\n"
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    print_rows(("why",), [(Worded("bot_wall", "keeps robots out"),)], empty="")
    assert "keeps robots out" in terminal.getvalue()
