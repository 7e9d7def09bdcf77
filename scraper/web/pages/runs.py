"""The pages of runs: all of them, and one with the end of its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import InputError
from scraper.store.service.values import RunState
from scraper.web.asking import one_of, reader_for, text_asked
from scraper.web.paging import one_page
from scraper.web.rendering import render, with_query
from scraper.web.run_log import log_tail
from scraper.web.wishing import noted_wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from scraper.store.service.reader import Reader
    from scraper.store.service.values import Run

PAGE_OF_RUNS = 50


def list_runs(request: Request) -> Response:
    """Answer with runs, the latest first."""
    given = {name: text_asked(request, name) for name in ("job", "site")}
    state = one_of(request, "state", RunState)
    after = text_asked(request, "after")
    with reader_for(request) as store:
        found, following = asked_runs(request, store, PAGE_OF_RUNS)
        noted = noted_wish(request, store)
    asked = {**given, "state": state}
    return render(
        request,
        "runs.html",
        runs=found,
        given=asked,
        states=list(RunState),
        noted=noted,
        first_page=with_query("/runs", asked) if after else None,
        next_page=with_query("/runs", asked, after=following) if following else None,
    )


def asked_runs(request: Request, store: Reader, limit: int) -> tuple[Sequence[Run], str | None]:
    """Return a page of runs by job, site, state and the last run of the page before; and its own last one."""
    state, after = one_of(request, "state", RunState), text_asked(request, "after")
    found = store.runs.find(
        job=text_asked(request, "job"),
        site=text_asked(request, "site"),
        states=[state] if state else None,
        before=known_run(store, after) if after else None,
        limit=limit + 1,
    )
    shown, last = one_page(found, limit)
    return shown, last.id if last else None


def show_run(request: Request) -> Response:
    """Answer with a run: how it stands, what it counted, and the end of its log."""
    with reader_for(request) as store:
        run = known_run(store, request.path_params["id"])
        noted = noted_wish(request, store)
        before = store.runs.by_id(run.after) if run.after else None
    return render(
        request,
        "run.html",
        run=run,
        noted=noted,
        before=before,
        counts={name: number for name, number in sorted(run.counts.items()) if number},
        log=log_tail(run),
    )


def known_run(store: Reader, identity: str) -> Run:
    """Return the run of an id. Raises InputError where there is none."""
    run = store.runs.by_id(identity)
    if run is None:
        raise InputError(f"there is no run {identity[:60]!r}: what is older than 90 days is forgotten")
    return run
