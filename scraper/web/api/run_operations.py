"""What programs can ask of jobs, runs, alarms and wishes, and wish themselves."""

from __future__ import annotations

import json
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from scraper.errors import InputError
from scraper.record import instant, json_types
from scraper.store.service.values import RunState
from scraper.store.service.wishes import WishKind
from scraper.web.api.operation import (
    LIMIT,
    SITE,
    Operation,
    Parameter,
    address_of_next,
    asked_limit,
    page_place,
)
from scraper.web.asking import LONGEST, number_asked, text_asked, whole_number
from scraper.web.jobs import job_lines
from scraper.web.pages.jobs import asked_jobs, runs_of
from scraper.web.pages.runs import asked_runs, known_run
from scraper.web.paging import one_page
from scraper.web.run_log import log_tail
from scraper.web.wishing import WISH_FIELDS, make_wish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from scraper.store.service.reader import Reader
    from scraper.store.service.values import Run
    from scraper.store.service.wishes import Wish
    from scraper.web.jobs import JobLine


def latest_runs(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return runs, the latest first."""
    found, after = asked_runs(request, store, asked_limit(request))
    return {"items": [json_types(run) for run in found], "next": address_of_next(request, after=after)}


def one_run(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return a run as it stands."""
    told: Mapping[str, Any] = json_types(known_run(store, request.path_params["run"]))
    return told


def run_log(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the last lines of a run's log."""
    found = log_tail(known_run(store, request.path_params["run"]))
    return {"lines": list(found.lines), "is_cut": found.is_cut, "missing": found.missing or None}


def standing_jobs(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return jobs at their sites, with their last runs and their next."""
    first, limit = number_asked(request, "after") or 0, asked_limit(request)
    chosen = asked_jobs(request)
    lines = job_lines(store, chosen[first : first + limit])
    following = first + limit if first + limit < len(chosen) else None
    return {"items": [_told_job(line) for line in lines], "next": address_of_next(request, after=following)}


def open_alarms(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return alarms: those that are open, or all."""
    found = store.alarms.find(
        site=text_asked(request, "site"),
        only_open=text_asked(request, "all") != "true",
        limit=asked_limit(request),
    )
    return {"items": [json_types(each) for each in found]}


def latest_wishes(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return wishes, the latest first, each with its runs as they stand."""
    limit = asked_limit(request)
    found = store.wishes.find(before=number_asked(request, "after"), limit=limit + 1)
    shown, last = one_page(found, limit)
    runs = runs_of(store, shown)
    return {
        "items": [_told_wish(wish, runs) for wish in shown],
        "next": address_of_next(request, after=last.id if last else None),
    }


def one_wish(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return a wish with its runs as they stand."""
    number = request.path_params["wish"]
    known = whole_number(number)
    wish = None if known is None else store.wishes.by_id(known)
    if wish is None:
        raise InputError(f"there is no wish {number[:40]!r}")
    return _told_wish(wish, runs_of(store, [wish]))


def new_wish(request: Request) -> Mapping[str, Any]:
    """Write a wish; whoever runs jobs carries it out."""
    return _told_wish(make_wish(request, sent_object(request)), {})


def sent_object(request: Request) -> Mapping[str, str]:
    """Return the JSON object that was sent, of WISH_FIELDS. Refused: 415 for no JSON, 400 for another."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send it as application/json")
    try:
        found = json.loads(request.state.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, 'send a JSON object, such as {"kind": "pause", "site": "harbour"}'
        )
    if unknown := sorted(set(found) - set(WISH_FIELDS)):
        told = f"{unknown[0][:40]!r} is no field here; there are: {', '.join(WISH_FIELDS)}"
        raise HTTPException(HTTPStatus.BAD_REQUEST, told)
    for name, value in found.items():
        if not isinstance(value, str) or len(value) > LONGEST:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"{name} is no text of at most {LONGEST} characters")
    return found


def _told_job(line: JobLine) -> Mapping[str, Any]:
    job = line.job
    return {
        "job": job.name,
        "site": job.site,
        "source": job.source,
        "schedule": job.schedule,
        "shards": len(job.shards),
        "last_run": json_types(line.last) if line.last else None,
        "next": instant(line.due) if line.due else None,
        "is_paused": line.is_paused,
    }


def _told_wish(wish: Wish, runs: Mapping[str, Run]) -> Mapping[str, Any]:
    states = {name: {"state": run.state.value, "reason": run.reason} for name, run in runs.items()}
    told = asdict(wish) | {"at": instant(wish.at), "kind": wish.kind.value}
    return told | {"runs": [{"id": name, **states.get(name, {})} for name in wish.runs]}


_KIND = Parameter(
    name="kind",
    told="crawl (a job's site), pause, resume, cancel (a run), backfill, rejudge or reextract (a source).",
    example=WishKind.PAUSE.value,
    among=WishKind,
)
RUN_OPERATIONS = (
    Operation(
        path="/jobs",
        name="jobs",
        told="Jobs at their sites: their last runs, their next, pauses.",
        answer=standing_jobs,
        parameters=(
            Parameter(name="job", told="Of this name.", example="news"),
            SITE,
            page_place("0", kind="integer"),
            LIMIT,
        ),
    ),
    Operation(
        path="/runs",
        name="runs",
        told="Runs, the latest first.",
        answer=latest_runs,
        parameters=(
            Parameter(name="job", told="Of this job.", example="news"),
            SITE,
            Parameter(
                name="state",
                told="queued, running, succeeded, partial, failed, interrupted or skipped.",
                example="failed",
                among=RunState,
            ),
            Parameter(
                name="after",
                told="The last run of the page before: `next` names it.",
                example="20310502T120000-3f9a1c",
            ),
            LIMIT,
        ),
    ),
    Operation(path="/runs/{run}", name="run", told="A run as it stands.", answer=one_run),
    Operation(path="/runs/{run}/log", name="log", told="The last lines of a run's log.", answer=run_log),
    Operation(
        path="/alarms",
        name="alarms",
        told="Alarms that are open.",
        answer=open_alarms,
        parameters=(
            SITE,
            Parameter(name="all", told="true names those too that are over.", example="true"),
            LIMIT,
        ),
    ),
    Operation(
        path="/wishes",
        name="wishes",
        told="What was asked for, the latest first, and what became of it.",
        answer=latest_wishes,
        parameters=(
            page_place("81", kind="integer"),
            LIMIT,
        ),
    ),
    Operation(path="/wishes/{wish}", name="wish", told="What became of a wish.", answer=one_wish),
    Operation(
        path="/wishes",
        name="make_wish",
        told="Pause, resume, run, cancel, fetch or judge again: written at once, carried out by whoever runs"
        " jobs. Needs the scope operate.",
        change=new_wish,
        parameters=(
            _KIND,
            Parameter(name="site", told="The site of a job, or a source.", example="harbour"),
            Parameter(name="job", told="Of a crawl.", example="news"),
            Parameter(name="run", told="The run to cancel.", example="20310502T120000-3f9a1c"),
        ),
    ),
)
"""The operations of this module."""
