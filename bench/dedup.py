"""Deduplication: how well, how fast, how small, and what a verdict costs among a million.

    ./run bench dedup [--sizes 10000,1000000] [--records N]

Quality with the scorer in ../shared, in the corpus' own order and in five shuffled ones; speed against
datasketch's MinHashLSH on the same records in the same run (pip install datasketch; left out without it);
bytes of the index's tables, texts aside; a verdict of the store that a crawl writes, among so many texts.
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
from scraper.dedup.decide import decide
from scraper.dedup.diff import changes_of
from scraper.dedup.words import KEYS
from scraper.store import open_store
from scraper.store.copies.batch import judge_file
from scraper.store.copies.records import read_record

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = Path(__file__).parents[2] / "shared"
CORPUS = SHARED / "corpora" / "syndication-dev"
SHUFFLES = 5
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
    _diff()


def _diff() -> None:
    """Print what it takes to tell the changes of one paragraph of 10,000 words."""
    dice = random.Random(7)  # noqa: S311 - words, not secrets
    old = [f"w{dice.randrange(2_000)}" for _ in range(10_000)]
    new = [word if dice.random() < 0.85 else "new" for word in old]  # noqa: PLR2004
    begin = time.process_time()
    changes_of(" ".join(old), " ".join(new))
    print(f"changes of 10,000 words in one paragraph {time.process_time() - begin:.3f} CPU s")


def _corpus(folder: Path, count: int) -> None:
    manifest, work = folder / "articles.jsonl", folder / "work"
    with gzip.open(CORPUS / "articles.jsonl.gz") as lines:
        manifest.write_bytes(b"".join(islice(lines, count)))
        is_whole = not lines.readline()
    texts = [json.loads(line)["body"] for line in manifest.read_bytes().splitlines()]
    judge_file(_head(manifest, folder), folder / "x", folder / "x.work", complain=print, advance=_nothing)
    speeds = [(_ours(manifest, folder / f"{turn}.work"), _datasketch(texts)) for turn in range(ROUNDS)]
    speed = median(ours for ours, _ in speeds)
    print(f"ours, text to verdict on SQLite   {speed:8.0f} documents per CPU second")
    if ratios := [ours / theirs for ours, theirs in speeds if theirs]:
        span = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"… to datasketch MinHashLSH's      {median(ratios):8.2f} x ({span})")
    _judge(manifest, folder / "out.jsonl", work)
    print(
        f"index with all its tables         {_index_bytes(work) / len(texts):8.0f} bytes a document, "
        "texts aside"
    )
    if is_whole:
        _score(folder, manifest)
        for seed in range(1, SHUFFLES + 1):
            _score(folder, manifest, random.Random(seed))  # noqa: S311 - an order, no secret


def _score(folder: Path, manifest: Path, dice: random.Random | None = None) -> None:
    """Print the figures of the records in their order, or in one that the dice give."""
    turn = Path(tempfile.mkdtemp(dir=folder))
    records = manifest.read_bytes().splitlines(keepends=True)
    if dice:
        dice.shuffle(records)
    (turn / "articles.jsonl").write_bytes(b"".join(records))
    for truth in CORPUS.glob("truth.jsonl*"):
        (turn / truth.name).symlink_to(truth)
    _judge(turn / "articles.jsonl", turn / "out.jsonl", turn / "work")
    scorer = [sys.executable, str(SHARED / "score" / "score_dedup.py"), str(turn), str(turn / "out.jsonl")]
    print(subprocess.run(scorer, check=True, capture_output=True, text=True).stdout.strip())


def _judge(manifest: Path, out: Path, work: Path) -> None:
    judge_file(manifest, out, work, complain=print, advance=_nothing)


def _ours(manifest: Path, work: Path) -> float:
    """Return documents a CPU second from the file's records to their lines, by way of an SQLite file."""
    begin = time.process_time()
    _judge(manifest, work.with_suffix(".out"), work)
    return manifest.read_bytes().count(b"\n") / (time.process_time() - begin)


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
            "SELECT sum(pgsize) FROM dbstat WHERE name IN "
            "('shingles', 'matches', 'frames', 'framed', 'records_by_address', 'records_by_hash')"
        ).fetchone()[0]
        fixed = connection.execute(
            "SELECT sum(4 + 8 + 16 + 4 + 4 + 1 + length(paragraphs)) FROM records"
        ).fetchone()[0]
    return float(pages + fixed)


def _sizes(folder: Path, sizes: Sequence[int]) -> None:
    """Print what a verdict costs in a store with the keys of so many texts."""
    costs = []
    articles = [read_record(_line(number))[1] for number in range(1, FRESH + 101)]
    for size in sizes:
        path = folder / f"{size}.db"
        url = f"sqlite:///{path}"
        with open_store(url):
            pass
        _fill(path, size)
        with open_store(url) as store, store.transaction():
            for article in articles[FRESH:]:
                store.save(decide(article, stored=None, index=store.dedup))
            begin, held = time.process_time(), memory(os.getpid())
            for article in articles[:FRESH]:
                store.save(decide(article, stored=None, index=store.dedup))
            costs.append((time.process_time() - begin) / FRESH * 1e6)
        print(
            f"{size:>9} documents: {costs[-1]:6.0f} CPU µs a verdict that is saved "
            f"({costs[-1] / costs[0]:.2f} x), {held} → {memory(os.getpid())} MB"
        )


def _fill(path: Path, size: int) -> None:
    """Put random keys of texts into the table, in their order: that is fast."""
    dice = np.random.default_rng(5)
    keys = dice.integers(0, 1 << 48, size * KEYS, dtype=np.int64)
    order = np.argsort(keys)
    documents = np.arange(size * KEYS) // KEYS + 1_000_000_000
    with sqlite3.connect(path) as connection:
        pairs = zip(keys[order].tolist(), documents[order].tolist(), strict=True)
        connection.executemany("INSERT OR IGNORE INTO shingles VALUES (?, ?)", pairs)


def _line(number: int) -> bytes:
    """Return a record of 800 invented words that no other holds."""
    dice = random.Random(number)  # noqa: S311 - words, not secrets
    words = ["".join(dice.choices("abcdefghijklmno", k=5)) for _ in range(800)]
    body = "\n".join(" ".join(words[at : at + 40]) for at in range(0, 800, 40))
    url = f"https://s{number % 50}.example/{number}"
    made = {"id": f"n{number}", "url": url, "site": url[8:], "body": body}
    return json.dumps(made | {"fetched_at": "2031-05-02T08:00:00+00:00"}).encode()


def _nothing(_: int) -> None:
    return


if __name__ == "__main__":
    main()
