from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.dedup.decide import decide
from scraper.store import Fetch, Outcome, open_store
from tests.store.values import article, full_article, minutes, verdict

if TYPE_CHECKING:
    from scraper.store import Store

BODY = "\n".join(
    f"On pier {number} the crew of boat {7 * number} waited for the tide, said the master of the harbour,"
    f" who had closed lock {3 * number} and seen {13 * number} storms."
    for number in range(1, 12)
)


def queried(url: str, query: str) -> list[dict[str, Any]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(sa.text(query))]


def saved(store: Store, *numbers: int) -> list[str]:
    """Save articles of one text; return their ids."""
    found = []
    for number in numbers:
        made = replace(article(number, site=f"site{number}"), body=BODY)
        found.append(store.save(decide(made, stored=None, index=store.dedup)))
    return [str(key) for key in found]


def test_current_articles_are_a_row_each_with_moments_and_the_strings_as_printed(database_url: str) -> None:
    with open_store(database_url) as store, store.transaction():
        store.save(verdict(full_article()))
        store.save(verdict(article(2, published=None)))
    dated, undated = queried(database_url, "SELECT * FROM articles_current ORDER BY published IS NULL")
    assert (dated["title"], dated["site"]) == (full_article().title, full_article().site)
    assert dated["published"] == full_article().published
    assert str(dated["published_at"])[:10] == (full_article().published or "")[:10]
    assert json.loads(dated["authors"]) == list(full_article().authors)
    assert (dated["revision"], dated["characters"]) == (1, len(full_article().body))
    assert (undated["published"], undated["published_at"]) == (None, None)
    assert undated["first_seen"] is not None


def test_a_story_is_a_row_that_counts_its_articles_and_sites(database_url: str) -> None:
    with open_store(database_url) as store, store.transaction():
        first, _, _ = saved(store, 11, 12, 13)
        alone = store.save(verdict(full_article()))
    found = {row["first_id"]: row for row in queried(database_url, "SELECT * FROM stories")}
    assert set(found) == {first, alone}
    assert (found[first]["articles"], found[first]["sites"], found[first]["first_site"]) == (3, 3, "site11")
    assert found[alone]["articles"] == 1
    listed = queried(
        database_url, f"SELECT site FROM articles_current WHERE story = {found[first]['story']} ORDER BY site"
    )
    assert [row["site"] for row in listed] == ["site11", "site12", "site13"]


def test_coverage_is_a_row_a_site_and_day(database_url: str) -> None:
    ends = [
        Outcome.STORED,
        Outcome.STORED,
        Outcome.REVISED,
        Outcome.UNCHANGED,
        Outcome.REJECTED,
        Outcome.FAILED,
    ]
    with open_store(database_url) as store, store.transaction():
        for number, outcome in enumerate(ends):
            url = f"https://news.example/{number}"
            store.announce("harbour", "feed", {url: url}, minutes(number))
            store.record_fetch(
                Fetch(url=url, site="harbour", fetched_at=minutes(number), outcome=outcome, reason="x")
            )
    (row,) = queried(database_url, "SELECT * FROM coverage_daily")
    assert str(row.pop("day")) == minutes(0).date().isoformat()
    assert row == {
        "site": "harbour", "announced": 6, "fetched": 5, "stored": 2, "revised": 1, "unchanged": 1,
        "rejected": 1, "quarantined": 0, "failed": 1,
    }  # fmt: skip
