"""Records judged from a file: the same verdicts as one at a time, whatever happens on the way."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from scraper.dedup.decide import decide
from scraper.errors import ConfigError, InputError
from scraper.store import Store, open_store
from scraper.store.copies import batch
from scraper.store.copies.batch import Done, judge_file
from scraper.store.protocol import address_key
from tests.dedup import mixed
from tests.dedup.stories import article, story

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


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_batch_judges_as_a_store_does_one_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rows = mixed.records(seed)
    dice = random.Random(seed)
    monkeypatch.setattr(batch, "RECORDS_AT_ONCE", dice.choice([1, 3, 50]))
    with monkeypatch.context() as narrow:
        narrow.setattr(batch, "STORIES_CACHED", dice.choice([1, 4, 2048]))
        result, _, _ = judged(tmp_path, written(tmp_path / "m.jsonl", rows))
    address = {row["id"]: row["url"] for row in rows}
    found = [_verdict(json.loads(line), address) for line in result.splitlines()]
    with open_store(f"sqlite:///{tmp_path}/news.db") as store:
        expected = [_taken(store, row) for row in rows]
    assert found == expected
    kinds = Counter(verdict[0][0] for verdict in found if verdict)
    assert min(kinds[kind] for kind in ("revision", "syndicated", "near_duplicate")) > 0


def _verdict(line: dict[str, Any], address: dict[str, str]) -> list[tuple[str, str, float]]:
    edges = [line["relation"]] if line["relation"] else line.get("links", [])
    return [(edge["kind"], address_key(address[edge["to"]]), edge["score"]) for edge in edges]


def _taken(store: Store, row: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Judge a record as a crawl does, keep it, and return its relations."""
    made = article(row["url"], row["body"])
    with store.transaction():
        verdict = decide(made, stored=store.find(row["url"]), index=store.dedup)
        store.save(verdict)
    edges = [verdict.relation] if verdict.relation else verdict.links
    return [(edge.kind.value, edge.to, edge.score) for edge in edges]


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
    monkeypatch.setattr(batch, "STORIES_CACHED", held)
    assert judged(tmp_path, manifest, "other.jsonl")[0] == expected


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_size_of_a_transaction_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    manifest = written(tmp_path / "m.jsonl", records(30))
    expected = judged(tmp_path, manifest)[0]
    monkeypatch.setattr(batch, "RECORDS_AT_ONCE", size)
    assert judged(tmp_path, manifest, "other.jsonl")[0] == expected


def test_a_killed_batch_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    manifest = written(tmp_path / "m.jsonl", records(240))
    expected = judged(tmp_path, manifest)[0]
    program = (
        "import sys; from pathlib import Path; from scraper.store.copies import batch; batch.RECORDS_AT_ONCE = 5\n"
        "batch.judge_file(*map(Path, sys.argv[1:]), complain=print, advance=lambda n: None)"
    )
    out, work = tmp_path / "killed.jsonl", tmp_path / "killed.work"
    part = tmp_path / "killed.jsonl.part"
    command = [sys.executable, "-c", program, str(manifest), str(out), str(work)]
    for kill in range(3):
        with subprocess.Popen(command) as process:
            before = part.stat().st_size if part.exists() else 0
            enough = before + 900 * (kill + 1)
            while process.poll() is None and (not part.exists() or part.stat().st_size < enough):
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
    result = judge_file(manifest, out, work, complain=print, advance=lambda _: None)
    assert out.read_bytes() == expected
    assert result == Done(lines=242, bad=0)


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


def test_a_manifest_that_breaks_off_is_an_input_error(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl.gz"
    manifest.write_bytes(gzip.compress(b'{"id": "a", "body": "b"}\n' * 100)[:-9])
    with pytest.raises(InputError, match="to its end"):
        judged(tmp_path, manifest)
