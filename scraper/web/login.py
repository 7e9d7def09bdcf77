"""The pages by which people log in and out."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from starlette.responses import RedirectResponse
from starlette.routing import Route

from scraper.masking import printable
from scraper.web.asking import desk_for, reader_for
from scraper.web.door import LOGIN_PAGE, LOGOUT_PAGE, too_often
from scraper.web.limits import RateLimit
from scraper.web.passwords import is_password
from scraper.web.rendering import render
from scraper.web.visitor import asked_form, network_of, session_cookie, visitor_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

ATTEMPTS = 10
"""Passwords in vain for an account, and from an address, in ATTEMPTS_SECONDS."""
ATTEMPTS_SECONDS = 900.0
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
log = structlog.get_logger("scraper.web")


def login_routes() -> Sequence[BaseRoute]:
    """Return the addresses; each application counts attempts of its own."""
    attempts = RateLimit(ATTEMPTS, ATTEMPTS_SECONDS)

    def try_login(request: Request) -> Response:
        return _try_login(request, attempts)

    return (
        Route(LOGIN_PAGE, _ask, methods=["GET"]),
        Route(LOGIN_PAGE, try_login, methods=["POST"]),
        Route(LOGOUT_PAGE, _log_out, methods=["POST"]),
    )


def own_page(address: str) -> str:
    """Return an address of these pages; the first page for one that leads elsewhere.

    >>> own_page("/runs?state=failed"), own_page("//evil.example/"), own_page("https://evil.example/")
    ('/runs?state=failed', '/', '/')
    """
    return address if _LOCAL.fullmatch(address) else "/"


def _ask(request: Request) -> Response:
    back = own_page(request.query_params.get("next", "/"))
    if visitor_of(request).may_read:
        return RedirectResponse(back, HTTPStatus.SEE_OTHER)
    return render(request, "login.html", back=back, given="", wrong="")


def _try_login(request: Request, attempts: RateLimit) -> Response:
    form = asked_form(request)
    name, back = form.get("name", "").strip()[:200], own_page(form.get("next", "/"))
    address = network_of(request.client.host if request.client else "")
    keys = (f"name {name}", f"address {address}")
    if wait := max(attempts.take(key) for key in keys):
        log.warning("login refused: too many attempts", name=printable(name), address=address)
        return too_often(request, wait)
    with reader_for(request) as store:
        stored = store.accounts.password_of(name)
    if not is_password(stored, form.get("password", "")):
        log.warning("login refused", name=printable(name), address=address)
        wrong = "There is no such account, or the password is another."
        return render(request, "login.html", HTTPStatus.FORBIDDEN, back=back, given=name, wrong=wrong)
    for key in keys:
        attempts.give_back(key)
    known = desk_for(request).accounts
    cookie = session_cookie(request)
    known.end_session(request.cookies.get(cookie, ""))
    answer = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    is_secret = request.url.scheme == "https"
    answer.set_cookie(
        cookie, known.begin_session(name), path="/", secure=is_secret, httponly=True, samesite="lax"
    )
    log.info("login", name=printable(name), address=address)
    return answer


def _log_out(request: Request) -> Response:
    cookie = session_cookie(request)
    if secret := request.cookies.get(cookie):
        desk_for(request).accounts.end_session(secret)
    answer = RedirectResponse(LOGIN_PAGE, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(cookie, path="/", secure=request.url.scheme == "https", httponly=True)
    return answer
