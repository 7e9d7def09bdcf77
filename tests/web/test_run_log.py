from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.store.service.values import Owner, Run, RunState
from scraper.web.run_log import LOG_BYTES, LOG_LINES, log_tail

if TYPE_CHECKING:
    from pathlib import Path

RUN = Run(
    id="20310502T120000-3f9a1c",
    job="hourly",
    site="harbour",
    state=RunState.FAILED,
    queued=datetime(2031, 5, 2, 12, tzinfo=UTC),
    owner=Owner(host="elsewhere", boot="b", pid=1, started=2),
)


def with_log(path: Path) -> Run:
    return replace(RUN, log=str(path))


def test_the_last_lines_are_shown_without_colours(tmp_path: Path) -> None:
    path = tmp_path / f"{RUN.id}.log"
    path.write_bytes(b"one\n\x1b[31mtwo\x1b[0m\nthr\xffee\n")
    found = log_tail(with_log(path))
    assert (found.lines, found.is_cut, found.missing) == (["one", "two", "thr\ufffdee"], False, "")


def test_of_a_long_log_only_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / f"{RUN.id}.log"
    path.write_text("".join(f"line {number}\n" for number in range(LOG_LINES + 5)))
    found = log_tail(with_log(path))
    assert (len(found.lines), found.lines[0], found.is_cut) == (LOG_LINES, "line 5", True)
    path.write_text("a" * LOG_BYTES + "\nthe end\n")
    found = log_tail(with_log(path))
    assert (found.lines, found.is_cut) == (["the end"], True)


def test_what_is_no_log_of_the_run_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a password")
    link = tmp_path / f"{RUN.id}.log"
    link.symlink_to(secret)
    fifo = tmp_path / "a" / f"{RUN.id}.log"
    fifo.parent.mkdir()
    os.mkfifo(fifo)
    folder = tmp_path / "b" / f"{RUN.id}.log"
    folder.mkdir(parents=True)
    for path in (secret, link, fifo, folder):
        found = log_tail(with_log(path))
        assert not found.lines, path
        assert found.missing


def test_a_log_of_another_machine_and_none_are_told(tmp_path: Path) -> None:
    found = log_tail(with_log(tmp_path / f"{RUN.id}.log"))
    assert found.missing == f"it is not on this machine: look at {RUN.id}.log on elsewhere"
    assert log_tail(RUN).missing == "it has none"
    assert log_tail(replace(RUN, state=RunState.QUEUED)).missing == "it has none yet"
