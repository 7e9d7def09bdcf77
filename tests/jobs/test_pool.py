"""Workers that share one PostgreSQL, with real crawls of loopback sites; ./run bench workers measures more."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from scraper.fixtures.cases import ReplyAddress
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from tests.crawl.site import article, html, path, serving, text, xml
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.store.service.values import Run

pytestmark = pytest.mark.system

HOST = "127.0.0.1"
HOSTS = [f"127.0.0.{number}" for number in (2, 3, 4, 5)]
ARTICLES = 3
DELAY = 1.0
"""Seconds between requests to a host, if nobody says otherwise."""


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


def have_ended(ledger: ServiceStore, expected: int) -> bool:
    """Tell whether there are so many runs, and none is queued or under way."""
    runs = ledger.runs.find()
    return len(runs) == expected and not any(run.state.is_active for run in runs)


def crawled(url: str, folder: Path, job: str, expected: int) -> tuple[Sequence[Run], Mapping[str, int]]:
    """Return the runs, and the articles by site, once two workers of one slot have done so many runs."""
    (folder / "scraper.toml").write_text(
        f'store = "{url}"\nworkers = 1\narchive = ""\nallowed_networks = ["127.0.0.0/8"]\n[jobs.all]\n{job}'
    )
    with ServiceStore(url) as ledger:
        command = [sys.executable, "-m", "scraper", "worker", "--slots", "1"]
        workers = [subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) for _ in range(2)]
        try:
            wait_for(lambda: have_ended(ledger, expected) or all(each.poll() is not None for each in workers))
        finally:
            for worker in workers:
                worker.terminate()
        assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
        return ledger.runs.find(), {total.site: total.articles for total in ledger.coverage.totals()}


def test_two_workers_share_the_sites_store_each_article_once_and_keep_each_sites_pace(
    postgresql_url: str, paper: Paper, tmp_path: Path
) -> None:
    """Takes 35 s: two real workers crawl several sites at the pace that these ask for."""
    sites = [f"http://{host}:{paper.server_port}/" for host in HOSTS]
    runs, stored = crawled(postgresql_url, tmp_path, f'sites = {sites}\nevery = "1d"\n', len(sites))
    assert Counter(run.site for run in runs) == Counter(sites)
    assert {run.state for run in runs} == {RunState.SUCCEEDED}
    assert len({run.owner.pid for run in runs if run.owner}) == 2
    assert stored == dict.fromkeys(HOSTS, ARTICLES)
    for asked in paper.asked.values():
        pages = [(at, where) for at, where in asked if where != "/robots.txt"]
        assert len({where for _, where in pages}) == len(pages)
        (first, _), *_, (last, _) = pages
        assert last - first > (len(pages) - 1) * DELAY / 2  # half: a busy server may note the first late


def test_two_workers_share_the_shards_of_one_site_and_store_each_article_once(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Takes 15 s: two real workers crawl the shards of a site."""
    children = {f"/{name}.xml": range(at * 2, at * 2 + 2) for at, name in enumerate(("april", "may"))}
    index = "".join(f"<sitemap><loc>{where}</loc></sitemap>" for where in children)
    replies = {
        "/": html("<body>The news is in the sitemaps.</body>"),
        "/robots.txt": text(""),
        "/sitemap.xml": xml(f"<sitemapindex>{index}</sitemapindex>"),
        **{where: xml(urlset(numbers)) for where, numbers in children.items()},
        **{path(number): article(number) for number in range(4)},
    }
    with serving({ReplyAddress(HOST, where): reply for where, reply in replies.items()}) as server:
        job = f'sites = ["http://{HOST}:{server.port}/"]\nshards = 2\nevery = "1d"\n'
        runs, stored = crawled(postgresql_url, tmp_path, job, 2)
        asked = Counter(exchange.address.path for exchange in server.exchanges)
    assert {run.shard: run.state for run in runs} == dict.fromkeys(("1/2", "2/2"), RunState.SUCCEEDED)
    assert len({run.owner.pid for run in runs if run.owner}) == 2
    assert stored == {HOST: 4}
    assert asked == Counter([*replies, "/robots.txt", "/sitemap.xml"])


def urlset(numbers: Iterable[int]) -> str:
    return f"<urlset>{''.join(f'<url><loc>{path(number)}</loc></url>' for number in numbers)}</urlset>"
