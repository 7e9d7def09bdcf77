"""The statements on addresses that many pages declare as theirs; run by the store's methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.protocol import address_key
from scraper.store.sql import tables
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_articles, _revisions, _relations = tables.articles, tables.revisions, tables.relations
_disbelieved = tables.disbelieved
_KNOWN = sa.select(_disbelieved.c.at).where(_disbelieved.c.address == sa.bindparam("key"))


def is_disbelieved(connection: Connection, address: str) -> bool:
    """Return whether pages of different texts declare the address as theirs."""
    return connection.execute(_KNOWN, {"key": address_key(address)}).first() is not None


def disbelieve(connection: Connection, address: str, at: datetime) -> bool:
    """Note that of the address; return whether an article moved from there to its page's own."""
    if not is_disbelieved(connection, address):
        connection.execute(sa.insert(_disbelieved), {"address": address_key(address), "at": at})
    revision = sa.select(_revisions.c.record).join(
        _articles,
        (_articles.c.id == _revisions.c.article_id) & (_articles.c.revision == _revisions.c.number),
    )
    record = connection.scalar(revision.where(_articles.c.id == address_key(address)))
    own = canonical_url((record or {}).get("url") or "")
    is_taken = _articles.c.id == address_key(own)
    if not own or own == address or connection.scalar(sa.select(_articles.c.id).where(is_taken)):
        return False
    _move(connection, address, own)
    return True


def _move(connection: Connection, address: str, own: str) -> None:
    """Let an article have another address, and with it another id, wherever it is named."""
    old, new = address_key(address), address_key(own)
    is_old = _articles.c.id == old
    article = connection.execute(sa.select(_articles).where(is_old)).one()._asdict()
    made = connection.execute(sa.select(_relations).where(_relations.c.article_id == old)).all()
    # what refers to a row goes before it and comes after it
    connection.execute(sa.delete(_relations).where(_relations.c.article_id == old))
    connection.execute(sa.insert(_articles), article | {"id": new, "canonical_url": own})
    texts = sa.select(_revisions.c.row, _revisions.c.record).where(_revisions.c.article_id == old)
    for row, record in connection.execute(texts).all():
        moved = {"article_id": new, "record": {**record, "canonical_url": own}}
        connection.execute(sa.update(_revisions).where(_revisions.c.row == row).values(moved))
    connection.execute(sa.delete(_articles).where(is_old))
    if made:
        rows = [row._asdict() | {"article_id": new} for row in made]
        connection.execute(sa.insert(_relations), rows)
    connection.execute(sa.update(_relations).where(_relations.c.to_id == old).values(to_id=new))
    for table in (tables.visits, tables.fetches):
        led_there = (table.c.canonical_url == address) & (table.c.address != old)
        connection.execute(sa.update(table).where(led_there).values(canonical_url=own))
