from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.errors import ConfigError, InputError
from scraper.record import article_id
from tests.store.values import article

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

    Run = Callable[..., Result]


def test_records_go_to_standard_output_in_the_order_they_were_first_seen(news: str, run: Run) -> None:
    records = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert [found["id"] for found in records] == [news, article_id(article(2)), article_id(article(3))]
    assert records[2]["relation"]["to"] == news


def test_a_file_holds_what_was_asked_for(news: str, run: Run) -> None:
    run("export", "--format", "csv", "--out", "gazette.csv", "--site", "gazette")
    with Path("gazette.csv").open(newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [article_id(article(3))]


def test_texts_go_into_a_folder(news: str, run: Run) -> None:
    result = run("export", "--format", "txt", "--out", "texts", "--search", "bridge")
    assert "1 articles in texts" in result.stderr
    assert len(list(Path("texts").iterdir())) == 2
    with pytest.raises(InputError, match="no export wrote"):
        run("export", "--format", "txt", "--out", ".")


def test_a_folder_cannot_go_to_standard_output(news: str, run: Run) -> None:
    with pytest.raises(ConfigError, match="--format txt needs --out"):
        run("export", "--format", "txt")


def test_changes_go_on_where_the_last_ones_ended(news: str, run: Run) -> None:
    first = run("export", "--after", "0")
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    assert [(line["event"], line["record"]["id"]) for line in lines] == [
        ("new", line["id"]) for line in lines
    ]
    assert lines[0]["id"] == news
    assert first.stderr == f"3 changes; go on with --after {lines[-1]['cursor']}\n"
    cursor = str(lines[-1]["cursor"])
    run("forget", news, "--reason", "asked for", "--yes")
    run("export", "--after", cursor, "--out", "changes.jsonl")
    (line,) = map(json.loads, Path("changes.jsonl").read_text().splitlines())
    assert (line["event"], line["id"], line["record"]) == ("gone", news, None)
    again = run("export", "--after", str(line["cursor"]))
    assert (again.stdout, again.stderr) == ("", f"0 changes; go on with --after {line['cursor']}\n")
    with pytest.raises(InputError, match="begin again with 0"):
        run("export", "--after", "999")
    with pytest.raises(ConfigError, match="--after tells all changes"):
        run("export", "--after", "0", "--site", "gazette")
