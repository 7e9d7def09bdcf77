"""Relations judged again: copies that slipped through are related, what only a frame joined is freed."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.dedup.decide import decide
from scraper.dedup.shingle import sign
from scraper.model import ArticleId
from scraper.store import open_store
from scraper.store.copies import component, sweep
from scraper.store.copies.batch import judge_file
from scraper.store.copies.component import FREED, MOVED, Move
from scraper.store.copies.sweep import sweep_store
from scraper.store.protocol import address_key
from scraper.store.service.service_store import ServiceStore
from scraper.store.sql.database import Database
from tests.dedup import mixed
from tests.dedup.stories import article, story
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

    from scraper.model import Article

FRAME = story(400, 6)
FIRST = article("https://a.example/1", [*FRAME, *story(1, 2)])
SECOND = article("https://a.example/2", [*FRAME, *story(2, 2)])
"""Two stories of one site, its frame three quarters of each."""
COPY = article("https://b.example/2", [*FRAME[:5], *story(2, 2)])
LONG = [article(f"https://a.example/{n}", [*FRAME[1:5], *story(n, 12)]) for n in (3, 4)]
"""Pages that show what of the frame is no story's own."""


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
    one, two, copy, *_ = ids = saved(database_url, FIRST, SECOND, COPY, *LONG, revised)
    assert targets(database_url, ids) == [None, one, two, None, None, one]
    assert stories(database_url, ids) == [1, 1, 1, 4, 5, 1]
    freed, moved = swept(database_url)
    assert (freed.article_id, freed.kind, freed.to) == (two, FREED, one)
    assert (moved.article_id, moved.kind, moved.to) == (copy, MOVED, two)
    assert targets(database_url, ids) == [None, None, two, None, None, None]
    assert stories(database_url, ids) == [1, 2, 2, 4, 5, 2]
    late = saved(database_url, article("https://c.example/2", story(2, 2)))
    assert stories(database_url, late) == [2]


def test_a_freed_page_is_found_by_each_of_its_words(database_url: str) -> None:
    saved(database_url, FIRST, SECOND, *LONG)
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
    ids = saved(database_url, wire, copy, FIRST, *LONG)
    before = targets(database_url, ids)
    assert before[1] == ids[0]
    assert [change.article_id for change in swept(database_url)] == []
    assert targets(database_url, ids) == before


def test_a_site_is_checked_again_only_after_its_frame_grew(database_url: str) -> None:
    saved(database_url, FIRST, SECOND, *LONG)
    assert len(swept(database_url)) == 1
    assert swept(database_url) == []


def test_a_freed_page_goes_to_the_story_that_it_copies(database_url: str) -> None:
    wire = article("https://wire.example/2", [*story(2, 2), *story(21, 2)])
    frame = story(400, 9)  # so much of the page that it is no round-up
    texts = [[*frame, *story(1, 2)], [*frame, *story(2, 2)]]
    texts += [[*frame[:6], *story(n, 12)] for n in (3, 4)]
    pages = [article(f"https://a.example/{n}", text) for n, text in enumerate(texts)]
    one, origin, two, *_ = ids = saved(database_url, pages[0], wire, *pages[1:])
    assert targets(database_url, ids) == [None, None, one, None, None]
    changed = {change.article_id: (change.kind, change.to) for change in swept(database_url)}
    assert changed[two] == ("syndicated", origin)
    assert targets(database_url, ids)[:3] == [None, None, origin]
    assert stories(database_url, [one, origin, two]) == [1, 2, 2]


def _save_unseen(url: str, made: Article, both_judged: Barrier) -> None:
    """Judge an article, wait until the other process has judged, too, then save."""
    with open_store(url) as store:
        verdict = decide(made, stored=None, index=store.dedup)
        both_judged.wait(PATIENCE)
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


def test_a_round_up_that_came_first_is_no_origin_of_its_stories_any_more(database_url: str) -> None:
    one, two = story(1), story(2)
    roundup = article("https://r.example/1", [*one[:4], *two[:5]])
    pages = [
        article(f"https://{site}.example/1", text) for site, text in (("a", one), ("b", two), ("c", two))
    ]
    first, *ids = saved(database_url, roundup, *pages)
    assert first in targets(database_url, ids)
    swept(database_url)
    assert targets(database_url, [first, *ids]) == [None, None, None, ids[1]]
    with open_store(database_url) as store:
        links = {edge.relation.to for edge in store.edges(first) if edge.source == first}
    assert links == set(ids[:2])


