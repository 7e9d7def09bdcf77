"""The statements on pages whose extraction came to no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.protocol import Outcome, Quarantined
from scraper.store.sql import rows, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scraper.store.protocol import Fetch

_quarantine = tables.quarantine
_INSERT = sa.insert(_quarantine)
_DELETE = sa.delete(_quarantine).where(_quarantine.c.address == sa.bindparam("key"))


def write(connection: Connection, page: Quarantined, address: str) -> None:
    """Write a page over what was held of its address."""
    delete(connection, address)
    row = {"address": address, "asked": page.url} | rows.rejection_row(page.rejection)
    connection.execute(_INSERT, row)


def delete(connection: Connection, address: str) -> None:
    """Remove the page of an address."""
    connection.execute(_DELETE, {"key": address})


def find_quarantined(
    connection: Connection, *, address: str | None = None, site: str | None = None
) -> tuple[Quarantined, ...]:
    """Return the pages of an address, a site or all, the latest first."""
    statement = sa.select(_quarantine).order_by(_quarantine.c.fetched_at.desc(), _quarantine.c.address)
    if address is not None:
        statement = statement.where(_quarantine.c.address == address)
    if site is not None:
        statement = statement.where(_quarantine.c.site == site)
    return tuple(rows.to_quarantined(row) for row in connection.execute(statement))


def amend_fetch(connection: Connection, fetch: Fetch, address: str) -> None:
    """Write what the fetch came to over the log and the visit that say quarantined."""
    changed = {name: getattr(fetch, name) for name in ("outcome", "reason", "canonical_url")}
    for table in (tables.fetches, tables.visits):
        connection.execute(
            sa.update(table)
            .where(
                table.c.address == address,
                table.c.fetched_at == fetch.fetched_at,
                table.c.outcome == Outcome.QUARANTINED,
            )
            .values(**changed)
        )


def count(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many pages each site has there, by reason, most first."""
    site = sa.func.coalesce(_quarantine.c.site, "")
    found = connection.execute(
        sa.select(site.label("site"), _quarantine.c.reason, sa.func.count().label("pages"))
        .group_by(site, _quarantine.c.reason)
        .order_by(sa.desc("pages"), _quarantine.c.reason)
    )
    counts: dict[str, dict[str, int]] = {}
    for row in found:
        counts.setdefault(row.site, {})[row.reason] = row.pages
    return counts
