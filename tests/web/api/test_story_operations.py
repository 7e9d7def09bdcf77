from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.record import article_id
from scraper.web.api.operations import BASE
from scraper.web.api.story_operations import STORY_OPERATIONS
from tests.store.values import article, full_article

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from scraper.web.api.operation import Operation

ID = article_id(full_article())
REVISED = article_id(article(2))


def test_the_stories_of_a_day_are_had_page_by_page_each_once(client: TestClient) -> None:
    day = client.get(f"{BASE}/stories?day=2026-02-03").json()
    address, seen = f"{BASE}/stories?limit=1", []
    while address:
        told = client.get(address).json()
        seen += [story["printed"][0]["id"] for story in told["items"]]
        address = told["next"]

    assert (day["day"], day["items"][0]["sites"], day["next"]) == ("2026-02-03", 1, None)
    assert told["day"] == "2026-02-28"
    assert len(seen) == len(set(seen)) == 2


def test_a_difference_is_told_word_by_word(client: TestClient) -> None:
    told = client.get(f"{BASE}/articles/{REVISED}/difference").json()
    other = client.get(f"{BASE}/articles/{ID}/difference", params={"against": REVISED}).json()

    assert {"before": "dawn.", "after": "noon."} in told["body"][0]
    assert (told["from"], told["silent_edit"]) == (f"{REVISED}/1", True)
    assert (other["from"], other["to"]) == (f"{REVISED}/2", f"{ID}/1")


@pytest.mark.parametrize(
    "operation", [each for each in STORY_OPERATIONS if each.example], ids=lambda each: each.name
)
def test_an_answer_has_what_its_example_has(client: TestClient, operation: Operation) -> None:
    told = client.get(BASE + operation.path.format(id=REVISED)).json()

    assert operation.example is not None
    assert told.keys() == operation.example.keys()
    if "items" in told:
        assert told["items"][0].keys() == operation.example["items"][0].keys()
        assert told["items"][0]["printed"][0].keys() == operation.example["items"][0]["printed"][0].keys()


@pytest.mark.parametrize(
    ("asked", "status"),
    [("/stories?day=soon", 400), ("/stories?after=x", 400), (f"/articles/{ID}/difference", 404)],
)
def test_what_cannot_be_told_is_a_problem(client: TestClient, asked: str, status: int) -> None:
    answer = client.get(BASE + asked)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
