from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.visitors import OPERATOR, add_people, form_key, log_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

    from scraper.store.service.front_desk import FrontDesk
    from scraper.store.service.values import Run


def wish(client: TestClient, kind: str, **form: str) -> str:
    """Send a form of a page; return what the page says where it leads."""
    answer = client.post("/wishes", data={"kind": kind, **form})
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def test_each_button_does_what_it_says_and_leads_back_to_its_page(
    client: TestClient, desk: FrontDesk, worked: Mapping[str, Run]
) -> None:
    assert "Pause, gazette: it is paused" in wish(client, "pause", site="gazette", back="/jobs?job=hourly")
    assert "Resume, gazette" in wish(client, "resume", site="gazette", back="/jobs")
    assert "Run now, harbour" in wish(client, "crawl", site="harbour", job="hourly", back="/jobs")
    running = worked["running"].id
    assert "it is asked to end" in wish(client, "cancel", run=running, back=f"/runs/{running}")
    for kind in ("backfill", "rejudge", "reextract"):
        assert "its run is queued" in wish(client, kind, site="harbour", back="/sources/harbour")
    told = client.get("/wishes").text
    assert told.count("this machine") == 7


def test_a_page_tells_of_the_last_wish_alone(client: TestClient) -> None:
    first = client.post("/wishes", data={"kind": "pause", "site": "gazette", "back": "/jobs?job=hourly"})
    second = client.post(
        "/wishes", data={"kind": "resume", "site": "gazette", "back": first.headers["location"]}
    )
    assert first.headers["location"] == "/jobs?job=hourly&wish=1"
    assert second.headers["location"] == "/jobs?job=hourly&wish=2"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example"])
def test_a_wish_leads_nowhere_else(client: TestClient, back: str) -> None:
    answer = client.post("/wishes", data={"kind": "pause", "site": "gazette", "back": back})
    assert answer.headers["location"] == "/?wish=1"


def test_what_cannot_be_done_is_told_in_a_page(client: TestClient) -> None:
    answer = client.post("/wishes", data={"kind": "resume", "site": "gazette"})
    assert answer.status_code == 409
    assert "gazette is not paused" in answer.text


def test_who_wished_is_kept(client: TestClient, desk: FrontDesk) -> None:
    add_people(desk)
    log_in(client, OPERATOR)
    client.post("/wishes", data={"kind": "pause", "site": "gazette", "form_key": form_key(client)})
    assert [each.account for each in desk.wishes.find(limit=9)] == [OPERATOR]
