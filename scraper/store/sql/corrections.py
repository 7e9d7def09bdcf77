"""The statements on what editors decided about pages; run by the store's methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.model import Correction
from scraper.store.protocol import address_key
from scraper.store.sql.tables import corrections

if TYPE_CHECKING:
    from sqlalchemy import Connection


def find_corrections(connection: Connection, site: str) -> dict[str, Correction]:
    """Return what was decided about a site's pages, by canonical address."""
    found = connection.execute(sa.select(corrections).where(corrections.c.site == site))
    return {
        row.url: Correction(
            is_article=bool(row.is_article),
            title=row.fields["title"],
            authors=tuple(row.fields["authors"]),
            published=row.fields["published"],
            raw_sha256=row.raw_sha256,
            at=row.at,
        )
        for row in found
    }


def write_correction(connection: Connection, site: str, url: str, correction: Correction) -> None:
    """Write what was decided about an address over what was before."""
    key = address_key(url)
    connection.execute(sa.delete(corrections).where(corrections.c.address == key))
    fields = {name: getattr(correction, name) for name in ("title", "authors", "published")}
    connection.execute(
        sa.insert(corrections),
        {
            "address": key,
            "url": url,
            "site": site,
            "is_article": int(correction.is_article),
            "fields": fields,
            "raw_sha256": correction.raw_sha256,
            "at": correction.at,
        },
    )
