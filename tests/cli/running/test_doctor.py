from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.warc import ArchiveWriter
from scraper.cli.running.doctor import State, check_browser, check_kernel, check_space, check_versions
from scraper.store.sql.migrations import TABLES_VERSION
from tests.archive.captures import capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


def found(result: Result) -> dict[str, tuple[str, str]]:
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return {row["subject"]: (row["state"], row["found"]) for row in reversed(rows)}


def test_where_all_is_well_it_says_so_and_ends_with_0(news: str, run: Callable[..., Result]) -> None:
    Path("scraper.toml").write_text('contact = "me@home.example"\n[jobs.france24]\nevery = "30m"\n')
    done = run("doctor")
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert all(line.startswith("ok\t") for line in lines), lines
    assert f"ok\tdatabase\tnews.db: tables of version {TABLES_VERSION}, whole, can be written" in lines
    assert any("scraper.toml: contact, jobs" in line and "1 jobs" in line for line in lines)
    assert any(line.startswith("ok\tversions\tPython ") and "lxml " in line for line in lines)
    assert sorted(path.name for path in Path().iterdir()) == ["news.db", "scraper.toml"]


def test_a_fresh_folder_is_only_warned_about_and_stays_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Result]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("doctor", "--json")
    checks = found(done)
    assert done.exit_code == 0
    assert checks["database"] == ("warning", "news.db has no tables yet: the first crawl makes them")
    assert checks["contact"][0] == "warning"
    assert "set contact" in checks["contact"][1]
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_and_a_later_one_are_problems(news: str, run: Callable[..., Result]) -> None:
    Path("bad.db").write_bytes(b"no tables" * 900)
    done = run("--store", "sqlite:///bad.db", "doctor", "--json")
    assert done.exit_code == 1
    assert found(done)["database"][0] == "problem"
    assert "restore a backup" in found(done)["database"][1]


def test_articles_that_no_search_finds_are_told_with_what_adds_them(
    news: str, run: Callable[..., Result]
) -> None:
    with closing(sqlite3.connect("news.db")) as database, database:
        database.execute("DELETE FROM search_entries")
        database.execute("UPDATE search_state SET unread = (SELECT max(row) FROM revisions)")
    state, said = found(run("doctor", "--json"))["search"]
    assert state == "warning"
    assert "scraper reindex" in said
    assert run("reindex").exit_code == 0
    assert "search" not in found(run("doctor", "--json"))


def test_an_unknown_key_is_a_problem_and_the_rest_is_still_checked(
    news: str, run: Callable[..., Result]
) -> None:
    Path("scraper.toml").write_text('stroe = "sqlite:///x.db"\n')
    done = run("doctor", "--json")
    assert done.exit_code == 1
    state, said = found(done)["configuration"]
    assert (state, "unknown key stroe; there are store" in said) == ("problem", True)
    assert found(done)["versions"][0] == "ok"


def test_a_wrong_job_is_a_problem_and_an_unread_variable_a_warning(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRAPER_STROE", "x")
    done = run("doctor", "--json")
    assert '"warning", "found": "SCRAPER_STROE in the environment: nothing reads that"' in done.stdout
    Path("scraper.toml").write_text('[jobs.france24]\nevry = "30m"\n')
    done = run("doctor", "--json")
    assert done.exit_code == 1
    assert "unknown key evry" in found(done)["configuration"][1]


def test_a_torn_file_of_the_archive_is_a_warning_and_a_place_that_cannot_be_written_a_problem(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter("archive", "harbour") as writer:
        names = [writer.write(capture(number)).file for number in range(3)]
    assert found(run("doctor", "--json"))["archive"] == ("ok", "archive: 1 files, can be written")
    torn = Path("archive", names[-1])
    torn.write_bytes(torn.read_bytes()[:-20])
    state, said = found(run("doctor", "--json"))["archive"]
    assert (state, names[-1] in said) == ("warning", True)
    monkeypatch.setenv("SCRAPER_ARCHIVE", "/proc/archive")
    done = run("doctor", "--json")
    assert (done.exit_code, found(done)["archive"][0]) == (1, "problem")
    assert "free space or check permissions" in found(done)["archive"][1]


def test_no_password_is_shown(news: str, run: Callable[..., Result]) -> None:
    done = run("--store", "postgresql://me:hush@127.0.0.1:1/news", "doctor")
    assert done.exit_code == 1
    assert "hush" not in done.stdout
    assert "no server answers there" in done.stdout


@pytest.mark.parametrize(
    ("version", "states"),
    [
        ("6.0.9", [State.PROBLEM, State.OK]),
        ("6.1.0", [State.OK]),
        ("7.0b1", [State.OK]),
    ],
)
def test_a_version_with_known_faults_is_a_problem(version: str, states: list[State]) -> None:
    checks = check_versions(["lxml>=6.1", 'pyarrow>=6; extra == "parquet"'], lambda _: version)
    assert [check.state for check in checks] == states


def test_a_package_that_is_missing_is_a_problem_unless_it_is_an_extra() -> None:
    def installed(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    checks = list(check_versions(["lxml>=6.1", 'pyarrow>=26; extra == "parquet"'], installed))
    assert [(check.state, "pyarrow" in check.found) for check in checks] == [
        (State.PROBLEM, False),
        (State.OK, False),
    ]


@pytest.mark.parametrize(
    ("free", "state"), [(10**8 - 1, State.PROBLEM), (10**9 - 1, State.WARNING), (10**9, State.OK)]
)
def test_little_space_is_told_before_there_is_none(free: int, state: State) -> None:
    assert check_space(Path("archive"), free).state is state


def test_a_site_that_needs_a_browser_has_a_problem_without_one() -> None:
    assert check_browser(None, ["gazette"]).state is State.PROBLEM
    assert "gazette cannot be crawled" in check_browser(None, ["gazette"]).found
    assert "apt-get install chromium" in check_browser(None, ["gazette"]).found
    assert check_browser(None, []).state is State.OK
    assert check_browser("/usr/bin/chromium", ["gazette"]).found == "/usr/bin/chromium"


def test_which_kernel_finds_copies_is_told_with_what_makes_the_quicker_one() -> None:
    compiled, plain = (check_kernel(is_compiled=each) for each in (True, False))
    assert {compiled.state, plain.state} == {State.OK}
    assert ("compiled" in compiled.found, "python3-dev" in plain.found) == (True, True)
