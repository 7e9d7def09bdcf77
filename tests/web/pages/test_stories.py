from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.record import article_id
from scraper.store import open_store
from scraper.web.pages.stories import MOST_PRINTED, PAGE_OF_STORIES
from tests.store.values import article, copy_of, full_article, verdict

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ID = article_id(full_article())
LINK = re.compile(r'<a href="/stories/([0-9a-f]{16})">')
MORE = re.compile(r'<a href="([^"]+)">More stories</a>')


@pytest.fixture
def copied(store_url: str) -> str:
    """The store, with a shorter copy of the first article at another site, a day later."""
    with open_store(store_url) as store:
        told = article(
            71, site="gazette", published="2026-02-02T09:00:00Z", body="The ferry number 1 came in."
        )
        store.save(replace(verdict(told, relation=copy_of(ID)), story=store.dedup.story(ID)))
    return store_url


def test_a_story_tells_who_printed_it_when_and_what_each_cut(client: TestClient, copied: str) -> None:
    page = client.get(f"/stories/{ID}").text

    assert "2 articles at 2 sites" in page
    assert page.index("Ferry 1 reaches") < page.index("Ferry 71 reaches")
    assert page.count('class="badge good">first') == 1
    assert "% of the fullest text" in page
    assert f'/diff?against={ID}">What it cut and added' in page
    assert page.count("<circle") == 2


def test_a_story_that_one_printed_says_so(client: TestClient) -> None:
    page = client.get(f"/stories/{ID}").text

    assert "Nobody else is known to have printed it" in page
    assert "<circle" not in page


def test_of_a_story_with_many_copies_so_many_are_shown(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store, store.transaction():
        for number in range(100, 102 + MOST_PRINTED):
            store.save(verdict(article(number), relation=copy_of(ID)))
    page = client.get(f"/stories/{ID}").text

    assert f"{MOST_PRINTED} articles at" in page
    assert "those that copies lead to first are shown" in page


def test_the_stories_of_a_day_lead_to_each_and_to_the_days_around(client: TestClient, copied: str) -> None:
    page = client.get("/stories?day=2026-02-02").text

    assert LINK.findall(page)[0] in {ID, article_id(article(71))}
    assert 'href="/stories?day=2026-02-03"' in page
    assert "No article is dated on this day" in client.get("/stories?day=2020-01-01").text
    assert "Stories of 2026-02-28" in client.get("/stories").text.replace('<time datetime="2026-02-28">', "")


def test_the_stories_of_a_day_come_page_by_page_each_once(client: TestClient, store_url: str) -> None:
    with open_store(store_url) as store, store.transaction():
        for number in range(100, 105 + 2 * PAGE_OF_STORIES):
            store.save(verdict(article(number, published="2026-01-05")))
    address, seen = "/stories?day=2026-01-05", []
    while address:
        page = client.get(address).text
        seen += LINK.findall(page)
        address = (MORE.findall(page) or [""])[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 5 + 2 * PAGE_OF_STORIES


@pytest.mark.parametrize(
    ("asked", "said"), [("day=soon", "write a day as 2026-05-20"), ("after=1.x.2", "no place among")]
)
def test_what_is_asked_wrong_is_told(client: TestClient, asked: str, said: str) -> None:
    answer = client.get(f"/stories?{asked}")

    assert answer.status_code == 400
    assert said in answer.text
