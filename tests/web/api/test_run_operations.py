from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.store.service.service_store import ServiceStore
from scraper.web.api.operations import BASE
from tests.web.working import JOBS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

    from scraper.store.service.values import Run

WISHES = f"{BASE}/wishes"


def test_runs_are_had_page_by_page_each_once(client: TestClient, worked: Mapping[str, Run]) -> None:
    address, seen = f"{BASE}/runs?limit=3", []
    while address:
        told = client.get(address).json()
        seen += [run["id"] for run in told["items"]]
        address = told["next"]
    assert sorted(seen) == sorted(run.id for run in worked.values())
    failed = client.get(f"{BASE}/runs?state=failed").json()["items"]
    assert [run["id"] for run in failed] == [worked["failed"].id]


def test_a_run_and_the_end_of_its_log_are_told(client: TestClient, worked: Mapping[str, Run]) -> None:
    one = client.get(f"{BASE}/runs/{worked['failed'].id}").json()
    log = client.get(f"{BASE}/runs/{worked['failed'].id}/log").json()
    none = client.get(f"{BASE}/runs/{worked['waiting'].id}/log").json()

    assert (one["state"], one["counts"]) == ("failed", {"failed/dns": 7})
    assert log["lines"] == ["the first line", "the last line <script>bait()</script>"]
    assert (none["lines"], none["missing"]) == ([], "it has none yet")


def test_jobs_are_told_with_their_last_run_and_their_next(
    client: TestClient, worked: Mapping[str, Run]
) -> None:
    told = client.get(f"{BASE}/jobs").json()
    assert [(job["job"], job["site"]) for job in told["items"]] == [(job.name, job.site) for job in JOBS]
    harbour, gazette, herald = told["items"]
    assert (harbour["last_run"]["id"], harbour["next"] is None) == (worked["good"].id, False)
    assert (gazette["last_run"]["state"], gazette["next"]) == ("running", None)
    assert (herald["shards"], herald["last_run"]) == (2, None)
    page = client.get(f"{BASE}/jobs?limit=2").json()
    assert [job["site"] for job in client.get(page["next"]).json()["items"]] == ["herald"]


def test_a_wish_is_taken_and_what_became_of_it_can_be_asked(client: TestClient, store_url: str) -> None:
    answer = client.post(WISHES, json={"kind": "crawl", "job": "hourly", "site": "harbour"})
    wish = answer.json()
    assert answer.status_code == 202
    assert (wish["kind"], wish["outcome"], len(wish["runs"])) == ("crawl", "its run is queued", 1)
    told = client.get(f"{WISHES}/{wish['id']}").json()
    assert told["runs"] == [{"id": wish["runs"][0]["id"], "state": "queued", "reason": None}]
    client.post(WISHES, json={"kind": "cancel", "run": wish["runs"][0]["id"]})
    client.post(WISHES, json={"kind": "pause", "site": "harbour"})
    page = client.get(f"{WISHES}?limit=2").json()
    kinds = [each["kind"] for each in page["items"] + client.get(page["next"]).json()["items"]]
    assert kinds == ["pause", "cancel", "crawl"]
    with ServiceStore(store_url) as ledger:
        assert [*ledger.runs.paused()] == ["harbour"]


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"kind": "dance", "site": "harbour"}, 400, "'dance' is none of crawl, pause"),
        ({}, 400, "is none of"),
        ([], 400, "JSON object"),
        ({"kind": "pause"}, 400, "names its site"),
        ({"kind": "pause", "site": 7}, 400, "site is no text"),
        ({"kind": "pause", "site": "a" * 501}, 400, "at most 500"),
        ({"kind": "pause", "sight": "harbour"}, 400, "'sight' is no field here; there are: kind"),
        ({"kind": "pause", "site": "nowhere"}, 404, "no job has the site 'nowhere'"),
        ({"kind": "crawl", "job": "nightly", "site": "harbour"}, 404, "no job 'nightly'"),
        ({"kind": "backfill", "site": "--logs=x"}, 404, "nothing is known of a source"),
        ({"kind": "resume", "site": "harbour"}, 409, "not paused"),
        ({"kind": "cancel", "run": "none"}, 409, "neither queued nor under way"),
    ],
)
def test_what_is_wished_wrong_is_told(client: TestClient, sent: Any, status: int, said: str) -> None:
    answer = client.post(WISHES, json=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]
    assert client.get(WISHES).json()["items"] == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"kind": "pause", "site": "harbour"}', "text/plain", 415),
        (b"kind=pause&site=harbour", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b"\xff", "application/json", 400),
    ],
)
def test_only_json_is_taken_which_no_form_of_a_page_can_send(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    assert client.post(WISHES, content=content, headers={"content-type": kind}).status_code == status


def test_open_alarms_and_unknown_wishes_and_runs_are_told(client: TestClient) -> None:
    assert client.get(f"{BASE}/alarms?all=true").json() == {"items": []}
    for path in ("/wishes/7", "/wishes/x", "/wishes/" + "9" * 30, "/runs/none", "/runs/none/log"):
        assert client.get(f"{BASE}{path}").status_code == 404
