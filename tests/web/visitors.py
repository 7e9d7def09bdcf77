"""People and programs that ask the pages of a store that has accounts."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from scraper.store.service.accounts import AccessScope
from scraper.web.application import WebParts, make_application
from scraper.web.passwords import hash_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from httpx2 import Response

    from scraper.store.service.front_desk import FrontDesk

ELSEWHERE = "http://news.example"
"""How pages are asked that do not answer to this machine alone."""
PASSWORD = "the ferry comes at noon"
OPERATOR, EDITOR = "ana", "bo"
"""Who may operate, and who may read."""


@cache
def stored_password() -> str:
    """What is stored of the password, made once: that takes its time."""
    return hash_password(PASSWORD)


def add_people(desk: FrontDesk) -> None:
    """Let two people log in, of whom one may operate."""
    desk.accounts.add(OPERATOR, stored_password(), AccessScope.OPERATE)
    desk.accounts.add(EDITOR, stored_password(), AccessScope.READ)


def from_elsewhere(web: WebParts, headers: Mapping[str, str] | None = None) -> TestClient:
    """Ask as a browser of somewhere else does."""
    return TestClient(
        make_application(web), base_url=ELSEWHERE, follow_redirects=False, headers=dict(headers or {})
    )


def log_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Response:
    """Send the form of the login."""
    return client.post("/login", data={"name": name, "password": password, **more})


def form_key(client: TestClient) -> str:
    """Return what the forms of a page hold that somebody sees who is logged in."""
    found = re.search(r'name="form_key" value="(\w+)"', client.get("/articles").text)
    return found[1] if found else ""
