"""A month of CC-NEWS by its list of paths, from a folder that holds a copy of it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.cli.app import app
from scraper.store import ArticleQuery, open_store
from tests.archive.captures import capture
from tests.extraction.verdict_pages import article

MONTH = "crawl-data/CC-NEWS/2031/05"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy with two files, of which the month's list names one."""
    monkeypatch.chdir(tmp_path)
    for number, folder in enumerate((MONTH, "crawl-data/CC-NEWS/2031/06")):
        with ArchiveWriter(f"copy/{folder}", "harbour") as writer:
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            url = f"https://harbour.example/{number}"
            writer.write(capture(number, url=url, headers=headers, payload=article().encode()))
    (name,) = Place(f"copy/{MONTH}").names()
    listed = Path("copy") / MONTH / "warc.paths.gz"
    listed.write_bytes(gzip.compress(f"{MONTH}/{name}\n".encode()))
    return listed


def test_what_the_list_of_a_month_names_is_taken_in_once(copy: Path) -> None:
    assert copy.exists()
    for _ in range(2):
        done = CliRunner().invoke(app, ["import", "--cc-news", "2031-05", "copy"])
        assert done.exit_code == 0, done.output
    with open_store("sqlite:///news.db") as store:
        assert [each.article.url for each in store.articles(ArticleQuery())] == ["https://harbour.example/0"]


@pytest.mark.parametrize(
    ("month", "content", "told"),
    [
        ("2031-13", b"", "a month is written like 2026-10"),
        ("2031-07", b"", "warc.paths.gz: cannot be read"),
        ("2031-05", b"paths", "is no list of paths"),
        ("2031-05", gzip.compress(b"paths", mtime=0)[:9], "is no list of paths"),
    ],
)
def test_what_is_no_month_or_no_list_is_told(copy: Path, month: str, content: bytes, told: str) -> None:
    copy.write_bytes(content)
    done = CliRunner().invoke(app, ["import", "--cc-news", month, "copy"])
    assert told in str(done.exception)
