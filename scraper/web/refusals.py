"""What is answered where something cannot be done: a page, or of the API a problem (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from scraper.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

PROBLEM = "application/problem+json"
_TITLES = {
    HTTPStatus.FORBIDDEN: "You may not do that",
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.METHOD_NOT_ALLOWED: "That cannot be done here",
    HTTPStatus.CONFLICT: "That cannot be done now",
    HTTPStatus.TOO_MANY_REQUESTS: "Too often",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here",
    HTTPStatus.SERVICE_UNAVAILABLE: "The store does not answer",
}


def is_for_programs(path: str) -> bool:
    """Return whether an address is one that programs ask."""
    return path.startswith(("/api/", "/feeds/", "/metrics"))


def refuse(request: Request, status: int, advice: str, headers: Mapping[str, str] | None = None) -> Response:
    """Say that something cannot be done, and what to do."""
    if request.url.path.startswith("/api/"):
        return problem(status, advice, headers)
    title = _TITLES.get(HTTPStatus(status), "That cannot be done")
    page = render(request, "error.html", status, title=title, advice=advice)
    page.headers.update(headers or {})
    return page


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Say the same to a program."""
    told = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(content, status_code=status, media_type=PROBLEM, headers=dict(headers or {}))
