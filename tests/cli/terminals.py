"""A command on a terminal of 80 columns."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

SEQUENCE = re.compile(r"\x1b\[[\d;?]*[a-zA-Z]|\x1b\]8;[^\x1b]*\x1b\\|\r")


class Shown(NamedTuple):
    """What a terminal got."""

    code: int
    sent: str

    @property
    def lines(self) -> list[str]:
        """What is seen, without sequences of control."""
        return [line.rstrip() for line in SEQUENCE.sub("", self.sent).splitlines()]


def on_terminal(folder: Path, *arguments: str) -> Shown:
    """Run a command of this program there; return how it ended and what it printed."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "scraper", *arguments],
        cwd=folder,
        env={name: value for name, value in given.items() if name != "COLUMNS"} | {"TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        sent = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return Shown(process.returncode, sent.decode())


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""
