"""What is known of sites beyond the ledger: their names, how late articles come, which pages were refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median_high
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.store.listing_date import DAY
from scraper.store.service.runs import to_run
from scraper.store.service.tables import figures, runs
from scraper.store.sql import log as sql_log
from scraper.store.sql import rows
from scraper.store.sql.tables import (
    IS_CURRENT,
    announced,
    articles,
    fetches,
    quarantine,
    rejections,
    revisions,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.model import Reason, Rejection
    from scraper.store.protocol import Quarantined, SiteCounts
    from scraper.store.service.values import Run
    from scraper.store.sql.database import Database

LAG_OF = 20
"""Articles of a site, the latest, of which the lag is the median."""
LAG_MOST = timedelta(days=7)
"""What is found later is no news of its site, but was come across in its archive."""
_NAMED_IN = (articles, fetches, announced, rejections)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage:
    """A rejected page, and its place among those of its site."""

    row: int
    rejection: Rejection


class SiteBook:
    """What is known of sites. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def names(self, *, limit: int, after: str = "") -> Sequence[str]:
        """Return the names of the sites of which anything is known, ascending, after one."""
        found: list[str] = []
        with self._database.read() as connection:
            while len(found) < limit:
                last = found[-1] if found else after
                # by the index of each table, whatever it holds
                firsts = [
                    sa.select(sa.func.min(table.c.site).label("site")).where(table.c.site > last)
                    for table in _NAMED_IN
                ]
                name = connection.scalar(sa.select(sa.func.min(sa.union_all(*firsts).subquery().c.site)))
                if name is None:
                    break
                found.append(name)
        return found

    def is_known(self, site: str) -> bool:
        """Return whether anything is known of a site."""
        with self._database.read() as connection:
            found = (sa.exists().where(table.c.site == site) for table in _NAMED_IN)
            return bool(connection.scalar(sa.select(sa.or_(*found))))

    def counts(self, sites: Sequence[str]) -> Mapping[str, SiteCounts]:
        """Return what is held of some sites."""
        with self._database.read() as connection:
            return {counts.site: counts for counts in sql_log.count_sites(connection, sites)}

    def lags(self, sites: Sequence[str]) -> Mapping[str, timedelta]:
        """Return how long after its publication an article of a site was first seen, by the median.

        Of its latest articles those count whose page tells the hour and that were found within a week; a site
        without any is absent.
        """
        published = revisions.c.record["published"].as_string().label("published")
        statement = (
            sa.select(articles.c.dated, articles.c.first_seen, published)
            .join(revisions, IS_CURRENT)
            .where(articles.c.site == sa.bindparam("name"))
            .order_by(articles.c.dated.desc())
            .limit(LAG_OF)
        )
        found: dict[str, timedelta] = {}
        with self._database.read() as connection:
            for site in sites:
                told = [
                    max(row.first_seen - row.dated, timedelta())
                    for row in connection.execute(statement, {"name": site})
                    if row.published and len(row.published) > DAY
                ]
                if recent := sorted(lag for lag in told if lag < LAG_MOST):
                    found[site] = median_high(recent)
        return found

    def last_runs(self, sites: Sequence[str]) -> Mapping[str, Run]:
        """Return the last crawl of each site that the service ran to its end."""
        statement = (
            sa.select(runs)
            .join(figures, figures.c.run == runs.c.id)
            .where(figures.c.site == sa.bindparam("name"))
            .order_by(figures.c.at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            found = {site: connection.execute(statement, {"name": site}).first() for site in sites}
        return {site: to_run(row) for site, row in found.items() if row is not None}

    def refused(
        self, site: str, *, limit: int, before: int | None = None, reason: Reason | None = None
    ) -> Sequence[RefusedPage]:
        """Return rejected pages of a site, the last one first, from before a row."""
        statement = sa.select(rejections).where(rejections.c.site == site)
        if before is not None:
            statement = statement.where(rejections.c.row < before)
        if reason is not None:
            statement = statement.where(rejections.c.reason == reason.value)
        with self._database.read() as connection:
            found = connection.execute(statement.order_by(rejections.c.row.desc()).limit(limit)).all()
        return [RefusedPage(row=row.row, rejection=rows.to_rejection(row)) for row in found]

    def quarantined(self, site: str, *, limit: int, after: str = "") -> Sequence[tuple[str, Quarantined]]:
        """Return pages of a site that wait, each with its key, in the order of the keys, after one."""
        statement = (
            sa.select(quarantine)
            .where(quarantine.c.site == site, quarantine.c.address > after)
            .order_by(quarantine.c.address)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(row.address, rows.to_quarantined(row)) for row in connection.execute(statement)]
