"""The end of a run's log: only of the file that the run's row names, and only so much of it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.store.service.values import Run

LOG_BYTES = 65_536
LOG_LINES = 200
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTail:
    """The last lines of a log."""

    lines: Sequence[str] = ()
    is_cut: bool = False
    """There are earlier ones."""
    missing: str = ""
    """Why there are none, in a sentence."""


def log_tail(run: Run) -> LogTail:
    """Return the end of a run's log."""
    if not run.log:
        return LogTail(missing="it has none yet" if run.state.is_active else "it has none")
    path = Path(run.log)
    if path.name != f"{run.id}.log":
        return LogTail(missing="what its row names is no log of a run")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        where = f" on {run.owner.host}" if run.owner else ""
        return LogTail(missing=f"it is not on this machine: look at {path.name}{where}")
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        return LogTail(missing="what its row names is no file")
    with open(descriptor, "rb") as file:  # noqa: PTH123 - of a descriptor
        begin = max(0, about.st_size - LOG_BYTES)
        file.seek(begin)
        lines = file.read(LOG_BYTES).decode("utf-8", "replace").splitlines()
    whole = lines[1:] if begin else lines
    return LogTail(
        lines=[_COLOURS.sub("", line) for line in whole[-LOG_LINES:]],
        is_cut=bool(begin) or len(whole) > LOG_LINES,
    )
