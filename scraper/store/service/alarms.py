"""Alarms, and the messages about them that are still to be delivered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.store.service.tables import alarms, deliveries
from scraper.store.service.values import Alarm
from scraper.store.sql.database import NO_LOCK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from scraper.store.sql.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message that is to be brought to one channel."""

    row: int
    alarm: Alarm
    event: str
    """"opened" or "closed"."""
    channel: str
    attempts: int
    due: datetime


class Alarms:
    """What the database knows of alarms. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def open_at(self, site: str) -> Alarm | None:
        """Return the site's open alarm."""
        statement = sa.select(alarms).where(alarms.c.site == site, alarms.c.closed.is_(None))
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return _alarm(row) if row else None

    def find(
        self, *, site: str | None = None, only_open: bool = True, limit: int | None = None
    ) -> Sequence[Alarm]:
        """Return alarms, the latest first."""
        statement = sa.select(alarms).order_by(alarms.c.opened.desc(), alarms.c.id.desc()).limit(limit)
        if site is not None:
            statement = statement.where(alarms.c.site == site)
        if only_open:
            statement = statement.where(alarms.c.closed.is_(None))
        with self._database.read() as connection:
            return [_alarm(row) for row in connection.execute(statement)]

    def save(self, alarm: Alarm, channels: Sequence[str], now: datetime) -> None:
        """Write an alarm; its opening and its closing become a message to each channel, due at once."""
        row = asdict(alarm)
        number = row.pop("id")
        row["signs"] = list(alarm.signs)
        with self._database.write(lock=NO_LOCK) as connection:
            if number:
                connection.execute(sa.update(alarms).where(alarms.c.id == number).values(row))
            else:
                number = connection.execute(sa.insert(alarms).values(row).returning(alarms.c.id)).scalar_one()
            event = "closed" if alarm.closed else "opened" if not alarm.id else None
            messages = [
                {"alarm": number, "event": event, "channel": channel, "attempts": 0, "due": now}
                for channel in channels
                if event
            ]
            if messages:
                connection.execute(sa.insert(deliveries), messages)

    def take_delivery(self, now: datetime, again: datetime) -> Delivery | None:
        """Return a message that is due, its next attempt put off so that no other process takes it too."""
        statement = (
            sa.select(deliveries.c.row, deliveries.c.event, deliveries.c.channel)
            .add_columns(deliveries.c.attempts, deliveries.c.due, deliveries.c.alarm)
            .where(deliveries.c.due <= now)
            .order_by(deliveries.c.due, deliveries.c.row)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._database.write(lock=NO_LOCK) as connection:
            found = connection.execute(statement).first()
            if found is None:
                return None
            taken = sa.update(deliveries).where(deliveries.c.row == found.row)
            connection.execute(taken.values(due=again, attempts=found.attempts + 1))
            alarm = _alarm(connection.execute(sa.select(alarms).where(alarms.c.id == found.alarm)).one())
        return Delivery(
            row=found.row,
            alarm=alarm,
            event=found.event,
            channel=found.channel,
            attempts=found.attempts + 1,
            due=again,
        )

    def settle_delivery(self, delivery: Delivery, *, due: datetime | None, error: str | None) -> None:
        """Write what came of a message: due None when it arrived or is given up."""
        statement = sa.update(deliveries).where(deliveries.c.row == delivery.row)
        with self._database.write(lock=NO_LOCK) as connection:
            connection.execute(statement.values(due=due, error=error))

    def undelivered(self) -> Sequence[tuple[str, str]]:
        """Return the channel and the error of each message that was given up."""
        statement = sa.select(deliveries.c.channel, deliveries.c.error).where(
            deliveries.c.due.is_(None), deliveries.c.error.is_not(None)
        )
        with self._database.read() as connection:
            return [(row.channel, row.error) for row in connection.execute(statement)]


def _alarm(row: Row[Any]) -> Alarm:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Alarm(**{**values, "signs": tuple(values["signs"])})
