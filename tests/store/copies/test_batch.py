"""Records judged from a file: the same verdicts as one at a time, whatever happens on the way."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.errors import ConfigError, InputError
from scraper.store.copies import batch, texts
from scraper.store.copies.batch import Done, judge_file
from tests.dedup import mixed
from tests.dedup.stories import story

if TYPE_CHECKING:
    from pathlib import Path

FRAME = story(400, 2)


def records(count: int = 60) -> list[dict[str, Any]]:
    """Stories, their copies, revisions, repeats and framed pages of many sites, in a mixed order."""
    made = []
    for number in range(count):
        text = story(number // 3, 7)
        url = f"https://s{number % 7}.example/{number}"
        if number % 3 == 1:
            text = [*text[:5], *story(900 + number, 1)]
        elif number % 3 == 2:
            url, text = f"https://s{(number - 2) % 7}.example/{number - 2}", [*text, f"Added {number % 2}."]
        body = "\n".join([*FRAME, *text] if number % 7 == 0 else text)
        made.append({"id": f"r{number}", "url": url, "site": url.split("/")[2], "body": body, "title": None})
    made += [dict(made[number], id=f"again{number}") for number in (2, 5)]
    return made


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)
    return path


def judged(folder: Path, manifest: Path, name: str = "out.jsonl") -> tuple[bytes, Done, list[str]]:
    complaints: list[str] = []
    out = folder / name
    done = judge_file(
        manifest, out, folder / f"{name}.work", complain=complaints.append, advance=lambda _: None
    )
    return out.read_bytes(), done, complaints


def stories(lines: bytes) -> set[frozenset[str]]:
    """Return the ids of each story of several texts, as the relations join them."""
    joined: dict[str, set[str]] = {}
    for line in map(json.loads, lines.splitlines()):
        own = joined.setdefault(line["id"], {line["id"]})
        if line["relation"]:
            own |= joined[line["relation"]["to"]]
            joined.update(dict.fromkeys(own, own))
    return {frozenset(story) for story in joined.values() if len(story) > 1}


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_order_of_the_records_moves_no_text_to_another_story(tmp_path: Path, seed: int) -> None:
    rows = [row for row in mixed.records(seed) if row["url"].endswith(row["id"][1:])]  # no revisions
    expected = judged(tmp_path, written(tmp_path / "m.jsonl", rows))[0]
    assert len(stories(expected)) > 3
    for turn in range(3):
        random.Random(turn).shuffle(rows)
        again = judged(tmp_path, written(tmp_path / f"{turn}.jsonl", rows), f"{turn}.out")[0]
        assert stories(again) == stories(expected)


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_batch_tells_every_kind_and_a_relation_leads_to_an_earlier_line(tmp_path: Path, seed: int) -> None:
    result, _, _ = judged(tmp_path, written(tmp_path / "m.jsonl", mixed.records(seed)))
    lines = [json.loads(line) for line in result.splitlines()]
    kinds = Counter(line["relation"]["kind"] for line in lines if line["relation"])
    assert min(kinds[kind] for kind in ("revision", "syndicated", "near_duplicate")) > 0
    place = {line["id"]: at for at, line in enumerate(lines)}
    assert all(place[line["relation"]["to"]] < at for at, line in enumerate(lines) if line["relation"])


def test_a_drifting_story_is_one_whatever_part_of_it_comes_first(tmp_path: Path) -> None:
    text = story(1, 12)
    bodies = {"whole": text, "first": text[:7], "middle": text[3:9], "last": text[5:]}
    for first in bodies:
        names = [first, *(name for name in bodies if name != first)]
        rows = [
            {"id": name, "url": f"https://{name}.example/", "site": name, "body": "\n".join(bodies[name])}
            for name in names
        ]
        result = judged(tmp_path, written(tmp_path / f"{first}.jsonl", rows), f"{first}.out")[0]
        assert stories(result) == {frozenset(bodies)}


def test_a_round_up_that_comes_first_makes_no_copies_of_its_stories(tmp_path: Path) -> None:
    one, two = story(1), story(2)
    bodies = {"briefing": [*one[:4], *two[:4]], "one": one, "two": two, "copy": [*one, *story(9, 1)]}
    rows = [
        {"id": name, "url": f"https://{name}.example/", "site": name, "body": "\n".join(body)}
        for name, body in bodies.items()
    ]
    result, _, _ = judged(tmp_path, written(tmp_path / "m.jsonl", rows))
    lines = {line["id"]: line for line in map(json.loads, result.splitlines())}
    assert {link["to"] for link in lines["briefing"]["links"]} == {"one", "two"}
    assert [lines[name]["relation"] for name in ("briefing", "one", "two")] == [None] * 3
    assert lines["copy"]["relation"]["to"] == "one"


def test_a_round_up_is_one_though_it_has_too_little_of_a_story_for_a_copy(tmp_path: Path) -> None:
    one, two = story(1, 10), story(2, 4)
    bodies = {"briefing": [*one[:3], *two[:3], *story(3, 3)], "one": one, "two": two, "1": one, "2": two[:3]}
    for first in bodies:
        names = [first, *(name for name in bodies if name != first)]
        rows = [
            {"id": name, "url": f"https://{name}.example/", "site": name, "body": "\n".join(bodies[name])}
            for name in names
        ]
        result = judged(tmp_path, written(tmp_path / f"{first}.jsonl", rows), f"{first}.out")[0]
        assert stories(result) == {frozenset({"one", "1"}), frozenset({"two", "2"})}


def test_workers_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = written(tmp_path / "m.jsonl", records(60))
    expected = judged(tmp_path, manifest)[0]
    monkeypatch.setattr(batch, "PAIRS_AT_ONCE", 7)
    out = tmp_path / "w.jsonl"
    judge_file(manifest, out, tmp_path / "w.work", complain=print, advance=lambda _: None, workers=2)
    assert out.read_bytes() == expected


def test_amp_print_mobile_and_tracked_addresses_are_one_article(tmp_path: Path) -> None:
    addresses = [
        "https://www.herald.example/news/bridge-opens-2031",
        "http://www.herald.example/news/bridge-opens-2031?utm_source=feed&fbclid=1#top",
        "https://www.herald.example/news/bridge-opens-2031/amp",
        "https://www.herald.example/amp/news/bridge-opens-2031",
        "https://www.herald.example/news/bridge-opens-2031?print=1",
        "https://m.herald.example/news/bridge-opens-2031",
        "https://amp.herald.example/news/bridge-opens-2031",
        "https://www-herald-example.cdn.ampproject.org/c/s/www.herald.example/news/bridge-opens-2031",
    ]
    text = story(1, 5)
    rows = [
        {"id": f"r{n}", "url": url, "site": "herald", "body": "\n".join([*text, f"Edit {n}."])}
        for n, url in enumerate(addresses)
    ]
    result, _, _ = judged(tmp_path, written(tmp_path / "m.jsonl", rows))
    relations = [json.loads(line)["relation"] for line in result.splitlines()]
    assert relations[0] is None
    assert [(edge["kind"], edge["to"]) for edge in relations[1:]] == [
        ("revision", f"r{n}") for n in range(len(addresses) - 1)
    ]


@pytest.mark.parametrize("held", [1, 3])
def test_what_is_held_in_memory_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    manifest = written(tmp_path / "m.jsonl", records(30))
    expected = judged(tmp_path, manifest)[0]
    monkeypatch.setattr(texts, "TEXTS_CACHED", held)
    assert judged(tmp_path, manifest, "other.jsonl")[0] == expected


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_size_of_a_transaction_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    manifest = written(tmp_path / "m.jsonl", records(30))
    expected = judged(tmp_path, manifest)[0]
    monkeypatch.setattr(batch, "RECORDS_AT_ONCE", size)
    monkeypatch.setattr(batch, "PAIRS_AT_ONCE", size)
    assert judged(tmp_path, manifest, "other.jsonl")[0] == expected


def test_a_killed_batch_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    manifest = written(tmp_path / "m.jsonl", records(240))
    expected = judged(tmp_path, manifest)[0]
    program = (
        "import sys; from pathlib import Path; from scraper.store.copies import batch\n"
        "batch.RECORDS_AT_ONCE = 5; batch.PAIRS_AT_ONCE = 5\n"
        "batch.judge_file(*map(Path, sys.argv[1:]), complain=print, advance=lambda n: None)"
    )
    out, work = tmp_path / "killed.jsonl", tmp_path / "killed.work"
    command = [sys.executable, "-c", program, str(manifest), str(out), str(work)]
    for stage, column, more in ((0, "lines", 60), (0, "lines", 60), (1, "pairs", 5), (2, "pairs", 5)):
        with subprocess.Popen(command) as process:
            start = progress_of(work)
            enough = (stage, start[column] + more if start["stage"] == stage else more)
            while process.poll() is None and tuple_of(progress_of(work), column) < enough:
                time.sleep(0.002)
            os.kill(process.pid, signal.SIGKILL)
    result = judge_file(manifest, out, work, complain=print, advance=lambda _: None)
    assert out.read_bytes() == expected
    assert result == Done(lines=242, bad=0)


def progress_of(work: Path) -> dict[str, int]:
    """Return how far a batch is, nothing done where it has not begun."""
    nothing = {"stage": 0, "lines": 0, "pairs": 0}
    if not work.exists():
        return nothing
    with closing(sqlite3.connect(f"file:{work}?mode=ro", uri=True)) as connection:
        try:
            found = connection.execute("SELECT stage, lines, pairs FROM progress").fetchone()
        except sqlite3.OperationalError:
            return nothing
    return dict(zip(nothing, found, strict=True)) if found else nothing


def tuple_of(progress: dict[str, int], column: str) -> tuple[int, int]:
    return progress["stage"], progress[column]


def test_bad_lines_are_named_and_counted(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    good = json.dumps({"id": "a", "body": "Some words."}).encode()
    bad = [b"{", b'{"id": "b"}', b"[]", b"\xff", b'{"id":"c","body":"x","url":3}']
    manifest.write_bytes(b"\n".join([good, *bad, b""]))
    result, done, complaints = judged(tmp_path, manifest)
    assert result == b'{"id": "a", "relation": null}\n'
    assert done == Done(lines=6, bad=5)
    assert [complaint.split(":")[0] for complaint in complaints] == [
        f"line {number}" for number in range(2, 7)
    ]


def test_a_working_database_of_another_manifest_is_refused(tmp_path: Path) -> None:
    judged(tmp_path, written(tmp_path / "m.jsonl", records(9)))
    with pytest.raises(ConfigError, match="was begun for"):
        judged(tmp_path, written(tmp_path / "n.jsonl", records(12)))


def test_a_working_database_of_other_tables_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = written(tmp_path / "m.jsonl", records(9))
    judged(tmp_path, manifest)
    monkeypatch.setattr(batch, "FORMAT", batch.FORMAT + 1)
    with pytest.raises(ConfigError, match="was begun for"):
        judged(tmp_path, manifest)


def test_a_manifest_that_breaks_off_is_an_input_error(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl.gz"
    manifest.write_bytes(gzip.compress(b'{"id": "a", "body": "b"}\n' * 100)[:-9])
    with pytest.raises(InputError, match="to its end"):
        judged(tmp_path, manifest)


def test_pages_that_only_the_frame_of_a_group_of_sites_joins_are_related_to_nothing(tmp_path: Path) -> None:
    frame = story(7, 3)
    pages = [
        (f"https://{site}.example/{number}", [*frame[:2], *story(60 + number, 1 + number % 2), frame[2]])
        for number, site in enumerate("aabacb")
    ]
    pages.append(("https://d.example/copy", story(61, 2)))
    rows = [
        {"id": f"r{number}", "url": url, "site": url.split("/")[2], "body": "\n".join(body), "title": None}
        for number, (url, body) in enumerate(pages)
    ]
    lines, *_ = judged(tmp_path, written(tmp_path / "records.jsonl", rows))
    found = {line["id"]: line["relation"] for line in map(json.loads, lines.splitlines())}
    assert [found[f"r{number}"] for number in range(6)] == [None] * 6
    assert found["r6"]["to"] == "r1"
