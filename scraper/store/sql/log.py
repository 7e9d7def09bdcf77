"""The statements on rejections, fetches, visits, sources and what is counted by site."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.learned.layout import Layout
from scraper.learned.template import SiteTemplate
from scraper.model import RelationKind
from scraper.store.protocol import SiteCounts, Source, address_key
from scraper.store.sql import quarantine as sql_quarantine
from scraper.store.sql import rows, tables
from scraper.urls import without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from scraper.store.protocol import Fetch, Visit
    from scraper.store.queries import RejectionQuery

ROWS_AT_ONCE = 500
"""Rows read at once and addresses looked up at once; older SQLite takes at most 999 parameters."""

_articles, _relations, _rejections = tables.articles, tables.relations, tables.rejections
_announced, _templates = tables.announced, tables.templates
_visits, _fetches, _sources, _imports = tables.visits, tables.fetches, tables.sources, tables.imports


_FIND_REJECTION = (
    sa.select(_rejections)
    .where(_rejections.c.id == sa.bindparam("identity"))
    .order_by(_rejections.c.fetched_at.desc(), _rejections.c.row.desc())
    .limit(1)
)
_FIND_VISITS = sa.select(_visits).where(_visits.c.address.in_(sa.bindparam("addresses", expanding=True)))
_KNOWN_SOURCE = sa.select(_sources.c.address).where(_sources.c.address == sa.bindparam("key"))
_INSERT_SOURCE = sa.insert(_sources)
_UPDATE_SOURCE = sa.update(_sources).where(_sources.c.address == sa.bindparam("key"))


def find_rejection(connection: Connection, identity: str) -> Row[Any] | None:
    """Return the latest row of a rejected page."""
    return connection.execute(_FIND_REJECTION, {"identity": identity}).first()


def find_rejections(
    connection: Connection, query: RejectionQuery, after: Row[Any] | None
) -> Sequence[Row[Any]]:
    """Return the rows that come after the given one, the latest first, at most a page."""
    columns = _rejections.c
    statement = (
        sa.select(_rejections).order_by(columns.fetched_at.desc(), columns.row.desc()).limit(ROWS_AT_ONCE)
    )
    if query.site is not None:
        statement = statement.where(columns.site == query.site)
    if query.reason is not None:
        statement = statement.where(columns.reason == query.reason.value)
    if query.since is not None:
        statement = statement.where(columns.fetched_at >= query.since)
    if query.until is not None:
        statement = statement.where(columns.fetched_at < query.until)
    if after is not None:
        earlier = columns.fetched_at < after.fetched_at
        statement = statement.where(
            earlier | ((columns.fetched_at == after.fetched_at) & (columns.row < after.row))
        )
    return connection.execute(statement).all()


def find_visits(connection: Connection, addresses: Sequence[str]) -> dict[str, Visit]:
    """Return what is known of the addresses, by their keys; at most a page of them."""
    found = connection.execute(_FIND_VISITS, {"addresses": addresses})
    return {row.address: rows.to_visit(row) for row in found}


def find_fetches(connection: Connection, address: str) -> tuple[Fetch, ...]:
    """Return every fetch of the address, the first one first."""
    found = connection.execute(
        sa.select(_fetches, _visits.c.url)
        .join(_visits, _visits.c.address == _fetches.c.address)
        .where(_fetches.c.address == address)
        .order_by(_fetches.c.row)
    )
    return tuple(rows.to_fetch(row) for row in found)


def find_archived(connection: Connection, raw_sha256: str | None, after: int) -> Sequence[Row[Any]]:
    """Return the fetches with an archived page that come after a row, at most a page of them."""
    statement = (
        sa.select(_fetches, _visits.c.url)
        .join(_visits, _visits.c.address == _fetches.c.address)
        .where(_fetches.c.archived.is_not(None), _fetches.c.row > after)
        .order_by(_fetches.c.row)
        .limit(ROWS_AT_ONCE)
    )
    if raw_sha256 is not None:
        statement = statement.where(_fetches.c.raw_sha256 == raw_sha256)
    return connection.execute(statement).all()


def forget_archived(connection: Connection, file: str) -> dict[str, int]:
    """Empty the pointers that name the file; return how many fetches had one, by site."""
    names = sa.cast(_fetches.c.archived, sa.Text).contains(f'"{file}"', autoescape=True)
    counted = sa.select(_fetches.c.site, sa.func.count()).where(names).group_by(_fetches.c.site)
    forgotten = {row[0]: row[1] for row in connection.execute(counted)}
    connection.execute(sa.update(_fetches).where(names).values(archived=sa.null()))
    return forgotten


def find_import(connection: Connection, file: str) -> int | None:
    """Return up to which byte the file was imported; None for one that never was."""
    return connection.scalar(sa.select(_imports.c.position).where(_imports.c.file == file))


def write_import(connection: Connection, file: str, position: int) -> None:
    """Write up to which byte the file is imported."""
    if find_import(connection, file) is None:
        connection.execute(sa.insert(_imports), {"file": file, "position": position})
    else:
        connection.execute(sa.update(_imports).where(_imports.c.file == file).values(position=position))


def find_sources(
    connection: Connection, *, url: str | None = None, site: str | None = None
) -> tuple[Source, ...]:
    """Return the feeds and sitemaps, by site and address."""
    columns = [column for column in _sources.c if column.name != "address"]
    statement = sa.select(*columns).order_by(_sources.c.site, _sources.c.url)
    if url is not None:
        statement = statement.where(_sources.c.address == address_key(url))
    if site is not None:
        statement = statement.where(_sources.c.site == site)
    return tuple(Source(**row._mapping) for row in connection.execute(statement))  # noqa: SLF001


def write_source(connection: Connection, source: Source, address: str) -> None:
    """Write a feed or sitemap over what was known of it."""
    values = {"address": address} | asdict(source)
    if connection.scalar(_KNOWN_SOURCE, {"key": address}):
        connection.execute(_UPDATE_SOURCE, {"key": address} | values)
    else:
        connection.execute(_INSERT_SOURCE, values)


def find_templates(connection: Connection, site: str) -> dict[str, SiteTemplate]:
    """Return what the articles of the site's hosts had in common, by host."""
    statement = sa.select(_templates).where(_templates.c.site == site).order_by(_templates.c.host)
    return {
        row.host: SiteTemplate(
            title_source=row.title_source, layouts=tuple(Layout(**each) for each in row.layouts or ())
        )
        for row in connection.execute(statement)
    }


