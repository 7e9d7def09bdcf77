"""Bait in every field of what is stored: on no page does it become more than text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from scraper.web.application import WebParts, make_application
from scraper.web.readers import Readers
from tests.web.bait import BAIT, found_bait
from tests.web.baited import DAY, BaitedCaptures, fill_with_bait
from tests.web.conftest import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.model import ArticleId


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Mapping[str, ArticleId]]]:
    """A client that asks a store full of bait, and the article of each."""
    url = f"sqlite:///{tmp_path_factory.mktemp('bait')}/news.db"
    kept = fill_with_bait(url)
    readers = Readers(url)
    yield (
        TestClient(make_application(WebParts(readers=readers, captures=BaitedCaptures())), base_url=ADDRESS),
        kept,
    )
    readers.close()


@pytest.mark.parametrize("bait", BAIT)
def test_bait_in_every_field_is_text_on_every_page(
    pages: tuple[TestClient, Mapping[str, ArticleId]], bait: str
) -> None:
    client, kept = pages
    one, site = kept[bait], quote(bait, safe="")
    for address in (
        f"/articles?q={site}",
        f"/articles?site={site}",
        f"/articles/{one}",
        f"/articles/{one}/diff",
        f"/articles/{one}/similar",
        f"/stories/{one}",
        f"/sources/{site}",
        f"/sources?after={site}",
        f"/{site}",
    ):
        answer = client.get(address)
        assert answer.status_code in {200, 400, 404}, (address, answer.status_code)
        assert list(found_bait(answer.text)) == [], address


@pytest.mark.parametrize(
    "address",
    ["/", f"/stories?day={DAY}", "/stories", "/sources", "/articles", "/jobs", "/runs", "/alarms", "/wishes"],
)
def test_lists_of_bait_are_text(pages: tuple[TestClient, Mapping[str, ArticleId]], address: str) -> None:
    client, _kept = pages
    answer = client.get(address)

    assert answer.status_code == 200
    assert list(found_bait(answer.text)) == []


def test_an_explanation_of_bait_is_text(pages: tuple[TestClient, Mapping[str, ArticleId]]) -> None:
    client, kept = pages
    answer = client.get(f"/pages/{kept[BAIT[0]]}")

    assert answer.status_code == 200
    assert list(found_bait(answer.text)) == []
