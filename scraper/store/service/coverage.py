"""What was announced, fetched and kept of each site: by run, for alarms, and by day, for the ledger."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.store.protocol import Outcome, address_key
from scraper.store.service.tables import figures
from scraper.store.service.values import Figures, sources_read
from scraper.store.sql import log as sql_log
from scraper.store.sql.database import NO_LOCK
from scraper.store.sql.tables import IS_CURRENT, announced, articles, fetches, revisions, visits
from scraper.store.sql.tables import render_needs as needs
from scraper.store.values import RenderNeed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from scraper.store.protocol import SiteCounts
    from scraper.store.sql.database import Database

A_BODY = 200
"""Characters from which on a text counts as a body: shorter ones are captions and notices."""
_CHUNK = 500
"""Addresses looked up at once; older SQLite takes at most 999 parameters."""
_FAILED_SOURCE = "source/failed/"
_ARTICLES = {Outcome.STORED, Outcome.REVISED, Outcome.UNCHANGED}
_REFUSED = {Outcome.REJECTED, Outcome.QUARANTINED}
_BY_REASON = (Outcome.REJECTED, Outcome.QUARANTINED, Outcome.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A line of the coverage ledger: one site on one day (UTC)."""

    site: str
    day: date
    announced: Mapping[str, int] = field(default_factory=dict)
    """Addresses that were named for the first time, by what named them: feed, sitemap or section."""
    stored: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    failed: Mapping[str, int] = field(default_factory=dict)
    """By cause."""

    @property
    def fetched(self) -> int:
        """Pages that were answered."""
        return self.stored + self.revised + self.unchanged + self.refused

    @property
    def refused(self) -> int:
        """Pages that were answered and kept apart: rejected or quarantined."""
        return sum(self.rejected.values()) + sum(self.quarantined.values())


