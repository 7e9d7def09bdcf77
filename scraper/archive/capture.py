"""One request and its answer, as they crossed the wire."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scraper.archive.coding import MOST_UNPACKED, Flaw, undo_coding
from scraper.errors import InputError
from scraper.model import Hints, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scraper.model import Pointer


class Role(StrEnum):
    """What a capture was asked for as."""

    PAGE = "page"
    CONTINUATION = "continuation"
    """A further page of an article."""
    LISTING = "listing"
    """robots.txt, a sitemap, a feed or a section."""
    SAVED = "saved"
    """A page that somebody saved, and gave to an import."""
    SAVED_TEXT = "saved text"
    """The text of such a page, without markup."""

    @property
    def is_page(self) -> bool:
        """True for what may hold an article."""
        return self in {Role.PAGE, Role.SAVED, Role.SAVED_TEXT}

    @property
    def is_saved(self) -> bool:
        """True for what no request brought."""
        return self in {Role.SAVED, Role.SAVED_TEXT}


OF_FILE = "file:///"
"""How the address begins of a saved page that came from nobody knows where: its file's name follows."""


RENDERED_TYPE = "text/html; charset=utf-8"
"""Of what a browser made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One request and its answer, or a page that was saved."""

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer, as sent."""
    payload: bytes = field(repr=False)
    """As sent: still packed where the headers name a Content-Encoding."""
    request_headers: tuple[tuple[str, str], ...] = ()
    role: Role = Role.PAGE
    hints: Hints | None = None
    """What a feed or sitemap had said about the address."""
    site: str | None = None
    """The name that whoever saved a page gives its site."""
    rendered: bytes | None = field(default=None, repr=False)
    """What a browser made of the payload, as HTML in UTF-8."""
    unmade: str | None = None
    """Why one made nothing of it, where it was asked to: render_crash, render_hung …"""

    @property
    def digest(self) -> str:
        """The WARC-Payload-Digest."""
        return payload_digest(self.payload)

    def header(self, name: str) -> str | None:
        """Return the first header of this name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def payload_digest(payload: bytes) -> str:
    """Return a digest as WARC writes it.

    >>> payload_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def to_page(capture: Capture, archived: Pointer | None = None) -> Page:
    """Return the page of a capture, unpacked. Raises InputError where it cannot be."""
    is_known = not capture.url.startswith(OF_FILE)
    return Page(
        url=capture.url if is_known else None,
        requested=None if is_known else capture.url,
        content=page_content(capture),
        content_type=capture.header("Content-Type") if capture.rendered is None else RENDERED_TYPE,
        headers=Page.telling(capture.headers),
        status=capture.status,
        fetched_at=capture.fetched_at,
        hints=capture.hints,
        is_text=capture.role is Role.SAVED_TEXT,
        archived=archived,
        is_rendered=capture.rendered is not None,
    )


def page_content(capture: Capture) -> bytes:
    """Return what a page is read from: what a browser made, else what came. Raises InputError likewise."""
    if capture.rendered is not None:
        return capture.rendered
    return unpacked(capture.payload, capture.header("Content-Encoding"))


def unpacked(payload: bytes, encoding: str | None) -> bytes:
    """Return the content, as a crawl reads it. Raises InputError for one that is cut, unreadable or endless.

    >>> unpacked(b"plain", None)
    b'plain'
    """
    decoded = undo_coding(payload, encoding, limit=MOST_UNPACKED)
    if decoded.flaw is Flaw.TOO_LARGE:
        raise InputError(f"a payload has more than {MOST_UNPACKED} bytes when it is unpacked")
    if decoded.flaw is Flaw.CUT or (decoded.flaw and not decoded.content):
        raise InputError(f"a payload that should be {encoding} is damaged")
    return decoded.content


def hints_as_json(hints: Hints | None) -> dict[str, Any] | None:
    """Return hints as JSON types."""
    return dataclasses.asdict(hints) if hints else None


def hints_of_json(found: Mapping[str, Any] | None) -> Hints | None:
    """Return the hints again."""
    return Hints(**{**found, "authors": tuple(found["authors"])}) if found else None
