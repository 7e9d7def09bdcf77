from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from scraper.cli.app import app
from scraper.cli.reading.manifest import saved_at

if TYPE_CHECKING:
    from pathlib import Path

STORY = (
    "The harbour council of Port Ellery voted on Tuesday to rebuild the old ferry pier before the winter. "
)
PAGE = f"<html><body><article><h1>Pier</h1>{f'<p>{STORY * 3}</p>' * 4}</article></body></html>"


def run(*arguments: str, stdin: str | None = None, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["extract", *arguments], input=stdin, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    lines = [
        {"id": f"page {number}", "file": f"{number}.html", "url": f"https://a.example/{number}"}
        for number in range(9)
    ]
    for number in range(9):
        (tmp_path / f"{number}.html").write_text(PAGE.replace("Tuesday", f"day {number}"))
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path


def test_a_page_becomes_one_record(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    record = json.loads(
        run(str(path), "--url", "https://a.example/pier", "--fetched-at", "2026-05-04T03:02:01Z")
    )
    assert STORY.strip() in record["body"]
    assert record["canonical_url"] == "https://a.example/pier"
    assert record["fetched_at"] == "2026-05-04T03:02:01Z"
    assert json.loads(run("-", stdin=PAGE))["body"] == record["body"]


def test_a_page_without_article_says_so_and_fails(tmp_path: Path) -> None:
    record = json.loads(run("-", stdin="<html><body></body></html>", code=1))
    assert record["body"] == ""
    assert record["reason"] == record["kind"] == "empty"


def test_a_manifest_gives_the_same_bytes_with_any_number_of_workers(pages: Path) -> None:
    for workers in (1, 2):
        run(
            "--manifest",
            str(pages / "manifest.jsonl"),
            "--out",
            str(pages / f"{workers}.jsonl"),
            "--workers",
            str(workers),
        )
    found = records(pages / "1.jsonl")
    assert [record["id"] for record in found] == [f"page {number}" for number in range(9)]
    assert all(f"day {number}" in record["body"] for number, record in enumerate(found))
    assert (pages / "1.jsonl").read_bytes() == (pages / "2.jsonl").read_bytes()


def test_an_interrupted_manifest_goes_on_where_it_was(pages: Path) -> None:
    out = pages / "out.jsonl"
    run("--manifest", str(pages / "manifest.jsonl"), "--out", str(out), "--workers", "1")
    whole = out.read_bytes()
    out.unlink()
    marked = whole.replace(b"ferry pier", b"FERRY PIER")
    third = marked.index(b"\n", marked.index(b"\n") + 1) + 1
    (pages / "out.jsonl.part").write_bytes(marked[: third + 40])
    run("--manifest", str(pages / "manifest.jsonl"), "--out", str(out), "--workers", "1")
    assert out.read_bytes() == marked[:third] + whole[third:]


def test_an_entry_that_cannot_be_read_keeps_its_place(pages: Path) -> None:
    (pages / "3.html").unlink()
    (pages / "8.html").unlink()
    out = pages / "out.jsonl"
    run("--manifest", str(pages / "manifest.jsonl"), "--out", str(out), "--workers", "1", code=3)
    found = records(out)
    assert [record["id"] for record in found] == [f"page {number}" for number in range(9)]
    assert [number for number, record in enumerate(found) if record.get("reason") == "unreadable"] == [3, 8]


def test_every_line_of_a_manifest_has_a_record_whatever_it_holds(pages: Path) -> None:
    (pages / "folder").mkdir()
    (pages / "empty.html").touch()
    good = '{"id": "good", "file": "empty.html"}'
    lines = [
        *("not json", "[]", "null", "7", '{"id": "cut"', '{"id": "none"}', '{"file": "empty.html"}'),
        '{"id": "missing", "file": "missing.html"}',
        '{"id": "folder", "file": "folder"}',
        '{"id": "nul", "file": "a\\u0000b.html"}',
        '{"id": "half", "file": "\\ud800.html"}',
        '{"id": "\\ud800", "file": "empty.html"}',
        '{"id": 7, "file": "empty.html"}',
        '{"id": "type", "file": 9}',
        '{"id": "address", "file": "empty.html", "url": "http://[::1"}',
        '{"id": "edge", "file": "empty.html", "fetched_at": "0001-01-01T00:00:00+14:00"}',
        '{"id": "long", "file": "' + "x" * 5_000 + '"}',
        '{"id": "deep", "x": ' + "[" * 100_000 + "]" * 100_000 + ', "file": "empty.html"}',
        '{"id": "number", "x": ' + "9" * 5_000 + ', "file": "empty.html"}',
    ]
    manifest, out = pages / "odd.jsonl", pages / "odd-out.jsonl"
    content = "\n".join([*lines, good]).encode() + b"\n\xff\xfe\n" + good.encode()
    manifest.write_bytes(content)
    run("--manifest", str(manifest), "--out", str(out), "--workers", "1", code=3)
    found = records(out)

    assert len(found) == len(lines) + 3
    assert [each["id"] for each in found if each["reason"] == "unreadable"][4:10] == [
        *(None, "none", None, "missing", "folder", "nul")
    ]
    assert [each["id"] for each in found if each["reason"] != "unreadable"] == ["\ud800", "good", "good"]


def test_a_page_is_taken_as_fetched_when_it_was_saved_and_the_command_says_so(tmp_path: Path) -> None:
    (tmp_path / "plain.html").write_text(PAGE)
    os.utime(tmp_path / "plain.html", (1_716_200_000, 1_716_200_000))
    saved = "<!-- Page saved with SingleFile \n url: https://a.example/1 \n saved date: Mon May 20 2024 10:30:00 GMT+0200 (CEST)\n-->"
    (tmp_path / "single.html").write_text(f"<!DOCTYPE html> {saved}{PAGE}")

    plain = CliRunner().invoke(app, ["extract", str(tmp_path / "plain.html")])
    single = CliRunner().invoke(app, ["extract", str(tmp_path / "single.html")])
    told = CliRunner().invoke(
        app, ["extract", str(tmp_path / "single.html"), "--fetched-at", "2024-06-01T00:00:00Z"]
    )

    assert json.loads(plain.stdout)["fetched_at"] == "2024-05-20T10:13:20Z"
    assert "2024-05-20T10:13:20Z, when its file was written" in plain.stderr
    assert json.loads(single.stdout)["fetched_at"] == "2024-05-20T08:30:00Z"
    assert "2024-05-20T08:30:00Z, when it says that it was saved" in single.stderr
    assert json.loads(told.stdout)["fetched_at"] == "2024-06-01T00:00:00Z"
    assert not told.stderr


def test_a_saved_page_of_a_manifest_tells_its_moment_and_a_file_none(pages: Path) -> None:
    saved = "<!-- Page saved with SingleFile url: x saved date: Mon May 20 2024 10:30:00 GMT+0200 (CEST) -->"
    (pages / "3.html").write_text(saved + PAGE)

    run("--manifest", str(pages / "manifest.jsonl"), "--out", str(pages / "out.jsonl"))

    moments = [record["fetched_at"] for record in records(pages / "out.jsonl")]
    assert moments == [None, None, None, "2024-05-20T08:30:00Z", None, None, None, None, None]


@pytest.mark.parametrize("moment", ["Xyz 99 2024 10:30:00 GMT+0200", "Jan 01 0001 00:30:00 GMT+0200"])
def test_a_moment_that_is_none_is_not_taken(moment: str) -> None:
    assert saved_at(f"<!-- Page saved with SingleFile saved date: Mon {moment} -->".encode()) is None
