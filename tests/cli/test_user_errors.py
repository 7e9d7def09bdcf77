"""What people do wrong: each ends with its code and one message that says what to do, and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE

FILES = {
    "torn.toml": "[jobs.x\n",
    "unknown.toml": "wokers = 1\n",
    "typed.toml": 'workers = "many"\n',
    "soon.toml": '[jobs.france24]\nevery = "soon"\n',
    "zone.toml": '[jobs.france24]\ncron = "5 * * * *"\nzone = "Europe/Atlantis"\n',
    "stranger.toml": '[jobs.tribune]\nevery = "1h"\n',
    "sms.toml": '[alarms]\nsms = "x"\n',
    "ftp.toml": '[alarms]\nwebhook = "ftp://chat.example"\n',
    "secret.toml": '[access.paper]\nCookie = "hush"\n',
    "no.db": "this is no database " * 90,
    "lines.jsonl": '{"id": "a", "file": "page.html"}\n',
    "page.html": "<p>A page.",
    "gone.txt": "https://paper.example/a\n",
    "kept/own": "somebody's own",
}
ROOT = Path(__file__).parents[2]
FIXTURES = "--replay fixtures"
ERRORS = [
    ("--config nowhere.toml articles", 2, "nowhere.toml: there is no such configuration file"),
    ("--config torn.toml articles", 2, "torn.toml is not TOML: Expected ']'"),
    ("--config kept articles", 2, "kept cannot be read:"),
    ("--config unknown.toml articles", 2, "unknown key wokers; there are store, contact"),
    ("--config typed.toml articles", 2, "workers = 'many' must be a whole number from 0"),
    ("--config secret.toml config", 2, "access = *** must be tables such as [access.paper]"),
    ("--config soon.toml jobs", 2, '"soon" is no span of time; write it like 90s'),
    ("--config zone.toml jobs", 2, '"Europe/Atlantis" is no time zone; write it like Europe/Paris'),
    ("--config stranger.toml jobs", 2, "no spider is called tribune: give an address, or one of france24"),
    ("--config sms.toml alarms --test", 2, "unknown key sms; there are webhook, email, command"),
    ("--config ftp.toml alarms --test", 2, "webhook must be an address that begins with http"),
    ("alarms --test", 2, "no channel is configured: write [alarms]"),
    ("jobs", 2, "no job is configured: write [jobs.SITE]"),
    ("resume paper", 1, "paper is not paused: scraper jobs shows which sites are"),
    ("cancel 7", 1, "7 is neither queued nor running: scraper runs lists them"),
    ("--store news.db articles", 2, "for a file write sqlite:///news.db"),
    ("--store sqlite://news.db articles", 2, "three slashes: sqlite:///news.db"),
    ("--store sqlite:/// articles", 2, "names no file"),
    ("--store mysql://a/b articles", 2, "mysql is none of the databases that are known"),
    ("--store sqlite:///nowhere.db articles", 1, "there is no such database yet; scraper crawl makes it"),
    ("--store sqlite:///no.db articles", 1, "it is damaged or no database: restore a backup"),
    ("--store postgresql://127.0.0.1:1/x articles", 1, "no server answers there: start it, or check host"),
    (
        f"--store sqlite:///no/a.db crawl france24 {FIXTURES}",
        1,
        "no/a.db: it cannot be opened: make its folder",
    ),
    ("articles --since soon", 2, "--since soon: write a day as 2026-05-20"),
    ("articles --limit 0", 2, "Invalid value for '--limit'"),
    ("shwo 0", 2, "Did you mean 'show'?"),
    ("show 0", 1, "0: the store has no such article; scraper articles lists them"),
    ("cluster 0", 1, "the store has no article '0': it may have been forgotten; scraper articles lists"),
    ("explain 0123456789abcdef", 1, "no such article and no such rejected page"),
    ("explain nowhere.html", 1, "nowhere.html: cannot be read: No such file or directory"),
    ("explain page.html --html kept", 1, "kept: cannot be written: Is a directory"),
    ("extract ftp://paper.example/a", 2, "only http and https addresses with a host can be fetched"),
    ("extract http://", 2, "only http and https addresses with a host can be fetched"),
    ("extract http://[bad/", 2, "only http and https addresses with a host can be fetched"),
    ("extract https://paper.example/a", 2, "is beyond this machine: set contact in scraper.toml"),
    ("extract page.html --fetched-at noon", 2, "write it like 2014-05-20T08:00:00Z"),
    ("extract page.html --site tribune", 2, "there is no such spider; there are france24"),
    ("extract --manifest lines.jsonl", 2, "--manifest needs --out FILE"),
    ("extract --manifest lines.jsonl --out no/a.jsonl", 1, "no/a.jsonl: cannot be written: No such folder"),
    ("extract --manifest lines.jsonl --out kept", 1, "kept: cannot be written: Is a directory"),
    ("export --format parquet", 2, "--format parquet needs --out"),
    ("export --format txt --out kept", 1, "holds own, which no export wrote: name another folder"),
    ("export --out no/a.jsonl", 1, "no/a.jsonl cannot be written: No such file or directory"),
    ("forget https://paper.example/a --reason asked", 2, "nobody can be asked here: give --yes"),
    ("judge 0 list --title Rain", 2, "a list has no title, authors or date of its own"),
    ("crawl tribune", 2, "no spider is called tribune: give an address, or one of france24"),
    (f"crawl france24 --limit many {FIXTURES}", 2, "limit=many is no number of pages: write a whole number"),
    ("crawl france24 --replay nowhere", 1, "neither WARC files nor fixture sites are there to be replayed"),
    ("record tribune https://paper.example/a", 2, "no spider is called tribune: there are france24"),
    ("import nowhere.html", 1, "nowhere.html: there is no such file; an import takes WARC files"),
    ("import no.db", 1, "no.db: an import takes WARC files (.warc"),
    ("import kept", 1, "kept: neither a saved page nor a WARC file is in it"),
    ("import gone.txt", 2, "is beyond this machine: set contact in scraper.toml"),
    ("archive prune --older-than soon", 2, "write days as 365d, or a day as 2026-05-20"),
    ("backup page.html", 1, "page.html exists: name a new file"),
    ("dedup", 2, "name --manifest FILE and --out FILE, or a command: rebuild, sweep"),
    ("quarantine show 0", 1, "no such page is in quarantine; scraper quarantine list shows them"),
]
"""Command line, exit code, and what the message has to say."""


@pytest.mark.system
@pytest.mark.parametrize(("line", "code", "said"), ERRORS, ids=[line for line, *_ in ERRORS])
def test_what_people_do_wrong_is_one_message_that_says_what_to_do(
    news: str, line: str, code: int, said: str
) -> None:
    for name, content in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(content)
    Path("fixtures").symlink_to(ROOT / "fixtures")
    given = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    done = subprocess.run(
        [sys.executable, "-m", "scraper", *line.split(" ")],
        env=given | {"COLUMNS": "200", "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    told = f"{done.stdout}{done.stderr}"
    assert done.returncode == code, told
    assert said in done.stderr
    assert "Traceback" not in told
