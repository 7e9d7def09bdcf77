"""Imports, re-extraction and the sweep in parts, by real workers of one PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.cli.running.logs import RUN
from scraper.cli.running.parts import part_of_run
from scraper.config import load_config
from scraper.errors import LeaseLostError
from scraper.jobs.batch import MOST_DEATHS, BatchPart, again, look, put
from scraper.jobs.tick import Tick
from scraper.store import ArticleQuery, open_store
from scraper.store.service.engine import EngineRuns
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import Owner, RunState
from tests.archive.files import one_import, told, write_files
from tests.jobs.crawls import GOOD
from tests.jobs.test_worker import machine
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.system

FILES, PAGES, SHARED = 4, 40, 10
ME = Owner(host="here", boot="b", pid=1, started=2)


@pytest.fixture
def project(postgresql_url: str, tmp_path: Path) -> Path:
    """A project with files of which each holds ten addresses again, changed in every other one."""
    (tmp_path / "scraper.toml").write_text(
        f'store = "{postgresql_url}"\narchive = "archive"\ncontact = "one@home.example"\n'
    )
    write_files(tmp_path / "archive", FILES, PAGES, SHARED)
    return tmp_path


def scraper(project: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command of a person's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    return subprocess.Popen(
        [sys.executable, "-m", "scraper", *arguments],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def done(project: Path, *arguments: str) -> tuple[int, str]:
    """Run a command of a person's; return its exit code and what it printed."""
    with scraper(project, *arguments) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, out


def test_an_import_by_workers_of_which_one_is_killed_stores_what_one_process_does(
    project: Path, postgresql_url: str
) -> None:
    """Takes 20 s: 160 pages are extracted twice, and a worker is dead after three seconds."""
    with (
        ServiceStore(postgresql_url) as ledger,
        machine("one", postgresql_url, project, GOOD) as first,
        machine("two", postgresql_url, project, GOOD),
    ):
        asked = scraper(project, "import", "--queue", "--json", "archive")
        with open_store(postgresql_url) as store:
            wait_for(lambda: any(_parts_of(ledger, "one")) and any(True for _ in store.archived()))
            first.kill()
            out, _ = asked.communicate(timeout=PATIENCE)
            found = told(store)
        lost = [run for run in ledger.runs.find(job="batch") if run.state is RunState.INTERRUPTED]
    assert asked.returncode == 0
    assert lost
    assert found == one_import(project / "archive")
    assert sum(len(revisions) for revisions in found.values()) == FILES * (PAGES - SHARED) + 2 * SHARED
    assert json.loads(out)["stored"] <= len(found)


def _parts_of(ledger: ServiceStore, boot: str) -> list[str]:
    running = ledger.runs.find(job="batch", states=[RunState.RUNNING])
    return [run.site for run in running if run.owner and run.owner.boot == boot]


def test_what_other_rules_made_is_extracted_again_and_swept_by_workers(
    project: Path, postgresql_url: str
) -> None:
    """Takes 15 s: five commands are started."""
    with machine("one", postgresql_url, project, GOOD):
        assert done(project, "import", "--queue", "archive/file0")[0] == 0
        with open_store(postgresql_url) as store:
            before = told(store)
            with store.transaction():
                for stored in store.articles(ArticleQuery()):
                    store.confirm(stored, "rules of old")
            code, out = done(project, "reextract", "--accept", "--queue", "--json")
            assert (code, json.loads(out)["pages"]) == (0, PAGES)
            assert told(store) == before
        assert done(project, "dedup", "sweep", "--queue")[0] == 0
        code, out = done(project, "import", "--queue", "archive/file0")
        assert (code, "files" in out, "responses" in out) == (0, True, False)


@pytest.fixture
def ledger(postgresql_url: str) -> Iterator[ServiceStore]:
    with ServiceStore(postgresql_url, queue=EngineRuns) as opened:
        yield opened


def parts(number: int) -> list[BatchPart]:
    return [BatchPart(name=f"file{each}", command=("import", f"file{each}")) for each in range(number)]


def test_a_part_waits_once_and_is_told_until_it_ended(ledger: ServiceStore) -> None:
    runs, wanted = ledger.runs, parts(3)
    since, keys = runs.now(), {part.key for part in wanted}
    put(runs, wanted)
    put(runs, wanted)
    assert len(runs.find(job="batch")) == 3
    first = runs.claim(["batch"], ME)
    assert first is not None
    assert first.command == ("import", first.site)
    assert look(runs, keys, since).under_way == 1
    runs.end(first, RunState.SUCCEEDED, "done", counts={"stored": 7})
    second, third = (runs.claim(["batch"], ME) for _ in range(2))
    assert second is not None
    assert third is not None
    runs.interrupt(second, "its worker died")
    runs.end(third, RunState.FAILED, "its arguments are wrong")
    found = look(runs, keys, since)
    assert found.left == {(second.site, "")}
    assert found.counts == {"stored": 7}
    assert found.failed == {(third.site, ""): "its arguments are wrong"}


