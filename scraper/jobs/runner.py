"""One run: a crawl as a child process, watched until it ends, and what it came to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from scraper.errors import StoreError
from scraper.jobs.outcome import EndedBy, RunOutcome, judge_command, judge_run
from scraper.store.service.processes import group_memory
from scraper.store.service.values import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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


class Pulse:
    """The heartbeat of one run."""

    def __init__(self, runs: RunQueue, run: str) -> None:
        """Begin with a beat that was just written."""
        self.run = run
        self._runs = runs
        self._tried = time.monotonic()

    def beat(self) -> EndedBy | None:
        """Write the heartbeat if it is time to; return why the run is to end, if it is."""
        now = time.monotonic()
        if now - self._tried < HEARTBEAT:
            return None
        self._tried = now
        try:
            run = self._runs.beat(self.run)
        except StoreError as error:
            log.warning("no heartbeat", run=self.run, error=str(error))
            return None  # its crawl asks for nothing meanwhile, and ends where that lasts
        if run is None:
            return EndedBy.LOST
        return EndedBy.CANCELLED if run.cancelled else None


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
        pulse = Pulse(self._runs, run.id)
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
                why = pulse.beat()
        if why is not None and why is not EndedBy.LOST:
            self._end(child, pulse, why)
        return why

    def _end(self, child: subprocess.Popen[bytes], pulse: Pulse, why: EndedBy) -> None:
        """Ask the crawl to end and wait for it, for a while."""
        log.info("run is asked to end", run=pulse.run, why=why.value)
        os.kill(child.pid, signal.SIGTERM)  # child.terminate() would take its end from those who wait for it
        begin = time.monotonic()
        while not _has_ended(child):
            if self._stop.now or time.monotonic() - begin > GRACE:
                return
            pulse.beat()

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