def write_template(connection: Connection, site: str, host: str, template: SiteTemplate) -> None:
    """Write what the articles of a host had in common over what was known of it."""
    of_host = (_templates.c.site == site) & (_templates.c.host == host)
    connection.execute(sa.delete(_templates).where(of_host))
    layouts = [asdict(layout) for layout in template.layouts] or None
    values = {"site": site, "host": host, "title_source": template.title_source, "layouts": layouts}
    connection.execute(sa.insert(_templates), values)


def count_sites(connection: Connection, sites: Sequence[str] | None = None) -> tuple[SiteCounts, ...]:
    """Return what is held of each site, or of each of some, by name."""
    named = sa.true() if sites is None else _articles.c.site.in_(sites)
    refused = sa.true() if sites is None else _rejections.c.site.in_(sites)
    site, of_rejection = sa.func.coalesce(_articles.c.site, ""), sa.func.coalesce(_rejections.c.site, "")
    held = connection.execute(
        sa.select(
            site.label("site"),
            sa.func.count().label("articles"),
            sa.func.sum(_articles.c.revision - 1).label("revisions"),
            sa.func.max(_articles.c.first_seen).label("latest"),
        )
        .where(named)
        .group_by(site)
    )
    counts: dict[str, dict[str, Any]] = {row.site: dict(row._mapping) for row in held}  # noqa: SLF001
    related = connection.execute(
        sa.select(
            site.label("site"), _relations.c.kind, sa.func.count(sa.distinct(_articles.c.id)).label("pages")
        )
        .join(_relations, _relations.c.article_id == _articles.c.id)
        .where(named)
        .group_by(site, _relations.c.kind)
    )
    names = {
        RelationKind.NEAR_DUPLICATE.value: "near_duplicates",
        RelationKind.SYNDICATED.value: "syndicated",
    }
    for row in related:
        if row.kind in names:
            counts[row.site][names[row.kind]] = row.pages
    rejected = connection.execute(
        sa.select(of_rejection.label("site"), _rejections.c.reason, sa.func.count().label("pages"))
        .where(refused)
        .group_by(of_rejection, _rejections.c.reason)
        .order_by(sa.desc("pages"), _rejections.c.reason)
    )
    for row in rejected:
        of_site = counts.setdefault(row.site, {"site": row.site})
        of_site.setdefault("rejected", {})[row.reason] = row.pages
    for name, reasons in sql_quarantine.count(connection).items():
        if sites is not None and name not in sites:
            continue
        counts.setdefault(name, {"site": name})["quarantined"] = reasons
    return tuple(SiteCounts(**counts[name]) for name in sorted(counts))


def write_announced(
    connection: Connection, site: str, source: str, urls: Mapping[str, str], at: datetime
) -> None:
    """Note addresses that a source named and that were never asked for; known ones keep their day.

    By canonical address they are found again; asked for as they were named, since a canonical one may be
    none that the server knows. Read by the coverage of a site.
    """
    found = {address_key(key): without_secrets(url) for key, url in urls.items()}
    statement = sa.select(_announced.c.address).where(_announced.c.address.in_(list(found)))
    known = {row.address for row in connection.execute(statement)}
    new = [
        {"address": key, "url": url, "site": site, "source": source, "announced_at": at}
        for key, url in found.items()
        if key not in known
    ]
    if new:
        connection.execute(sa.insert(_announced), new)
