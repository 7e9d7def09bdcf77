from __future__ import annotations

from contextlib import suppress
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from scraper.errors import InputError
from scraper.store.service.front_desk import FrontDesk
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import BATCH_RUNS, Owner, RunState
from scraper.store.service.wishes import WishKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.store.service.wishes import Wishes

ME = Owner(host="here", boot="b", pid=1, started=2)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/news.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def wishes(url: str) -> Iterator[Wishes]:
    with FrontDesk(url) as desk:
        yield desk.wishes


@pytest.fixture
def ledger(url: str) -> Iterator[ServiceStore]:
    with ServiceStore(url) as opened:
        yield opened


def test_a_crawl_that_is_wished_waits_as_a_run_of_its_job_which_one_of_all_takes(
    wishes: Wishes, ledger: ServiceStore
) -> None:
    wish = wishes.crawl("ana", "hourly", "paper")
    (run,) = ledger.runs.find()

    assert (run.id, run.job, run.site, run.state) == (*wish.runs, "hourly", "paper", RunState.QUEUED)
    assert (wish.account, wish.kind, wish.subject) == ("ana", WishKind.CRAWL, "paper")
    taken = [ledger.runs.claim(["hourly"], ME) for _ in range(2)]
    assert [each and each.id for each in taken] == [run.id, None]


def test_each_shard_of_a_site_that_is_split_has_a_run(wishes: Wishes, ledger: ServiceStore) -> None:
    wish = wishes.crawl("", "hourly", "paper", ("1/2", "2/2"))

    assert {run.shard for run in ledger.runs.find()} == {"1/2", "2/2"}
    assert len(wish.runs) == 2


def test_what_cannot_be_done_now_is_refused_with_the_reason_and_is_no_wish(
    wishes: Wishes, ledger: ServiceStore
) -> None:
    wishes.crawl("", "hourly", "paper")
    with pytest.raises(InputError, match="queued or under way already"):
        wishes.crawl("", "hourly", "paper")
    wishes.pause("", "gazette")
    with pytest.raises(InputError, match="gazette is paused: resume it first"):
        wishes.crawl("", "hourly", "gazette")
    with pytest.raises(InputError, match="paper is not paused"):
        wishes.resume("", "paper")
    with pytest.raises(InputError, match="neither queued nor under way"):
        wishes.cancel("", "20310502T120000-3f9a1c")

    assert [wish.kind for wish in wishes.find(limit=9)] == [WishKind.PAUSE, WishKind.CRAWL]
    assert len(ledger.runs.find()) == 1


def test_a_pause_and_its_end_hold_at_once(wishes: Wishes, ledger: ServiceStore) -> None:
    wishes.pause("ana", "paper")
    assert [*ledger.runs.paused()] == ["paper"]
    wishes.resume("bo", "paper")
    assert not ledger.runs.paused()
    assert [(wish.account, wish.kind) for wish in wishes.find(limit=9)] == [
        ("bo", WishKind.RESUME),
        ("ana", WishKind.PAUSE),
    ]


def test_a_queued_run_is_taken_back_and_a_running_one_is_asked_to_end(
    wishes: Wishes, ledger: ServiceStore
) -> None:
    queued = wishes.crawl("", "hourly", "paper").runs[0]
    assert wishes.cancel("", queued).outcome == "it is taken back"
    wishes.crawl("", "hourly", "gazette")
    running = ledger.runs.claim(["hourly"], ME)
    assert running is not None
    assert wishes.cancel("", running.id).outcome == "it is asked to end"
    found = ledger.runs.by_id(running.id)
    assert found is not None
    assert found.cancelled


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        (WishKind.BACKFILL, ("backfill", "--site=--paper")),
        (WishKind.REJUDGE, ("quarantine", "retry", "--site=--paper")),
        (WishKind.REEXTRACT, ("reextract", "--accept", "--site=--paper")),
    ],
)
def test_a_command_waits_once_with_its_site_as_a_value_whatever_it_is_called(
    wishes: Wishes, ledger: ServiceStore, kind: WishKind, command: tuple[str, ...]
) -> None:
    wish = getattr(wishes, kind)("ana", "--paper")
    with pytest.raises(InputError, match="already for --paper"):
        getattr(wishes, kind)("bo", "--paper")
    (run,) = ledger.runs.find(job=BATCH_RUNS)

    assert (run.command, wish.runs) == (command, (run.id,))


def test_of_many_who_wish_for_the_same_at_once_one_is_heard(url: str, ledger: ServiceStore) -> None:
    together, heard = Barrier(4), []

    def ask() -> None:
        with FrontDesk(url) as desk:
            together.wait()
            with suppress(InputError):
                heard.append(desk.wishes.crawl("", "hourly", "paper"))

    askers = [Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert [wish.runs for wish in heard] == [(run.id,) for run in ledger.runs.find()]
    assert len(heard) == 1


def test_wishes_are_listed_page_by_page(wishes: Wishes) -> None:
    made = [wishes.pause("", f"paper{number}") for number in range(5)]
    first = wishes.find(limit=2)

    assert [wish.id for wish in first] == [made[4].id, made[3].id]
    assert [wish.subject for wish in wishes.find(before=first[-1].id, limit=2)] == ["paper2", "paper1"]
    assert wishes.by_id(made[0].id) == made[0]
    assert wishes.by_id(10**9) is None
