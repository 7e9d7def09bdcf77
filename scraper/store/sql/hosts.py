"""The statements on hosts: whether to ask them, and their robots.txt; run by the store's methods."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.sql.tables import hosts, robots
from scraper.store.values import Host, RobotsCopy

if TYPE_CHECKING:
    from sqlalchemy import Connection


def find_host(connection: Connection, host: str) -> Host | None:
    """Return how the host answered."""
    row = connection.execute(sa.select(hosts).where(hosts.c.host == host)).one_or_none()
    return Host(**row._mapping) if row else None  # noqa: SLF001


def write_host(connection: Connection, host: Host) -> None:
    """Write how a host answers over what was known of it."""
    connection.execute(sa.delete(hosts).where(hosts.c.host == host.host))
    connection.execute(sa.insert(hosts), asdict(host))


def find_robots(connection: Connection, origin: str) -> RobotsCopy | None:
    """Return the robots.txt that was last read there."""
    row = connection.execute(sa.select(robots).where(robots.c.origin == origin)).one_or_none()
    return RobotsCopy(**row._mapping) if row else None  # noqa: SLF001


def write_robots(connection: Connection, copy: RobotsCopy) -> None:
    """Write a robots.txt over the earlier one."""
    connection.execute(sa.delete(robots).where(robots.c.origin == copy.origin))
    connection.execute(sa.insert(robots), asdict(copy))
