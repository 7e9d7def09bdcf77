"""The one place that opens the store for pages: for reading, a request at a time, for so long at most."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.errors import StoreDownError, StoreError
from scraper.store.service.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_READERS = 8
"""Requests that read at a time; others wait."""
REQUEST_SECONDS = 10.0
"""How long a request may wait for its turn, and then read."""


class Readers:
    """Readers of one store, kept open between requests; usable from many threads."""

    def __init__(self, url: str, *, seconds: float = REQUEST_SECONDS, most: int = MOST_READERS) -> None:
        """Open one. Raises ConfigError, StoreError or SchemaError."""
        self._url = url
        self._seconds = seconds
        self._turns = threading.BoundedSemaphore(most)
        self._idle: list[Reader] = [Reader(url)]

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Give a reader to one request. Raises StoreError when that takes too long."""
        if not self._turns.acquire(timeout=self._seconds):
            raise StoreDownError("too many ask at once: try again in a moment")
        try:
            reader = self._taken()
            reader.hurry(self._seconds)
            try:
                yield reader
            except StoreError:
                reader.close()  # whatever state it is in
                raise
            except BaseException:
                self._idle.append(reader)
                raise
            self._idle.append(reader)
        finally:
            self._turns.release()

    def _taken(self) -> Reader:
        try:
            return self._idle.pop()
        except IndexError:
            return Reader(self._url)

    def close(self) -> None:
        """Close those that are not in use."""
        while self._idle:
            self._idle.pop().close()
