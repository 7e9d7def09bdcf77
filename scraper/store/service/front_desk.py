"""What the pages write: wishes, accounts and sessions. All else they only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scraper.store.service.accounts import WebAccounts
from scraper.store.service.runs import Runs
from scraper.store.service.wishes import Wishes
from scraper.store.sql.database import Database

if TYPE_CHECKING:
    from types import TracebackType

DESK_SECONDS = 10.0
"""How long a page waits for another process that writes to a file."""


class FrontDesk:
    """Wishes and accounts of one database; a context manager, usable from many threads."""

    def __init__(self, url: str) -> None:
        """Open the database, make or migrate its tables. Raises ConfigError, StoreError or SchemaError."""
        self._database = Database(url, patience=DESK_SECONDS)
        self.accounts = WebAccounts(self._database)
        self.wishes = Wishes(self._database, Runs(self._database))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connection."""
        self._database.close()
