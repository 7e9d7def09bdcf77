"""What processes and threads cost, as Linux tells it; read by the benchmarks."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def tree_memory(root: int) -> float:
    """Return the memory in MB of a process and its descendants, what they share counted once."""
    return sum(map(proportional, tree(root))) / 1024


def tree(root: int) -> set[int]:
    """Return a process and its descendants."""
    parents = {
        int(entry.name): int(figures[1])
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (figures := stat(int(entry.name)))
    }
    found, grown = {root}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found


def cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process and of the children that it has waited for.

    The process that forks the workers outlives the crawl by a moment: nobody waits for it.
    """
    return sum(int(ticks) for ticks in stat(process)[11:15]) / os.sysconf("SC_CLK_TCK")


def stat(process: int | str) -> list[str]:
    """Return what the system says of a process or a thread, from its state on; nothing if it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def proportional(process: int) -> int:
    """Return the proportional set size of a process in KiB, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def thread_seconds() -> dict[str, float]:
    """Return the CPU seconds of the living threads of this process, by the first part of their names."""
    found: dict[str, float] = {}
    for thread in threading.enumerate():
        if figures := stat(f"self/task/{thread.native_id}"):
            name = thread.name.partition("_")[0]
            spent = sum(int(ticks) for ticks in figures[11:13]) / os.sysconf("SC_CLK_TCK")
            found[name] = found.get(name, 0.0) + spent
    return found
