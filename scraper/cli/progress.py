"""Progress of long work: a bar on a terminal, log lines otherwise."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
LOG_EVERY = 10.0
"""Seconds between two log lines."""
_log = logging.getLogger(__name__)


@contextmanager
def progress(description: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that is told how many steps were done since it was last called."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(description, total=total)
            yield lambda steps: bar.advance(task, steps)
        return
    done, last, has_told = 0, time.monotonic(), False

    def advance(steps: int) -> None:
        nonlocal done, last, has_told
        done += steps
        if time.monotonic() - last >= LOG_EVERY:
            last, has_told = time.monotonic(), True
            _log.info("%s: %s of %s", description, done, "?" if total is None else total)

    yield advance
    if has_told:  # what was done at once is told by what it gave
        _log.info("%s: %s done", description, done)


def tracked(items: Iterable[T], description: str, total: int | None) -> Iterator[T]:
    """Yield the items while showing how many were taken."""
    with progress(description, total) as advance:
        for item in items:
            yield item
            advance(1)
