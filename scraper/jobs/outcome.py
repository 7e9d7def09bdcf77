"""What a run came to: from the crawl's own counts, not from its exit code alone."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.store.service.values import RunState, addresses_named, sources_read

if TYPE_CHECKING:
    from collections.abc import Mapping

TRANSIENT = (
    "dns", "timeout", "refused", "connection", "cut", "5xx", "429", "host_down", "robots_5xx", "store",
)  # fmt: skip
"""Causes of failure that may be over soon; the others (robots, 403, 404 …) answer alike for long."""
NEARLY_ALL = 0.9
ENOUGH = 5
"""Pages from which on shares are judged: one odd page in three says nothing."""
BUSY = 4
"""The command line's own code where another crawl is at the site."""
MANY_FAILED = 0.2
"""Share of pages from which on a run that stored articles is called partial."""


class EndedBy(StrEnum):
    """Why the supervisor ended a crawl."""

    TIME_LIMIT = "time limit"
    MEMORY_LIMIT = "memory limit"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """The supervisor itself was asked to stop."""
    LOST = "lost"
    """Another supervisor had declared the run interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """The state of a run that ended, and why."""

    state: RunState
    reason: str
    may_pass: bool = False
    """Worth another attempt before the next turn."""


_ENDED = {
    EndedBy.TIME_LIMIT: RunOutcome(
        state=RunState.FAILED, reason="it ran longer than its time limit and was ended"
    ),
    EndedBy.MEMORY_LIMIT: RunOutcome(
        state=RunState.FAILED, reason="it took more memory than its limit and was ended"
    ),
    EndedBy.CANCELLED: RunOutcome(state=RunState.INTERRUPTED, reason="it was cancelled"),
    EndedBy.STOPPED: RunOutcome(
        state=RunState.INTERRUPTED, reason="its supervisor was asked to stop", may_pass=True
    ),
    EndedBy.LOST: RunOutcome(
        state=RunState.INTERRUPTED, reason="another supervisor took it for dead", may_pass=True
    ),
}


def judge_run(
    exit_code: int, counts: Mapping[str, int] | None, ended_by: EndedBy | None = None, *, said: str = ""
) -> RunOutcome:
    """Return what a crawl came to.

    `exit_code` is below 0 for the signal that ended it; `counts` are its stats, None if it left none; `said`
    is the error that it ended with.
    """
    if ended_by is not None:
        return _ENDED[ended_by]
    if exit_code < 0:
        name = signal.Signals(-exit_code).name
        return RunOutcome(
            state=RunState.INTERRUPTED, reason=f"its process was killed by {name}", may_pass=True
        )
    if exit_code == 2:  # noqa: PLR2004 - the command line's own code for wrong usage
        reason = f"its arguments or its configuration are wrong: {said or 'see its log'}"
        return RunOutcome(state=RunState.FAILED, reason=reason)
    if exit_code == BUSY:
        return RunOutcome(
            state=RunState.INTERRUPTED, reason=said or "another crawl is at the site", may_pass=True
        )
    if counts is None:
        reason = said or f"it ended with exit code {exit_code} and without its counts: see its log"
        return RunOutcome(state=RunState.FAILED, reason=reason, may_pass=True)
    return _failure(counts) or _half(exit_code, counts) or _success(exit_code, counts)


def judge_command(
    exit_code: int, counts: Mapping[str, int] | None, ended_by: EndedBy | None = None, *, said: str = ""
) -> RunOutcome:
    """Return what a part of a batch came to, as judge_run() does for a crawl."""
    if ended_by is EndedBy.TIME_LIMIT:
        reason = "it gave its slot back, and goes on where it stopped"
        return RunOutcome(state=RunState.INTERRUPTED, reason=reason, may_pass=True)
    if ended_by is not None:
        return _ENDED[ended_by]
    if exit_code < 0:
        reason = f"its process was killed by {signal.Signals(-exit_code).name}"
        return RunOutcome(state=RunState.FAILED, reason=reason, may_pass=True)
    if exit_code == 2:  # noqa: PLR2004 - the command line's own code for wrong usage
        reason = f"its arguments or its configuration are wrong: {said or 'see its log'}"
        return RunOutcome(state=RunState.FAILED, reason=reason)
    if counts is None or exit_code == 1:
        reason = said or f"it ended with exit code {exit_code}: see its log"
        return RunOutcome(state=RunState.FAILED, reason=reason, may_pass=True)
    told = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()) if number)
    state = RunState.SUCCEEDED if exit_code == 0 else RunState.PARTIAL
    return RunOutcome(state=state, reason=told or "nothing was left to do")


def total(counts: Mapping[str, int], group: str) -> int:
    """Return the sum of a group of counts.

    >>> total({"failed/dns": 2, "failed/404": 1, "stored": 7}, "failed")
    3
    """
    return sum(number for name, number in counts.items() if name.startswith(f"{group}/"))


def largest(counts: Mapping[str, int], group: str) -> str:
    """Return the member of a group that counts most, or ''.

    >>> largest({"failed/dns": 2, "failed/404": 1}, "failed")
    'dns'
    """
    members = {name: number for name, number in counts.items() if name.startswith(f"{group}/") and number}
    return max(members, key=lambda name: members[name]).removeprefix(f"{group}/") if members else ""


def counted_articles(counts: Mapping[str, int]) -> int:
    """Return the number of pages that were articles: new, revised or unchanged."""
    return sum(counts.get(name, 0) for name in ("stored", "revision", "unchanged"))


def _failure(counts: Mapping[str, int]) -> RunOutcome | None:
    """Return why nothing useful came of it, or None."""
    quarantined, failed = total(counts, "quarantined"), total(counts, "failed")
    rejected = total(counts, "rejected")
    unusable = rejected + quarantined - counts.get("rejected/out_of_range", 0)
    judged = counted_articles(counts) + rejected + quarantined
    failed_sources = total(counts, "source/failed")
    good_sources = sources_read(counts)
    left_out = counts.get("not_due", 0) + counts.get("out_of_range", 0)
    cause = ""
    if judged >= ENOUGH and unusable >= NEARLY_ALL * judged:
        most = "rejected" if rejected >= quarantined else "quarantined"
        reason = f"{unusable} of {judged} pages were unusable, most as {largest(counts, most)}"
    elif judged and not counted_articles(counts) and not counts.get("rejected/out_of_range"):
        reason = f"{judged} pages were fetched and none was an article"
    elif judged:
        return None
    elif failed:
        cause = largest(counts, "failed")
        reason = f"all {failed} pages that were asked for failed, most by {cause}"
    elif failed_sources and not good_sources:
        cause = largest(counts, "source/failed")
        reason = f"none of the site's sources could be read, most by {cause}"
    elif good_sources and addresses_named(counts) <= 0:
        reason = f"{good_sources} sources were read and none has the address of an article: see its log"
    elif counts.get("errors", 0):
        reason = f"{counts['errors']} errors in the crawl's own code and no page: see its log"
    elif counts.get("announced", 0) > left_out:
        reason = f"{counts['announced']} pages were announced and none was fetched"
    else:
        return None
    return RunOutcome(state=RunState.FAILED, reason=reason, may_pass=cause in TRANSIENT)


def _half(exit_code: int, counts: Mapping[str, int]) -> RunOutcome | None:
    """Return what failed beside what worked, or None."""
    unstored = counts.get("failed/store", 0)
    failed, errors = total(counts, "failed"), counts.get("errors", 0)
    asked = counted_articles(counts) + total(counts, "rejected") + total(counts, "quarantined") + failed
    parts = []
    if sources := total(counts, "source/failed"):
        parts.append(f"{sources} sources failed, most by {largest(counts, 'source/failed')}")
    if unstored:
        parts.append(f"the database failed it {unstored} times: see its log")
    elif failed > MANY_FAILED * asked:
        parts.append(f"{failed} of {asked} pages failed, most by {largest(counts, 'failed')}")
    if errors and not unstored:
        parts.append(f"{errors} errors in the crawl's own code")
    if exit_code == 3 and not parts:  # noqa: PLR2004 - the command line's code for failed sources
        parts.append("some sources failed")
    if not parts:
        return None
    return RunOutcome(state=RunState.PARTIAL, reason="; ".join(parts), may_pass=bool(unstored))


def _success(exit_code: int, counts: Mapping[str, int]) -> RunOutcome:
    if exit_code:
        return RunOutcome(
            state=RunState.FAILED, reason=f"it ended with exit code {exit_code}: see its log", may_pass=True
        )
    stored = counts.get("stored", 0)
    return RunOutcome(
        state=RunState.SUCCEEDED, reason=f"{stored} new articles" if stored != 1 else "1 new article"
    )
