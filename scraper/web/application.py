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
from scraper.web.feeds import articles_feed, story_feed
from scraper.web.guard import Guard
from scraper.web.pages.article import show_article
from scraper.web.pages.articles import list_articles
from scraper.web.pages.differences import show_difference
from scraper.web.pages.explained import download_capture, show_archived, show_explained
from scraper.web.pages.home import show_home
from scraper.web.pages.sources import list_sources, show_source
from scraper.web.pages.stories import list_stories, show_story
from scraper.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from scraper.web.pages.explained import Captures
    from scraper.web.readers import Readers

_UNAVAILABLE, _NOT_FOUND, _BROKEN = 503, 404, 500
_SMALL = 1000
"""Bytes from which on an answer is compressed."""
_TITLES = {404: "There is no such page", 405: "That cannot be done here", 503: "The store does not answer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """What the pages are made from."""

    readers: Readers
    names: tuple[str, ...] = ()
    """Host names by which they are asked, beside this machine's own."""
    captures: Captures | None = None
    """The archive and what extracts; None where only the store is shown."""
    more: Sequence[BaseRoute] = field(default=())
    """Further addresses, such as those of metrics."""


def make_application(web: WebParts) -> Starlette:
    """Return the application; who serves it closes the readers."""
    app = Starlette(
        routes=[*_routes(), *web.more],
        middleware=[
            Middleware(Guard, names=web.names, is_open=False),
            Middleware(GZipMiddleware, minimum_size=_SMALL, compresslevel=5),
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
        Route("/articles/{id}/diff", show_difference),
        Route("/feeds/articles.{form}", articles_feed),
        Route("/feeds/stories/{id}.{form}", story_feed),
        *api_routes(),
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
    title = _TITLES.get(error.status_code, "That cannot be done")
    advice = "The address may be written wrong." if error.status_code == _NOT_FOUND else str(error.detail)
    return render(request, "error.html", error.status_code, title=title, advice=advice)


def _not_found(request: Request, error: Exception) -> Response:
    return render(request, "error.html", _NOT_FOUND, title=_TITLES[_NOT_FOUND], advice=str(error))


def _unavailable(request: Request, error: Exception) -> Response:
    return render(request, "error.html", _UNAVAILABLE, title=_TITLES[_UNAVAILABLE], advice=str(error))


def _broken(request: Request, _error: Exception) -> Response:
    advice = "The log of the service says what; the page may work when it is asked for again."
    return render(request, "error.html", _BROKEN, title="Something went wrong here", advice=advice)
