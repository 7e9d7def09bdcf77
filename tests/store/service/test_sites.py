from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.model import Reason
from scraper.store import Fetch, Outcome, open_store
from scraper.store.protocol import Quarantined
from scraper.store.service.processes import this_process
from scraper.store.service.reader import Reader
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Figures, RunState
from tests.store.values import NOON, article, minutes, rejection, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def reader(database_url: str) -> Iterator[Reader]:
    """Sites of which articles, rejected pages, fetches and announced pages alone are known."""
    with open_store(database_url) as store:
        for number, hours in enumerate((1, 2, 3, 24 * 30), start=1):
            published = (minutes(number) - timedelta(hours=hours)).isoformat()
            store.save(verdict(article(number, published=published)))
        store.save(verdict(article(5, published="2026-03-01")))
        for number in range(1, 6):
            store.reject(
                rejection(number, site="gazette", reason=Reason.LIST if number % 2 else Reason.EMPTY)
            )
            page = rejection(number, reason=Reason.EXTRACTION_CRASH)
            store.quarantine(Quarantined(url=page.url or "", rejection=page))
        store.record_fetch(
            Fetch(url="https://a.example/", site="asked", fetched_at=NOON, outcome=Outcome.FAILED)
        )
        store.announce("named", "feed", {"https://b.example/": "https://b.example/"}, NOON)
    with Reader(database_url) as opened:
        yield opened


def test_every_site_is_named_once_and_page_by_page(reader: Reader) -> None:
    assert reader.sites.names(limit=10) == ["asked", "gazette", "harbour", "named"]
    assert reader.sites.names(limit=2, after="asked") == ["gazette", "harbour"]
    assert reader.sites.names(limit=2, after="named") == []
    assert [reader.sites.is_known(name) for name in ("asked", "named", "nobody")] == [True, True, False]


def test_what_is_held_is_counted_of_the_sites_that_are_asked_for(reader: Reader) -> None:
    every = {counts.site: counts for counts in reader.site_counts()}

    assert reader.sites.counts(["harbour"]) == {"harbour": every["harbour"]}
    assert reader.sites.counts(["gazette", "asked"]) == {"gazette": every["gazette"]}


def test_the_lag_is_the_median_of_what_was_found_within_a_week_and_tells_its_hour(reader: Reader) -> None:
    assert reader.sites.lags(["harbour", "gazette"]) == {"harbour": timedelta(hours=2)}


def test_the_last_run_of_a_site_is_the_last_that_was_judged(database_url: str, reader: Reader) -> None:
    with ServiceStore(database_url) as ledger:
        last = ""
        for state in (RunState.FAILED, RunState.SUCCEEDED):
            run = ledger.runs.append(job="news", site="harbour", after=last, owner=this_process())
            assert run is not None
            ledger.runs.end(run, state, "so it was")
            now, last = ledger.runs.now(), run.id
            ledger.coverage.save(run.id, "harbour", Figures(at=now, since=now))
    found = reader.sites.last_runs(["harbour", "gazette"])

    assert {site: run.state for site, run in found.items()} == {"harbour": RunState.SUCCEEDED}


def test_refused_pages_come_page_by_page_the_last_first(reader: Reader) -> None:
    first = reader.sites.refused("gazette", limit=3)
    rest = reader.sites.refused("gazette", limit=3, before=first[-1].row)

    assert [page.rejection.id for page in (*first, *rest)] == [
        rejection(number, site="gazette").id for number in (5, 4, 3, 2, 1)
    ]
    assert len(reader.sites.refused("gazette", limit=9, reason=Reason.EMPTY)) == 2


def test_pages_in_quarantine_come_page_by_page_each_once(reader: Reader) -> None:
    first = reader.sites.quarantined("harbour", limit=3)
    rest = reader.sites.quarantined("harbour", limit=3, after=first[-1][0])

    assert len({page.url for _, page in (*first, *rest)}) == 5
    assert reader.sites.quarantined("gazette", limit=3) == []
