from __future__ import annotations

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scraper.errors import ConfigError, InputError
from scraper.export.formats import Format, text_file, write_file, write_stream
from scraper.model import Article, ArticleId, StoredArticle
from scraper.record import article_id, to_record
from tests.store.values import article, copy_of, full_article, minutes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TARGET = ArticleId("0123456789abcdef")


def stored(of: Article) -> StoredArticle:
    return StoredArticle(
        id=article_id(of), article=of, content_hash="1:ab", relation=copy_of(TARGET), first_seen=minutes(0)
    )


def many(count: int) -> Iterator[StoredArticle]:
    return (stored(article(number)) for number in range(1, count + 1))


def rows(of: Article) -> list[dict[str, str]]:
    out = io.StringIO()
    assert write_stream([stored(of)], Format.CSV, out) == 1
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def contents(path: Path) -> dict[str, bytes]:
    """Return the bytes of a file, or of each file in a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def test_json_lines_hold_the_whole_record() -> None:
    out = io.StringIO()
    assert write_stream([stored(full_article())], Format.JSONL, out) == 1
    expected = to_record(full_article(), content_hash="1:ab", relation=copy_of(TARGET))
    assert json.loads(out.getvalue()) == expected


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("form", [Format.CSV, Format.JSONL])
def test_a_terminal_gets_no_signs_that_it_obeys_and_a_file_gets_all(form: Format) -> None:
    of = article(title="A \x1b[31mred\x9b2J ferry \u202eback", body="One\x07.\nTwo.")
    screen, file = Terminal(), io.StringIO()
    write_stream([stored(of)], form, screen)
    write_stream([stored(of)], form, file)
    shown = screen.getvalue()
    assert not [sign for sign in "\x1b\x9b\u202e\x07\r" if sign in shown]
    assert shown.count("\n") == file.getvalue().count("\n")
    assert "\u202e" in file.getvalue()


def test_csv_has_a_column_for_every_field_and_joins_lists() -> None:
    (row,) = rows(full_article())
    assert row["authors"] == "Ana Lima; Bo Chen"
    assert row["agencies"] == "Reuters; AFP"
    assert row["dateline_place"] == "PORTO"
    assert row["images"] == "https://news.example/a.jpg; https://x.example/b.png"
    assert (row["image_captions"], row["image_credits"].count(";")) == ("Dawn; ", 1)
    assert (row["modified"], row["modified_at"]) == ("2026-02-03", "2026-02-03T00:00:00Z")
    assert json.loads(row["origins"])["title"] == "json-ld"
    assert row["relation_to"] == TARGET
    assert row["body"] == full_article().body
    assert row["fetched_at"] == "2026-03-01T12:01:00Z"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_csv_cell_is_a_formula(first: str) -> None:
    (row,) = rows(
        article(title=f"{first}HYPERLINK(1)", body=f'{first}cmd|" /C calc"!A0', authors=(f"{first}A",))
    )
    assert (row["title"], row["authors"]) == (f"'{first}HYPERLINK(1)", f"'{first}A")
    assert row["body"].startswith(f"'{first}")


def test_texts_are_numbered_and_named_after_their_article(tmp_path: Path) -> None:
    assert write_file(many(3), Format.TXT, tmp_path / "texts") == 3
    names = sorted(path.name for path in (tmp_path / "texts").iterdir())
    ids = [article_id(article(number)) for number in (1, 2, 3)]
    assert names == [f"000_{ids[0]}.txt", f"001_{ids[1]}.txt", f"002_{ids[2]}.txt", "articles.jsonl"]
    records = [json.loads(line) for line in (tmp_path / "texts" / "articles.jsonl").read_text().splitlines()]
    assert [found["id"] for found in records] == ids


def test_a_text_is_a_header_an_empty_line_and_the_body() -> None:
    of = replace(full_article(), title="A title\nin two lines")
    header, _, body = text_file(to_record(of, content_hash="1:ab")).partition("\n\n")
    assert header.splitlines()[:4] == [
        "title: A title in two lines",
        "kicker: Sea",
        "standfirst: A summary — with “quotes”.",
        "authors: Ana Lima; Bo Chen",
    ]
    assert "dateline: PORTO, Feb 1 -" in header
    assert "section: Coast" in header
    assert body == of.body + "\n"


def test_a_folder_of_texts_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    write_file(many(5), Format.TXT, tmp_path / "texts")
    write_file(many(1), Format.TXT, tmp_path / "texts")
    assert len(list((tmp_path / "texts").iterdir())) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


def test_a_folder_that_no_export_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds notes\.txt"):
        write_file(many(1), Format.TXT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(InputError, match="is a file"):
        write_file(many(1), Format.TXT, tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("form", list(Format))
def test_an_export_that_fails_leaves_nothing_and_the_former_one_untouched(
    tmp_path: Path, form: Format
) -> None:
    def failing() -> Iterator[StoredArticle]:
        yield from many(2)
        raise InterruptedError

    out = tmp_path / "out"
    with pytest.raises((InterruptedError, InputError)):
        write_file(failing(), form, out)
    assert list(tmp_path.iterdir()) == []
    write_file(many(1), form, out)
    before = contents(out)
    with pytest.raises((InterruptedError, InputError)):
        write_file(failing(), form, out)
    after = contents(out)
    assert after == before
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("form", list(Format))
def test_the_same_articles_give_the_same_bytes(tmp_path: Path, form: Format) -> None:
    for name in ("a", "b"):
        write_file(iter([stored(full_article()), *many(3)]), form, tmp_path / name)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_an_export_into_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/a\.csv cannot be written: No such file or directory"):
        write_file(many(1), Format.CSV, tmp_path / "none" / "a.csv")


def test_parquet_keeps_nested_values_and_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    assert write_file(iter([stored(full_article()), *many(1100)]), Format.PARQUET, path) == 1101
    assert parquet.ParquetFile(path).num_row_groups == 2
    first = parquet.read_table(path).slice(0, 1).to_pylist()[0]
    assert first["authors"] == ["Ana Lima", "Bo Chen"]
    assert first["credit"]["agencies"] == ["Reuters", "AFP"]
    assert first["images"][0]["caption"] == "Dawn"
    assert dict(first["provenance"])["title"]["confidence"] == 0.9
    assert first["relation"]["to"] == TARGET
    assert first["fetched_at"] == minutes(1)
    assert (first["modified"], first["modified_at"]) == ("2026-02-03", datetime(2026, 2, 3, tzinfo=UTC))
    typed = {"published_at", "modified_at", "created_at"}
    assert set(first) == set(to_record(full_article(), content_hash="1:ab")) | typed


def test_a_stream_takes_no_folder_and_no_parquet() -> None:
    with pytest.raises(ConfigError, match="needs --out"):
        write_stream(many(1), Format.PARQUET, io.StringIO())


def test_memory_does_not_grow_with_the_number_of_articles(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_file(
            (stored(article(number, body="word " * 2000)) for number in range(count)),
            Format.JSONL,
            tmp_path / "x",
        )
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(1000) < 1_000_000  # of 10 MB written
