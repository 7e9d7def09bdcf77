"""The plugin in a project of somebody else, run in a process of its own as there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

SENTENCES = "The council closed the old bridge on Monday, said the mayor of Aville. " * 4


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A Scrapy project with a spider, a fixture and a test of its own."""
    pytester.makefile(".cfg", scrapy="[settings]\ndefault = theirs.settings\n")
    pytester.makepyfile(**{
        "theirs/__init__": "",
        "theirs/settings": "SPIDER_MODULES = ['theirs.spiders']",
        "theirs/spiders/__init__": "",
        "theirs/spiders/examiner": """
            from scraper.crawl.spider import NewsSpider
            from scraper.model import Site

            class Examiner(NewsSpider):
                site = Site(name="examiner", publisher="The Examiner", domains=("examiner.example",))
        """,
        "test_theirs": "def test_theirs(): pass",
    })  # fmt: skip
    keep(pytester.path / "pages" / "examiner" / "bridge")
    return pytester


def keep(folder: Path, **meta: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = f"<html lang='en'><title>Bridge closes</title><h1>Bridge closes</h1><article><p>{SENTENCES}</p></article>"
    truth = {"kind": "article", "title": "Bridge closes", "publisher": "The Examiner"}
    told = {"url": "https://examiner.example/bridge-closes-1", "status": 200, "headers": {}, **meta}
    (folder / "page.html").write_text(page)
    (folder / "meta.json").write_text(json.dumps(told | {"fetched_at": "2031-05-02T08:00:00Z"}))
    (folder / "article.json").write_text(json.dumps(truth))


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider", *arguments)


def test_each_field_of_a_fixture_is_a_test_beside_the_projects_own(project: pytest.Pytester) -> None:
    done = run(project, "--news-fixtures", "pages", "-v")

    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(["*pages/examiner/bridge/article.json::publisher PASSED*"])


def test_a_failure_names_the_field_and_shows_what_differs(project: pytest.Pytester) -> None:
    truth = project.path / "pages" / "examiner" / "bridge" / "article.json"
    truth.write_text(truth.read_text().replace("Bridge closes", "Bridge opens"))
    done = run(project, "--news-fixtures", "pages", "pages/examiner/bridge/article.json::title")

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*examiner/bridge/title*", "  - 'Bridge opens'", "  + 'Bridge closes'"])


def test_what_is_known_to_be_wrong_is_expected_until_it_is_right(project: pytest.Pytester) -> None:
    keep(project.path / "pages" / "examiner" / "bridge", wrong_today=["title"])
    done = run(project, "--news-fixtures", "pages", "-k", "title")

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*XPASS(strict)*"])


def test_without_the_option_nothing_is_collected(project: pytest.Pytester) -> None:
    run(project).assert_outcomes(passed=1)


def test_a_folder_that_is_none_is_named(project: pytest.Pytester) -> None:
    done = run(project, "--news-fixtures", "nowhere")

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--news-fixtures nowhere: there is no such folder*"])
