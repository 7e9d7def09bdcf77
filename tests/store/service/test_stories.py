from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from scraper.record import article_id
from scraper.store import open_store
from scraper.store.service.reader import Reader
from scraper.store.service.stories import PRINTED_BY
from tests.store.values import article, copy_of, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store import Store

DAY = date(2026, 2, 10)
WIDE, TWICE, ALONE = (article(number, published=f"2026-02-10T08:0{number}:00Z") for number in (1, 2, 3))


def save_copy(store: Store, number: int, of: int, site: str, at: str) -> None:
    key = article_id(article(of))
    told = verdict(article(number, site=site, published=at), relation=copy_of(key))
    store.save(replace(told, story=store.dedup.story(key)))


@pytest.fixture
def reader(database_url: str) -> Iterator[Reader]:
    """The stories of three articles: one on many sites, one twice on its own, one alone; copies on other days."""
    with open_store(database_url) as store:
        for each in (WIDE, TWICE, ALONE):
            store.save(verdict(each))
        for number in range(10, 12 + PRINTED_BY):
            save_copy(store, number, 1, f"site{number}", f"2026-02-10T10:{number}:00+02:00")
        save_copy(store, 40, 2, "harbour", "2026-02-10T23:59:00Z")
        save_copy(store, 41, 2, "gazette", "2026-02-11T00:00:00Z")
        store.save(verdict(article(42, title=None, published="2026-02-07")))
    with Reader(database_url) as opened:
        yield opened


def test_the_stories_of_a_day_begin_with_those_on_most_sites(reader: Reader) -> None:
    wide, twice, alone = reader.stories.of_day(DAY, limit=10)

    assert (wide.sites, wide.articles) == (PRINTED_BY + 3, PRINTED_BY + 3)
    assert (twice.sites, twice.articles) == (1, 2)
    assert (alone.sites, alone.articles) == (1, 1)
    assert len(wide.printed) == PRINTED_BY
    assert [each.title for each in twice.printed] == [
        "Ferry 2 reaches the harbour",
        "Ferry 40 reaches the harbour",
    ]
    assert wide.printed[0].id == article_id(WIDE)


def test_stories_are_had_page_by_page_each_once(reader: Reader) -> None:
    seen, after = [], None
    while page := reader.stories.of_day(DAY, limit=1, after=after):
        after = page[-1].place
        seen += [each.story for each in page]

    assert len(seen) == len(set(seen)) == 3
    assert reader.stories.of_day(date(2026, 2, 9), limit=5) == []


def test_the_days_around_are_those_that_have_articles(reader: Reader) -> None:
    assert reader.stories.last_day(DAY) == date(2026, 2, 7)
    assert reader.stories.first_day(DAY) == date(2026, 2, 11)
    assert reader.stories.first_day(date(2026, 2, 11)) is None


def test_what_came_last_is_told_without_its_text(reader: Reader) -> None:
    latest, before = reader.stories.just_in(2)

    assert (latest.title, latest.site, latest.language) == (None, "harbour", "en")
    assert before.title == "Ferry 41 reaches the harbour"
