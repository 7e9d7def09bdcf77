from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

REHEARSE = """
import json, sys
from pathlib import Path
from rich.console import Console
from scraper.cli.crawling.demo import rehearse, report

if __name__ == "__main__":  # the workers import this file anew
    folder = Path(sys.argv[1])
    ended = list(rehearse(folder))
    report(ended, folder, Console(file=sys.stderr, width=80))
    later = ended.pop()
    print(json.dumps({each.site: dict(each.counts) for each in ended} | {"later": dict(later.counts)}))
"""


def rehearse(folder: Path) -> tuple[dict[str, Any], str]:
    script = folder.parent / "rehearse.py"
    script.write_text(REHEARSE)
    done = subprocess.run(
        [sys.executable, script, folder], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return json.loads(done.stdout), done.stderr


def total(counts: dict[str, Any], name: str) -> dict[str, int]:
    return {
        site: sum(number for key, number in each.items() if key.startswith(name))
        for site, each in counts.items()
    }


def exported_after_import(archive: Path, folder: Path) -> str:
    """Return what a new database exports into which the archive was imported."""
    for arguments in (["import", archive], ["export", "--format", "jsonl", "--out", "imported.jsonl"]):
        subprocess.run(
            [sys.executable, "-m", "scraper", "--store", "sqlite:///imported.db", *arguments],
            cwd=folder, capture_output=True, check=True, timeout=PATIENCE,
        )  # fmt: skip
    return (folder / "imported.jsonl").read_text()


def shown_by(folder: Path, command: str, article_id: str) -> str:
    """Return what one of the commands prints that the demo names."""
    store = f"sqlite:///{folder}/news.db"
    arguments = [sys.executable, "-m", "scraper", "--store", store, command, article_id]
    return subprocess.run(arguments, capture_output=True, check=True, text=True, timeout=PATIENCE).stdout


def test_the_demo_stores_every_article_which_its_archive_gives_again_and_the_second_time_finds_all_known(
    tmp_path: Path,
) -> None:
    """Takes 40 s: two crawls of all demo sites, and an import of what the first one archived."""
    folder = tmp_path / "demo"
    first, printed = rehearse(folder)
    records = (folder / "articles.jsonl").read_text()
    imported = exported_after_import(folder / "archive", tmp_path)
    second, printed_again = rehearse(folder)

    assert total(first, "stored") == {"france24": 5, "nizkor": 4, "phuket_gazette": 4, "later": 0}
    assert total(first, "revision")["later"] == 1, "one article was edited after the crawl"
    assert first["france24"]["rejected/consent"] == 1
    assert first["nizkor"]["rejected/error"] == first["phuket_gazette"]["rejected/error"] == 1
    assert first["nizkor"]["failed/robots"] == 1
    assert sum(total(first, "syndicated").values()) == 1, "one agency report stands on two sites"
    assert first["phuket_gazette"]["syndicated"] == 1, (
        "the crawls run in turn: the copy is the same each time"
    )
    assert imported == records
    assert "the exports are" in printed
    rows = dict(line.strip().rsplit(maxsplit=4)[::4] for line in printed.splitlines() if line[:2] == " r")
    assert rows == {"revised": "1", "rejected: consent": "0", "rejected: error": "0"}
    assert printed.rstrip().endswith("scraper web"), "the pages are the last thing to try"
    assert "at http://127.0.0.1:9465/" in printed
    assert "…" not in printed, "on a terminal of 80 columns nothing is cut"
    commands = dict(
        line.split()[-2:]
        for line in printed.splitlines()
        if "news.db cluster" in line or "news.db diff" in line
    )
    shown = {name: shown_by(folder, name, article_id) for name, article_id in commands.items()}
    assert [line.split("\t")[2:4] for line in shown["cluster"].splitlines()] == [
        ["france24", ""],
        ["phuket_gazette", "syndicated"],
    ]
    assert "{+The order was lifted at 11:40am," in shown["diff"]
    assert total(second, "fetched") == {"france24": 0, "nizkor": 0, "phuket_gazette": 0, "later": 1}
    assert second["later"]["unchanged"] == 1
    assert set(total(second, "stored").values()) == set(total(second, "revision").values()) == {0}
    assert "nothing was stored" in printed_again
    assert (folder / "articles.jsonl").read_text() == records
    titles = {json.loads(line)["title"] for line in records.splitlines()}
    assert len(titles) == 13
    assert len(list((folder / "txt").glob("*.txt"))) == 13
