"""What earlier versions wrote is opened, migrated and read: the data in tests/data/versions, one folder a version."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scraper.cli.app import app
from scraper.export.formats import stored_record
from scraper.store import ArticleQuery, open_store

VERSIONS = sorted(path for path in (Path(__file__).parent / "data" / "versions").iterdir() if path.is_dir())
LASTING = ("url", "canonical_url", "site", "title", "authors", "published", "body", "content_hash")
"""Keys of a record that no later version may read otherwise."""


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def written(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a version wrote, in which commands run."""
    source: Path = request.param
    (tmp_path / "news.db").write_bytes(gzip.decompress((source / "news.db.gz").read_bytes()))
    (tmp_path / "articles.jsonl").write_bytes(gzip.decompress((source / "articles.jsonl.gz").read_bytes()))
    shutil.copytree(source / "archive", tmp_path / "archive")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_its_articles_are_read_as_it_wrote_them(written: Path) -> None:
    expected = [json.loads(line) for line in (written / "articles.jsonl").read_text().splitlines()]
    with open_store("sqlite:///news.db") as store:
        found: list[dict[str, Any]] = [
            json.loads(json.dumps(stored_record(each))) for each in store.articles(ArticleQuery())
        ]

    assert [[each[key] for key in LASTING] for each in found] == [
        [each[key] for key in LASTING] for each in expected
    ]


def test_its_archive_is_whole_and_explains_what_was_stored_and_refused(written: Path) -> None:
    (first, *_), (refused, *_) = (
        run("articles", "--json").splitlines(),
        run("rejections", "--json").splitlines(),
    )

    assert " 0 damaged" in run("archive", "verify")
    assert run("explain", json.loads(first)["id"]).startswith(("article", "teaser", "live_blog"))
    assert run("explain", json.loads(refused)["id"]).startswith(f"refused: {json.loads(refused)['reason']}")


def test_its_articles_can_be_searched_and_extracted_again(written: Path) -> None:
    assert "added to the search index" in run("reindex")
    assert "ferry" in run("articles", "--search", "ferry").lower()
    assert "pages" in run("reextract", "--dry-run")


def test_an_index_of_copies_of_other_words_is_told_and_made_anew(written: Path) -> None:
    made = next(row for row in run("sites").splitlines() if row)  # opens, so migrates
    assert made
    before = CliRunner().invoke(app, ["doctor"])
    assert "run scraper dedup rebuild" in before.output
    run("dedup", "rebuild")
    assert "dedup rebuild" not in CliRunner().invoke(app, ["doctor"]).output
