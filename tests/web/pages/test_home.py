from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from scraper.store import Fetch, Outcome, open_store
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm, RunState
from scraper.web.application import WebParts, make_application
from scraper.web.pages.home import MOST_TROUBLES
from scraper.web.readers import Readers
from tests.web.conftest import ADDRESS

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)


def run_of(ledger: ServiceStore, job: str, state: RunState, after: str = "") -> str:
    run = ledger.runs.append(job=job, site=job, after=after, owner=this_process())
    assert run is not None
    ledger.runs.end(run, state, "nine of ten sources failed")
    return run.id


def test_the_first_page_tells_what_came_in_and_the_biggest_stories(
    client: TestClient, store_url: str
) -> None:
    with open_store(store_url) as store:
        for number, outcome in enumerate((Outcome.STORED, Outcome.STORED, Outcome.FAILED)):
            url = f"https://news.example/{number}"
            store.record_fetch(Fetch(url=url, site="harbour", fetched_at=NOW, outcome=outcome))
    page = client.get("/").text

    assert "<strong>2</strong> stored" in page
    assert "<strong>1</strong> failed" in page
    assert "The biggest stories of 2026-02-28" in page
    assert "Ferry 27 reaches the harbour" in page
    assert f'<th scope="row">{NOW:%Y-%m-%d}</th><td class="num">2</td>' in page
    assert "Ferry 60 reaches the harbour" in page


def test_nothing_wrong_is_told_too(client: TestClient) -> None:
    assert "no alarm is open" in client.get("/").text


@pytest.mark.parametrize("number", [1, MOST_TROUBLES + 2])
def test_open_alarms_are_named_and_the_rest_counted(client: TestClient, store_url: str, number: int) -> None:
    with ServiceStore(store_url) as ledger:
        for place in range(number):
            alarm = Alarm(
                site=f"site{place}",
                signs=("quiet",),
                since=NOW - timedelta(days=1),
                opened=NOW,
                cause="feed moved",
                message="no <b>new</b> article",
            )
            ledger.alarms.save(alarm, [], NOW)
    page = client.get("/").text

    assert page.count("no &lt;b&gt;new&lt;/b&gt; article") == min(number, MOST_TROUBLES)
    assert ("and 2 more alarms" in page) is (number > MOST_TROUBLES)


def test_a_job_that_fails_is_named_until_it_does_well_again(client: TestClient, store_url: str) -> None:
    with ServiceStore(store_url) as ledger:
        failed = run_of(ledger, "paper", RunState.FAILED)
        mended = run_of(ledger, "gazette", RunState.FAILED)
        run_of(ledger, "gazette", RunState.SUCCEEDED, after=mended)
        under_way = ledger.runs.append(job="paper", site="paper", after=failed, owner=this_process())
    page = client.get("/").text

    assert under_way is not None
    assert page.count("nine of ten sources failed") == 1
    assert "job paper" in page


def test_an_empty_store_has_a_first_page(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.db"
    with open_store(url):
        pass
    readers = Readers(url)
    client = TestClient(make_application(WebParts(readers=readers)), base_url=ADDRESS)
    first, stories = client.get("/").text, client.get("/stories").text
    readers.close()

    assert "Nothing is stored yet" in first
    assert "No article is dated on this day" in stories
