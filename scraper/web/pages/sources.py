"""The pages of sources: all of them, and one with its ledger and what was refused of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scraper.errors import InputError
from scraper.model import Reason
from scraper.store.listing_date import first_instant
from scraper.store.protocol import SiteCounts
from scraper.web.asking import number_asked, one_of, reader_for, text_asked
from scraper.web.charts import days_chart, outcome_counts, shares
from scraper.web.paging import one_page
from scraper.web.rendering import render, with_query
from scraper.web.wishing import noted_wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from scraper.store.service.coverage import Day
    from scraper.store.service.reader import Reader
    from scraper.store.service.values import Alarm, Run
    from scraper.web.charts import Chart, Piece

PAGE_OF_SOURCES = 25
USUAL_DAYS, MOST_LEDGER_DAYS = 14, 366
PAGE_OF_REFUSED = 25
LAST_RUNS = 10
MOST_LISTED = 50
"""Feeds and sitemaps, and alarms, that a source's page names."""
MOST_UNFETCHED = 1000
"""Announced pages without a fetch that are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """A site as the page of all sources shows it."""

    counts: SiteCounts
    ledger: Sequence[Day]
    outcomes: Mapping[str, int]
    """Of the last days, by outcome."""
    shares: Sequence[Piece]
    chart: Chart
    """What was stored, by day."""
    lag: timedelta | None = None
    run: Run | None = None
    alarm: Alarm | None = None
    is_paused: bool = False


def list_sources(request: Request) -> Response:
    """Answer with sources by name: what came of their pages, how late, and their last runs."""
    after = text_asked(request, "after") or ""
    with reader_for(request) as store:
        found = store.sites.names(limit=PAGE_OF_SOURCES + 1, after=after)
        names, following = one_page(found, PAGE_OF_SOURCES)
        lines = source_lines(store, names, USUAL_DAYS)
    return render(
        request,
        "sources.html",
        lines=lines,
        days=USUAL_DAYS,
        is_first=not after,
        next_page=with_query("/sources", {}, after=following) if following else None,
    )


def source_lines(store: Reader, names: Sequence[str], days: int) -> Sequence[SiteLine]:
    """Return what is known of some sites and their last days."""
    first, last = last_days(days)
    by_site: dict[str, list[Day]] = {name: [] for name in names}
    for line in store.coverage.days(since=first_instant(first)):
        if line.site in by_site:
            by_site[line.site].append(line)
    counts, lags, runs = store.sites.counts(names), store.sites.lags(names), store.sites.last_runs(names)
    alarms = {alarm.site: alarm for alarm in store.alarms.find()}
    paused = store.runs.paused()
    return [
        SiteLine(
            counts=counts.get(name, SiteCounts(site=name)),
            ledger=lines,
            outcomes=(outcomes := outcome_counts(*lines)),
            shares=shares(outcomes),
            chart=days_chart(f"Stored of {name}", lines, first, last, ("stored",)),
            lag=lags.get(name),
            run=runs.get(name),
            alarm=alarms.get(name),
            is_paused=name in paused,
        )
        for name, lines in by_site.items()
    ]


def show_source(request: Request) -> Response:
    """Answer with a source: its days, its runs, what changed, and the pages that are no articles."""
    site = request.path_params["site"]
    days = asked_days(request)
    reason = one_of(request, "reason", Reason)
    before, waiting_after = number_asked(request, "before"), text_asked(request, "waiting") or ""
    first, last = last_days(days)
    with reader_for(request) as store:
        (line,) = source_lines(store, [known_source(store, site)], days)
        found = store.sites.refused(site, limit=PAGE_OF_REFUSED + 1, before=before, reason=reason)
        refused, last_refused = one_page(found, PAGE_OF_REFUSED)
        held = store.sites.quarantined(site, limit=PAGE_OF_REFUSED + 1, after=waiting_after)
        waiting, last_waiting = one_page(held, PAGE_OF_REFUSED)
        values: dict[str, Any] = {
            "noted": noted_wish(request, store),
            "runs": store.runs.find(site=site, limit=LAST_RUNS),
            "alarms": store.alarms.find(site=site, only_open=False)[:MOST_LISTED],
            "templates": store.templates(site),
            "sources": store.sources(site)[:MOST_LISTED],
            "unfetched": len(store.coverage.unfetched(site, MOST_UNFETCHED)),
        }
    here = f"/sources/{quote(site, safe='')}"
    asked = {"days": days if days != USUAL_DAYS else None, "reason": reason}
    return render(
        request,
        "source.html",
        **values,
        line=line,
        site=site,
        days=days,
        reason=reason,
        chart=days_chart(f"Pages of {site} by what became of them, {days} days", line.ledger, first, last),
        announced=sum(sum(each.announced.values()) for each in line.ledger),
        most_unfetched=MOST_UNFETCHED,
        refused=refused,
        waiting=waiting,
        reasons=line.counts.rejected,
        here=here,
        asked=asked,
        more_refused=with_query(here, asked, before=last_refused.row) if last_refused else None,
        more_waiting=with_query(here, asked, waiting=last_waiting[0]) if last_waiting else None,
        is_first=before is None and not waiting_after,
    )


def known_source(store: Reader, site: str) -> str:
    """Return the name of a site of which something is known. Raises InputError where nothing is."""
    if not store.sites.is_known(site):
        raise InputError(f"nothing is known of a source {site[:80]!r}: /sources lists them")
    return site


def asked_days(request: Request) -> int:
    """Return how many days of the ledger are asked for."""
    return min(max(number_asked(request, "days") or USUAL_DAYS, 1), MOST_LEDGER_DAYS)


def last_days(days: int) -> tuple[date, date]:
    """Return the first and the last of so many days that end today (UTC)."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=days - 1), today
