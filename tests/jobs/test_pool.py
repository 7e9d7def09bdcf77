"""Workers that share one PostgreSQL, with real crawls of loopback sites; ./run bench workers measures more."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scraper.store.history import RunState
from scraper.store.ledger import Ledger
from tests.crawl.site import article, html, path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTS = [f"127.0.0.{number}" for number in (2, 3, 4, 5)]
ARTICLES = 3
DELAY = 1.0
"""Seconds between requests to a host, if nobody says otherwise."""
LATE = 0.2
"""How much later one request may have reached the server than another."""


class Paper(ThreadingHTTPServer):
    """Several sites, told by their address; notes when each was asked for what."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("", 0), Pages)
        self.asked: dict[str, list[tuple[float, str]]] = defaultdict(list)


class Pages(BaseHTTPRequestHandler):
    server: Paper

    def do_GET(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        self.server.asked[host].append((time.monotonic(), self.path))
        first = HOSTS.index(host) * ARTICLES
        addresses = {path(number): number for number in range(first, first + ARTICLES)}
        links = "".join(
            f"<p><a href='{where}'>News of quarter {at}</a></p>" for where, at in addresses.items()
        )
        if self.path == "/":
            body = html(links).content
        elif self.path in addresses:
            body = article(addresses[self.path]).content
        else:
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *line: object) -> None:
        pass


@pytest.fixture
def paper() -> Iterator[Paper]:
    with Paper() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_two_workers_share_the_sites_store_each_article_once_and_keep_each_sites_pace(
    postgresql_url: str, paper: Paper, tmp_path: Path
) -> None:
    sites = [f"http://{host}:{paper.server_port}/" for host in HOSTS]
    (tmp_path / "scraper.toml").write_text(
        f'store = "{postgresql_url}"\nworkers = 1\narchive = ""\nallowed_networks = ["127.0.0.0/8"]\n'
        f'[jobs.all]\nsites = {sites}\nevery = "1d"\n'
    )
    with Ledger(postgresql_url) as ledger:
        command = [sys.executable, "-m", "scraper", "worker", "--slots", "1"]
        workers = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) for _ in range(2)]
        end = time.monotonic() + 120
        while time.monotonic() < end and any(worker.poll() is None for worker in workers):
            runs = ledger.runs.find()
            if len(runs) == len(sites) and not any(run.state.is_active for run in runs):
                break
            time.sleep(0.2)
        for worker in workers:
            worker.terminate()
        assert [worker.wait(60) for worker in workers] == [0, 0]
        runs, stored = ledger.runs.find(), ledger.coverage.totals()
    assert Counter(run.site for run in runs) == Counter(sites)
    assert {run.state for run in runs} == {RunState.SUCCEEDED}
    assert len({run.owner.pid for run in runs if run.owner}) == 2
    assert {total.site: total.articles for total in stored} == dict.fromkeys(HOSTS, ARTICLES)
    for asked in paper.asked.values():
        pages = [(at, where) for at, where in asked if where != "/robots.txt"]
        assert len({where for _, where in pages}) == len(pages)
        assert min(later - earlier for (earlier, _), (later, _) in pairwise(pages)) > DELAY - LATE
