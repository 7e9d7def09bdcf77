"""How far the change feed was delivered, and the message about it that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from scraper.store.service.tables import change_webhook
from scraper.store.sql.database import NO_LOCK
from scraper.store.sql.tables import changes

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.store.sql.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDelivery:
    """A message of changes, or the right to begin one."""

    cursor: int
    """Changes up to this have arrived."""
    message: str | None
    """The message's id, equal at each attempt; None where it is to be begun."""
    until: int | None
    """The last change of the message."""
    attempts: int
    """With the present one."""


class ChangeDeliveries:
    """What the database knows of the deliveries to the webhook. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def take(self, now: datetime, again: datetime) -> ChangeDelivery | None:
        """Return what is due, its next attempt put off so that no other process takes it too."""
        newest = sa.select(sa.func.max(changes.c.cursor)).scalar_subquery()
        is_due = sa.and_(change_webhook.c.due <= now, change_webhook.c.cursor < newest)
        with self._database.read() as connection:
            if connection.execute(sa.select(change_webhook.c.cursor).where(is_due)).first() is None:
                return None
        wanted = sa.select(change_webhook).where(is_due).with_for_update(skip_locked=True)
        with self._database.write(lock=NO_LOCK) as connection:
            found = connection.execute(wanted).first()
            if found is None:
                return None
            connection.execute(sa.update(change_webhook).values(due=again, attempts=found.attempts + 1))
        return ChangeDelivery(
            cursor=found.cursor, message=found.message, until=found.until, attempts=found.attempts + 1
        )

    def begin(self, delivery: ChangeDelivery, until: int) -> str | None:
        """Write what a new message holds and return its id; None where another process was faster."""
        message = f"msg_{uuid4().hex}"
        mine = sa.update(change_webhook).where(
            change_webhook.c.cursor == delivery.cursor, change_webhook.c.message.is_(None)
        )
        with self._database.write(lock=NO_LOCK) as connection:
            done = connection.execute(mine.values(message=message, until=until))
            return message if done.rowcount else None

    def arrived(self, message: str, now: datetime) -> None:
        """Go on behind a message; one that another process has settled changes nothing."""
        mine = sa.update(change_webhook).where(change_webhook.c.message == message)
        with self._database.write(lock=NO_LOCK) as connection:
            connection.execute(
                mine.values(
                    cursor=change_webhook.c.until, message=None, until=None, attempts=0, due=now, error=None
                )
            )

    def failed(self, message: str, *, due: datetime, error: str) -> None:
        """Let a message be tried again."""
        mine = sa.update(change_webhook).where(change_webhook.c.message == message)
        with self._database.write(lock=NO_LOCK) as connection:
            connection.execute(mine.values(due=due, error=error))

    def trouble(self) -> tuple[int, str] | None:
        """Return how often the message under way was tried in vain, and the last error; None for neither."""
        wanted = sa.select(change_webhook.c.attempts, change_webhook.c.error)
        with self._database.read() as connection:
            found = connection.execute(wanted.where(change_webhook.c.error.is_not(None))).first()
        return (found.attempts, found.error) if found else None
