"""What pages need of the archive and of extraction: a capture, and why it became what it is."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from scraper.archive.place import Place
from scraper.cli.reading.source import page_in_archive
from scraper.cli.running.service import environment
from scraper.errors import InputError, StoreDownError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.config import Config
    from scraper.model import Page
    from scraper.store import Store

EXPLAINED_AT_ONCE = 2
EXPLAIN_SECONDS = 30.0
_VOICE = "scraper: "
"""What the command line begins an error with."""


class ArchivedCaptures:
    """The archive that the settings name; each page is explained in a process of its own.

    What a page does to its extraction ends with that process: it may take so long, and two at a time.
    """

    def __init__(self, config: Config, *, seconds: float = EXPLAIN_SECONDS) -> None:
        """Read nothing yet. Raises ConfigError for an archive that cannot be reached."""
        self._place = Place(config.archive or "archive")
        self._environment = environment(config)
        self._seconds = seconds
        self._turns = threading.BoundedSemaphore(EXPLAINED_AT_ONCE)

    def page(self, store: Store, identity: str, /) -> Page:
        """Return the archived page of an article or a refused page. Raises InputError or StoreError."""
        page, _site = page_in_archive(store, self._place, identity)
        return page

    def explanation(self, identity: str, /) -> Mapping[str, Any]:
        """Return why it became what it is. Raises InputError, or StoreError where others ask too."""
        if not self._turns.acquire(blocking=False):
            raise StoreDownError("other pages are being explained: try again in a moment")
        try:
            return self._explained(identity)
        finally:
            self._turns.release()

    def _explained(self, identity: str) -> Mapping[str, Any]:
        try:
            ended = subprocess.run(  # noqa: S603 - our own command, no shell
                [sys.executable, "-m", "scraper", "explain", "--json", "--", identity],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"its extraction takes longer than {self._seconds:.0f} seconds") from None
        if ended.returncode:
            told = ended.stderr.decode("utf-8", "replace").strip().splitlines()
            raise InputError(told[-1].removeprefix(_VOICE) if told else "its extraction came to no end")
        found: Mapping[str, Any] = json.loads(ended.stdout)
        return found
