"""What surrounds a crawl fails while it runs: whole supervisors with real crawls of a loopback site."""

from __future__ import annotations

import getpass
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest
import sqlalchemy as sa

from scraper.archive.fixtures import Address
from scraper.store.history import RunState
from scraper.store.ledger import Ledger
from tests.crawl.site import article, html, path, serving, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.archive.fixtures import Reply
    from scraper.archive.server import FixtureServer
    from scraper.store.history import Run

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
HOST = "127.0.0.1"
NUMBERS = range(5)
SECRET = "hidden"


def pages() -> dict[Address, Reply]:
    """Return a site of a home page and articles; nothing on it waits for more than the usual second."""
    links = "".join(f"<p><a href='{path(number)}'>The news of quarter {number}</a></p>" for number in NUMBERS)
    replies = {
        "/": html(links),
        "/robots.txt": text(""),
        **{path(number): article(number) for number in NUMBERS},
    }
    return {Address(HOST, where): reply for where, reply in replies.items()}


@pytest.fixture
def site() -> Iterator[FixtureServer]:
    with serving(pages()) as server:
        yield server


class Proxy:
    """Stands before a database server; cut, it drops what is connected and refuses what comes."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        self._is_cut = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        self._is_cut = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._is_cut:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
    source.close()


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


def wait_for(condition: Callable[[], object], what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(f"{what}: not within {seconds} s")


def asked(site: FixtureServer) -> int:
    """Return how many articles were asked for."""
    return sum(exchange.address.path.startswith("/2031/") for exchange in site.exchanges)


def all_stored(ledger: Ledger) -> bool:
    return sum(total.articles for total in ledger.coverage.totals()) == len(NUMBERS)


def ended(ledger: Ledger) -> list[Run]:
    """Return the runs that ended, the first one first."""
    return [run for run in reversed(ledger.runs.find()) if not run.state.is_active]


def test_a_server_cut_off_in_the_middle_of_a_run_is_waited_for_and_the_run_is_done_again(
    serve: Callable[..., subprocess.Popen[bytes]],
    site: FixtureServer,
    postgresql_url: str,
    tmp_path: Path,
) -> None:
    real = sa.make_url(postgresql_url)
    with Proxy(real.host or HOST, real.port or 5432) as proxy, Ledger(postgresql_url) as ledger:
        through = real.set(
            host=HOST, port=proxy.port, username=real.username or getpass.getuser(), password=SECRET
        )
        serve(through.render_as_string(hide_password=False))
        wait_for(lambda: asked(site) >= 2, "the crawl began")
        proxy.cut()
        wait_for(lambda: asked(site) >= 4, "the crawl goes on")
        wait_for(lambda: "does not answer" in (tmp_path / "serve.log").read_text(), "the supervisor noticed")
        proxy.mend()
        wait_for(lambda: all_stored(ledger) and len(ended(ledger)) > 1, "all was stored")
        first, *_, last = ended(ledger)
    assert first.state in {RunState.PARTIAL, RunState.FAILED}
    assert first.may_pass
    assert "database" in (first.reason or "")
    assert last.state is RunState.SUCCEEDED
    everything = "".join(file.read_text() for file in tmp_path.rglob("*.log"))
    assert "no server answers there" in everything or "the server ended the connection" in everything
    assert SECRET not in everything


def test_a_disk_that_is_full_for_a_while_ends_a_run_truly_and_the_next_one_stores_the_rest(
    serve: Callable[..., subprocess.Popen[bytes]], site: FixtureServer, tmp_path: Path
) -> None:
    if subprocess.run([*IN_NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk of his own")
    supervisor = serve("sqlite:///news.db", disk="8m")
    wait_for(lambda: asked(site) >= 2, "the crawl began")
    disk = Path(f"/proc/{supervisor.pid}/root{tmp_path}/disk")
    fill(disk / "filler")
    wait_for(lambda: "the disk is full" in (tmp_path / "serve.log").read_text(), "the supervisor noticed")
    wait_for(lambda: asked(site) == len(NUMBERS), "the crawl goes on")
    time.sleep(2)
    (disk / "filler").unlink()
    wait_for(lambda: len(ends(tmp_path)) > 1, "the run was done again")
    first, second = ends(tmp_path)
    assert first["state"] in {RunState.PARTIAL, RunState.FAILED}
    assert second["state"] == RunState.SUCCEEDED
    for name in ("news.db", "news.db-wal"):
        shutil.copy(disk / name, tmp_path)
    with Ledger(f"sqlite:///{tmp_path}/news.db") as ledger:
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