def test_of_many_parts_only_those_that_can_start_soon_have_tasks_and_crawls_go_before(
    ledger: ServiceStore,
) -> None:
    assert isinstance(ledger.runs, EngineRuns)
    put(ledger.runs, parts(20))
    ledger.runs.append(job="hourly", site="paper", after="")
    ledger.runs.hand_on_waiting(["batch", "hourly"], 4)
    ledger.runs.hand_on_waiting(["batch", "hourly"], 4)
    assert len(tasks(ledger)) == 4
    assert tasks(ledger)[0] == "paper "


def tasks(ledger: ServiceStore) -> list[str]:
    """Return the locks of the engine's tasks, in its order."""
    statement = "SELECT lock FROM procrastinate_jobs ORDER BY priority DESC, id"
    return [lock for (lock,) in ledger._database.run(statement)]


@pytest.mark.parametrize(
    ("state", "may_pass", "attempt", "waits", "then"),
    [
        (RunState.INTERRUPTED, True, 1, timedelta(), 1),
        (RunState.INTERRUPTED, True, 9, timedelta(), 1),
        (RunState.INTERRUPTED, False, 1, None, 0),
        (RunState.FAILED, True, 1, timedelta(seconds=30), 2),
        (RunState.FAILED, True, 3, timedelta(minutes=30), 4),
        (RunState.FAILED, True, 4, None, 0),
        (RunState.FAILED, False, 1, None, 0),
        (RunState.SUCCEEDED, False, 1, None, 0),
    ],
)
def test_a_part_goes_on_at_once_where_it_gave_way_and_later_where_it_failed(
    ledger: ServiceStore,
    state: RunState,
    may_pass: bool,  # noqa: FBT001 - a parameter of the test
    attempt: int,
    waits: timedelta | None,
    then: int,
) -> None:
    (part,) = parts(1)
    run = ledger.runs.append(
        job="batch", site=part.name, after="", attempt=attempt, owner=ME, command=part.command
    )
    assert run is not None
    ledger.runs.end(run, state, "", may_pass=may_pass, exit_code=-15)
    (ended,) = ledger.runs.find(job="batch")
    due = again(ended, ledger.runs.now())
    assert (due is None) is (waits is None)
    if due and ended.ended and waits is not None:
        assert (due.at - ended.ended, due.attempt) == (waits, then)


def test_a_part_with_which_five_workers_died_in_a_row_is_given_up_and_told(ledger: ServiceStore) -> None:
    begun = ledger.runs.now()
    (part,) = parts(1)
    put(ledger.runs, [part])
    for death in range(MOST_DEATHS):
        assert look(ledger.runs, {part.key}, begun).left
        run = ledger.runs.claim(["batch"], ME)
        assert run is not None
        assert run.attempt == death + 1
        assert ledger.runs.interrupt(run, "its supervisor died")
        Tick(ledger.runs, [], has_under_way=lambda _: True).look()
    found = look(ledger.runs, {part.key}, begun)
    assert (found.left, found.failed) == (frozenset(), {part.key: "its supervisor died"})


def test_a_part_whose_run_is_anothers_writes_nothing(
    ledger: ServiceStore, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config(None, environ={}, given={"store": postgresql_url})
    run = ledger.runs.append(job="batch", site="file", after="", owner=ME, command=("import", "file"))
    assert run is not None
    monkeypatch.setenv(RUN, run.id)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with open_store(postgresql_url) as store, part_of_run(config, store):
        with store.transaction():
            store.record_import("file", 1)
        (beaten,) = ledger.runs.find(job="batch")
        assert ledger.runs.interrupt(beaten, "it slept")
        with pytest.raises(LeaseLostError), store.transaction():
            store.record_import("file", 2)
        assert store.imported("file") == 1
    with open_store(postgresql_url) as late, pytest.raises(LeaseLostError), part_of_run(config, late):
        pass


def test_without_postgresql_or_the_extra_one_line_says_what_is_needed(
    tmp_path: Path, postgresql_url: str
) -> None:
    for store, path, needed in (
        (f"sqlite:///{tmp_path}/news.db", "", "shares its jobs through PostgreSQL"),
        (postgresql_url, "procrastinate", "pip install 'news-scraper[cluster]'"),
    ):
        program = f"import sys; sys.modules.update(dict.fromkeys({[path]!r})); import scraper.cli; scraper.cli.main()"
        for command in (["import", "--queue", "x.warc.gz"], ["dedup", "sweep", "--queue"]):
            done = subprocess.run(
                [sys.executable, "-c", program, "--store", store, *command],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
            assert needed in done.stderr
