"""The statements on leases: which process crawls what; run by the store's methods."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.sql.database import clock
from scraper.store.sql.tables import leases
from scraper.store.values import Lease

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scraper.store.sql.database import Database


_HELD = {
    "sqlite": "SELECT 1 FROM leases WHERE id = ?",
    "postgresql": "SELECT 1 FROM leases WHERE id = ? FOR KEY SHARE",  # which a sign of life passes
}


def find_leases(connection: Connection) -> tuple[Lease, ...]:
    """Return the leases, and for how long nothing was heard of each by the database's clock."""
    now = clock(connection)
    found = connection.execute(sa.select(leases).order_by(leases.c.since, leases.c.id))
    return tuple(
        Lease(
            id=row.id,
            site=row.site,
            hosts=tuple(row.hosts),
            shard=row.shard,
            holder=row.holder,
            since=row.since,
            silent=now - row.heartbeat,
        )
        for row in found
    )


def write_lease(connection: Connection, lease: Lease) -> None:
    """Write a lease over what was known of it, as of now."""
    delete_lease(connection, lease.id)
    row = asdict(lease) | {"hosts": list(lease.hosts), "heartbeat": clock(connection)}
    del row["silent"]
    connection.execute(sa.insert(leases), row)


def beat(connection: Connection, key: str) -> bool:
    """Write that the lease's process lives; return whether the lease is there."""
    found = connection.execute(
        sa.update(leases).where(leases.c.id == key).values(heartbeat=clock(connection))
    )
    return bool(found.rowcount)


def is_held(database: Database, key: str) -> bool:
    """Return whether the lease is there; until the open transaction ends, nobody takes it away."""
    return bool(database.run(_HELD[database.dialect], (key,)))


def delete_lease(connection: Connection, key: str) -> None:
    """Delete a lease, if it is there."""
    connection.execute(sa.delete(leases).where(leases.c.id == key))
