"""What the service remembers of its own work: runs, what each found, and alarms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.shard import read_shard

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STALE = timedelta(seconds=60)
"""A run of another machine whose heartbeat is older is dead: twelve beats were missed."""
STALE_WORKER = timedelta(seconds=8)
"""A worker whose heartbeat is older is dead: four were missed, and none waits for who writes articles."""
BATCH_RUNS = "batch"
"""The job of runs of a command: parts of what `--queue` starts, and what was wished through the pages."""
EXTRACTION = "extraction/"
"""Prefix of the counts that tell how long pages took."""
EXTRACTION_BOUNDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
"""Seconds: extraction/BOUND counts the pages that took at most so long, and longer than the bound before."""


def sources_read(counts: Mapping[str, int]) -> int:
    """Return how many sources of a crawl answered, "not modified" included."""
    return counts.get("source/read", 0) + counts.get("source/not_modified", 0)


def addresses_named(counts: Mapping[str, int]) -> int:
    """Return how many addresses of articles the sources of a crawl named, those of other shards included.

    Below 1 a crawl found nothing: its exit code and the verdict on its run both go by that.
    """
    return counts.get("announced", 0) - counts.get("revisited", 0) + counts.get("source/of_others", 0)


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    """Some of it worked: articles or answers came, and sources or many pages failed."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """It was ended from outside before it could finish."""
    SKIPPED = "skipped"
    """It was taken back before it started."""

    @property
    def is_active(self) -> bool:
        """True until the run ends; the database holds at most one active run a site, or shard of it."""
        return self in {RunState.QUEUED, RunState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The supervising process that a run belongs to, told from any other that had its number before."""

    host: str
    boot: str
    """Of the host's present uptime."""
    pid: int
    started: int
    """Clock ticks from boot to the start of the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl of one site, or one part of a batch, from the decision to run it until its outcome."""

    id: str
    job: str
    site: str
    state: RunState = RunState.QUEUED
    after: str = ""
    """The run of this job, site and shard before it: a run has at most one successor, whoever appends it."""
    shard: str = ""
    """The part of the site that it crawls, such as 2/4; '' where the site is not split."""
    attempt: int = 1
    """Above 1: this often was it tried without a lasting result."""
    queued: datetime
    started: datetime | None = None
    ended: datetime | None = None
    owner: Owner | None = None
    heartbeat: datetime | None = None
    """By the database's clock."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """The crawl's stats: announced, fetched, stored, revised, unchanged, rejected/REASON, failed/CAUSE …"""
    reason: str | None = None
    """Why it ended as it did, in a sentence."""
    may_pass: bool = False
    """What stopped it may be over soon: worth another attempt before the next turn."""
    exit_code: int | None = None
    log: str | None = None
    """Path of the crawl's log file, on the owner's host."""
    cancelled: bool = False
    """Someone asked it to end."""
    command: tuple[str, ...] = ()
    """The arguments of `scraper` that it carries out; none: it crawls, as its job says."""

    @property
    def is_lost(self) -> bool:
        """True if whoever ran it died: that says nothing of the site."""
        return self.state is RunState.INTERRUPTED and self.exit_code is None

    @property
    def is_first_shard(self) -> bool:
        """True for the run that reads what is not split: of a site that is whole, each."""
        return read_shard(self.shard).is_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one run found at its site: what alarms are judged by."""

    at: datetime
    """When the run ended."""
    since: datetime
    """When it started."""
    sources: int = 0
    """Feeds, sitemaps and sections that were read, or had not changed."""
    announced: int = 0
    """Addresses that feeds, sitemaps and sections named."""
    new: int = 0
    """Articles stored for the first time."""
    articles: int = 0
    """Pages that were articles; the shares of the fields below are of these."""
    with_title: int = 0
    with_date: int = 0
    with_author: int = 0
    with_body: int = 0
    """With a body of some length: at least 200 characters."""
    body_length: int = 0
    """The median, in characters."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    failed: Mapping[str, int] = field(default_factory=dict)
    """By cause: dns, timeout, connection, 403, 404, 429, 5xx, robots …"""
    teasers: int = 0
    """Articles cut by a paywall."""
    layouts: Mapping[str, int] = field(default_factory=dict)
    """Skeleton of the page's tags and classes → articles."""
    contradicted: int = 0
    """Pages that were read in full to check what was known of the layout, and gave another body."""
    needs_browser: bool = False
    """Its pages showed, now or earlier, that they come out empty without one."""
    lacks_browser: bool = False
    """There was none."""
    example: str | None = None
    """The address of one page that was rejected, failed or lacked a field."""

    @property
    def pages(self) -> int:
        """Answers that were judged: articles and rejected pages."""
        return self.articles + sum(self.rejected.values())

    @property
    def is_dark(self) -> bool:
        """True where something was asked for and nothing at all was answered."""
        return not self.sources and not self.pages and any(self.failed.values())

    @property
    def asked(self) -> int:
        """Pages that were asked for."""
        return self.pages + sum(self.failed.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What changed at a site, since when, and why it probably did; a site has at most one open alarm."""

    id: int = 0
    """0: not stored yet."""
    site: str
    signs: tuple[str, ...]
    """quiet, fewer, dark, failing, rejected, teasers, title, date, author, body, length, layout, browser (one
    is needed) or plain (none is any more)."""
    since: datetime
    """When it was last as usual."""
    opened: datetime
    closed: datetime | None = None
    cause: str
    """site down, blocked, feed moved, layout changed, paywall or consent page, less published,
    needs a browser, needs no browser."""
    message: str
    """In a sentence, with the figures before and now."""
    example: str | None = None
    """The address of one page that shows it."""
