from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.archive.warc import ArchiveWriter
from scraper.store import Fetch, Outcome, open_store
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Alarm
from tests.archive.captures import capture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from scraper.model import ArticleId, Pointer


def archived(number: int) -> Pointer:
    """Archive a page in a file of its own and write its fetch to news.db."""
    made = capture(number)
    with ArchiveWriter("archive", "harbour") as writer:
        pointer = writer.write(made)
    fetch = Fetch(
        url=made.url,
        site="harbour",
        fetched_at=made.fetched_at,
        outcome=Outcome.STORED,
        archived=(pointer,),
    )
    with open_store("sqlite:///news.db") as store:
        store.record_fetch(fetch)
    return pointer


def test_a_whole_archive_is_verified(news: ArticleId, run: Callable[..., Result]) -> None:
    archived(1)
    archived(2)
    done = run("archive", "verify")

    assert done.exit_code == 0
    assert "2 files, 6 whole records, 0 torn, 0 damaged; 2 pages of the database, 0 of them" in done.output


def test_a_page_that_is_gone_and_a_torn_end_are_told(
    news: ArticleId, run: Callable[..., Result], tmp_path: Path
) -> None:
    gone, torn = archived(1), archived(2)
    (tmp_path / "archive" / gone.file).unlink()
    path = tmp_path / "archive" / torn.file
    path.write_bytes(path.read_bytes()[:-9])
    done = run("archive", "verify")

    assert done.exit_code == 1
    assert f"{torn.file}: at byte" in done.output
    assert "1 files, 2 whole records, 1 torn, 0 damaged; 2 pages of the database, 1 of them" in done.output


def test_the_example_of_an_open_alarm_is_kept_until_it_closes(
    news: ArticleId, run: Callable[..., Result], tmp_path: Path
) -> None:
    page = archived(1)
    now = datetime(2031, 5, 2, tzinfo=UTC)
    alarm = Alarm(
        site="harbour",
        signs=("author",),
        since=now,
        opened=now,
        cause="layout changed",
        message="",
        example=capture(1).url,
    )
    with ServiceStore("sqlite:///news.db") as ledger:
        ledger.alarms.save(alarm, [], now)
        assert "0 files removed" in run("archive", "prune", "--older-than", "2031-05-20").output
        assert (tmp_path / "archive" / page.file).exists()
        ledger.alarms.save(dataclasses.replace(alarm, id=1, closed=now), [], now)
        assert "1 files removed" in run("archive", "prune", "--older-than", "2031-05-20").output


def test_pruning_removes_old_files_and_says_what_is_lost(
    news: ArticleId, run: Callable[..., Result], tmp_path: Path
) -> None:
    old, kept = archived(1), archived(60 * 24 * 30)
    assert "0 files removed" in run("archive", "prune", "--older-than", "2031-05-01").output
    # the file's own first record says when it was begun: today, before the captures of these tests
    done = run("archive", "prune", "--older-than", "2031-05-20")

    assert "1 files removed" in done.output
    assert "harbour: 1 fetched pages can no longer be extracted again" in done.output
    assert not (tmp_path / "archive" / old.file).exists()
    assert (tmp_path / "archive" / kept.file).exists()
    assert run("archive", "verify").exit_code == 0
