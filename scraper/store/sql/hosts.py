"""The statements on hosts and sites: whether and how to ask them; run by the store's methods."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.sql.tables import hosts, render_needs, robots
from scraper.store.values import Host, RenderNeed, RobotsCopy

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


def find_render_need(connection: Connection, site: str) -> RenderNeed | None:
    """Return whether the pages of a site need a browser; None where nothing ever spoke for one."""
    row = connection.execute(sa.select(render_needs).where(render_needs.c.site == site)).one_or_none()
    return RenderNeed(**row._mapping) if row else None  # noqa: SLF001


def write_render_need(connection: Connection, need: RenderNeed) -> None:
    """Write whether the pages of a site need a browser over what was known of it."""
    connection.execute(sa.delete(render_needs).where(render_needs.c.site == need.site))
    connection.execute(sa.insert(render_needs), asdict(need))
