from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scraper.record import article_id
from scraper.store import open_store
from scraper.web.api.operations import BASE, OPERATIONS
from tests.store.values import article, copy_of, full_article, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

    from scraper.store.service.front_desk import FrontDesk
    from scraper.store.service.values import Run
    from scraper.web.api.operation import Operation

ID = article_id(full_article())
REVISED = article_id(article(2))


def test_articles_are_had_page_by_page_each_once(client: TestClient) -> None:
    address, seen = f"{BASE}/articles?limit=25", []
    while address:
        told = client.get(address).json()
        seen += [item["id"] for item in told["items"]]
        address = told["next"]
    assert told["count"] == len(seen) == len(set(seen)) == 60


def test_a_search_tells_its_hits_its_count_and_its_facets(client: TestClient) -> None:
    told = client.get(f"{BASE}/articles", params={"q": "ferry 17", "facets": "true"}).json()
    (item,) = told["items"]

    assert told["count"] == 1
    assert told["facets"]["site"] == {"harbour": 1}
    start, end = item["hit"]["title_marks"][0]
    assert item["title"][start:end] == "Ferry"


def test_an_article_has_its_whole_record_and_every_text_it_had(client: TestClient) -> None:
    told = client.get(f"{BASE}/articles/{ID}").json()
    texts = client.get(f"{BASE}/articles/{REVISED}/revisions").json()["items"]

    assert (told["title"], told["blocks"][1]["kind"]) == ("Ferry 1 reaches the harbour", "figure")
    assert told["provenance"]["title"]["source"] == "json-ld"
    assert [(each["revision"], "noon" in each["body"]) for each in texts] == [(2, True), (1, False)]


def test_a_story_and_what_is_like_it_are_told(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store:
        store.save(verdict(article(71, site="gazette"), relation=copy_of(ID)))
    told = client.get(f"{BASE}/stories/{ID}").json()["items"]

    assert [row["site"] for row in told] == ["harbour", "gazette"]
    assert all("alike" in each for each in client.get(f"{BASE}/articles/{ID}/similar").json()["items"])


def test_sources_runs_alarms_and_days_are_told(client: TestClient) -> None:
    (source,) = client.get(f"{BASE}/sources").json()["items"]

    assert (source["site"], source["articles"]) == ("harbour", 60)
    for address in ("alarms", "sources/harbour/days?days=7", "coverage"):
        assert client.get(f"{BASE}/{address}").json() == {"items": []}
    assert client.get(f"{BASE}/runs").json() == {"items": [], "next": None}


def test_changes_are_lines_that_go_on_after_a_cursor(client: TestClient) -> None:
    answer = client.get(f"{BASE}/changes")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    later = client.get(f"{BASE}/changes", params={"after": lines[-2]["cursor"]}).text.splitlines()

    assert answer.headers["content-type"].startswith("application/jsonl")
    assert [line["event"] for line in lines].count("new") == 60
    assert [json.loads(line) for line in later] == lines[-1:]


def test_who_has_an_answer_gets_it_again_only_when_it_changed(client: TestClient) -> None:
    first = client.get(f"{BASE}/articles/{ID}")
    again = client.get(f"{BASE}/articles/{ID}", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/articles/0123456789abcdef", 404, "no article"),
        ("/nothing", 404, "openapi.json"),
        ('/articles?q="open', 400, "quot"),
        ("/articles?since=soon", 400, "since soon"),
        ("/articles?limit=-1", 400, "limit"),
        ("/articles?sort=best", 400, "relevance, newest"),
        ("/articles?page=2", 400, "page is no parameter here; there are: after"),
        ("/changes?after=999999", 404, "begin again with 0"),
    ],
)
def test_a_problem_says_what_is_wrong(client: TestClient, address: str, status: int, said: str) -> None:
    answer = client.get(f"{BASE}{address}")

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_what_is_described_can_be_asked_as_the_example_says(
    client: TestClient, desk: FrontDesk, worked: Mapping[str, Run], operation: Operation
) -> None:
    run, wish = worked["failed"].id, desk.wishes.pause("", "gazette").id
    paths = client.get(f"{BASE}/openapi.json").json()["paths"]
    about = paths[f"{BASE}{operation.path}"][operation.method.lower()]
    path = f"{BASE}{operation.path}".format(id=REVISED, site="harbour", run=run, wish=wish)
    asked = {each["name"]: each["example"] for each in about["parameters"] if each["in"] == "query"}
    if operation.name in {"articles", "difference", "runs"}:  # of a page before, of another article
        asked.pop("after", None)
        asked.pop("against", None)
    example = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    answer = client.request(operation.method, path, params=asked, json=example)

    assert about["operationId"] == operation.name
    assert answer.status_code == (202 if operation.change else 200), answer.text
    assert (
        answer.headers["content-type"].split(";")[0] in about["responses"][str(answer.status_code)]["content"]
    )


def test_an_address_says_all_that_can_be_done_there(client: TestClient) -> None:
    answer = client.delete("/api/v1/wishes")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST"}
