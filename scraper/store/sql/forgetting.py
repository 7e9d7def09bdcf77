"""The statements that remove an address or a site for good; run by the store's methods."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from scraper.model import ArticleId
from scraper.store.protocol import address_key
from scraper.store.sql import rows, tables
from scraper.store.values import Traces
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from scraper.model import Article, Pointer
    from scraper.store.sql.searching.entries import SearchEntries

_CHUNK = 500
"""Values of a statement; older SQLite takes at most 999 parameters."""
FEW = 4
"""Addresses of one page: as asked for, as it came, as it declares."""
FORGOTTEN_OF = [
    f"SELECT address FROM forgotten WHERE address IN ({', '.join('?' * number)})"  # noqa: S608 - our own names
    for number in range(FEW + 1)
]
"""The statement for so many addresses, without what SQLAlchemy costs."""
_articles, _revisions, _relations = tables.articles, tables.revisions, tables.relations
_visits, _fetches, _rejections = tables.visits, tables.fetches, tables.rejections
_quarantine, _announced, _forgotten = tables.quarantine, tables.announced, tables.forgotten
_shingles, _pairs, _unswept = tables.shingles, tables.copy_pairs, tables.unswept
_alarms = sa.table("alarms", sa.column("id"), sa.column("example"))
_figures = sa.table("figures", sa.column("run"), sa.column("site"), sa.column("figures", sa.JSON))
_OF_SITE = (tables.sources, tables.templates, _announced, tables.corrections, tables.render_needs)


class Text(NamedTuple):
    """A stored text that stands for its story, or for equal ones, from now on."""

    row: int
    body: str


def find_traces(connection: Connection, url: str | None, site: str | None) -> Traces:
    """Return what is held of an address or a site."""
    found = _of_site(connection, site or "") if url is None else _of_address(connection, canonical_url(url))
    addresses, articles = found
    urls = frozenset(canonical_url(address) for address in addresses if address)
    sites: set[str] = {site} if site else set()
    archived: set[Pointer] = set()
    for keys in _chunks(map(address_key, urls)):
        for row in connection.execute(sa.select(_fetches).where(_fetches.c.address.in_(keys))):
            sites.add(row.site)
            archived.update(rows.to_pointers(row.archived))
    return Traces(
        urls=urls,
        articles=frozenset(articles),
        rejections=len(_refused(connection, urls, sites, site)),
        sites=frozenset(sites),
        site=site,
        archived=frozenset(archived),
    )


def _of_address(connection: Connection, url: str) -> tuple[set[str], set[ArticleId]]:
    """Return the addresses by which an article was reached, and its id where there is one."""
    held = sa.select(_visits.c.canonical_url).where(_visits.c.address == address_key(url))
    addresses = {url, connection.scalar(held) or url}
    keys = [address_key(address) for address in addresses]
    articles = {
        ArticleId(key)
        for key in connection.scalars(sa.select(_articles.c.id).where(_articles.c.id.in_(keys)))
    }
    asked = _visits.c.address.in_(keys) | _visits.c.canonical_url.in_(addresses)
    addresses |= set(connection.scalars(sa.select(_visits.c.url).where(asked)))
    records = sa.select(_revisions.c.record).where(_revisions.c.article_id.in_(keys))
    addresses |= {record["url"] for record in connection.scalars(records)}
    return addresses, articles


def _of_site(connection: Connection, site: str) -> tuple[set[str], set[ArticleId]]:
    visits = sa.select(_visits.c.url, _visits.c.canonical_url).where(_visits.c.site == site)
    articles = connection.execute(
        sa.select(_articles.c.id, _articles.c.canonical_url).where(_articles.c.site == site)
    ).all()
    addresses = {address for row in connection.execute(visits) for address in row}
    addresses |= {row.canonical_url for row in articles}
    addresses |= set(connection.scalars(sa.select(_announced.c.url).where(_announced.c.site == site)))
    return addresses, {ArticleId(row.id) for row in articles}


def _refused(connection: Connection, urls: frozenset[str], sites: set[str], site: str | None) -> list[int]:
    """Return the rows of the rejections of some addresses, or of a whole site."""
    columns = (_rejections.c.row, _rejections.c.site, _rejections.c.url)
    found = connection.execute(sa.select(*columns).where(_rejections.c.site.in_(sites)))
    return [row.row for row in found if row.site == site or canonical_url(row.url or "") in urls]


def forget_traces(
    connection: Connection, traces: Traces, entries: SearchEntries, *, reason: str, at: datetime
) -> list[Text]:
    """Remove what was found, and keep the digests; return the texts that stand for their stories now."""
    if connection.dialect.name == "sqlite":  # what is deleted is overwritten in the file
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    moved = remove_articles(connection, traces.articles, entries)
    refused = _refused(connection, traces.urls, set(traces.sites), traces.site)
    _delete(connection, _rejections.c.row, refused)
    keys = {address_key(url): url for url in traces.urls}
    for table in (_fetches, _visits, _quarantine, _announced, tables.corrections):
        _delete(connection, table.c.address, keys)
    if traces.site:
        for table in _OF_SITE:
            connection.execute(sa.delete(table).where(table.c.site == traces.site))
    _forget_examples(connection, traces)
    new = set(keys) - find_forgotten(connection, keys)
    if new:
        connection.execute(
            sa.insert(_forgotten), [{"address": key, "at": at, "reason": reason} for key in sorted(new)]
        )
    return moved


def remove_articles(
    connection: Connection, articles: Collection[ArticleId], entries: SearchEntries
) -> list[Text]:
    """Remove articles with all that hangs on them; return the texts that stand for others from now on."""
    documents: dict[int, Article] = {}
    hashes: set[str] = set()
    for chunk in _chunks(articles):
        for row in connection.execute(sa.select(_revisions).where(_revisions.c.article_id.in_(chunk))):
            documents[row.row] = rows.article_of(row.record, row.body)
            hashes.add(row.content_hash)
    moved = _new_roots(connection, list(documents)) | _equal_texts(connection, documents, hashes)
    _look_again(connection, documents, moved)
    entries.drop(documents)
    _delete(connection, _shingles.c.document, documents)
    for column in (_relations.c.article_id, _relations.c.to_id, _revisions.c.article_id, _articles.c.id):
        _delete(connection, column, articles)
    return [Text(row=row, body=body) for row, body in sorted(moved.items())]


def _equal_texts(connection: Connection, gone: Collection[int], hashes: Iterable[str]) -> dict[int, str]:
    """Return the first text that is left of those that equal one which goes, by its row."""
    found: dict[str, tuple[int, str]] = {}
    for chunk in _chunks(hashes):
        left = sa.select(_revisions.c.row, _revisions.c.content_hash, _revisions.c.body).where(
            _revisions.c.content_hash.in_(chunk)
        )
        for text in connection.execute(left.order_by(_revisions.c.row)):
            if text.row not in gone:
                found.setdefault(text.content_hash, (text.row, text.body))
    return dict(found.values())


def _look_again(connection: Connection, gone: Collection[int], moved: Iterable[int]) -> None:
    """Let the next sweep look at what was paired with texts that go, and at what stands for them."""
    seen: dict[int, int] = {}
    for chunk in _chunks(gone):
        for one, other in ((_pairs.c.earlier, _pairs.c.later), (_pairs.c.later, _pairs.c.earlier)):
            seen |= dict.fromkeys(connection.scalars(sa.select(other).where(one.in_(chunk))), 1)
    seen |= dict.fromkeys(moved, 0)
    for column in (_pairs.c.earlier, _pairs.c.later, _unswept.c.document):
        _delete(connection, column, gone)
    _delete(connection, _unswept.c.document, seen)
    new = [{"document": row, "is_linked": linked} for row, linked in sorted(seen.items()) if row not in gone]
    if new:
        connection.execute(sa.insert(_unswept), new)


def _new_roots(connection: Connection, gone: list[int]) -> dict[int, str]:
    """Let the first text that is left of each story stand for it; return the texts of those stories."""
    moved: dict[int, str] = {}
    for keys in _chunks(gone):
        left = sa.select(_revisions.c.row, _revisions.c.story, _revisions.c.body).where(
            _revisions.c.story.in_(keys), _revisions.c.row.not_in(gone)
        )
        roots: dict[int, int] = {}
        for text in connection.execute(left.order_by(_revisions.c.row)).all():
            root = roots.setdefault(text.story, text.row)
            story = None if root == text.row else root
            connection.execute(sa.update(_revisions).where(_revisions.c.row == text.row).values(story=story))
            moved[text.row] = text.body
    return moved


def _forget_examples(connection: Connection, traces: Traces) -> None:
    """Take the addresses out of alarms and of what runs found."""
    shown = connection.execute(sa.select(_alarms).where(_alarms.c.example.is_not(None))).all()
    for row in shown:
        if canonical_url(row.example) in traces.urls:
            connection.execute(sa.update(_alarms).where(_alarms.c.id == row.id).values(example=None))
    for row in connection.execute(sa.select(_figures).where(_figures.c.site.in_(traces.sites))).all():
        if canonical_url(row.figures.get("example") or "") in traces.urls:
            without = {**row.figures, "example": None}
            connection.execute(sa.update(_figures).where(_figures.c.run == row.run).values(figures=without))


def find_forgotten(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Return which of some keys of addresses were forgotten."""
    found: set[str] = set()
    for chunk in _chunks(keys):
        found |= set(
            connection.scalars(sa.select(_forgotten.c.address).where(_forgotten.c.address.in_(chunk)))
        )
    return found


def _delete(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> None:
    """Delete the rows of the column's table that have one of the values there."""
    for chunk in _chunks(values):
        connection.execute(sa.delete(column.table).where(column.in_(chunk)))


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(values)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk
