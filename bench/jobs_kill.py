"""kill -9 of supervisors, crawls and workers at random moments: ./run bench jobs_kill [KILLS] [SEED].

Two `scraper serve` share one database and crawl three loopback sites every ten seconds. Fails if a process
outlives its supervisor, if a site ever has two crawls, if a job does not run again, or if an article is lost
or doubled.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState

SITES, ARTICLES, PERIOD = 3, 8, 10
KINDS = ("supervisor", "crawl", "worker")
WORDS = [
    "harbour",
    "ferry",
    "council",
    "bridge",
    "market",
    "orchard",
    "tram",
    "library",
    "museum",
    "lighthouse",
]


class Pages(BaseHTTPRequestHandler):
    """Invented news: a home page of links, and articles that take a moment."""

    def do_GET(self) -> None:
        """Answer for any of the sites, which differ by address."""
        host = self.headers["Host"]
        if self.path == "/":
            links = "".join(
                f"<p><a href='/2031/05/02/story-of-the-{WORDS[n]}-in-ward-{n}'>About the {WORDS[n]}</a></p>"
                for n in range(ARTICLES)
            )
            return self._answer(f"<html><body>{links}</body></html>")
        if not self.path.startswith("/2031/"):
            return self.send_error(404)
        time.sleep(0.3)
        subject = self.path.rpartition("/")[2].replace("-", " ")
        text = "".join(
            f"<p>The {subject} of {host} was discussed for the {count}th time on Monday, and the "
            f"neighbours of number {count * 7} said that they had expected nothing else from it.</p>"
            for count in range(4, 12)
        )
        return self._answer(
            f"<html><head><title>{subject}</title></head><body><article><h1>{subject}</h1>{text}</article>"
        )

    def log_message(self, *line: object) -> None:
        """Say nothing."""

    def _answer(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)


class Scene:
    """Two supervisors, and what can be seen of their processes."""

    def __init__(self, folder: Path, sites: list[str]) -> None:
        """Write the configuration and start both."""
        self.folder, self.sites = folder, sites
        names = ", ".join(f'"{site}"' for site in sites)
        (folder / "scraper.toml").write_text(
            'workers = 1\nallowed_networks = ["127.0.0.0/8"]\n'
            f'[jobs.all]\nsites = [{names}]\nevery = "{PERIOD}s"\n'
        )
        self.supervisors = [self._start(), self._start()]
        self.doubled: set[str] = set()
        self.over = threading.Event()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "scraper", "serve", "--port", "0", "--slots", "3"]
        log = (self.folder / "serve.log").open("ab")
        with log:
            return subprocess.Popen(command, cwd=self.folder, stderr=log)

    def below(self, parents: set[int]) -> set[int]:
        """Return the children of processes."""
        found = set()
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError, IndexError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) in parents and fields[0] != "Z":
                    found.add(int(entry.name))
        return found

    def crawls(self) -> set[int]:
        """Return the crawls that run."""
        return self.below({process.pid for process in self.supervisors})

    def watch(self) -> None:
        """Note every site that has two crawls at once."""
        while not self.over.wait(0.1):
            seen: Counter[str] = Counter()
            for pid in self.crawls():
                with suppress(OSError):
                    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
                    seen.update(word for word in words if word in self.sites)
            self.doubled |= {site for site, count in seen.items() if count > 1}

    def kill(self, kind: str, chance: random.Random) -> bool:
        """Kill one process of the kind; False if there is none now. Exits if anything outlives it."""
        if kind != "supervisor":
            crawls = self.crawls()
            victims = sorted(crawls if kind == "crawl" else self.below(crawls))
            if not victims:
                return False
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
            return True
        place = chance.randrange(2)
        process = self.supervisors[place]
        crawls = self.below({process.pid})
        family = crawls | self.below(crawls)
        process.kill()
        process.wait()
        end = time.monotonic() + 5
        while left := [pid for pid in family if _is_alive(pid)]:
            if time.monotonic() > end:
                sys.exit(f"orphans: {left}")
            time.sleep(0.05)
        self.supervisors[place] = self._start()
        return True


def main() -> None:
    """Kill, then judge."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)  # noqa: S311, PLR2004 - reproducible
    server = ThreadingHTTPServer(("0.0.0.0", 0), Pages)  # noqa: S104 - the sites are 127.0.1.1 and on
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sites = [f"http://127.0.1.{number + 1}:{server.server_port}/" for number in range(SITES)]
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name), sites)
        watching = threading.Thread(target=scene.watch)
        watching.start()
        done: Counter[str] = Counter()
        try:
            while done.total() < kills:
                time.sleep(chance.uniform(0.5, 5))
                kind = chance.choice(KINDS)
                done[kind] += scene.kill(kind, chance)
            judge(scene, done)
        finally:
            scene.over.set()
            watching.join()
            for process in scene.supervisors:
                process.terminate()
                process.wait()


def judge(scene: Scene, done: Counter[str]) -> None:
    """Wait until each site has a good run after the last kill, then count."""
    with ServiceStore(f"sqlite:///{scene.folder}/news.db") as ledger:
        now, end = ledger.runs.now(), time.monotonic() + PERIOD + 60
        good: set[str] = set()
        while len(good) < len(scene.sites):
            if time.monotonic() > end:
                sys.exit(f"not run again in {PERIOD} s plus 60 s: {sorted(set(scene.sites) - good)}")
            time.sleep(0.5)
            runs = ledger.runs.find(states=[RunState.SUCCEEDED, RunState.PARTIAL])
            good = {run.site for run in runs if run.started and run.started >= now}
        runs = ledger.runs.find()
    again = {run.after: run.started for run in runs if run.started}
    gaps = [
        again[run.id] - run.ended
        for run in runs
        if run.state is RunState.INTERRUPTED and run.ended and run.id in again
    ]
    with sqlite3.connect(scene.folder / "news.db") as database:
        stored, addresses = database.execute(
            "SELECT count(*), count(DISTINCT canonical_url) FROM articles"
        ).fetchone()
    states = Counter(run.state.value for run in runs)
    print(
        f"killed: {dict(done)}; runs: {dict(states)}; orphans: 0; sites with two crawls: {len(scene.doubled)}"
    )
    longest = max(gaps, default=timedelta()).total_seconds()
    print(f"an interrupted run was run again after at most {longest:.0f} s")
    print(f"articles: {stored} of {SITES * ARTICLES}, {stored - addresses} doubled")
    if scene.doubled or stored != SITES * ARTICLES or stored != addresses:
        sys.exit("failed")


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    main()
