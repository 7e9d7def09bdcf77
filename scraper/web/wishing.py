"""A wish as it is asked for, by a form or by a program: checked, and handed to the desk."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from scraper.errors import InputError
from scraper.store.service.wishes import WishKind
from scraper.web.asking import desk_for, number_asked, reader_for
from scraper.web.visitor import visitor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from scraper.store.service.reader import Reader
    from scraper.store.service.wishes import Wish, Wishes
    from scraper.web.jobs import WebJob

WISH_FIELDS = ("kind", "job", "site", "run")


def known_jobs(request: Request) -> Sequence[WebJob]:
    """Return the jobs that the pages know of."""
    found: Sequence[WebJob] = request.app.state.web.jobs
    return found


def make_wish(request: Request, asked: Mapping[str, str]) -> Wish:
    """Write a wish of WISH_FIELDS. Refused: 400 for what is none, 404 for what is unknown, 409 for later."""
    desk, who = desk_for(request), visitor_of(request).name
    try:
        kind = WishKind(asked.get("kind", ""))
    except ValueError:
        told = f"kind = {asked.get('kind', '')[:40]!r} is none of {', '.join(WishKind)}"
        raise HTTPException(HTTPStatus.BAD_REQUEST, told) from None
    try:
        if kind is WishKind.CANCEL:
            return desk.wishes.cancel(who, _given(asked, "run"))
        site = _given(asked, "site")
        if kind is WishKind.CRAWL:
            job = _job_of(request, _given(asked, "job"), site)
            return desk.wishes.crawl(who, job.name, job.site, job.shards)
        if kind is WishKind.PAUSE and not any(job.site == site for job in known_jobs(request)):
            raise HTTPException(HTTPStatus.NOT_FOUND, f"no job has the site {site[:80]!r}")
        if kind not in {WishKind.PAUSE, WishKind.RESUME}:
            _check_source(request, site)
        return _of_site(desk.wishes, kind, who, site)
    except InputError as error:
        raise HTTPException(HTTPStatus.CONFLICT, str(error)) from error


def noted_wish(request: Request, store: Reader) -> Wish | None:
    """Return the wish that a page tells of, since it was just made there."""
    number = number_asked(request, "wish")
    return store.wishes.by_id(number) if number else None


def _of_site(wishes: Wishes, kind: WishKind, who: str, site: str) -> Wish:
    made = {
        WishKind.PAUSE: wishes.pause,
        WishKind.RESUME: wishes.resume,
        WishKind.BACKFILL: wishes.backfill,
        WishKind.REJUDGE: wishes.rejudge,
        WishKind.REEXTRACT: wishes.reextract,
    }
    return made[kind](who, site)


def _given(asked: Mapping[str, str], name: str) -> str:
    value = asked.get(name, "")
    if not value:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"a wish to {asked['kind']} names its {name}")
    return value


def _job_of(request: Request, name: str, site: str) -> WebJob:
    found = next((job for job in known_jobs(request) if (job.name, job.site) == (name, site)), None)
    if found is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, f"there is no job {name[:80]!r} with the site {site[:80]!r}"
        )
    return found


def _check_source(request: Request, site: str) -> None:
    with reader_for(request) as store:
        if not store.sites.is_known(site):
            raise HTTPException(HTTPStatus.NOT_FOUND, f"nothing is known of a source {site[:80]!r}")
