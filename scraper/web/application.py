"""The application: which function answers which address, and what stands around all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from scraper.errors import InputError, StoreError
from scraper.web.api.answering import api_routes
from scraper.web.door import Door
from scraper.web.feeds import articles_feed, story_feed
from scraper.web.guard import Guard
from scraper.web.login import login_routes
from scraper.web.pages.article import list_similar, show_article
from scraper.web.pages.articles import list_articles
from scraper.web.pages.differences import show_difference
from scraper.web.pages.explained import download_capture, show_archived, show_explained
from scraper.web.pages.home import show_home
from scraper.web.pages.jobs import list_alarms, list_jobs, list_wishes, take_wish
from scraper.web.pages.runs import list_runs, show_run
from scraper.web.pages.sources import list_sources, show_source
from scraper.web.pages.stories import list_stories, show_story
from scraper.web.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from scraper.store.service.front_desk import FrontDesk
    from scraper.web.jobs import WebJob
    from scraper.web.pages.explained import Captures
    from scraper.web.readers import Readers

_UNAVAILABLE, _NOT_FOUND, _BROKEN = 503, 404, 500
_SMALL = 1000
"""Bytes from which on an answer is compressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """What the pages are made from."""

    readers: Readers
    desk: FrontDesk | None = None
    """Where wishes and sessions are written; None: the pages only read."""
    must_login: bool = False
    """Everybody logs in, even where there is no account; else once there is one."""
    names: tuple[str, ...] = ()
    """Host names by which they are asked, beside this machine's own."""
    jobs: Sequence[WebJob] = ()
    """Each job at each of its sites."""
    captures: Captures | None = None
    """The archive and what extracts; None where only the store is shown."""
    more: Sequence[BaseRoute] = field(default=())
    """Further addresses, such as those of metrics."""


def make_application(web: WebParts) -> Starlette:
    """Return the application; who serves it closes the readers and the desk."""
    app = Starlette(
        routes=[*_routes(), *web.more],
        middleware=[
            Middleware(Guard, names=web.names, is_open=web.must_login),
            Middleware(GZipMiddleware, minimum_size=_SMALL, compresslevel=5),
            Middleware(Door, readers=web.readers, desk=web.desk, must_login=web.must_login),
        ],
        exception_handlers={
            HTTPException: _refused,
            StoreError: _unavailable,
            InputError: _not_found,
            Exception: _broken,
        },
    )
    app.state.web = web
    return app


def _routes() -> Sequence[BaseRoute]:
    return (
        *login_routes(),
        Route("/", show_home),
        Route("/stories", list_stories),
        Route("/stories/{id}", show_story),
        Route("/sources", list_sources),
        Route("/sources/{site:path}", show_source),
        Route("/articles", list_articles),
        Route("/articles/{id}", show_article),
        Route("/pages/{id}", show_explained),
        Route("/pages/{id}/archived", show_archived),
        Route("/pages/{id}/capture", download_capture),
        Route("/articles/{id}/similar", list_similar),
        Route("/articles/{id}/diff", show_difference),
        Route("/feeds/articles.{form}", articles_feed),
        Route("/feeds/stories/{id}.{form}", story_feed),
        *api_routes(),
        Route("/jobs", list_jobs),
        Route("/runs", list_runs),
        Route("/runs/{id}", show_run),
        Route("/alarms", list_alarms),
        Route("/wishes", list_wishes, methods=["GET"]),
        Route("/wishes", take_wish, methods=["POST"]),
        Mount("/static", StaticFiles(packages=[("scraper.web", "static")]), name="static"),
    )


def health_route(is_well: Callable[[], bool]) -> Route:
    """Return the address at which others ask whether the service is well."""

    def answer(_request: Request) -> Response:
        well = is_well()
        return PlainTextResponse("ok\n" if well else "stuck\n", status_code=200 if well else _UNAVAILABLE)

    return Route("/healthz", answer)


def metrics_route(exposition: Callable[[], bytes], kind: str) -> Route:
    """Return the address at which Prometheus reads figures of a kind of text."""

    def answer(_request: Request) -> Response:
        try:
            return Response(exposition(), media_type=kind)
        except StoreError:
            return PlainTextResponse("the database does not answer\n", status_code=_UNAVAILABLE)

    return Route("/metrics", answer)


def _refused(request: Request, error: Any) -> Response:  # noqa: ANN401 - Starlette knows of which kind
    advice = "The address may be written wrong." if error.status_code == _NOT_FOUND else str(error.detail)
    return refuse(request, error.status_code, advice, error.headers)


def _not_found(request: Request, error: Exception) -> Response:
    return refuse(request, _NOT_FOUND, str(error))


def _unavailable(request: Request, error: Exception) -> Response:
    return refuse(request, _UNAVAILABLE, str(error))


def _broken(request: Request, _error: Exception) -> Response:
    advice = "The log of the service says what; the page may work when it is asked for again."
    return refuse(request, _BROKEN, advice)
