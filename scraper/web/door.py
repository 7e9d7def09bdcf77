"""Who asks, and whether they may: looked at before anything else is done, whatever the address.

Nobody has to log in on this machine alone, as long as there is no account. Else pages need a session, and
what programs ask a token or, to be read, a session.
"""

from __future__ import annotations

import hmac
import math
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scraper.errors import ScraperError, StoreError
from scraper.store.service.accounts import AccessScope
from scraper.web.guard import SAFE_METHODS
from scraper.web.limits import RateLimit
from scraper.web.refusals import is_for_programs, refuse
from scraper.web.visitor import (
    STRANGER,
    Visitor,
    asked_form,
    form_key_of,
    network_of,
    session_cookie,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from scraper.store.service.accounts import WebAccounts
    from scraper.store.service.front_desk import FrontDesk
    from scraper.web.readers import Readers

LONGEST_BODY = 65_536
"""Bytes of what is sent here."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers that tell of a proxy."""
LOGIN_PAGE, LOGOUT_PAGE = "/login", "/logout"
ASKED_A_MINUTE = 600
"""Requests of a program by one token or account, …"""
STRANGERS_A_MINUTE = 60
"""… and those that are let in nowhere, by an address."""
_MINUTE = 60.0


class Door:
    """Lets in who may, and says to the others what to do."""

    def __init__(self, app: ASGIApp, *, readers: Readers, desk: FrontDesk | None, must_login: bool) -> None:
        """`must_login`: even where there is no account. Without a desk nothing can be wished."""
        self._app = app
        self._readers = readers
        self._desk = desk
        self._must_login = must_login
        self._of_known = RateLimit(ASKED_A_MINUTE, _MINUTE)
        self._of_strangers = RateLimit(STRANGERS_A_MINUTE, _MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if not await _read_body(request):
            told = f"at most {LONGEST_BODY} bytes can be sent"
            await refuse(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told)(scope, receive, send)
            return
        refused = await run_in_threadpool(self._refusal, request)
        await (refused or self._app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        """Note who asks; return what they are answered where they may not."""
        if _is_for_all(request):
            return None
        try:
            with self._readers.reading() as store:
                must_login = self._must_login or store.accounts.exist()
                visitor = self._visitor(request, store.accounts) if must_login else self._of_this_machine()
        except StoreError as error:
            return refuse(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        request.state.visitor = visitor
        if not must_login and _is_forwarded(request):
            told = (
                "a proxy passed this on, so it is asked from elsewhere: add an account first, with"
                " scraper accounts add NAME"
            )
            return refuse(request, HTTPStatus.FORBIDDEN, told)
        if not visitor.may_read:
            return None if request.url.path == LOGIN_PAGE else self._turned_away(request)
        return self._too_often(request, visitor) or self._wrong_form(request, visitor)

    def _of_this_machine(self) -> Visitor:
        return Visitor(may_operate=self._desk is not None)

    def _visitor(self, request: Request, known: WebAccounts) -> Visitor:
        kind, _, bearer = request.headers.get("authorization", "").partition(" ")
        if is_for_programs(request.url.path) and kind.lower() == "bearer":
            found = known.token(bearer.strip())
            if found is None:
                return STRANGER
            token, is_to_be_noted = found
            if is_to_be_noted and self._desk is not None:
                with suppress(ScraperError):
                    self._desk.accounts.note_token(token.name)
            return Visitor(name=f"token {token.name}", may_operate=token.scope is AccessScope.OPERATE)
        secret = request.cookies.get(session_cookie(request), "")
        session = known.session(secret) if secret else None
        if session is None:
            return STRANGER
        if session.is_to_be_noted and self._desk is not None:
            with suppress(ScraperError):
                self._desk.accounts.note_session(secret)
        may_operate = session.scope is AccessScope.OPERATE and self._desk is not None
        return Visitor(name=session.account, may_operate=may_operate, form_key=form_key_of(secret))

    def _turned_away(self, request: Request) -> Response:
        """Return what somebody is answered who is not known."""
        address = request.client.host if request.client else ""
        if wait := self._of_strangers.take(network_of(address)):
            return too_often(request, wait)
        if is_for_programs(request.url.path):
            told = "a token is needed: Authorization: Bearer …; scraper tokens add makes one"
            return refuse(request, HTTPStatus.UNAUTHORIZED, told, {"www-authenticate": "Bearer"})
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        known = {"next": back} if request.method in SAFE_METHODS and back != "/" else {}
        return RedirectResponse(
            f"{LOGIN_PAGE}?{urlencode(known)}" if known else LOGIN_PAGE, HTTPStatus.SEE_OTHER
        )

    def _too_often(self, request: Request, visitor: Visitor) -> Response | None:
        if visitor.name and is_for_programs(request.url.path):
            wait = self._of_known.take(visitor.name)
            return too_often(request, wait) if wait else None
        return None

    def _wrong_form(self, request: Request, visitor: Visitor) -> Response | None:
        """Return what is wrong with something that changes something."""
        if request.method in SAFE_METHODS:
            return None
        if is_for_programs(request.url.path):
            told = "that needs a token of the scope operate"
            is_right = visitor.may_operate and not visitor.form_key
            return None if is_right else refuse(request, HTTPStatus.FORBIDDEN, told)
        given = asked_form(request).get("form_key", "")
        if visitor.form_key and not hmac.compare_digest(given.encode(), visitor.form_key.encode()):
            told = "This form is of an earlier login: load the page again, and send it from there."
            return refuse(request, HTTPStatus.FORBIDDEN, told)
        if not visitor.may_operate and request.url.path not in {LOGIN_PAGE, LOGOUT_PAGE}:
            return refuse(request, HTTPStatus.FORBIDDEN, "This account may read, and nothing else.")
        return None


def too_often(request: Request, wait: float) -> Response:
    """Say after how many seconds something may be asked again."""
    seconds = math.ceil(wait)
    told = f"that was asked too often: try again in {seconds} seconds"
    return refuse(request, HTTPStatus.TOO_MANY_REQUESTS, told, {"retry-after": str(seconds)})


def _is_for_all(request: Request) -> bool:
    """Return whether anybody is answered; metrics are, where this machine's own network asks for them."""
    path = request.url.path
    is_read = request.method in SAFE_METHODS
    return is_read and (
        path.startswith("/static/")
        or path == "/healthz"
        or (path == "/metrics" and not _is_forwarded(request))
    )


def _is_forwarded(request: Request) -> bool:
    return any(name in request.headers for name in FORWARDED)


async def _read_body(request: Request) -> bool:
    """Keep what was sent for whoever asks for it; False where it is too long."""
    body = b""
    if request.method not in SAFE_METHODS:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_BODY:
                return False
    request.state.body = body
    return True
