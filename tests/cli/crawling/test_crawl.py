from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.cli.crawling.crawl import _told
from scraper.crawl.run import Progress
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[3]


@pytest.mark.system
def test_a_crawl_in_a_pipe_says_a_line_a_page_and_a_summary(tmp_path: Path) -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    command = [sys.executable, "-m", "scraper", "crawl", "france24", "--replay", str(ROOT / "fixtures"), "--limit", "3"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, check=False, timeout=PATIENCE)  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = dict(line.split("\t") for line in done.stdout.splitlines())
    assert (rows["site"], rows["fetched"]) == ("france24", "3")
    stamped = re.compile(r"\d{4}-\d\d-\d\d [\d:]{8} INFO (stored|revision|rejected: \w+) https://\S+")
    pages = [line for line in done.stderr.splitlines() if stamped.match(line)]
    sentences = [line for line in done.stderr.splitlines() if line.startswith("france24: ")]
    assert len(pages) == 3
    assert len(pages) + len(sentences) == len(done.stderr.splitlines())
    assert len(sentences) == sum(label.startswith(("rejected", "failed")) for label in rows)


def test_each_count_that_is_a_failure_has_a_sentence() -> None:
    counts = {
        "announced": 9, "stored": 1, "rejected/bot_wall": 2, "quarantined/extraction_timeout": 1, "failed/404": 3,
        "failed/private_address": 1, "failed/store": 1, "failed/418": 1, "failed/continuation/timeout": 1,
        "failed/ValueError": 1, "source/failed/robots_5xx": 1, "source/failed/unreadable": 1,
    }  # fmt: skip
    told = list(_told(Progress(site="paper", counts=counts, reason="finished")))
    assert len(told) == len(counts) - 2
    assert "rejected: bot_wall (2): the page keeps robots out" in told
    assert any("allowed_networks opens it" in line for line in told)
    assert any("scraper doctor" in line for line in told)
    assert any(line.startswith("failed: 418 (1): the server answered 418") for line in told)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"announced": 3, "not_due": 3, "source/read": 1}, "nothing new"),
        ({"announced": 0, "source/read": 2}, "no feed, sitemap or page names an article"),
        ({"announced": 1, "stored": 1}, ""),
    ],
)
def test_a_crawl_without_a_text_says_so(counts: dict[str, int], said: str) -> None:
    told = list(_told(Progress(site="paper", counts=counts, reason="finished")))
    assert [line for line in told if line.startswith(said)] if said else not told
