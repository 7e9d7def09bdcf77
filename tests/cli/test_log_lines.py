from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.cli.log_lines import plain_handler
from scraper.fixtures.cases import ReplyAddress
from tests.crawl.site import path, serving, site
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.fixtures.cases import Reply


@pytest.mark.parametrize(("level", "heard"), [("INFO", ["ours", "theirs at fault"]), ("DEBUG", ["theirs", "ours", "theirs at fault"])])  # fmt: skip
def test_libraries_are_heard_where_something_is_wrong_with_them(
    capsys: pytest.CaptureFixture[str], level: str, heard: list[str]
) -> None:
    handler = plain_handler(level, "%(message)s")
    for name, number, text in (
        ("scrapy.middleware", logging.INFO, "theirs"),
        ("news", logging.INFO, "ours"),
        ("scrapy.core.scraper", logging.ERROR, "theirs at fault"),
    ):
        record = logging.LogRecord(name, number, __file__, 1, text, (), None)
        if record.levelno >= handler.level and handler.filter(record):
            handler.emit(record)
    assert capsys.readouterr().err.splitlines() == heard


def called(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    return subprocess.run(
        [sys.executable, "-m", "scraper", *arguments],
        cwd=folder,
        env=given | {"SCRAPER_ALLOWED_NETWORKS": "127.0.0.0/8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def here(*numbers: int) -> dict[ReplyAddress, Reply]:
    """The articles of a site on this machine."""
    return {ReplyAddress("127.0.0.1", where): reply for (_, where), reply in site(*numbers).items()}


@pytest.mark.system
def test_a_command_about_one_address_prints_its_answer_and_nothing_else(tmp_path: Path) -> None:
    with serving(here(1)) as server:
        extracted = called(tmp_path, "extract", f"http://127.0.0.1:{server.port}{path(1)}")
        explained = called(tmp_path, "explain", f"http://127.0.0.1:{server.port}{path(1)}")
    assert "bridge of quarter 1" in json.loads(extracted.stdout)["body"]
    assert explained.stdout.startswith("article, confidence")
    assert extracted.stderr + explained.stderr == ""


@pytest.mark.system
def test_an_address_that_gives_nothing_is_one_line_that_says_why(tmp_path: Path) -> None:
    with serving(here(1)) as server:
        forbidden = called(tmp_path, "extract", f"http://127.0.0.1:{server.port}/private/1")
    silent = called(tmp_path, "extract", "http://127.0.0.1:1/")
    (tmp_path / "scraper.toml").write_text('contact = "me@home.example"')
    closed = called(tmp_path, "extract", "http://10.0.0.1/")
    assert [done.returncode for done in (forbidden, silent, closed)] == [1, 1, 1]
    assert "robots.txt forbids it" in forbidden.stderr
    assert "refused: nothing listens at that address" in silent.stderr
    assert "allowed_networks opens it" in closed.stderr
    assert [len(done.stderr.splitlines()) for done in (forbidden, silent, closed)] == [1, 1, 1]
