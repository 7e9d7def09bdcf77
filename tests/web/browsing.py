"""A real Chromium that looks at pages, and a store in which each page has something to show."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from scraper.crawl.rendering.chromium import find_browser
from scraper.model import Reason
from scraper.store import open_store
from scraper.store.protocol import Quarantined
from scraper.store.service.front_desk import FrontDesk
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm
from scraper.web.application import WebParts, make_application
from scraper.web.readers import Readers
from scraper.web.serving import Served
from tests.store.values import article, copy_of, full_article, rejection, revision_of, verdict
from tests.web.working import JOBS, work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

PHONE = 360
"""Pixels of a narrow phone's width."""
NOW = datetime.now(UTC)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser of this machine; without one the test is skipped."""
    program = find_browser()
    if program is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served_pages(url: str, *, must_login: bool = False) -> Iterator[str]:
    """Serve the pages of a store; gives their address, without a slash at its end."""
    with FrontDesk(url) as desk:
        readers = Readers(url)
        web = WebParts(readers=readers, desk=desk, jobs=JOBS, must_login=must_login)
        with Served(make_application(web), "127.0.0.1", 0) as served:
            yield served.address.rstrip("/")
        readers.close()


@contextmanager
def looking(browser: Browser, **how: object) -> Iterator[Page]:
    """Open a page that nothing is stored of; at its end, no script may have been tried, and nothing failed."""
    context: BrowserContext = browser.new_context(**how)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints, complaints


def fill_store(url: str, folder: Path) -> Mapping[str, str]:
    """Store something of every kind that pages show; return the address of a page of each kind."""
    with open_store(url) as store:
        first = store.save(verdict(full_article()))
        for number in range(2, 36):
            store.save(verdict(article(number)))
        revised = store.save(
            revision_of(article(2, body="The ferry number 2 came in at noon.\nNobody was hurt."), 1)
        )
        store.save(verdict(article(71, site="gazette"), relation=copy_of(first)))
        store.reject(rejection(1))
        waiting = rejection(2, reason=Reason.EXTRACTION_TIMEOUT)
        store.quarantine(Quarantined(url=waiting.url or "", rejection=waiting))
    runs = work(url, folder)
    with ServiceStore(url) as ledger, FrontDesk(url) as desk:
        said = "nothing was announced for 3 days, before 40 a day"
        alarm = Alarm(
            site="gazette", signs=("quiet",), since=NOW, opened=NOW, cause="feed moved", message=said
        )
        ledger.alarms.save(alarm, [], NOW)
        desk.wishes.backfill("", "harbour")
        desk.wishes.pause("", "herald")
    return {
        "today": "/",
        "stories": "/stories",
        "story": f"/stories/{first}",
        "articles": "/articles?q=ferry",
        "article": f"/articles/{first}",
        "difference": f"/articles/{revised}/diff",
        "similar": f"/articles/{first}/similar",
        "sources": "/sources",
        "source": "/sources/harbour",
        "jobs": "/jobs",
        "runs": "/runs",
        "run": f"/runs/{runs['failed'].id}",
        "running": f"/runs/{runs['running'].id}",
        "alarms": "/alarms",
        "wishes": "/wishes",
        "nothing": "/nothing",
    }
