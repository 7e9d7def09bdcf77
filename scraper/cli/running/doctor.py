"""scraper doctor: whether all that a crawl needs is well, and what to do where it is not."""

from __future__ import annotations

import os
import platform
import shutil
from collections import defaultdict
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from packaging.requirements import Requirement

from scraper.archive.place import Place, standing
from scraper.archive.verify import ends_whole
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.running.logs import LOG_JSON, RUN
from scraper.cli.running.service import check_sites
from scraper.cli.stored.filters import JsonOption
from scraper.config import SETTINGS, Config
from scraper.crawl.rendering.chromium import NO_BROWSER, find_browser
from scraper.crawl.sites import load_sites
from scraper.dedup import kernel
from scraper.errors import ConfigError, ScraperError
from scraper.jobs.alarms.deliver import parse_channels
from scraper.jobs.change_webhook import parse_change_webhook
from scraper.jobs.job import parse_jobs
from scraper.masking import masked
from scraper.store.sql.checkup import check_up
from scraper.store.sql.migrations import TABLES_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from scraper.store.sql.checkup import Checkup

PACKAGE = "news-scraper"
LITTLE_SPACE, NO_SPACE = 1_000_000_000, 100_000_000
"""Bytes free: an archived page has 37 kB packed (mean of 990), so the first holds about 25,000."""
_VARIABLES = {
    *("SCRAPER_CONFIG", "SCRAPER_WEBHOOK", "SCRAPER_SMTP_PASSWORD", RUN, LOG_JSON),
    *(f"SCRAPER_{name.upper()}" for name in SETTINGS),
}


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    subject: str
    state: State
    found: str
    """What it is and, where it is not well, what to do."""