def test_a_story_that_comes_after_a_part_of_it_shows_what_is_a_round_up(database_url: str) -> None:
    one, two = story(1, 10), story(2, 4)
    texts = {"r": [*one[:3], *two[:3], *story(3, 3)], "b": two, "c": two[:3]}
    first, *ids = saved(
        database_url, *(article(f"https://{site}.example/", text) for site, text in texts.items())
    )
    swept(database_url)
    assert targets(database_url, [first, *ids]) == [None, first, ids[0]]
    (late,) = saved(database_url, article("https://d.example/", one))
    swept(database_url)
    assert targets(database_url, [first, *ids, late]) == [None, None, ids[0], None]
    with open_store(database_url) as store:
        links = {edge.relation.to for edge in store.edges(first) if edge.source == first}
    assert links == {ids[1], late}


def partition(url: str, ids: Mapping[ArticleId, str]) -> set[frozenset[str]]:
    """The names of the articles of each story."""
    found: dict[int, set[str]] = {}
    for number, key in zip(stories(url, list(ids)), ids, strict=True):
        found.setdefault(number, set()).add(ids[key])
    return {frozenset(names) for names in found.values()}


def judged(folder: Path, records: Sequence[dict[str, str]]) -> set[frozenset[str]]:
    """The names of the articles of each story, as a batch finds them."""
    folder.mkdir(exist_ok=True)
    manifest, out = folder / "m.jsonl", folder / "out.jsonl"
    manifest.write_text("".join(json.dumps(record) + "\n" for record in records))
    judge_file(manifest, out, folder / "work", complain=print, advance=lambda _: None)
    joined: dict[str, set[str]] = {}
    for line in map(json.loads, out.read_text().splitlines()):
        own = joined.setdefault(line["id"], {line["id"]})
        if line["relation"]:
            own |= joined[line["relation"]["to"]]
            joined.update(dict.fromkeys(own, own))
    return {frozenset(names) for names in joined.values()}


def crawled(url: str, records: Sequence[dict[str, str]], *, sweep_each: int = 0) -> dict[ArticleId, str]:
    """Store the records in their order, with a sweep now and then; return the names of the articles."""
    ids: dict[ArticleId, str] = {}
    for number, record in enumerate(records, start=1):
        (key,) = saved(url, article(record["url"], record["body"]))
        ids[key] = record["id"]
        if sweep_each and not number % sweep_each:
            swept(url)
    return ids


@pytest.mark.parametrize("seed", range(1, 5))
def test_crawls_in_any_order_and_sweeps_make_the_stories_of_a_batch(tmp_path: Path, seed: int) -> None:
    records = [row for row in mixed.records(seed, 50, sites=200) if row["url"].endswith(row["id"][1:])]
    expected = judged(tmp_path, records)
    assert any(len(names) > 2 for names in expected)
    for turn, sweep_each in enumerate((0, 20)):
        url = f"sqlite:///{tmp_path}/{turn}.db"
        ids = crawled(url, records, sweep_each=sweep_each)
        swept(url)
        assert partition(url, ids) == expected
        assert swept(url) == []
        random.Random(seed).shuffle(records)


def framed(seed: int, count: int = 14, *, size: int = 7) -> list[dict[str, str]]:
    """Pages of three sites in one frame, a box amid the text, in any order; some of their stories elsewhere."""
    dice = random.Random(seed)
    frame = story(400 + seed, size)
    texts = [story(1000 * seed + number, 2 + number % 2) for number in range(count)]
    pages = [
        (
            f"https://{'abc'[number % 3]}.example/{number}",
            [*frame[:-2], text[0], frame[-2], *text[1:], frame[-1]],
        )
        for number, text in enumerate(texts)
    ]
    pages += [(f"https://d.example/{number}", texts[number]) for number in range(1, count, 4)]
    dice.shuffle(pages)
    return [
        {"id": f"r{url}", "url": url, "site": url.split("/")[2], "body": "\n".join(body)}
        for url, body in pages
    ]


