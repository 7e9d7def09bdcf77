from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.web.pages import runs as module

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest
    from starlette.testclient import TestClient

    from scraper.store.service.values import Run


def test_runs_are_listed_and_narrowed_down(client: TestClient, worked: Mapping[str, Run]) -> None:
    every = client.get("/runs").text
    assert all(run.id in every for run in worked.values())
    failed = client.get("/runs?state=failed&job=hourly&site=harbour").text
    assert worked["failed"].id in failed
    assert worked["good"].id not in failed
    assert "No such run." in client.get("/runs?site=nowhere").text


def test_runs_go_on_page_by_page(
    client: TestClient, worked: Mapping[str, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_OF_RUNS", 3)
    first = client.get("/runs?job=hourly").text
    assert "Earlier runs" in first
    (address,) = (part.split('"')[0] for part in first.split('href="')[1:] if "after=" in part.split('"')[0])
    second = client.get(address.replace("&amp;", "&")).text
    assert "The latest runs" in second
    assert sum(run.id in second for run in worked.values()) == 1


def test_a_run_shows_how_it_went_and_the_end_of_its_log_escaped(
    client: TestClient, worked: Mapping[str, Run]
) -> None:
    page = client.get(f"/runs/{worked['failed'].id}").text
    assert "all 7 pages failed, most by dns" in page
    assert "failed/dns" in page
    assert "the last line &lt;script&gt;bait()" in page
    assert "\x1b" not in page
    after = client.get(f"/runs/{worked['good'].id}").text
    assert f"/runs/{worked['failed'].id}" in after
    assert "Not shown: it has none." in after


def test_only_a_run_that_goes_on_can_be_cancelled(client: TestClient, worked: Mapping[str, Run]) -> None:
    button = "Cancel this run"
    told = {name: button in client.get(f"/runs/{run.id}").text for name, run in worked.items()}
    assert told == {"failed": False, "good": False, "running": True, "waiting": True}


def test_a_run_that_is_not_there_is_told(client: TestClient) -> None:
    answer = client.get("/runs/none")
    assert answer.status_code == 404
    assert "older than 90 days" in answer.text
