"""Workers on one PostgreSQL, killed, stopped, cut off: ./run bench cluster [kill|stop|cut|files|queue|day …].

Each row runs once, into a schema of its own on the server that NEWS_TEST_POSTGRESQL names, with real workers
and loopback sites that ask for a second between two requests. Who asked a site for a page is told by the
contact in the user agent, another one for each worker. Fails where a site has two crawls for longer than the
fence's time, where a run ends in a state that is not true, and where an article is lost or doubled.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa

from bench.cluster_day import day
from bench.jobs_kill import ARTICLES, Pages
from bench.workers import schema
from scraper.jobs.job import Job
from scraper.jobs.runner import Runner, Stop
from scraper.jobs.schedule import Every
from scraper.jobs.worker import Worker
from scraper.store import open_store
from scraper.store.service.engine import QUEUE, EngineRuns
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import STALE_WORKER, RunState
from tests.archive.files import one_import, told, write_files
from tests.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


SITES, SLOTS, DELAY = 8, 4, 1.0
FENCE, AGAIN = 5.0, 15.0
"""Seconds: of the old crawl's last request after the new one's first; until a lost run is run again."""
CRAWLS, FILES, PAGES = 20, 6, 100
PATIENCE = 600
SETTLED = 5.0
"""Seconds that workers have to start in."""
DUE = 10_000
LOOKS = 400


class Watched(Pages):
    """Pages that ask for a delay, and note who asked for what and when."""

    asked: ClassVar[dict[str, list[tuple[float, str, str]]]] = defaultdict(list)

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        """Answer, after noting it."""
        agent = self.headers.get("User-Agent", "")
        who = next((name for name in ("one", "two") if f"{name}@" in agent), "?")
        self.asked[self.headers["Host"]].append((time.time(), who, self.path))
        if self.path == "/robots.txt":
            self._answer(f"User-agent: *\nCrawl-delay: {DELAY:g}\n")
        else:
            super().do_GET()


class Scene:
    """Loopback sites, and workers on one database that crawl them."""

    def __init__(self, stack: ExitStack, url: str, sites: int = SITES) -> None:
        """Serve so many sites."""
        self.url = url
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        Watched.asked.clear()
        server = ThreadingHTTPServer(("0.0.0.0", 0), Watched)  # noqa: S104 - the sites are 127.0.3.1 and on
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        self.sites = [f"http://127.0.3.{number + 1}:{server.server_port}/" for number in range(sites)]
        self.ledger = stack.enter_context(ServiceStore(url))
        self._stack = stack

    def start(self, name: str, url: str = "", slots: int = SLOTS) -> subprocess.Popen[bytes]:
        """Start a worker; it is ended with the scene."""
        folder = self.folder / name
        folder.mkdir()
        names = ", ".join(f'"{site}"' for site in self.sites)
        (folder / "scraper.toml").write_text(
            f'store = "{url or self.url}"\ncontact = "{name}@home.example"\nworkers = 1\narchive = ""\n'
            f'allowed_networks = ["127.0.0.0/8"]\n'
            + (f'[jobs.all]\nsites = [{names}]\nevery = "1d"\n' if names else "")
        )
        command = [sys.executable, "-m", "scraper", "worker", "--slots", str(slots)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, stderr=log)
        self._stack.callback(_end, process)
        return process

    def import_files(self, files: Path) -> subprocess.Popen[bytes]:
        """Let the workers take in files; the command is ended with the scene."""
        command = [sys.executable, "-m", "scraper", "--store", self.url, "import", "--queue", str(files)]
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        self._stack.callback(_end, process)
        return process

    def mixed(self, workers: Sequence[subprocess.Popen[bytes]]) -> tuple[subprocess.Popen[bytes], set[str]]:
        """Wait until one of the workers has imports and crawls under way; return it and their runs."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            runs = self.ledger.runs.find(states=[RunState.RUNNING])
            for worker in workers:
                mine = [run for run in runs if run.owner and run.owner.pid == worker.pid]
                if len({bool(run.command) for run in mine}) > 1:
                    return worker, {run.id for run in mine}
            time.sleep(0.05)
        sys.exit("no worker ever had an import beside a crawl")

    def under_way(self, process: subprocess.Popen[bytes], enough: int = SLOTS) -> set[str]:
        """Wait until a worker has so many crawls that ask for pages; return their runs."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            runs = self.ledger.runs.find(states=[RunState.RUNNING])
            mine = {run.id for run in runs if run.owner and run.owner.pid == process.pid}
            busy = [run for run in runs if run.id in mine and len(Watched.asked[_host(run.site)]) > 3]  # noqa: PLR2004 - robots.txt, home and pages
            if len(busy) >= enough:
                return mine
            time.sleep(0.1)
        sys.exit("the worker never had its slots full")

    def wait(self) -> None:
        """Wait until each site has a good run."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            good = self.ledger.runs.find(states=[RunState.SUCCEEDED, RunState.PARTIAL])
            if {run.site for run in good}.issuperset(self.sites):
                return
            time.sleep(0.2)
        sys.exit(f"not done after {PATIENCE} s")

    def judge(self, what: str, lost: set[str], began: float) -> bool:
        """Print what came of it; False where it is not as it should be."""
        runs = {run.id: run for run in self.ledger.runs.find()}
        after = {run.after: run for run in runs.values()}
        free, again, twice = [], [], []
        for key in lost:
            run, new = runs[key], after.get(key)
            if new is None or new.started is None:
                continue
            free.append(new.queued.timestamp() - began)
            again.append(new.started.timestamp() - began)
            if run.command:
                continue
            seen = Watched.asked[_host(run.site)]
            owners = {who for at, who, _ in seen if at < began}
            first = min((at for at, who, _ in seen if at > began and who not in owners), default=began)
            twice.append(max((at - first for at, who, _ in seen if who in owners), default=0.0))
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            crawled = "FROM articles WHERE strpos(canonical_url, '.example/2031') = 0"
            counted = f"SELECT count(*), count(DISTINCT canonical_url) {crawled}"
            stored, addresses = connection.exec_driver_sql(counted).one()
        states = Counter(run.state.value for run in runs.values())
        overlap = max(twice, default=0.0)
        print(
            f"{what}: {len(lost)} runs lost, queued again after at most {max(free, default=0):.1f} s "
            f"and begun after {max(again, default=0):.1f}; the old "
            f"crawl's last request came {overlap:+.1f} s after the new one's first; runs {dict(states)}; "
            f"articles {stored} of {len(self.sites) * ARTICLES}, {stored - addresses} doubled"
        )
        true = {runs[key].state for key in lost} <= {RunState.INTERRUPTED}
        whole = stored == addresses == len(self.sites) * ARTICLES
        return len(again) == len(lost) and overlap <= FENCE and true and whole


