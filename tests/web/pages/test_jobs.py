from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm
from scraper.web.application import WebParts, make_application
from scraper.web.pages import jobs as module
from tests.web.bait import BAIT, found_bait
from tests.web.conftest import ADDRESS
from tests.web.visitors import EDITOR, OPERATOR, add_people, log_in
from tests.web.working import web_job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

    from scraper.store.service.front_desk import FrontDesk
    from scraper.store.service.values import Run
    from scraper.web.readers import Readers

NOW = datetime.now(UTC)


def alarm(site: str, *, closed: bool = False) -> Alarm:
    return Alarm(
        site=site,
        signs=("dark",),
        since=NOW,
        opened=NOW,
        closed=NOW if closed else None,
        cause="site down",
        message=f"{site} says nothing",
    )


def test_jobs_show_their_last_run_their_next_and_what_can_be_done(
    client: TestClient, worked: Mapping[str, Run]
) -> None:
    page = client.get("/jobs").text
    assert "3 new articles" in page
    assert f"/runs/{worked['good'].id}" in page
    assert "It never ran." in page
    assert page.count("Run now") == 2, "one of three has a run under way"
    assert page.count("Cancel") == 1
    assert "No such job." in client.get("/jobs?site=nowhere").text


def test_who_may_only_read_sees_no_button(
    client: TestClient, desk: FrontDesk, worked: Mapping[str, Run]
) -> None:
    add_people(desk)
    for name, sees in ((EDITOR, False), (OPERATOR, True)):
        log_in(client, name)
        for path in ("/jobs", f"/runs/{worked['running'].id}", "/sources/harbour"):
            page = client.get(path)
            assert page.status_code == 200
            assert ('action="/wishes"' in page.text) is sees, (name, path)
        client.cookies.clear()


def test_many_jobs_go_on_page_by_page(
    readers: Readers, desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_OF_JOBS", 2)
    jobs = [web_job("hourly", f"paper{number}") for number in range(5)]
    app = make_application(WebParts(readers=readers, desk=desk, jobs=jobs))
    client = TestClient(app, base_url=ADDRESS)
    assert "paper1" in client.get("/jobs").text
    last = client.get("/jobs?from=4").text
    assert "paper4" in last
    assert "paper3" not in last
    assert 'rel="next"' not in last


def test_without_a_job_it_is_told_how_one_is_written(readers: Readers) -> None:
    page = TestClient(make_application(WebParts(readers=readers)), base_url=ADDRESS).get("/jobs").text
    assert "[jobs.SITE]" in page


def test_alarms_are_those_that_are_open_or_all(client: TestClient, store_url: str) -> None:
    assert "No alarm is open." in client.get("/alarms").text
    with ServiceStore(store_url) as ledger:
        ledger.alarms.save(alarm("harbour"), [], NOW)
        ledger.alarms.save(alarm("gazette", closed=True), [], NOW)
    told = {path: client.get(path).text for path in ("/alarms", "/alarms?all=true", "/alarms?site=gazette")}
    assert [("harbour says nothing" in page, "gazette says nothing" in page) for page in told.values()] == [
        (True, False),
        (True, True),
        (False, False),
    ]


def test_what_was_wished_goes_on_page_by_page(
    client: TestClient, desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_OF_WISHES", 2)
    assert "Nothing yet." in client.get("/wishes").text
    for number in range(3):
        desk.wishes.pause("", f"paper{number}")
    assert "paper0" not in client.get("/wishes").text
    assert "paper0" in client.get("/wishes?before=2").text


def test_bait_in_jobs_runs_logs_alarms_and_wishes_is_text(
    readers: Readers, desk: FrontDesk, store_url: str, tmp_path: Path
) -> None:
    app = make_application(WebParts(readers=readers, desk=desk, jobs=[web_job(bait, bait) for bait in BAIT]))
    client = TestClient(app, base_url=ADDRESS)
    with ServiceStore(store_url) as ledger:
        for bait in BAIT:
            ledger.alarms.save(alarm(bait), [], NOW)
            desk.wishes.pause(bait, bait)
            run = desk.wishes.backfill(bait, bait).runs[0]
            path = tmp_path / f"{run}.log"
            path.write_text(bait)
            ledger.runs.note_log(run, str(path))
    pages = [
        "/jobs",
        "/runs",
        "/alarms",
        "/wishes",
        "/jobs?wish=1",
        *[f"/runs/{run}" for run in runs_of(store_url)],
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert list(found_bait(answer.text)) == [], page


def runs_of(url: str) -> list[str]:
    with ServiceStore(url) as ledger:
        return [run.id for run in ledger.runs.find()]
