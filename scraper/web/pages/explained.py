"""The pages of a capture: why it became what it is, the page as it was served, and its bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import HTMLResponse, Response

from scraper.errors import InputError
from scraper.model import ArticleId
from scraper.web.asking import reader_for
from scraper.web.harmless import ARCHIVED_POLICY, harmless_html
from scraper.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from scraper.model import Page
    from scraper.store.service.reader import Reader

MOST_BLOCKS = 600
"""Blocks of a page that are shown: of 1,558 real pages one in a hundred has more."""
MOST_REASONS = 8
_IDENTITY = re.compile(r"[0-9a-f]{16}")


class Captures(Protocol):
    """What whoever serves the pages hands in: the archive, and what extracts."""

    def page(self, store: Reader, identity: str, /) -> Page:
        """Return the archived page of an article or a refused page. Raises InputError or StoreError."""

    def explanation(self, identity: str, /) -> Mapping[str, Any]:
        """Return why it became what it is, as scraper explain tells it. Raises InputError or StoreError."""


def show_explained(request: Request) -> Response:
    """Answer with every block of a page, kept or dropped, beside the page as it was served."""
    identity = asked_identity(request)
    with reader_for(request) as store:
        stored, rejection = store.find_by_id(ArticleId(identity)), store.find_rejection(identity)
    found = stored.article if stored else rejection
    if found is None:
        told = f"the store has no article and no refused page {identity!r}"
        raise InputError(f"{told}: it may have been forgotten")
    captures: Captures | None = request.app.state.web.captures
    explanation, why_not = None, "the service that shows these pages extracts nothing"
    if captures is not None:
        try:
            explanation = captures.explanation(identity)
        except InputError as error:
            why_not = str(error)
    return render(
        request,
        "explained.html",
        identity=identity,
        stored=stored,
        url=found.url,
        site=found.site,
        explanation=explanation,
        why_not=why_not,
        most_blocks=MOST_BLOCKS,
        most_reasons=MOST_REASONS,
    )


def show_archived(request: Request) -> Response:
    """Answer with the archived page, made harmless, for a frame without script and network."""
    markup = harmless_html(_capture(request))
    headers = {"content-security-policy": ARCHIVED_POLICY, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(markup.encode("utf-8", "replace"), headers=headers)


def download_capture(request: Request) -> Response:
    """Answer with the bytes of the archived page, to be kept and never shown."""
    page = _capture(request)
    name = f"{asked_identity(request)}.capture"
    return Response(
        page.content,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def asked_identity(request: Request) -> str:
    """Return the id of an article or of a refused page, and nothing else. Raises InputError."""
    identity = str(request.path_params["id"])
    if not _IDENTITY.fullmatch(identity):
        raise InputError(f"{identity[:40]!r} is no id: 16 hexadecimal digits name a page")
    return identity


def _capture(request: Request) -> Page:
    captures: Captures | None = request.app.state.web.captures
    if captures is None:
        raise InputError("the service that shows these pages has no archive")
    with reader_for(request) as store:
        return captures.page(store, asked_identity(request))
