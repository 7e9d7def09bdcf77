"""Waiting for what another process or thread does: how fast the machine is decides nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")

PATIENCE = 600.0
"""Seconds after which what a test waits for is taken for hung."""


def wait_for(condition: Callable[[], Found]) -> Found:
    """Return what the condition gives once that is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail(f"it did not happen in {PATIENCE} s")
