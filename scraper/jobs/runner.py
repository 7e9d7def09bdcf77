"""One run: a crawl as a child process, watched until it ends, and what it came to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from scraper.errors import StoreError
from scraper.jobs.outcome import EndedBy, RunOutcome, judge_command, judge_run
from scraper.store.service.processes import group_memory
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.jobs.job import Job
    from scraper.store.service.queue import RunQueue
    from scraper.store.service.values import Run

HEARTBEAT = 2.0
"""Seconds between heartbeats."""
GRACE = 30.0
"""Seconds that a crawl has to finish its open requests and commit when it is asked to end."""
_TICK = 0.25
_MEMORY_EVERY = 2.0
_VOICE = "scraper: "
"""What the command line begins an error with."""
_LAST_WORDS = 4096

log = structlog.get_logger("scraper.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a crawl's process ended."""

    outcome: RunOutcome
    site: str
    """The name that the crawl gave its site: that of a site given by its address is its host."""
    exit_code: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class Stop:
    """The wish that runs end: asked once, they finish what is open; asked twice, they end at once.

    Plain numbers, since a signal may come while a thread holds any lock.
    """

    def __init__(self) -> None:
        """Wish nothing yet."""
        self._asked = 0

    def ask(self, *_signal: object) -> None:
        """Ask once more; fit to handle a signal."""
        self._asked += 1

    @property
    def soon(self) -> bool:
        """True once it was asked for."""
        return self._asked > 0

    @property
    def now(self) -> bool:
        """True once it was asked for again."""
        return self._asked > 1

    def wait(self, seconds: float) -> bool:
        """Wait until it is asked for, at most so long; return whether it is."""
        end = time.monotonic() + seconds
        while not self.soon and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _TICK))
        return self.soon


class Heart:
    """The heartbeats of a process's runs: one transaction writes them, however many there are.

    Were it one each, the runs of a machine with too much to do would wait for one another until they count as
    dead.
    """

    def __init__(self, runs: RunQueue) -> None:
        """Beat for no run yet."""
        self._runs = runs
        self._why: dict[str, EndedBy | None] = {}
        self._changing, self._writing = threading.Lock(), threading.Lock()
        self._tried = time.monotonic()

    @contextmanager
    def beating(self, run: str) -> Iterator[None]:
        """Beat for a run whose first beat was just written."""
        with self._changing:
            self._why[run] = None
        try:
            yield
        finally:
            with self._changing:
                del self._why[run]

    def beat(self, run: str) -> EndedBy | None:
        """Write all heartbeats if it is time to and nobody does; return why the run is to end, if it is."""
        if self._writing.acquire(blocking=False):
            try:
                self._beat_all()
            finally:
                self._writing.release()
        return self._why[run]

    def _beat_all(self) -> None:
        if time.monotonic() - self._tried < HEARTBEAT:
            return
        self._tried = time.monotonic()
        with self._changing:
            keys = tuple(self._why)
        try:
            running = self._runs.beat(keys)
        except StoreError as error:
            log.warning("no heartbeat", runs=keys, error=str(error))
            return  # their crawls ask for nothing meanwhile, and end where that lasts
        with self._changing:
            for key in self._why.keys() & keys:
                run = running.get(key)
                self._why[key] = EndedBy.LOST if run is None else EndedBy.CANCELLED if run.cancelled else None


def crawl_command(site: str, arguments: Sequence[str]) -> list[str]:
    """Return the command line that crawls a site and prints its counts."""
    return [sys.executable, "-m", "scraper", "crawl", site, *arguments, "--json"]


def batch_command(run: Run) -> list[str]:
    """Return the command line of a run that is a part of a batch, which prints its counts."""
    part = ("--shard", run.shard) if run.shard else ()
    return [sys.executable, "-m", "scraper", *run.command, *part, "--json"]


