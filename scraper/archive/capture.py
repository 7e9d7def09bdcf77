"""One request and its answer, as they crossed the wire."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scraper.errors import InputError
from scraper.model import Hints, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from scraper.model import Pointer

MOST_BYTES = 50_000_000
"""Of a payload, unpacked: the largest thing that is fetched is a sitemap of that size."""


class Role(StrEnum):
    """What a capture was asked for as."""

    PAGE = "page"
    CONTINUATION = "continuation"
    """A further page of an article."""
    LISTING = "listing"
    """robots.txt, a sitemap, a feed or a section."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One request and its answer."""

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
    return Page(
        url=capture.url,
        content=unpacked(capture.payload, capture.header("Content-Encoding")),
        content_type=capture.header("Content-Type"),
        status=capture.status,
        fetched_at=capture.fetched_at,
        hints=capture.hints,
        archived=archived,
    )


def unpacked(payload: bytes, encoding: str | None) -> bytes:
    """Return the content. Raises InputError for a coding that is unknown, broken, or endless.

    >>> unpacked(b"plain", None)
    b'plain'
    """
    for coding in reversed([name.strip().lower() for name in (encoding or "").split(",")]):
        if payload:
            payload = _decoded(payload, coding)
    return payload


def _decoded(payload: bytes, coding: str) -> bytes:
    if coding in {"", "identity"}:
        return payload
    try:
        if coding in {"gzip", "x-gzip"}:
            return _inflated(payload, 16 + zlib.MAX_WBITS)
        if coding == "deflate":  # RFC 9110 means zlib's format; some servers send it bare
            is_zlib = payload[0] & 0x0F == 8 and int.from_bytes(payload[:2], "big") % 31 == 0  # noqa: PLR2004
            return _inflated(payload, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
    except zlib.error as error:
        raise InputError(f"a payload that should be {coding} is damaged: {error}") from error
    if coding == "br":
        import brotli

        try:
            return bytes(brotli.decompress(payload))
        except brotli.error as error:
            raise InputError(f"a payload that should be br is damaged: {error}") from error
    raise InputError(f"a payload has the content coding {coding}, which is not known here")


def _inflated(payload: bytes, bits: int) -> bytes:
    content = b""
    while payload:
        inflater = zlib.decompressobj(bits)
        content += inflater.decompress(payload, MOST_BYTES - len(content) + 1)
        if len(content) > MOST_BYTES:
            raise InputError(f"a payload has more than {MOST_BYTES} bytes when it is unpacked")
        payload = inflater.unused_data
    return content


def hints_as_json(hints: Hints | None) -> dict[str, Any] | None:
    """Return hints as JSON types."""
    return dataclasses.asdict(hints) if hints else None


def hints_of_json(found: Mapping[str, Any] | None) -> Hints | None:
    """Return the hints again."""
    return Hints(**{**found, "authors": tuple(found["authors"])}) if found else None
