"""Job: which sites are crawled, with which arguments, when, and within which limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.errors import ConfigError
from scraper.jobs.schedule import Cron, Every, Schedule, parse_duration, parse_schedule
from scraper.shard import Shard
from scraper.store.service.values import BATCH_RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN_TIME_LIMIT = timedelta(hours=1)
RUN_MEMORY_LIMIT = 3 * 1024**3
"""Bytes: a crawl and two workers take 0.6 to 1 GB; a worker alone may take up to 2 GB for a hostile page."""
NICENESS = 10
BACKFILL = "backfill"
"""The job of runs that `scraper backfill` starts."""
_TAKEN = {BACKFILL: "scraper backfill", BATCH_RUNS: "what --queue starts"}

MOST_SHARDS = 64

_LIMITS = {"time_limit", "memory_limit", "niceness"}
_KEYS = {"sites", "shards", "every", "cron", "zone", "on", "arguments", *_LIMITS}
_UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be run again and again; each of its sites, or shard of it, is a run of its own."""

    name: str
    sites: tuple[str, ...]
    """Names of spiders, or addresses of news sites."""
    schedule: Schedule
    arguments: tuple[str, ...] = ()
    """Further arguments of `scraper crawl`."""
    time_limit: timedelta = RUN_TIME_LIMIT
    memory_limit: int = RUN_MEMORY_LIMIT
    """Bytes that the crawl and its workers may take together."""
    niceness: int = NICENESS
    shards: int = 1
    """Runs that each crawl a part of a site."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The shards of each site, as runs name them.

        >>> Job(name="paper", sites=("paper",), schedule=Every(timedelta(hours=1)), shards=2).parts
        ('1/2', '2/2')
        """
        return tuple(str(Shard(number=number + 1, of=self.shards)) for number in range(self.shards))


def parse_jobs(tables: Mapping[str, Any]) -> tuple[Job, ...]:
    """Return the jobs of the configuration's [jobs.NAME] tables, by name. Raises ConfigError.

    >>> parse_jobs({"paper": {"every": "30m"}})[0].sites
    ('paper',)
    """
    jobs = tuple(_job(name, tables[name]) for name in sorted(tables))
    seen: dict[str, Job] = {}
    for job in jobs:
        for site in job.sites:
            other = seen.setdefault(site, job)
            if other.shards != job.shards:
                raise ConfigError(
                    f"job {job.name}: shards = {job.shards} for {site}, but {other.shards} in job "
                    f"{other.name}: a site is split alike in all its jobs"
                )
    return jobs


def schedule_text(schedule: Schedule) -> str:
    """Return the schedule as people write it.

    >>> schedule_text(Every(timedelta(minutes=90)))
    'every 1:30:00'
    """
    if isinstance(schedule, Every):
        return f"every {schedule.period}"
    if isinstance(schedule, Cron):
        return f"{schedule.expression} ({schedule.zone})"
    return "on feed"


def _job(name: str, table: Any) -> Job:  # noqa: ANN401 - whatever the file holds
    if not isinstance(table, dict):
        raise ConfigError(f'jobs.{name} must be a table: [jobs.{name}] and below it every = "30m"')
    if unknown := sorted(set(table) - _KEYS):
        raise ConfigError(
            f"job {name}: unknown key {', '.join(unknown)}; there are {', '.join(sorted(_KEYS))}"
        )
    if name in _TAKEN:
        raise ConfigError(f"job {name}: the name is taken by {_TAKEN[name]}; choose another")
    niceness = table.get("niceness", NICENESS)
    if not isinstance(niceness, int) or not 0 <= niceness <= 19:  # noqa: PLR2004 - what nice takes
        raise ConfigError(f"job {name}: niceness = {niceness!r} must be a whole number from 0 to 19")
    shards = table.get("shards", 1)
    if not isinstance(shards, int) or not 1 <= shards <= MOST_SHARDS:
        raise ConfigError(f"job {name}: shards = {shards!r} must be a whole number from 1 to {MOST_SHARDS}")
    limit = table.get("time_limit")
    return Job(
        name=name,
        sites=_texts(name, "sites", table.get("sites", [name])),
        schedule=parse_schedule(table, name),
        arguments=_texts(name, "arguments", table.get("arguments", [])),
        time_limit=parse_duration(str(limit), f"job {name}: time_limit") if limit else RUN_TIME_LIMIT,
        memory_limit=_bytes(name, table["memory_limit"]) if "memory_limit" in table else RUN_MEMORY_LIMIT,
        niceness=niceness,
        shards=shards,
    )


def _texts(name: str, key: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ConfigError(f'job {name}: {key} = {value!r} must be a list of texts, such as ["one", "two"]')
    return tuple(value)


def _bytes(name: str, value: Any) -> int:  # noqa: ANN401
    found = re.fullmatch(r"([1-9]\d*)([KMG])", str(value))
    if not found:
        raise ConfigError(f'job {name}: memory_limit = "{value}" must be written like 800M or 3G')
    return int(found[1]) * _UNITS[found[2]]
