"""What surrounds a crawl fails while it runs: whole supervisors with real crawls of a loopback site."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.fixtures.cases import ReplyAddress
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from tests.crawl.proxy import HOST, SECRET, Proxy
from tests.crawl.site import article, html, path, serving, text
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.fixtures.cases import Reply
    from scraper.fixtures.server import FixtureServer
    from scraper.store.service.values import Run

pytestmark = pytest.mark.system

SERVE = """
import sys
from datetime import timedelta
from scraper.cli.app import main
from scraper.jobs import runner, schedule
runner.HEARTBEAT = 1.0
schedule.RETRIES = (timedelta(seconds=2),) * 20
sys.argv[1:] = ["serve", "--port", "0", "--log-json"]
main()
"""
"""The real command, in a hurry: what waits for half a minute waits for seconds."""
IN_NAMESPACE = ["unshare", "--map-root-user", "--mount"]
NUMBERS = range(5)


def pages() -> dict[ReplyAddress, Reply]:
    """Return a site of a home page and articles; nothing on it waits for more than the usual second."""
    links = "".join(f"<p><a href='{path(number)}'>The news of quarter {number}</a></p>" for number in NUMBERS)
    replies = {
        "/": html(links),
        "/robots.txt": text(""),
        **{path(number): article(number) for number in NUMBERS},
    }
    return {ReplyAddress(HOST, where): reply for where, reply in replies.items()}


@pytest.fixture
def site() -> Iterator[FixtureServer]:
    with serving(pages()) as server:
        yield server


@pytest.fixture
def serve(tmp_path: Path, site: FixtureServer) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start `scraper serve` for a job of the site; it ends with the test."""
    started = []

    def start(store: str, *, disk: str = "") -> subprocess.Popen[bytes]:
        (tmp_path / "scraper.toml").write_text(
            f'store = "{store}"\nworkers = 1\nallowed_networks = ["127.0.0.0/8"]\n'
            f'[jobs.paper]\nsites = ["http://{HOST}:{site.port}/"]\nevery = "1d"\n'
        )
        command = [sys.executable, "-c", SERVE]
        if disk:
            (tmp_path / "disk").mkdir()
            mount = f'mount -t tmpfs -o size={disk} disk disk && cp scraper.toml disk && cd disk && exec "$@"'
            command = [*IN_NAMESPACE, "sh", "-c", mount, "sh", *command]
        with (tmp_path / "serve.log").open("ab") as log:
            started.append(subprocess.Popen(command, cwd=tmp_path, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def asked(site: FixtureServer) -> int:
    """Return how many articles were asked for."""
    return sum(exchange.address.path.startswith("/2031/") for exchange in site.exchanges)


def all_stored(ledger: ServiceStore) -> bool:
    return sum(total.articles for total in ledger.coverage.totals()) == len(NUMBERS)


def ended(ledger: ServiceStore) -> list[Run]:
    """Return the runs that ended, the first one first."""
    return [run for run in reversed(ledger.runs.find()) if not run.state.is_active]


def test_a_server_cut_off_in_the_middle_of_a_run_is_waited_for(
    serve: Callable[..., subprocess.Popen[bytes]],
    site: FixtureServer,
    postgresql_url: str,
    tmp_path: Path,
) -> None:
    """Takes 20 s: a real service waits for its database."""
    with Proxy(postgresql_url) as proxy, ServiceStore(postgresql_url) as ledger:
        serve(proxy.url)
        wait_for(lambda: asked(site) >= 2)
        proxy.cut()
        wait_for(lambda: "does not answer" in (tmp_path / "serve.log").read_text())
        proxy.mend()
        wait_for(lambda: all_stored(ledger) and ended(ledger))
        (only,) = ended(ledger)
    assert only.state is RunState.SUCCEEDED
    everything = "".join(file.read_text() for file in tmp_path.rglob("*.log"))
    assert SECRET not in everything


def test_a_disk_that_is_full_for_a_while_holds_a_run_up_and_loses_nothing(
    serve: Callable[..., subprocess.Popen[bytes]], site: FixtureServer, tmp_path: Path
) -> None:
    """Takes 20 s: a real service waits for its disk."""
    if subprocess.run([*IN_NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk of his own")
    supervisor = serve("sqlite:///news.db", disk="8m")
    wait_for(lambda: asked(site) >= 2)
    disk = Path(f"/proc/{supervisor.pid}/root{tmp_path}/disk")
    fill(disk / "filler")
    wait_for(lambda: "the disk is full" in (tmp_path / "serve.log").read_text())
    (disk / "filler").unlink()
    wait_for(lambda: ends(tmp_path))
    assert ends(tmp_path)[0]["state"] == RunState.SUCCEEDED
    for name in ("news.db", "news.db-wal"):
        shutil.copy(disk / name, tmp_path)
    with ServiceStore(f"sqlite:///{tmp_path}/news.db") as ledger:
        assert all_stored(ledger)


def ends(folder: Path) -> list[dict[str, str]]:
    """Return what the supervisor said of runs that ended."""
    lines = (folder / "serve.log").read_text(encoding="utf-8").splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == "run ended"]


def fill(path: Path) -> None:
    """Leave no byte free where the file lies."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
