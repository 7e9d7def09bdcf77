"""How often something may be done: so often at once, and then as often as a bucket fills again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_KEYS = 20_000
"""Accounts and addresses that are remembered: the one that was quiet longest is forgotten."""


class RateLimit:
    """Lets each key do something `most` times, which come back evenly over so many seconds."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nobody yet."""
        self._most = most
        self._rate = most / seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one turn: 0, or after how many seconds there is one again; then none was taken."""
        with self._lock:
            left, now = self._filled(key)
            wait = max(0.0, (1 - left) / self._rate)
            self._keep(key, left if wait else left - 1, now)
            return wait

    def give_back(self, key: str) -> None:
        """Give a turn back that was well used."""
        with self._lock:
            left, now = self._filled(key)
            self._keep(key, min(self._most, left + 1), now)

    def _filled(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, at = self._left.get(key, (float(self._most), now))
        return min(self._most, left + (now - at) * self._rate), now

    def _keep(self, key: str, left: float, now: float) -> None:
        self._left[key] = (left, now)
        self._left.move_to_end(key)
        while len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
