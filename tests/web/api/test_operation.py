from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from scraper.store import open_store
from scraper.store.service.values import RunState
from scraper.web.api.operation import LONGEST_PAGE, USUAL_PAGE, Parameter, address_of_next, asked_limit
from scraper.web.api.operations import BASE
from tests.store.values import article, verdict

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def asking(query: str) -> Request:
    scope = {"type": "http", "path": "/stories", "headers": [], "query_string": query.encode()}
    return Request(scope | {"server": ("127.0.0.1", 80), "scheme": "http"})


def test_no_page_is_longer_than_the_longest(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store, store.transaction():
        for number in range(100, 100 + LONGEST_PAGE):
            store.save(verdict(article(number)))
    told = client.get(f"{BASE}/articles?limit=100000").json()

    assert len(told["items"]) == LONGEST_PAGE


def test_a_page_is_as_long_as_is_asked_within_bounds() -> None:
    assert [asked_limit(asking(query)) for query in ("", "limit=0", "limit=7")] == [USUAL_PAGE, USUAL_PAGE, 7]


def test_the_next_page_is_asked_for_as_this_one_but_for_its_place() -> None:
    address = address_of_next(asking("limit=7&after=1"), after="2.3.81", day=None)

    assert address == "http://127.0.0.1/stories?limit=7&after=2.3.81"
    assert address_of_next(asking("limit=7"), after=None) is None


def test_a_parameter_says_what_it_may_be() -> None:
    def schema(**more: Any) -> Any:
        return Parameter(name="state", told="", example="failed", **more).schema

    assert schema(among=RunState)["enum"] == [state.value for state in RunState]
    assert schema(kind="integer") == {"type": "integer", "minimum": 0}
    assert schema(form="date") == {"type": "string", "format": "date"}