class Runner:
    """Runs crawls and parts of batches. To be used from a thread that lives as long: they die with it."""

    def __init__(
        self,
        runs: RunQueue,
        *,
        logs: Path,
        stop: Stop,
        environment: Mapping[str, str],
        command: Callable[[str, Sequence[str]], Sequence[str]] = crawl_command,
    ) -> None:
        """Write the crawls' logs below a folder; give them the environment and the command line."""
        self._runs = runs
        self._heart = Heart(runs)
        self._logs = logs
        self._stop = stop
        self._environment = environment
        self._command = command

    def run(self, run: Run, job: Job) -> Ended:
        """Crawl, and write what came of it; whatever happens, the run ends in a true state."""
        bound = log.bind(
            run=run.id, job=job.name, site=run.site, **({"shard": run.shard} if run.shard else {})
        )
        bound.info("run started", attempt=run.attempt)
        try:
            ended = self._crawl(run, job)
        except OSError as error:
            reason = f"its process or its log could not be started: {error}"
            outcome = RunOutcome(state=RunState.FAILED, reason=reason, may_pass=True)
            ended = Ended(outcome=outcome, site=run.site)
        self._write(run, ended)
        bound.info("run ended", state=ended.outcome.state.value, reason=ended.outcome.reason)
        return ended

    def _crawl(self, run: Run, job: Job) -> Ended:
        folder = self._logs / _file_name(run.site)
        folder.mkdir(parents=True, exist_ok=True)
        path, counts = folder / f"{run.id}.log", folder / f"{run.id}.json"
        with suppress(StoreError):
            self._runs.note_log(run.id, str(path))
        arguments = (*job.arguments, *(("--shard", run.shard) if run.shard else ()))
        leash = [sys.executable, "-m", "scraper.jobs.leash", str(os.getpid()), str(job.niceness)]
        with path.open("wb") as errors, counts.open("wb") as output:
            child = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [*leash, *(batch_command(run) if run.command else self._command(run.site, arguments))],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**self._environment, "SCRAPER_RUN": run.id},
                start_new_session=True,
            )
        try:
            with self._heart.beating(run.id):
                ended_by = self._watch(child, run, job)
        finally:
            _kill_group(child.pid)  # workers that outlived the crawl, or all of it if this failed
            child.wait()
        site, found = _read_counts(counts)
        counts.unlink(missing_ok=True)
        judge = judge_command if run.command else judge_run
        outcome = judge(child.returncode, found, ended_by, said=_last_words(path))
        return Ended(outcome=outcome, site=site or run.site, exit_code=child.returncode, counts=found or {})

    def _watch(self, child: subprocess.Popen[bytes], run: Run, job: Job) -> EndedBy | None:
        """Return when the child has ended, or is to be killed, with the reason if that is ours."""
        begin = weighed = time.monotonic()
        why: EndedBy | None = None
        while why is None and not _has_ended(child):
            now = time.monotonic()
            if now - weighed >= _MEMORY_EVERY:
                weighed = now
                if group_memory(child.pid) > job.memory_limit:
                    return EndedBy.MEMORY_LIMIT  # no grace: the machine itself is at stake
            if self._stop.soon:
                why = EndedBy.STOPPED
            elif now - begin > job.time_limit.total_seconds():
                why = EndedBy.TIME_LIMIT
            else:
                why = self._heart.beat(run.id)
        if why is not None and why is not EndedBy.LOST:
            self._end(child, run.id, why)
        return why

    def _end(self, child: subprocess.Popen[bytes], run: str, why: EndedBy) -> None:
        """Ask the crawl to end and wait for it, for a while."""
        log.info("run is asked to end", run=run, why=why.value)
        os.kill(child.pid, signal.SIGTERM)  # child.terminate() would take its end from those who wait for it
        begin = time.monotonic()
        while not _has_ended(child):
            if self._stop.now or time.monotonic() - begin > GRACE:
                return
            self._heart.beat(run)

    def _write(self, run: Run, ended: Ended) -> None:
        """Write the outcome; while the database does not answer, try again until asked to hurry."""
        outcome = ended.outcome
        while True:
            try:
                self._runs.end(
                    run,
                    outcome.state,
                    outcome.reason,
                    may_pass=outcome.may_pass,
                    exit_code=ended.exit_code,
                    counts=ended.counts,
                )
            except StoreError as error:
                log.warning("outcome not written yet", run=run.id, error=str(error))
                if self._stop.now:
                    return
                time.sleep(HEARTBEAT)
            else:
                return


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Return whether the child has ended, after waiting a moment; its number stays its own."""
    if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
        return True
    time.sleep(_TICK)
    return False


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _read_counts(path: Path) -> tuple[str | None, Mapping[str, int] | None]:
    """Return the site and the counts that a crawl printed in its last line; None if it printed none."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        said = json.loads(lines[-1])
        (found,) = said if isinstance(said, list) else [said]
        return found.get("site"), {name: value for name, value in found.items() if isinstance(value, int)}
    except (ValueError, LookupError, AttributeError, TypeError):
        return None, None


def _last_words(path: Path) -> str:
    """Return the error that a crawl ended with, without its name; '' where its log ends otherwise."""
    with path.open("rb") as log_file:
        log_file.seek(max(0, path.stat().st_size - _LAST_WORDS))
        lines = log_file.read().decode(errors="replace").splitlines()
    return lines[-1].removeprefix(_VOICE) if lines and lines[-1].startswith(_VOICE) else ""


def _file_name(site: str) -> str:
    """Return a folder's name for a site that may be an address.

    >>> _file_name("https://paper.example/")
    'https_paper.example'
    """
    return "_".join(part for part in site.replace(":", "/").split("/") if part.strip(".")) or "site"