def doctor(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Check configuration, database, archive, disk space and versions, and say what to do; change nothing.

    Ends with 1 where there is a problem. What only deserves a look is a warning.

    Example: scraper --store sqlite:///news.db doctor
    """
    given = context.obj
    known = isinstance(given, Config)
    checks = [*(check_all(given, os.environ) if known else [_problem("configuration", str(given))])]
    required = metadata.requires(PACKAGE) or []
    checks.extend(check_versions(required, metadata.version))
    if as_json:
        for check in checks:
            echo_json(asdict(check))
    else:
        print_rows(("", "", ""), ((check.state, check.subject, check.found) for check in checks), empty="")
    if any(check.state is State.PROBLEM for check in checks):
        raise typer.Exit(1)


def check_all(config: Config, environ: Mapping[str, str]) -> Iterator[Check]:
    """Yield what is to be said of the configuration, and of what it names."""
    yield from _check_configuration(config, environ)
    folders = {Path.cwd()}
    try:
        found = check_up(config.store)
    except ScraperError as error:
        yield _problem("database", str(error))
    else:
        yield _check_database(found)
        if found.has_other_index:
            advice = "no page can be judged until it is made anew: run scraper dedup rebuild"
            yield _problem("copies", f"their index is of an earlier version, {advice}")
        if found.unindexed:
            advice = "no search finds them until they are added: run scraper reindex"
            yield _warning("search", f"the index lacks {found.unindexed} stored articles: {advice}")
        folders |= {found.folder} if found.folder else set()
    yield from _check_archive(config.archive)
    if config.archive and "://" not in config.archive:
        folders.add(Path(config.archive).absolute())
    yield check_kernel(is_compiled=kernel.loops.is_compiled)
    yield _check_browser()
    for folder in _disks(folders):
        yield check_space(folder, shutil.disk_usage(folder).free)


def _check_configuration(config: Config, environ: Mapping[str, str]) -> Iterator[Check]:
    origins = defaultdict(list)
    for name in SETTINGS:
        origins[config.origin(name)].append(name)
    said = "; ".join(f"{origin}: {', '.join(names)}" for origin, names in origins.items())
    try:
        jobs = parse_jobs(config.jobs)
        check_sites(jobs)
        parse_channels(config.alarms, environ)
        parse_change_webhook(config.changes, environ)
    except ConfigError as error:
        yield _problem("configuration", str(error))
    else:
        yield _ok("configuration", f"{said}; {len(jobs)} jobs")
    unknown = sorted(name for name in environ if name.startswith("SCRAPER_") and name not in _VARIABLES)
    if unknown:
        yield _warning("configuration", f"{', '.join(unknown)} in the environment: nothing reads that")
    if config.contact:
        yield _ok("contact", config.contact)
    else:
        advice = "no crawl leaves this machine: set contact in scraper.toml, SCRAPER_CONTACT or --contact"
        yield _warning("contact", advice)


def _check_database(found: Checkup) -> Check:
    about = f"{found.name}: tables of version {found.version}"
    if found.version > TABLES_VERSION:
        return _problem(
            "database", f"{about}, this program knows {TABLES_VERSION}: update it, or name another"
        )
    if found.damage:
        advice = "restore a backup, or save what can be read: scraper export"
        return _problem("database", f"{found.name} is damaged ({found.damage}): {advice}")
    if found.refusal:
        return _problem("database", found.refusal)
    if found.version == 0:
        return _warning("database", f"{found.name} has no tables yet: the first crawl makes them")
    if found.version < TABLES_VERSION:
        advice = (
            f"the next command makes that {TABLES_VERSION}: make a backup first (scraper backup, pg_dump)"
        )
        return _warning("database", f"{about}: {advice}")
    return _ok("database", f"{about}, whole, can be written")


def _check_archive(location: str) -> Iterator[Check]:
    if not location:
        yield _ok("archive", "none: pages are not kept, so nothing can be extracted again")
        return
    try:
        place = Place(location)
        place.check()
        names = place.names()
    except ScraperError as error:
        yield _problem("archive", str(error))
        return
    torn = [name for name in names if place.is_local and not ends_whole(place.path(name))]
    if torn:
        advice = "a crawl writes them now, or was killed; the rest of them is whole"
        yield _warning("archive", f"{_some(torn)} end within a record: {advice} (scraper archive verify)")
    yield _ok("archive", f"{location}: {len(names)} files, can be written")


def check_kernel(*, is_compiled: bool) -> Check:
    """Return what is to be said of the part of deduplication that may be compiled."""
    if is_compiled:
        return _ok("kernel", "copies are found by compiled code")
    advice = "to find them faster install a C compiler and Python's headers (python3-dev), then this again"
    return _ok("kernel", f"copies are found by numpy: {advice}")


def _check_browser() -> Check:
    if found := find_browser():
        return check_browser(found, ())
    return check_browser(None, [name for name, site in load_sites().items() if site.rendered])


def check_browser(found: str | None, rendered: Sequence[str]) -> Check:
    """Return what is to be said of the browser that makes the pages of these sites."""
    if found is not None:
        return _ok("browser", found)
    if rendered:
        return _problem("browser", f"{', '.join(rendered)} cannot be crawled: {NO_BROWSER}")
    return _ok("browser", f"none, and no site is declared as rendered; for others, {NO_BROWSER}")


def _disks(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield one folder of each disk; for one that is not there yet, that above it."""
    seen = set()
    for folder in sorted(folders):
        there = standing(folder)
        if (disk := there.stat().st_dev) not in seen:
            seen.add(disk)
            yield there


def check_space(folder: Path, free: int) -> Check:
    """Return what is to be said of so many free bytes."""
    said = f"{free / 1e9:,.1f} GB free at {folder}"
    if free >= LITTLE_SPACE:
        return _ok("disk space", said)
    advice = f"{said}: free some, or make room with scraper archive prune"
    return _problem("disk space", advice) if free < NO_SPACE else _warning("disk space", advice)


def check_versions(required: Iterable[str], installed: Callable[[str], str]) -> Iterator[Check]:
    """Yield what is to be said of the packages that are required, by what is installed."""
    wrong, checked = [], []
    for requirement in map(Requirement, required):
        is_extra = requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})
        try:
            version = installed(requirement.name)
        except metadata.PackageNotFoundError:
            wrong += [] if is_extra else [f"{requirement.name} is missing"]
            continue
        checked.append(f"{requirement.name} {version}")
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version} must be {requirement.specifier}")
    if wrong:
        advice = "install the packages of requirements.lock (earlier ones have known faults)"
        yield _problem("versions", f"{'; '.join(wrong)}: {advice}")
    yield _ok("versions", f"Python {platform.python_version()}, {', '.join(checked)}")


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")


def _ok(subject: str, found: str) -> Check:
    return Check(subject=subject, state=State.OK, found=masked(found))


def _warning(subject: str, found: str) -> Check:
    return Check(subject=subject, state=State.WARNING, found=masked(found))


def _problem(subject: str, found: str) -> Check:
    return Check(subject=subject, state=State.PROBLEM, found=masked(found))
