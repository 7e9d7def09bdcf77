from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.learned.layout import Layout
from scraper.learned.template import SiteTemplate
from scraper.model import Reason
from scraper.store import Fetch, Outcome, Source, open_store
from scraper.store.protocol import Quarantined
from scraper.store.service.processes import this_process
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm, Figures, RunState
from scraper.web.pages.sources import PAGE_OF_REFUSED, PAGE_OF_SOURCES
from tests.store.values import article, rejection, verdict

if TYPE_CHECKING:
    from starlette.testclient import TestClient

NOW = datetime.now(UTC)
SITE = re.compile(r'<th scope="row"><a href="/sources/([^"]+)">')
MORE = re.compile(r'<a href="([^"]+)" rel="next">')
REFUSED = re.compile(r"https://news.example/wall/(\d+)</a>")


@pytest.fixture
def worked(store_url: str) -> str:
    """The store of a site with fetches, a run, an alarm, a layout and a feed."""
    with open_store(store_url) as store:
        for number, outcome in enumerate((*[Outcome.STORED] * 3, Outcome.FAILED)):
            url = f"https://news.example/{number}"
            store.record_fetch(Fetch(url=url, site="harbour", fetched_at=NOW, outcome=outcome, reason="404"))
        store.announce("harbour", "feed", {"https://news.example/x": "https://news.example/x"}, NOW)
        layout = Layout(rules="{}", doubted="2026-03-01T00:00:00Z")
        store.save_template("harbour", "news.example", SiteTemplate(layouts=(layout,)))
        store.record_source(
            Source(
                url="https://news.example/feed",
                site="harbour",
                kind="feed",
                fetched_at=NOW,
                result="read",
                announced=7,
            )
        )
    with ServiceStore(store_url) as ledger:
        run = ledger.runs.append(job="news", site="harbour", after="", owner=this_process())
        assert run is not None
        ledger.runs.end(run, RunState.PARTIAL, "2 of 9 sources failed", counts={"stored": 3})
        ledger.coverage.save(run.id, "harbour", Figures(at=NOW, since=NOW))
        ledger.runs.pause("harbour")
        alarm = Alarm(
            site="harbour",
            signs=("layout",),
            since=NOW - timedelta(days=2),
            opened=NOW,
            cause="layout changed",
            message="bodies are half as long",
            example="https://news.example/1",
        )
        ledger.alarms.save(alarm, [], NOW)
    return store_url


@pytest.mark.usefixtures("worked")
def test_a_source_is_listed_with_what_became_of_its_pages(client: TestClient) -> None:
    page = client.get("/sources").text

    assert SITE.findall(page) == ["harbour"]
    assert "3 stored, 1 failed" in page
    assert '<rect class="failed" x="75.0" width="25.0"' in page
    for told in ('copy">partial', "layout changed", "paused"):
        assert told in page


@pytest.mark.usefixtures("worked")
def test_a_source_shows_its_days_its_runs_and_what_changed(client: TestClient) -> None:
    page = client.get("/sources/harbour").text

    assert f'<th scope="row">{NOW:%Y-%m-%d}</th><td class="num">3</td>' in page
    for told in (
        "2 of 9 sources failed",
        "bodies are half as long",
        Layout(rules="{}").version,
        "contradicted since",
        "https://news.example/feed",
        "<strong>1</strong> announced in 14 days",
        "<strong>1</strong> announced, never fetched",
    ):
        assert told in page


def test_pages_that_are_no_articles_come_with_their_reasons(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store, store.transaction():
        for number in range(1, 3 + PAGE_OF_REFUSED):
            store.reject(rejection(number, detail=f"<b>sign</b> {number}"))
        store.reject(rejection(99, reason=Reason.LIST))
        for number in range(1, 2 + PAGE_OF_REFUSED):
            page = rejection(number, url=f"https://n.example/{number}", reason=Reason.EXTRACTION_CRASH)
            store.quarantine(Quarantined(url=page.url or "", rejection=page))
    first = client.get("/sources/harbour").text
    address = re.findall(r'<a href="([^"]+)#refused">Earlier pages', first)[0].replace("&amp;", "&")
    later = client.get(address).text
    waiting = re.findall(r'<a href="([^"]+)#waiting">More pages', first)[0].replace("&amp;", "&")

    assert len(REFUSED.findall(first)) == PAGE_OF_REFUSED
    assert sorted(map(int, REFUSED.findall(first) + REFUSED.findall(later))) == [
        *range(1, 3 + PAGE_OF_REFUSED),
        99,
    ]
    assert "&lt;b&gt;sign&lt;/b&gt; 5" in first
    assert REFUSED.findall(client.get("/sources/harbour?reason=list").text) == ["99"]
    assert first.count("https://n.example/") == 2 * PAGE_OF_REFUSED
    assert client.get(waiting).text.count("https://n.example/") == 2
    assert "its extraction crashed" in first


def test_sources_come_page_by_page_each_once(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store, store.transaction():
        for number in range(100, 101 + PAGE_OF_SOURCES):
            store.save(verdict(article(number, site=f"site {number}/&?#")))
    address, seen = "/sources", []
    while address:
        page = client.get(address).text
        seen += SITE.findall(page)
        address = (MORE.findall(page) or [""])[0].replace("&amp;", "&")

    assert len(seen) == len(set(seen)) == PAGE_OF_SOURCES + 2
    assert "<h1>site 100/&amp;?# " in client.get(f"/sources/{seen[1]}").text


def test_a_source_of_which_nothing_is_known_is_told(client: TestClient) -> None:
    answer = client.get("/sources/nobody")

    assert answer.status_code == 404
    assert "nothing is known of a source" in answer.text
    assert client.get("/sources/harbour?reason=best").status_code == 400
