"""Relations judged again: copies that slipped through are related, what only a frame joined is freed."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.dedup.decide import decide
from scraper.dedup.shingle import sign
from scraper.model import ArticleId
from scraper.store import open_store
from scraper.store.copies.sweep import FREED, Move, sweep_store
from scraper.store.protocol import address_key
from tests.dedup.stories import article, story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.synchronize import Barrier

    from scraper.model import Article

FRAME = story(400, 6)
FIRST = article("https://a.example/1", [*FRAME, *story(1, 2)])
SECOND = article("https://a.example/2", [*FRAME, *story(2, 2)])
"""Two stories of one site, its frame three quarters of each."""
COPY = article("https://b.example/2", [*FRAME[:5], *story(2, 2)])
LONG = article("https://a.example/3", [*FRAME[1:5], *story(3, 12)])
"""A page that shows what of the frame is no story's own."""


def saved(url: str, *articles: Article) -> list[ArticleId]:
    with open_store(url) as store:
        return [
            store.save(
                decide(made, stored=store.find(made.canonical_url or ""), index=store.dedup),
            )
            for made in articles
        ]


def targets(url: str, ids: Sequence[ArticleId]) -> list[ArticleId | None]:
    """What each article comes from, in its first revision."""
    with open_store(url) as store:
        first = [store.revisions(key)[0] for key in ids]
        return [stored.relation.to if stored.relation else None for stored in first]


def stories(url: str, ids: Sequence[ArticleId]) -> list[int]:
    with open_store(url) as store:
        return [store.dedup.story(key) for key in ids]


def swept(url: str) -> Sequence[Move]:
    return sweep_store(url, lambda _: None)


def test_a_page_that_only_its_frame_joined_is_freed_with_all_that_came_from_it(database_url: str) -> None:
    revised = replace(SECOND, body=SECOND.body + "\nCorrected on Friday.")
    one, two, copy, long, _ = ids = saved(database_url, FIRST, SECOND, COPY, LONG, revised)
    assert targets(database_url, ids) == [None, one, two, None, one]
    assert stories(database_url, ids) == [1, 1, 1, 4, 1]
    (change,) = swept(database_url)
    assert (change.article_id, change.kind, change.to) == (two, FREED, one)
    assert targets(database_url, ids) == [None, None, two, None, None]
    assert stories(database_url, [one, two, copy, long]) == [1, 2, 2, 4]
    late = saved(database_url, article("https://c.example/2", story(2, 2)))
    assert stories(database_url, late) == [2]


def test_a_freed_page_is_found_by_each_of_its_words(database_url: str) -> None:
    saved(database_url, FIRST, SECOND, LONG)
    swept(database_url)
    with open_store(database_url) as store:
        keys = store.dedup.words(sign(SECOND.body)).keys
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = connection.scalars(sa.text("SELECT key FROM shingles WHERE document = 2")).all()
    assert set(keys) <= set(found)


def test_a_true_copy_on_a_site_whose_frame_became_known_stays(database_url: str) -> None:
    wire = article("https://wire.example/1", story(5, 8))
    copy = article("https://a.example/9", [*FRAME[:2], *story(5, 8)])
    ids = saved(database_url, wire, copy, FIRST, LONG)
    before = targets(database_url, ids)
    assert before[1] == ids[0]
    assert [change.article_id for change in swept(database_url)] == []
    assert targets(database_url, ids) == before


def test_a_site_is_checked_again_only_after_its_frame_grew(database_url: str) -> None:
    saved(database_url, FIRST, SECOND, LONG)
    assert len(swept(database_url)) == 1
    assert swept(database_url) == []


def test_a_freed_page_goes_to_the_story_that_it_copies(database_url: str) -> None:
    wire = article("https://wire.example/2", [*story(2, 2), *story(21, 2)])
    frame = story(400, 9)  # so much of the page that it is no round-up
    pages = [
        article(f"https://a.example/{n}", text)
        for n, text in enumerate(
            ([*frame, *story(1, 2)], [*frame, *story(2, 2)], [*frame[:6], *story(3, 12)])
        )
    ]
    one, origin, two, _ = ids = saved(database_url, pages[0], wire, *pages[1:])
    assert targets(database_url, ids) == [None, None, one, None]
    (change,) = swept(database_url)
    assert (change.article_id, change.kind, change.to) == (two, "syndicated", origin)
    assert targets(database_url, ids) == [None, None, origin, None]
    assert stories(database_url, [one, origin, two]) == [1, 2, 2]


def _save_unseen(url: str, made: Article, both_judged: Barrier) -> None:
    """Judge an article, wait until the other process has judged, too, then save."""
    with open_store(url) as store:
        verdict = decide(made, stored=None, index=store.dedup)
        both_judged.wait(60)
        store.save(verdict)


def test_two_processes_that_both_called_a_copy_new_are_found_out(database_url: str) -> None:
    with open_store(database_url):
        pass
    context = multiprocessing.get_context("spawn")
    both_judged = context.Barrier(2)
    made = [article("https://a.example/1", story(1)), article("https://b.example/1", story(1)[:6])]
    processes = [context.Process(target=_save_unseen, args=(database_url, one, both_judged)) for one in made]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    ids = [ArticleId(address_key(one.url or "")) for one in made]
    assert targets(database_url, ids) == [None, None]
    (change,) = swept(database_url)
    assert (change.kind, {change.article_id, change.to}) == ("syndicated", set(ids))
    assert len(set(stories(database_url, ids))) == 1
    assert swept(database_url) == []
