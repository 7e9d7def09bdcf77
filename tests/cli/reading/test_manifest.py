from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.reading.manifest import (
    Entry,
    Unreadable,
    count_lines,
    parse_instant,
    read_manifest,
    read_page,
)
from scraper.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def manifest(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return path


def test_an_entry_names_a_page_relative_to_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a.html.gz").write_bytes(gzip.compress(b"<p>text</p>"))
    line = {
        "id": "a",
        "file": "pages/a.html.gz",
        "url": "https://example.com/a",
        "site": "example",
        "fetched_at": "2026-01-02T03:04:05Z",
    }
    (entry,) = read_manifest(manifest(tmp_path, line))
    assert isinstance(entry, Entry)
    assert (entry.id, entry.site) == ("a", "example")
    assert entry.page.content == b"<p>text</p>"
    assert entry.page.url == "https://example.com/a"
    assert entry.page.fetched_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert not entry.page.is_text


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("not json", "Expecting value"),
        ("[1]", "not a JSON object"),
        ({"id": "a"}, "the key 'file' is missing"),
        ({"id": 7, "file": "a.html"}, "the key 'id' must be a str"),
        ({"id": "a", "file": "absent.html"}, "cannot be read"),
        ({"id": "a", "file": "good.html", "fetched_at": "soon"}, "soon"),
    ],
)
def test_a_line_that_cannot_be_read_says_why_and_stops_nothing(
    tmp_path: Path, line: dict[str, Any] | str, detail: str
) -> None:
    (tmp_path / "good.html").write_text("<p>text</p>")
    path = manifest(tmp_path, line, {"id": "b", "file": "good.html"})
    first, second = read_manifest(path)
    assert isinstance(first, Unreadable)
    assert detail in first.detail
    assert f"{path}:1" in first.detail
    assert isinstance(second, Entry)
    assert count_lines(path) == 2


def test_a_txt_file_is_text_unless_said_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text("words")
    assert read_page(path).is_text
    assert not read_page(path, is_text=False).is_text


def test_a_file_that_is_no_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "page.html.gz"
    path.write_bytes(b"plain")
    with pytest.raises(InputError, match=r"page\.html\.gz: cannot be read"):
        read_page(path)


def test_a_moment_without_zone_is_utc() -> None:
    assert parse_instant("2026-01-02T03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
