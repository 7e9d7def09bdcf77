"""Stand-ins for a crawl: real processes that do one thing a crawl may do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.store.service.values import Run

COUNTS = '[{"site": "paper", "announced": 2, "stored": 2, "source/read": 1}]'
GOOD = f"print({COUNTS!r})"
SLOW = f"import time; time.sleep(1); {GOOD}"
HANG = "import time; time.sleep(600)"
BEGUN = "begun"
REFUSED = "refused to end"
STUBBORN = f"""
import signal, sys, time
signal.signal(15, lambda *_: print({REFUSED!r}, file=sys.stderr, flush=True))
print({BEGUN!r}, file=sys.stderr, flush=True)
time.sleep(600)
"""
POLITE = f"""
import signal, sys, time
def end(*_):
    print({COUNTS!r}, flush=True)
    sys.exit(0)
signal.signal(15, end)
print({BEGUN!r}, file=sys.stderr, flush=True)
time.sleep(600)
"""
GREEDY = "x = bytearray(300_000_000); import time; time.sleep(600)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, file=sys.stderr, flush=True)
time.sleep(float(sys.argv[1]))
"""


def has_begun(run: Run) -> bool:
    """Tell whether the run's crawl, stubborn or polite, has come to where signals find it."""
    return _says(run, BEGUN)


def has_refused(run: Run) -> bool:
    """Tell whether the run's stubborn crawl was asked to end, and goes on."""
    return _says(run, REFUSED)


def _says(run: Run, words: str) -> bool:
    return run.log is not None and Path(run.log).exists() and words in Path(run.log).read_text()


def python(program: str, *more: str) -> Callable[[str, Sequence[str]], list[str]]:
    """Return a command that runs the program instead of a crawl."""
    return lambda site, arguments: [sys.executable, "-c", program, *more]
