from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.warc import ArchiveWriter
from scraper.errors import ConfigError, InputError
from scraper.fixtures.cases import read_case
from scraper.store import Fetch, Outcome, open_store
from scraper.urls import canonical_url
from tests.archive.captures import capture
from tests.crawl.site import article, path

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

FIXTURES = Path(__file__).parents[2] / "fixtures"
URL = f"http://www.phuketgazette.net{path(3)}"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two fixtures, one of them with another title than its page has."""
    monkeypatch.chdir(tmp_path)
    for name in ("phuket_gazette/local-story", "phuket_gazette/section"):
        shutil.copytree(FIXTURES / name, tmp_path / "fixtures" / name)
    truth = tmp_path / "fixtures" / "phuket_gazette" / "local-story" / "article.json"
    told = json.loads(truth.read_text())
    truth.write_text(json.dumps(told | {"title": "Another", "body": told["body"] + "\nOne more line."}))
    return tmp_path / "fixtures"


def test_a_check_shows_what_is_otherwise_than_true_and_accepting_it_makes_it_true(
    kept: Path, run: Callable[..., Result]
) -> None:
    checked = run("fixtures", "check")
    accepted = run("fixtures", "accept", "phuket_gazette", "--yes")
    again = run("fixtures", "check")
    truth = json.loads((FIXTURES / "phuket_gazette" / "local-story" / "article.json").read_text())

    assert checked.exit_code == 1
    assert checked.output.startswith(
        "phuket_gazette/local-story: - what is true, + what was found\n  title:\n    - 'Another'"
    )
    assert "    - One more line." in checked.output
    assert checked.output.endswith("2 pages, 1 otherwise than true\n")
    assert "- 'Another'" in accepted.output
    assert (again.exit_code, again.output) == (0, "2 pages, 0 otherwise than true\n")
    assert read_case(kept / "phuket_gazette" / "local-story").truth == truth


def test_nothing_is_accepted_without_a_yes_and_unknown_fixtures_are_named(
    kept: Path, run: Callable[..., Result]
) -> None:
    before = (kept / "phuket_gazette" / "local-story" / "article.json").read_bytes()
    with pytest.raises(ConfigError, match="give --yes"):
        run("fixtures", "accept")
    with pytest.raises(InputError, match="has no fixture france24/none"):
        run("fixtures", "check", "france24/none")

    assert (kept / "phuket_gazette" / "local-story" / "article.json").read_bytes() == before


def test_a_page_is_recorded_from_the_archive_and_its_words_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Result]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = article(3)
    headers = (*made.headers.items(), ("Set-Cookie", "who=you"), ("ETag", '"3"'))
    with ArchiveWriter("archive", "phuket_gazette") as writer:
        shot = capture(3, url=URL, headers=headers, payload=made.content)
        pointer = writer.write(shot)
    fetch = Fetch(
        url=canonical_url(URL), site="phuket_gazette", fetched_at=shot.fetched_at, outcome=Outcome.STORED, archived=(pointer,)
    )  # fmt: skip
    with open_store("sqlite:///news.db") as store:
        store.record_fetch(fetch)
    plain = run("record", "phuket_gazette", URL, "--from-archive")
    redacted = run("record", "phuket_gazette", URL, "--from-archive", "--case", "other", "--redact")
    one, two = (
        read_case(tmp_path / "fixtures" / "phuket_gazette" / name)
        for name in ("the-library-of-quarter", "other")
    )

    assert plain.exit_code == redacted.exit_code == 0
    assert one.page.content == made.content
    assert one.headers == {"Content-Type": "text/html; charset=utf-8", "ETag": '"3"'}
    assert one.fetched_at == shot.fetched_at
    assert one.truth["title"] == "The library of quarter 3"
    assert '"title": "The library of quarter 3"' in plain.output
    assert "blocks kept" in plain.output
    assert b"library" not in two.page.content
    assert len(two.truth["body"]) == len(one.truth["body"])
    assert two.truth["published"] == one.truth["published"]
    assert run("fixtures", "check").exit_code == 0
    with pytest.raises(InputError, match="is there already: name another with --case"):
        run("record", "phuket_gazette", URL, "--from-archive")
    with pytest.raises(InputError, match="the archive has no page of this address"):
        run("record", "phuket_gazette", "http://www.phuketgazette.net/other", "--from-archive")
    with pytest.raises(ConfigError, match="no spider is called nowhere"):
        run("record", "nowhere", URL)