class Coverage:
    """The fetch log, summed up. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def mark(self) -> int:
        """Return a mark that lies after all fetches so far, whatever the clocks say."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(sa.func.max(fetches.c.row))) or 0

    def figures(
        self, site: str, mark: int, counts: Mapping[str, int], *, since: datetime, at: datetime
    ) -> Figures:
        """Return what was found at a site since the mark; the counts tell of its sources."""
        columns = (fetches.c.outcome, fetches.c.reason, fetches.c.canonical_url, visits.c.url)
        statement = (
            sa.select(*columns)
            .join(visits, visits.c.address == fetches.c.address)
            .where(fetches.c.site == site, fetches.c.row > mark)
            .order_by(fetches.c.row)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
            found = [row for row in rows if row.outcome in _ARTICLES and row.canonical_url]
            keys = sorted({address_key(row.canonical_url) for row in found})
            records: list[Row[Any]] = []
            for start in range(0, len(keys), _CHUNK):
                records += connection.execute(_current(keys[start : start + _CHUNK])).all()
        failed = Counter(row.reason for row in rows if row.outcome == Outcome.FAILED)
        for name, number in counts.items():
            if name.startswith(_FAILED_SOURCE):
                failed[name.removeprefix(_FAILED_SOURCE)] += number
        return Figures(
            at=at,
            since=since,
            sources=sources_read(counts),
            announced=counts.get("announced", 0),
            contradicted=counts.get("layout/contradicted", 0),
            needs_browser=bool(counts.get("render/needed")),
            lacks_browser=bool(counts.get("render/lacking")),
            new=sum(row.outcome == Outcome.STORED for row in rows),
            rejected=dict(Counter(row.reason for row in rows if row.outcome in _REFUSED)),
            failed=dict(failed),
            example=_example(rows, records),
            **_shares(records),
        )

    def save(self, run: str, site: str, found: Figures) -> None:
        """Keep what a run found."""
        plain = dataclasses.asdict(found)
        row = {"run": run, "site": site, "at": plain.pop("at"), "since": plain.pop("since"), "figures": plain}
        with self._database.write(lock=NO_LOCK) as connection:
            connection.execute(sa.insert(figures).values(row))

    def history(self, site: str, since: datetime) -> Sequence[Figures]:
        """Return what the runs of a site found since a moment, the oldest first."""
        statement = (
            sa.select(figures)
            .where(figures.c.site == site, figures.c.at >= since)
            .order_by(figures.c.at, figures.c.run)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return [Figures(at=row.at, since=row.since, **row.figures) for row in rows]

    def days(self, *, site: str | None = None, since: datetime) -> Sequence[Day]:
        """Return the ledger since a moment, by site and day."""
        # a condition on the site would be looked up by site, through all its years
        return [line for line in self._lines(since, by_site=True) if site in {None, line.site}]

    def volume(self, since: datetime) -> Sequence[Day]:
        """Return the ledger of all sites together since a moment, by day; its lines name no site."""
        return self._lines(since, by_site=False)

    def _lines(self, since: datetime, *, by_site: bool) -> Sequence[Day]:
        dialect = self._database.dialect
        named = _since(announced.c.announced_at, since, dialect)
        asked = _since(fetches.c.fetched_at, since, dialect)
        day: sa.ColumnClause[str] = sa.literal_column("day")
        sources = (*([announced.c.site] if by_site else []), announced.c.source)
        named = named.add_columns(*sources, sa.func.count().label("number")).group_by(day, *sources)
        kinds = (*([fetches.c.site] if by_site else []), fetches.c.outcome, fetches.c.reason)
        asked = asked.add_columns(*kinds, sa.func.count().label("number")).group_by(day, *kinds)
        sums: dict[tuple[str, Any], dict[str, Any]] = defaultdict(
            lambda: {name: {} for name in ("announced", *_BY_REASON)}
        )
        with self._database.read() as connection:
            for row in connection.execute(named):
                line = sums[row.site if by_site else "", date.fromisoformat(row.day)]
                line["announced"][row.source] = row.number
            for row in connection.execute(asked):
                line = sums[row.site if by_site else "", date.fromisoformat(row.day)]
                if row.outcome in _BY_REASON:
                    line[row.outcome][row.reason] = row.number
                else:
                    line[row.outcome] = row.number
        return [Day(site=name, day=when, **line) for (name, when), line in sorted(sums.items())]

    def render_needs(self) -> Sequence[RenderNeed]:
        """Return the sites that needed a browser at some time, though nothing declares it, by name."""
        statement = sa.select(needs).where(needs.c.since.is_not(None)).order_by(needs.c.site)
        with self._database.read() as connection:
            return [RenderNeed(**row._mapping) for row in connection.execute(statement)]  # noqa: SLF001

    def totals(self) -> Sequence[SiteCounts]:
        """Return what is held of each site, by name."""
        with self._database.read() as connection:
            return sql_log.count_sites(connection)

    def unfetched(self, site: str | None = None, limit: int | None = None) -> Sequence[tuple[str, str]]:
        """Return (site, address) of what was announced and never asked for, the latest first."""
        statement = (
            sa.select(announced.c.site, announced.c.url)
            .outerjoin(visits, visits.c.address == announced.c.address)
            .where(visits.c.address.is_(None))
            .order_by(announced.c.announced_at.desc(), announced.c.address)
            .limit(limit)
        )
        if site is not None:
            statement = statement.where(announced.c.site == site)
        with self._database.read() as connection:
            return [(row.site, row.url) for row in connection.execute(statement)]


def _example(rows: Sequence[Any], records: Sequence[Row[Any]]) -> str | None:
    """Return the page that best shows what is wrong, the latest of its kind.

    A rejected one before an article that lacks a field, since both were kept; then one that failed, then any.
    """
    lacking = {row.record["canonical_url"] for row in records if not _is_complete(row)}
    kinds = (
        [row for row in rows if row.outcome == Outcome.REJECTED],
        [row for row in rows if row.outcome in _ARTICLES and row.canonical_url in lacking],
        [row for row in rows if row.outcome == Outcome.FAILED],
        rows,
    )
    return next((kind[-1].url for kind in kinds if kind), None)


def _is_complete(row: Row[Any]) -> bool:
    record = row.record
    return all((record["title"], record["published"], record["authors"], row.length >= A_BODY))


def _current(keys: Sequence[str]) -> sa.Select[Any]:
    """Return the current records of articles, and the lengths of their bodies."""
    length = sa.func.length(revisions.c.body).label("length")
    return (
        sa.select(revisions.c.record, length, articles.c.kind)
        .join(revisions, IS_CURRENT)
        .where(articles.c.id.in_(keys))
    )


def _shares(records: Sequence[Row[Any]]) -> dict[str, Any]:
    """Return the figures of a run's articles."""
    found = [row.record for row in records]
    places = (record["provenance"].get("body", {}).get("source") for record in found)
    return {
        "articles": len(found),
        "with_title": sum(bool(record["title"]) for record in found),
        "with_date": sum(bool(record["published"]) for record in found),
        "with_author": sum(bool(record["authors"]) for record in found),
        "with_body": sum(row.length >= A_BODY for row in records),
        "body_length": int(median(row.length for row in records)) if records else 0,
        "teasers": sum(row.kind == "teaser" for row in records),
        "layouts": dict(Counter(place for place in places if place)),
    }


def _since(column: sa.Column[datetime], since: datetime, dialect: str) -> sa.Select[Any]:
    """Return the days (UTC) of a column since a moment, as text."""
    if dialect == "postgresql":
        utc = sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD")
        return sa.select(utc.label("day")).where(column >= since)
    local = sa.func.date(column)
    return sa.select(local.label("day")).where(column >= since)