def kill(url: str) -> bool:
    """Kill one of two workers, which has imports and crawls under way."""
    with ExitStack() as stack:
        scene = Scene(stack, url, sites=CRAWLS)
        files = scene.folder / "files"
        write_files(files, FILES, PAGES, PAGES // 4)
        slots = CRAWLS + FILES  # so that none waits for a slot: what is measured is how soon a site is free
        workers = scene.start("one", slots=slots), scene.start("two", slots=slots)
        imports = scene.import_files(files)
        victim, lost = scene.mixed(workers)
        began = time.time()
        victim.kill()
        code = imports.wait(PATIENCE)
        scene.wait()
        good = scene.judge("kill -9", lost, began)
        with open_store(url) as store:
            found, one = told(store), one_import(files)
        same = all(found.get(key) == revisions for key, revisions in one.items())
        print(f"{FILES} imports beside: ended with {code}; {len(one)} articles, as one process's: {same}")
        good = good and same and code == 0
        runs = {run.after: run for run in scene.ledger.runs.find() if run.started}
        return good and all(runs[key].started.timestamp() - began <= AGAIN for key in lost)  # type: ignore[union-attr]


def stop(url: str) -> bool:
    """Stop a worker with all its processes, as a machine that sleeps, for twice the stale time."""
    with ExitStack() as stack:
        scene = Scene(stack, url)
        first = scene.start("one")
        lost = scene.under_way(first)
        scene.start("two", slots=SITES)
        began = time.time()
        family = _family(first.pid)
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(2 * STALE_WORKER.total_seconds())
        for pid in family:
            os.kill(pid, signal.SIGCONT)
        scene.wait()
        return scene.judge("stopped", lost, began)


def cut(url: str) -> bool:
    """Cut a worker and its crawls off from PostgreSQL for good."""
    with ExitStack() as stack:
        scene = Scene(stack, url)
        proxy, far = Proxy.to(url)
        stack.enter_context(proxy)
        first = scene.start("one", far)
        lost = scene.under_way(first)
        scene.start("two", slots=SITES)
        began = time.time()
        proxy.cut()
        scene.wait()
        good = scene.judge("cut off", lost, began)
        proxy.__exit__(None, None, None)
        code = first.wait(PATIENCE)
        print(f"cut off: the worker ended with {code}")
        return good and code != 0


def files(url: str) -> bool:
    """Measure files on one worker with a slot, and on two."""
    walls = []
    for workers in (1, 2):
        with schema() if workers > 1 else nullcontext(url) as where, ExitStack() as stack:
            scene = Scene(stack, where, sites=0)
            write_files(scene.folder / "files", FILES, PAGES, PAGES // 4)
            started = [scene.start(name, slots=1) for name in ("one", "two")[:workers]]
            time.sleep(SETTLED)
            begin, cpu = time.monotonic(), os.times()
            code = scene.import_files(scene.folder / "files").wait(PATIENCE)
            walls.append(time.monotonic() - begin)
            for process in started:
                _end(process)
            spent = os.times()
        seconds = spent.children_user + spent.children_system - cpu.children_user - cpu.children_system
        print(
            f"{FILES} files of {PAGES} pages on {workers} workers: {walls[-1]:.1f} s, {seconds:.1f} s of CPU "
            f"in all, ended with {code}; load {os.getloadavg()[0]:.1f}"
        )
    print(f"two workers against one: {walls[1] / walls[0]:.2f} of the time")
    return walls[1] / walls[0] <= 0.6  # noqa: PLR2004 - what the table asks for


def queue(url: str) -> bool:
    """Measure the engine's look for the next task, with an empty queue and with many sites due."""
    sites = tuple(f"site{number}" for number in range(DUE))
    with ServiceStore(url, queue=EngineRuns) as ledger:
        empty = _look_cost(url)
        job = Job(name="all", sites=sites, schedule=Every(timedelta(days=1)))
        halt = Stop()
        runner = Runner(ledger.runs, logs=Path(), stop=halt, environment={})
        worker = Worker(ledger, [job], runner, stop=halt, slots=SLOTS, channels=[])
        begin = time.process_time(), time.monotonic()
        worker.look()
        spent = time.process_time() - begin[0], time.monotonic() - begin[1]
        waiting = len(ledger.runs.find(states=[RunState.QUEUED]))
        full = _look_cost(url)
    print(
        f"{DUE} sites due: {waiting} wait; the engine's look takes {full * 1000:.2f} ms, with an empty queue "
        f"{empty * 1000:.2f} ms ({full / empty:.2f} x); a worker's look at what is due {spent[1]:.2f} s "
        f"({spent[0]:.2f} s of its CPU)"
    )
    return full / empty <= 2.0  # noqa: PLR2004 - what the table asks for


def _look_cost(url: str) -> float:
    """Return the seconds that the server takes to find the next task, which is left where it is."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        register = connection.exec_driver_sql("SELECT * FROM procrastinate_register_worker_v1()")
        worker = register.scalar_one()
        connection.commit()
        statement = sa.text("SELECT id FROM procrastinate_fetch_job_v2(ARRAY[:queue]::varchar[], :worker)")
        spent = 0.0
        for _ in range(LOOKS):
            begin = time.perf_counter()
            connection.execute(statement, {"queue": QUEUE, "worker": worker})
            spent += time.perf_counter() - begin
            connection.rollback()
        connection.exec_driver_sql(f"SELECT procrastinate_unregister_worker_v1({worker})")
        connection.commit()
    return spent / LOOKS


def _family(pid: int) -> list[int]:
    """Return a process and all below it."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if entry.name.isdigit() and fields[0] != "Z":
            children[int(fields[1])].append(int(entry.name))
    found = [pid]
    for each in found:
        found += children[each]
    return found


def _host(site: str) -> str:
    return site.split("/")[2]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


ROWS: dict[str, Callable[[str], bool]] = {
    "kill": kill,
    "stop": stop,
    "cut": cut,
    "files": files,
    "queue": queue,
    "day": day,
}


def main() -> None:
    """Measure the rows that are named, or all."""
    failed = []
    for name in sys.argv[1:] or ROWS:
        with schema() as url:
            if not ROWS[name](url):
                failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
