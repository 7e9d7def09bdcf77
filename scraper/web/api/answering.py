"""The addresses of the API: answers with an ETag, and problems as RFC 9457 has them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from scraper.errors import InputError, QueryError, ScraperError
from scraper.web.api.description import description
from scraper.web.api.operations import BASE, OPERATIONS
from scraper.web.asking import reader_for
from scraper.web.conditional import conditional
from scraper.web.refusals import problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from scraper.web.api.operation import Operation

_REFUSED = {
    QueryError: HTTPStatus.BAD_REQUEST,
    InputError: HTTPStatus.NOT_FOUND,
    ScraperError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_JSON, _LINES = "application/json", "application/jsonl"


def api_routes() -> Sequence[BaseRoute]:
    """Return the addresses of all operations, and of their description."""
    return (
        Route(f"{BASE}/openapi.json", _describe),
        *(_route(path, of_path) for path, of_path in _by_path().items()),
        Route(f"{BASE}/{{rest:path}}", _unknown),
    )


def _by_path() -> Mapping[str, Mapping[str, Operation]]:
    """Return the operations of each path by their methods."""
    found: dict[str, dict[str, Operation]] = {}
    for each in OPERATIONS:
        found.setdefault(each.path, {})[each.method] = each
    return found


def _route(path: str, operations: Mapping[str, Operation]) -> Route:
    def answer(request: Request) -> Response:
        return _answer(operations["GET" if request.method == "HEAD" else request.method], request)

    return Route(f"{BASE}{path}", answer, methods=list(operations))


def _describe(request: Request) -> Response:
    return conditional(request, _written(description()), _JSON)


def _unknown(request: Request) -> Response:
    told = f"{request.url.path} is no address of this API: {BASE}/openapi.json lists them"
    return problem(HTTPStatus.NOT_FOUND, told)


def _answer(operation: Operation, request: Request) -> Response:
    known = {each.name for each in operation.parameters if operation.change is None}
    if unknown := sorted(set(request.query_params) - known):
        allowed = ", ".join(sorted(known)) or "none"
        return problem(HTTPStatus.BAD_REQUEST, f"{unknown[0]} is no parameter here; there are: {allowed}")
    try:
        found = _found(operation, request)
    except HTTPException as error:
        return problem(HTTPStatus(error.status_code), str(error.detail))
    except ScraperError as error:
        return problem(
            next(status for kind, status in _REFUSED.items() if isinstance(error, kind)), str(error)
        )
    if operation.change is not None:
        return Response(_written(found), HTTPStatus.ACCEPTED, media_type=_JSON)
    if operation.is_lines:
        lines = "".join(f"{line}\n" for line in found)
        return conditional(request, lines.encode("utf-8", "replace"), _LINES)
    return conditional(request, _written(found), _JSON)


def _found(operation: Operation, request: Request) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if operation.change is not None:
        return operation.change(request)
    assert operation.answer is not None
    with reader_for(request) as store:
        return operation.answer(request, store)


def _written(found: Any) -> bytes:  # noqa: ANN401 - JSON has no narrower type
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
