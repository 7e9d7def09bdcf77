"""Deduplication: how well, how fast, how small, and what a verdict costs among a million.

    ./run bench dedup [--sizes 10000,1000000] [--records N]

Quality with the scorer in ../shared; speed against datasketch's MinHashLSH on the same records in the same
run (pip install datasketch; left out without it); bytes of the index's tables, texts aside.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from bench.memory import memory
from scraper.dedup.words import KEYS
from scraper.store.copies.batch import RECORDS_AT_ONCE, Desk, judge_file, read_record

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = Path(__file__).parents[2] / "shared"
CORPUS = SHARED / "corpora" / "syndication-dev"
FRESH = 400
"""Verdicts timed in a filled index."""
ROUNDS = 5
"""Turns that each side takes, one after the other: the middle ratio is the answer on a noisy machine."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="./run bench dedup")
    parser.add_argument("--sizes", default="10000,1000000", help="documents in the filled indexes")
    parser.add_argument("--records", type=int, default=2463, help="records of the corpus to judge")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if CORPUS.is_dir():
            _corpus(Path(folder), chosen.records)
        _sizes(Path(folder), [int(size) for size in chosen.sizes.split(",")])


def _corpus(folder: Path, count: int) -> None:
    manifest, out, work = folder / "m.jsonl", folder / "out.jsonl", folder / "work"
    with gzip.open(CORPUS / "articles.jsonl.gz") as lines:
        manifest.write_bytes(b"".join(islice(lines, count)))
        is_whole = not lines.readline()
    texts = [json.loads(line)["body"] for line in manifest.read_bytes().splitlines()]
    judge_file(_head(manifest, folder), folder / "x", folder / "x.work", complain=print, advance=_nothing)
    judge_file(manifest, out, work, complain=print, advance=_nothing)
    speeds = [(_ours(manifest, folder / f"{turn}.work"), _datasketch(texts)) for turn in range(ROUNDS)]
    speed = median(ours for ours, _ in speeds)
    print(f"ours, text to verdict on SQLite   {speed:8.0f} documents per CPU second")
    if ratios := [ours / theirs for ours, theirs in speeds if theirs]:
        span = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"… to datasketch MinHashLSH's      {median(ratios):8.2f} x ({span})")
    total = _index_bytes(work)
    print(f"index with all its tables         {total / len(texts):8.0f} bytes a document, texts aside")
    if is_whole:
        scorer = [sys.executable, str(SHARED / "score" / "score_dedup.py"), str(CORPUS), str(out)]
        print(subprocess.run(scorer, check=True, capture_output=True, text=True).stdout.strip())


def _ours(manifest: Path, work: Path) -> float:
    """Return documents a CPU second from text to verdict, kept in an SQLite file, 200 a transaction."""
    records = [read_record(line) for line in manifest.read_bytes().splitlines()]
    desk = Desk(work)
    begin = time.process_time()
    for at in range(0, len(records), RECORDS_AT_ONCE):
        with desk.transaction():
            for identity, article in records[at : at + RECORDS_AT_ONCE]:
                desk.decide(identity, article)
    spent = time.process_time() - begin
    desk.close()
    return len(records) / spent


def _head(manifest: Path, folder: Path) -> Path:
    """Return a manifest of some records: what the first verdict loads is not counted to either side."""
    head = folder / "head.jsonl"
    head.write_bytes(b"".join(manifest.read_bytes().splitlines(keepends=True)[:20]))
    return head


def _datasketch(texts: Sequence[str]) -> float | None:
    """Return documents a CPU second of the same task as its documentation does it, five-word shingles."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ModuleNotFoundError:
        return None
    begin = time.process_time()
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for number, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        sketch = MinHash(num_perm=128)
        sketch.update_batch({" ".join(words[at : at + 5]).encode() for at in range(max(1, len(words) - 4))})
        index.query(sketch)
        index.insert(number, sketch)
    return len(texts) / (time.process_time() - begin)


def _index_bytes(work: Path) -> float:
    """Return the bytes of the index's tables and of the records' columns but ids and texts."""
    with sqlite3.connect(work) as connection:
        pages = connection.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name IN ('shingles', 'site_paragraphs', 'residue', "
            "'sqlite_autoindex_site_paragraphs_1', 'records_by_address', 'records_by_hash')"
        ).fetchone()[0]
        fixed = connection.execute("SELECT count(*) * (4 + 8 + 16 + 4 + 1) FROM records").fetchone()[0]
    return float(pages + fixed)


def _sizes(folder: Path, sizes: Sequence[int]) -> None:
    costs = []
    for size in sizes:
        work = folder / f"{size}.work"
        desk = Desk(work)
        desk.begin("bench")
        desk.close()
        _fill(work, size)
        desk, result = Desk(work), (folder / "timed").open("wb")
        lines = [(number, _line(number)) for number in range(1, FRESH + 101)]
        desk.judge_all(lines[FRESH:], result, 0, print)
        begin, held = time.process_time(), memory(os.getpid())
        desk.judge_all(lines[:FRESH], result, 0, print)
        costs.append((time.process_time() - begin) / FRESH * 1e6)
        desk.close()
        result.close()
        print(
            f"{size:>9} documents: {costs[-1]:6.0f} CPU µs a verdict ({costs[-1] / costs[0]:.2f} x), "
            f"{_index_bytes(work) / size:.0f} bytes a document, {held} → {memory(os.getpid())} MB"
        )


def _fill(work: Path, size: int) -> None:
    """Put documents with random keys into the tables, in the order of the keys: that is fast."""
    dice = np.random.default_rng(5)
    keys = dice.integers(0, 1 << 48, size * KEYS, dtype=np.int64)
    order = np.argsort(keys)
    documents = np.arange(size * KEYS) // KEYS + 1
    with sqlite3.connect(work) as connection:
        connection.execute("DROP INDEX records_by_address")
        connection.execute("DROP INDEX records_by_hash")
        connection.executemany(
            "INSERT INTO records VALUES (?, ?, ?, 'synthetic', ?, NULL, 1, 'word')",
            ((n, f"d{n}", int(n) * 7919, dice.bytes(16)) for n in range(1, size + 1)),
        )
        pairs = zip(keys[order].tolist(), documents[order].tolist(), strict=True)
        connection.executemany("INSERT OR IGNORE INTO shingles VALUES (?, ?)", pairs)
        connection.execute("CREATE INDEX records_by_hash ON records (hash)")
        connection.execute("CREATE INDEX records_by_address ON records (address) WHERE address IS NOT NULL")


def _line(number: int) -> bytes:
    """Return a record of 800 invented words that no other holds."""
    dice = random.Random(number)  # noqa: S311 - words, not secrets
    words = ["".join(dice.choices("abcdefghijklmno", k=5)) for _ in range(800)]
    body = "\n".join(" ".join(words[at : at + 40]) for at in range(0, 800, 40))
    url = f"https://s{number % 50}.example/{number}"
    return json.dumps({"id": f"n{number}", "url": url, "site": url[8:], "body": body}).encode()


def _nothing(_: int) -> None:
    return


if __name__ == "__main__":
    main()
