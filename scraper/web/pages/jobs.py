"""The pages of jobs, of alarms, and of what was wished."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from scraper.web.asking import number_asked, reader_for, text_asked
from scraper.web.jobs import job_lines
from scraper.web.login import own_page
from scraper.web.paging import one_page
from scraper.web.rendering import render, with_query
from scraper.web.visitor import asked_form
from scraper.web.wishing import known_jobs, make_wish, noted_wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from scraper.store.service.reader import Reader
    from scraper.store.service.values import Run
    from scraper.store.service.wishes import Wish
    from scraper.web.jobs import WebJob

PAGE_OF_JOBS = 50
PAGE_OF_ALARMS = 100
PAGE_OF_WISHES = 50


def list_jobs(request: Request) -> Response:
    """Answer with jobs and their sites: their last run, their next, and what can be done."""
    asked = {name: text_asked(request, name) for name in ("job", "site")}
    first = number_asked(request, "from") or 0
    chosen = asked_jobs(request)
    with reader_for(request) as store:
        lines = job_lines(store, chosen[first : first + PAGE_OF_JOBS])
        noted = noted_wish(request, store)
    following = first + PAGE_OF_JOBS
    return render(
        request,
        "jobs.html",
        lines=lines,
        given=asked,
        has_jobs=bool(known_jobs(request)),
        noted=noted,
        here=with_query("/jobs", asked, **{"from": first or None}),
        first_page=with_query("/jobs", asked) if first else None,
        next_page=with_query("/jobs", asked, **{"from": following}) if following < len(chosen) else None,
    )


def asked_jobs(request: Request) -> Sequence[WebJob]:
    """Return the jobs of a name, or those that have a site, by whichever of its names."""
    job, site = text_asked(request, "job"), text_asked(request, "site")
    return [
        each
        for each in known_jobs(request)
        if (job is None or each.name == job) and (site is None or site in {each.site, each.source})
    ]


def list_alarms(request: Request) -> Response:
    """Answer with alarms: those that are open, or all."""
    site, is_all = text_asked(request, "site"), text_asked(request, "all") == "true"
    with reader_for(request) as store:
        found = store.alarms.find(site=site, only_open=not is_all, limit=PAGE_OF_ALARMS + 1)
    shown, last = one_page(found, PAGE_OF_ALARMS)
    return render(
        request,
        "alarms.html",
        alarms=shown,
        has_more=last is not None,
        is_all=is_all,
        given={"site": site, "all": "true" if is_all else None},
    )


def list_wishes(request: Request) -> Response:
    """Answer with what was wished, the latest first, and what became of it."""
    before = number_asked(request, "before")
    with reader_for(request) as store:
        found = store.wishes.find(before=before, limit=PAGE_OF_WISHES + 1)
        shown, last = one_page(found, PAGE_OF_WISHES)
        runs = runs_of(store, shown)
    return render(
        request,
        "wishes.html",
        wishes=shown,
        runs=runs,
        first_page="/wishes" if before else None,
        next_page=with_query("/wishes", {}, before=last.id) if last else None,
    )


def runs_of(store: Reader, wishes: Sequence[Wish]) -> Mapping[str, Run]:
    """Return the runs that carry wishes out, by id; those that were forgotten are missing."""
    known = {name: store.runs.by_id(name) for wish in wishes for name in wish.runs}
    return {name: run for name, run in known.items() if run is not None}


def take_wish(request: Request) -> Response:
    """Write what a form wishes, and lead back to the page of the form, which tells of it."""
    form = asked_form(request)
    wish = make_wish(request, form)
    path, _, query = own_page(form.get("back", "/jobs")).partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("wish="))
    return RedirectResponse(f"{path}?{kept}{'&' if kept else ''}wish={wish.id}", HTTPStatus.SEE_OTHER)
