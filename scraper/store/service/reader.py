"""All that a database holds, to be read only: what pages and other readers ask, each for so long at most."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scraper.errors import ConfigError
from scraper.store.service.accounts import WebAccounts
from scraper.store.service.alarms import Alarms
from scraper.store.service.changes import Changes
from scraper.store.service.coverage import Coverage
from scraper.store.service.runs import Runs
from scraper.store.service.sites import SiteBook
from scraper.store.service.stories import PrintedStories
from scraper.store.service.wishes import Wishes
from scraper.store.sql.deadline import NEVER
from scraper.store.sql.store import SqlStore

if TYPE_CHECKING:
    from scraper.store.service.queue import RunQueue


class Reader(SqlStore):
    """A Store, runs, coverage and alarms of one database, all of it read only; for a thread at a time."""

    def __init__(self, url: str, /) -> None:
        """Open the database. Raises ConfigError, StoreError, or SchemaError for tables to be migrated."""
        if url == "memory:":
            raise ConfigError(
                'store = "memory:" ends with its process: name a database, sqlite or postgresql'
            )
        super().__init__(url, is_for_reading=True)
        self.runs: RunQueue = Runs(self._database)
        self.accounts = WebAccounts(self._database)
        self.wishes = Wishes(self._database, self.runs)
        self.coverage = Coverage(self._database)
        self.alarms = Alarms(self._database)
        self.changes = Changes(self._database)
        self.sites = SiteBook(self._database)
        self.stories = PrintedStories(self._database)

    def hurry(self, seconds: float | None) -> None:
        """Break off what is read later than so many seconds from now: a StoreError; None: never."""
        self._database.until = NEVER if seconds is None else time.monotonic() + seconds

    def close(self) -> None:
        """Give back the connection."""
        self._database.close()
