from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.reading.saved import are_several, saved_address, saved_entries, saved_files
from scraper.crawl.sites import declared_address
from scraper.errors import ConfigError, InputError
from tests.cli.reading.test_extract import PAGE, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

AT = 1_779_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of four pages, in two levels, among files that are none."""
    monkeypatch.chdir(tmp_path)
    pages = {
        "a.html": PAGE.encode(),
        "b.HTM": PAGE.replace("<body>", "<link rel=canonical href=https://b.example/pier><body>").encode(),
        "deep/c.html.gz": gzip.compress(
            b"<!-- saved from url=(0022)https://c.example/pier -->" + PAGE.encode()
        ),
        "deep/d.html": PAGE.encode(),
        "deep/style.css": b"p {}",
        "notes.md": b"# Notes",
    }
    for name, content in pages.items():
        file = Path("pages", name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (AT, AT))
    Path("pages/deep/d.html.json").write_text(
        json.dumps({"url": "https://d.example/x", "fetched_at": "2026-05-04", "site": "dee", "views": 3})
    )
    return tmp_path


def told(record: dict[str, Any]) -> tuple[Any, ...]:
    return record["id"], record["url"], record["canonical_url"], record["site"], record["fetched_at"]


def test_a_folder_gives_a_record_a_page_with_address_and_moment(
    folder: Path, run: Callable[..., Result]
) -> None:
    done = run("extract", "pages", "--out", "records.jsonl", "--workers", "1")
    found = records(folder / "records.jsonl")

    assert done.exit_code == 0
    assert [told(record) for record in found] == [
        ("pages/a.html", None, None, "unknown", "2026-05-17T06:40:00Z"),
        ("pages/b.HTM", None, "https://b.example/pier", "b.example", "2026-05-17T06:40:00Z"),
        ("pages/deep/c.html.gz", "https://c.example/pier", "https://c.example/pier", "c.example", "2026-05-17T06:40:00Z"),
        ("pages/deep/d.html", "https://d.example/x", "https://d.example/x", "dee", "2026-05-04T00:00:00Z"),
    ]  # fmt: skip
    assert all("ferry pier" in record["body"] for record in found)


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["pages/*.html"], ["a.html"]),
        (["pages/**/*.html*"], ["a.html", "deep/c.html.gz", "deep/d.html"]),
        (["pages/deep/d.html", "pages/a.html", "pages"], ["deep/d.html", "a.html", "b.HTM", "deep/c.html.gz"]),
        (["pages/notes.md", "pages/deep"], ["notes.md", "deep/c.html.gz", "deep/d.html"]),
        (["pages/d*"], ["deep/c.html.gz", "deep/d.html"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_files_folders_and_patterns_name_each_page_once(sources: list[str], names: list[str]) -> None:
    if sources[0].endswith("**/*.html*"):
        Path("pages/deep/d.html.json").unlink()

    assert are_several(sources)
    assert [str(file) for file in saved_files(sources)] == [f"pages/{name}" for name in names]


@pytest.mark.usefixtures("folder")
def test_a_file_whose_name_looks_like_a_pattern_is_a_file() -> None:
    Path("pages/a[1].html").write_text(PAGE)

    assert not are_several(["pages/a[1].html"])


@pytest.mark.parametrize("source", ["empty", "pages/*.pdf", "pages/none/*.html"])
@pytest.mark.usefixtures("folder")
def test_where_no_page_is_that_is_said(source: str) -> None:
    Path("empty").mkdir()
    with pytest.raises(InputError, match="no saved page is there"):
        saved_files([source])


@pytest.mark.parametrize("source", ["-", "https://a.example/1"])
def test_only_saved_pages_can_be_several(source: str, run: Callable[..., Result]) -> None:
    with pytest.raises(InputError, match="only saved pages can be several"):
        run("extract", source, "--out", "records.jsonl")


def test_what_cannot_be_read_keeps_its_place(folder: Path, run: Callable[..., Result]) -> None:
    Path("pages/deep/d.html.json").write_text("{")
    done = run("extract", "pages", "nothing.html", "--out", "records.jsonl", "--workers", "1")
    found = records(folder / "records.jsonl")

    assert done.exit_code == 3
    assert [record.get("reason") for record in found][-2:] == ["unreadable", "unreadable"]
    assert "d.html.json: cannot be read" in found[3]["detail"]
    assert "nothing.html: cannot be read" in found[4]["detail"]
    assert "2 of 5 pages could not be read" in done.stderr


@pytest.mark.usefixtures("folder")
def test_without_out_the_records_are_printed(run: Callable[..., Result]) -> None:
    done = run("extract", "pages/a.html", "pages/deep", "--workers", "1")

    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [
        "pages/a.html", "pages/deep/c.html.gz", "pages/deep/d.html",
    ]  # fmt: skip


@pytest.mark.usefixtures("folder")
def test_what_was_written_before_an_interruption_stands(run: Callable[..., Result]) -> None:
    run("extract", "pages", "--out", "whole.jsonl", "--workers", "1")
    whole = Path("whole.jsonl").read_bytes()
    Path("later.jsonl.part").write_bytes(whole[: whole.index(b"\n") + 30])
    run("extract", "pages", "--out", "later.jsonl", "--workers", "1")
    Path("other.jsonl.part").write_bytes(whole[: whole.index(b"\n") + 1])

    assert Path("later.jsonl").read_bytes() == whole
    with pytest.raises(InputError, match="begun with other pages than pages/deep"):
        run("extract", "pages/deep", "--out", "other.jsonl", "--workers", "1")


@pytest.mark.usefixtures("folder")
def test_an_address_is_of_one_page(run: Callable[..., Result]) -> None:
    with pytest.raises(ConfigError, match="are of one page"):
        run("extract", "pages", "--url", "https://a.example/")


@pytest.mark.usefixtures("folder")
def test_a_csv_file_names_pages_as_a_manifest_does(run: Callable[..., Result]) -> None:
    Path("list.csv").write_text(
        "\ufefffile,url,fetched_at,views\npages/a.html,https://a.example/1,2026-05-04,7\npages/b.HTM,,,\nnone.html,,,\n"
    )
    done = run("extract", "--manifest", "list.csv", "--out", "records.jsonl", "--workers", "1")
    found = records(Path("records.jsonl"))

    assert done.exit_code == 3
    assert [record["id"] for record in found] == ["pages/a.html", "pages/b.HTM", "none.html"]
    assert [record.get("url") for record in found] == ["https://a.example/1", None, None]
    assert "list.csv:4: none.html: cannot be read" in found[2]["detail"]


@pytest.mark.usefixtures("folder")
def test_a_csv_file_without_files_is_refused(run: Callable[..., Result]) -> None:
    Path("list.csv").write_text("page,url\na.html,https://a.example/\n")
    with pytest.raises(InputError, match=r"list\.csv: its first line names no column file"):
        run("extract", "--manifest", "list.csv", "--out", "records.jsonl")


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (b"<link rel='canonical' href='https://a.example/1'>", "https://a.example/1"),
        (b"<LINK HREF=https://a.example/1 REL=canonical>", "https://a.example/1"),
        (b"<link rel=alternate href=https://b.example/><link rel=canonical href=https://a.example/1>", "https://a.example/1"),
        (b"<link rel=canonical href=/1>", None),
        (b"<link rel=stylesheet href=https://a.example/1>", None),
        (b"", None),
    ],
)  # fmt: skip
def test_a_page_declares_its_address(head: bytes, address: str | None) -> None:
    assert declared_address(b"<html><head>" + head) == address


@pytest.mark.parametrize(
    ("comment", "address"),
    [
        (b"<!-- saved from url=(0019)https://a.example/1 -->", "https://a.example/1"),
        (b"<!--\n Page saved with SingleFile \n url: https://a.example/1?a=1&amp;b=2 \n saved date: Mon", "https://a.example/1?a=1&b=2"),
        (b"<!-- saved from url=(0014)about:internet -->", None),
        (b"<!-- https://a.example/1 -->", None),
    ],
)  # fmt: skip
def test_a_saved_page_says_where_it_was(comment: bytes, address: str | None) -> None:
    assert saved_address(b"<!DOCTYPE html>" + comment + b"<html>") == address


@pytest.mark.usefixtures("folder")
def test_an_unreadable_moment_is_told_of_its_page() -> None:
    Path("pages/deep/d.html.json").write_text('{"fetched_at": "yesterday"}')
    (found,) = saved_entries([Path("pages/deep/d.html")])

    assert "yesterday" in getattr(found, "detail", "")
