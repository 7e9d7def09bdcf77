"""Processes of this machine: which one this is, whether another still lives, what a group takes."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from scraper.store.service.values import Owner

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_GROUP, _STARTED, _RESIDENT = 4, 21, 23
"""Fields of /proc/PID/stat, counted from 0 as proc(5) lists them."""


def this_process() -> Owner:
    """Return this process, told from any other that ever was."""
    return Owner(host=socket.gethostname(), boot=_boot(), pid=os.getpid(), started=_started(os.getpid()) or 0)


def is_here(owner: Owner) -> bool:
    """Return whether a process can be looked for: it ran since this boot, among these process numbers."""
    return owner.boot == _boot()


def is_alive(owner: Owner) -> bool:
    """Return whether a process that ran here still does."""
    return _started(owner.pid) == owner.started


def group_memory(group: int) -> int:
    """Return the bytes of memory that the processes of a group hold together."""
    total = 0
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(entry.name)) and int(fields[_GROUP]) == group:
            total += int(fields[_RESIDENT]) * _PAGE
    return total


def _boot() -> str:
    """Return what names this uptime of the machine, and the container if process numbers are its own."""
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"


def _started(pid: int) -> int | None:
    """Return when a process started, in clock ticks after boot; None for one that is gone or a zombie."""
    fields = _stat(str(pid))
    return int(fields[_STARTED]) if fields and fields[2] != "Z" else None


def _stat(pid: str) -> list[str] | None:
    try:
        text = (_PROC / pid / "stat").read_text()
    except (OSError, UnicodeDecodeError):
        return None
    before, _, after = text.rpartition(")")  # the name between the parentheses may hold anything
    return [before.partition(" ")[0], before, *after.split()]
