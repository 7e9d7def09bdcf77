from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.cli.crawling.init import FILES
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_project_is_written_and_the_next_steps_are_told(run: Callable[..., Result]) -> None:
    done = run("init", "news")

    assert done.exit_code == 0
    assert {str(file.relative_to("news")) for file in Path("news").rglob("*") if file.is_file()} == set(FILES)
    assert "1. cd news" in done.output


def test_in_the_working_directory_no_folder_is_to_be_entered(run: Callable[..., Result]) -> None:
    done = run("init")

    assert Path("scrapy.cfg").is_file()
    assert "cd " not in done.output


def test_a_file_that_is_there_stays(run: Callable[..., Result]) -> None:
    Path("scraper.toml").write_text('contact = "desk@paper.example"\n')
    done = run("init")

    assert "left as it is: scraper.toml" in done.output
    assert Path("scraper.toml").read_text() == 'contact = "desk@paper.example"\n'


def test_a_project_that_is_there_is_not_made_again(run: Callable[..., Result]) -> None:
    Path("scrapy.cfg").write_text("[settings]\ndefault = paper.settings\n")
    with pytest.raises(InputError, match="there is a project already"):
        run("init")
    assert [file.name for file in Path().iterdir()] == ["scrapy.cfg"]


def test_a_place_that_cannot_be_written_is_named(run: Callable[..., Result]) -> None:
    Path("news").write_text("a file")
    with pytest.raises(InputError, match=r"news/scrapy\.cfg cannot be written"):
        run("init", "news")


@pytest.mark.system
def test_its_own_tests_pass(run: Callable[..., Result]) -> None:
    run("init")
    Path("spiders/gazette.py").write_text("from scraper.crawl.spider import NewsSpider\n")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
