from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.model import Reason
from scraper.store import Fetch, Outcome, open_store
from scraper.store.protocol import Quarantined
from scraper.web.api.operations import BASE
from scraper.web.api.source_operations import SOURCE_OPERATIONS
from tests.store.values import article, rejection, verdict

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from scraper.web.api.operation import Operation

NOW = datetime.now(UTC)


@pytest.fixture
def refusing(store_url: str) -> str:
    """The store, with fetches of today, five rejected pages and five that wait."""
    with open_store(store_url) as store, store.transaction():
        for number in range(1, 6):
            store.reject(rejection(number))
            page = rejection(number, url=f"https://n.example/{number}", reason=Reason.EXTRACTION_CRASH)
            store.quarantine(Quarantined(url=page.url or "", rejection=page))
            url = f"https://news.example/{number}"
            store.record_fetch(Fetch(url=url, site="harbour", fetched_at=NOW, outcome=Outcome.STORED))
        store.save(verdict(article(70, site="gazette")))
    return store_url


def all_items(client: TestClient, address: str | None) -> list[dict[str, Any]]:
    items = []
    while address:
        told = client.get(address).json()
        items += told["items"]
        address = told["next"]
    return items


@pytest.mark.usefixtures("refusing")
@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/sources?limit=1", 2),
        ("/sources/harbour/rejected?limit=2", 5),
        ("/sources/harbour/quarantined?limit=2", 5),
    ],
)
def test_items_are_had_page_by_page_each_once(client: TestClient, path: str, number: int) -> None:
    items = all_items(client, BASE + path)

    assert len(items) == len({str(item) for item in items}) == number


@pytest.mark.usefixtures("refusing")
def test_a_source_tells_what_is_held_and_what_came_of_its_pages(client: TestClient) -> None:
    told = client.get(f"{BASE}/sources/harbour").json()
    (day,) = client.get(f"{BASE}/coverage?days=1").json()["items"]

    assert (told["articles"], told["rejected"], told["is_paused"]) == (60, {"consent": 5}, False)
    assert told["outcomes"]["stored"] == day["stored"] == day["fetched"] == 5
    assert client.get(f"{BASE}/sources/nobody").status_code == 404


@pytest.mark.usefixtures("refusing")
@pytest.mark.parametrize("operation", SOURCE_OPERATIONS, ids=lambda each: each.name)
def test_an_answer_has_what_its_example_has(client: TestClient, operation: Operation) -> None:
    told = client.get(BASE + operation.path.format(site="harbour")).json()

    assert operation.example is not None
    assert told.keys() == operation.example.keys()
    if "items" in told:
        assert told["items"][0].keys() == operation.example["items"][0].keys()