@pytest.mark.parametrize("size", [3, 7])
def test_pages_that_only_the_frame_of_a_group_of_sites_joins_are_freed(
    database_url: str, tmp_path: Path, size: int
) -> None:
    records = framed(1, size=size)
    expected = judged(tmp_path, records)
    assert sorted(map(len, expected)) == [1] * 10 + [2] * 4
    ids = crawled(database_url, records)
    assert max(map(len, partition(database_url, ids))) > 4
    assert swept(database_url)
    assert partition(database_url, ids) == expected
    assert swept(database_url) == []
    more = [row for row in framed(1, 24, size=size) if row["id"] not in ids.values()]
    ids |= crawled(database_url, more)
    assert partition(database_url, ids) == judged(tmp_path / "more", [*records, *more])
    assert swept(database_url) == []


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_frame_is_told_in_any_order_and_however_often_there_is_a_sweep(tmp_path: Path, seed: int) -> None:
    records = framed(seed, 20, size=2 + seed)
    expected = judged(tmp_path, records)
    for turn, sweep_each in enumerate((0, 3, 10)):
        url = f"sqlite:///{tmp_path}/{turn}.db"
        ids = crawled(url, records, sweep_each=sweep_each)
        swept(url)
        assert partition(url, ids) == expected
        assert swept(url) == []
        random.Random(seed + turn).shuffle(records)


def test_a_sweep_that_reads_a_few_texts_at_a_time_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component, "TEXTS_READ", 7)
    monkeypatch.setattr(sweep, "TEXTS_AT_ONCE", 5)
    records = framed(5, 30)
    url = f"sqlite:///{tmp_path}/few.db"
    ids = crawled(url, records)
    swept(url)
    assert partition(url, ids) == judged(tmp_path, records)
    assert swept(url) == []


def _sweep_until(url: str, commits: int) -> None:
    """Sweep in small steps; die before so many commits are done."""
    sweep.TEXTS_AT_ONCE = 7
    done = count()
    begun = Database.__init__

    def begin(database: Database, address: str) -> None:
        begun(database, address)
        database.before_commit(
            lambda: os.kill(os.getpid(), signal.SIGKILL) if next(done) == commits else None
        )

    Database.__init__ = begin  # type: ignore[method-assign, assignment]
    sweep_store(url, lambda _: None)


def test_a_sweep_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    records = [row for row in mixed.records(3, 50) if row["url"].endswith(row["id"][1:])]
    whole, broken = (f"sqlite:///{tmp_path}/{name}.db" for name in ("whole", "broken"))
    ids = crawled(whole, records)
    (tmp_path / "broken.db").write_bytes((tmp_path / "whole.db").read_bytes())
    swept(whole)
    context = multiprocessing.get_context("spawn")
    codes = []
    for commits in (0, 1, 2, 3, 5, 100):
        process = context.Process(target=_sweep_until, args=(broken, commits))
        process.start()
        process.join()
        codes.append(process.exitcode)
    assert codes[:3] == [-signal.SIGKILL] * 3
    assert codes[-1] == 0
    assert partition(broken, ids) == partition(whole, ids)
    assert targets(broken, list(ids)) == targets(whole, list(ids))


def test_what_is_left_of_a_story_after_an_article_was_forgotten_is_swept_again(database_url: str) -> None:
    text = story(1)
    pages = [
        article(f"https://{site}.example/1", text[:size]) for site, size in (("a", 8), ("b", 8), ("c", 6))
    ]
    first, equal, cut = saved(database_url, *pages)
    with open_store(database_url) as store:
        store.retract(first)
    (change,) = swept(database_url)
    assert (change.article_id, change.kind, change.to) == (cut, "syndicated", equal)
    assert stories(database_url, [equal, cut]) == [2, 2]


def test_what_a_sweep_joins_or_frees_is_in_the_change_feed(database_url: str) -> None:
    _, two, copy, *_ = saved(database_url, FIRST, SECOND, COPY, *LONG)
    with ServiceStore(database_url) as ledger:
        before = ledger.changes.last()
        swept(database_url)
        told = {change.article_id: change for change in ledger.changes.after(before)}
        assert list(ledger.changes.after(ledger.changes.last())) == []
    assert {key: change.event.value for key, change in told.items()} == {two: "merged", copy: "merged"}
    assert [
        change.stored.relation.to for change in told.values() if change.stored and change.stored.relation
    ] == [two]
