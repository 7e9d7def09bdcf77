from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from scraper.errors import ConfigError, StoreDownError
from scraper.web.application import WebParts, health_route, make_application, metrics_route
from scraper.web.readers import Readers
from tests.web.conftest import ADDRESS


def test_an_address_without_a_page_is_told_in_a_page(client: TestClient) -> None:
    answer = client.get("/nothing/<b>")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_a_store_that_is_gone_is_told_in_a_page(client: TestClient, store_url: str) -> None:
    path = store_url.removeprefix("sqlite:///")
    with open(path, "r+b") as file:  # noqa: PTH123 - it is open elsewhere
        file.truncate(4096)
        file.write(b"no database" * 400)
    answer = client.get("/articles")

    assert answer.status_code == 503
    assert "restore a backup" in answer.text


def test_what_is_long_is_compressed(client: TestClient) -> None:
    assert client.get("/articles").headers["content-encoding"] == "gzip"


def test_metrics_and_health_are_given_by_whoever_serves(readers: Readers) -> None:
    def lost() -> bytes:
        raise StoreDownError("gone")

    more = [metrics_route(lambda: b"up 1\n", "text/plain"), health_route(lambda: False)]
    client = TestClient(make_application(WebParts(readers=readers, more=more)), base_url=ADDRESS)
    without = TestClient(
        make_application(WebParts(readers=readers, more=[metrics_route(lost, "text/plain")])),
        base_url=ADDRESS,
    )

    assert client.get("/metrics").text == "up 1\n"
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (503, "stuck\n")
    assert without.get("/metrics").status_code == 503


def test_a_search_that_takes_too_long_is_cut_off(store_url: str) -> None:
    readers = Readers(store_url, seconds=0.0)
    answer = TestClient(make_application(WebParts(readers=readers)), base_url=ADDRESS).get(
        "/articles?q=ferry"
    )
    readers.close()

    assert answer.status_code == 503
    assert "it took too long" in answer.text


def test_what_is_in_memory_has_no_pages() -> None:
    with pytest.raises(ConfigError, match="name a database"):
        Readers("memory:")
