from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.record import article_id
from scraper.store.service.service_store import ServiceStore
from tests.store.values import article


def completed(line: str) -> list[str]:
    """Return what bash is offered at the end of a line."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    script = "import sys; sys.argv[0] = 'scraper'; from scraper.cli import main; main()"
    words = line.split(" ")
    given |= {"_SCRAPER_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("scraper articles --site ", ["gazette", "harbour"]),
        ("scraper articles --site h", ["harbour"]),
        ("scraper crawl fr", ["france24"]),
        ("scraper extract --site niz", ["nizkor"]),
        ("scraper pause ", ["paper", "tribune"]),
        ("scraper --store sqlite:///nowhere.db articles --site ", []),
        ("scraper --config nowhere.toml pause ", []),
    ],
)
def test_sites_and_jobs_are_completed(news: str, line: str, offered: list[str]) -> None:
    Path("scraper.toml").write_text('[jobs.paper]\nevery = "1h"\nsites = ["paper", "tribune"]\n')
    assert completed(line) == offered


@pytest.mark.parametrize("command", ["show", "cluster", "diff", "explain", "judge"])
def test_ids_are_completed(news: str, command: str) -> None:
    assert {news, article_id(article(2))} <= set(completed(f"scraper {command} "))
    assert completed(f"scraper {command} {news[:7]}") == [news]


def test_runs_that_can_be_cancelled_are_completed(news: str) -> None:
    with ServiceStore("sqlite:///news.db") as ledger:
        run = ledger.runs.append(job="paper", site="paper", after="")
    assert run is not None
    assert completed("scraper cancel ") == [run.id]
