"""Content codings (RFC 9110 8.4): unpacks a body, and tells whether it came whole and as it was declared."""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_UNPACKED = 50_000_000
"""Unpacked; the largest listing that is read."""
_GZIP = b"\x1f\x8b\x08"
_GZIP_WBITS = 16 + zlib.MAX_WBITS
_TRAILER = 8
"""Bytes of a gzip member's checksum and length."""
_PACKED_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_CHUNK = 1 << 16
_MOST_CODINGS = 3
_NONE = {"", "identity", "none"}


class Flaw(StrEnum):
    """What is wrong with a body; the value is the cause of the failure."""

    CUT = "cut"
    """It ends before its end."""
    MISNAMED = "encoding"
    """It is not packed as its header says, or damaged."""
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """An unpacked body."""

    content: bytes
    """What could be read: of a cut body its start, of a misnamed one what its bytes tell, else nothing."""
    flaw: Flaw | None = None


class _DamagedError(Exception):
    """The bytes are not of that coding."""


class _TooLargeError(Exception):
    """The content is larger than was allowed."""


def undo_coding(payload: bytes, header: str | None, *, limit: int = MOST_UNPACKED) -> Decoded:
    """Return the content of a body that was sent with this Content-Encoding.

    >>> undo_coding(b"<html>as it is</html>", "gzip")
    Decoded(content=b'<html>as it is</html>', flaw=<Flaw.MISNAMED: 'encoding'>)
    """
    codings = [name.strip().lower() for name in (header or "").split(",")]
    codings = [name for name in codings if name not in _NONE]
    if len(codings) > _MOST_CODINGS:
        return Decoded(content=b"", flaw=Flaw.MISNAMED)
    for coding in reversed(codings):
        try:
            content, is_whole = _decoders(coding)(payload, limit) if payload else (b"", True)
        except _TooLargeError:
            return Decoded(content=b"", flaw=Flaw.TOO_LARGE)
        except _DamagedError:
            return _told_by_bytes(payload, limit)
        if not is_whole:
            told = _told_by_bytes(payload, limit)
            is_other = bool(told.content) and not (payload.startswith(_GZIP) and "gzip" in coding)
            return told if is_other else Decoded(content=content, flaw=Flaw.CUT)
        payload = content
    return _unpacked_again(payload, limit) if codings else Decoded(content=payload)


def _unpacked_again(content: bytes, limit: int) -> Decoded:
    """Return what was packed twice, by a program and by its server, unpacked to the end."""
    if not content.startswith(_GZIP):
        return Decoded(content=content)
    try:
        inner, is_whole = _gunzip(content, limit)
    except (_TooLargeError, _DamagedError):
        return Decoded(content=content)
    return Decoded(content=inner, flaw=None if is_whole else Flaw.CUT)


def _told_by_bytes(payload: bytes, limit: int) -> Decoded:
    """Return a misnamed body's content where its bytes show that it is plain or gzip."""
    content = b""
    if payload.startswith(_GZIP):
        try:
            content, is_whole = _gunzip(payload, limit)
        except _TooLargeError:
            return Decoded(content=b"", flaw=Flaw.TOO_LARGE)
        except _DamagedError:
            is_whole = False
        content = content if is_whole else b""
    elif not _PACKED_BYTES.search(payload[:1000]):
        content = payload
    return Decoded(content=content, flaw=Flaw.MISNAMED)


def _decoders(coding: str) -> Callable[[bytes, int], tuple[bytes, bool]]:
    """Return what unpacks a coding to (content, whether it is whole)."""
    found: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
        "gzip": _gunzip,
        "x-gzip": _gunzip,
        "deflate": _inflate,
        "br": _unbrotli,
        "zstd": _unzstd,
    }
    return found.get(coding, _unknown)


def _unknown(payload: bytes, limit: int) -> tuple[bytes, bool]:
    """Take the name of a charset or the like for none: what is plain was not packed."""
    del limit
    if _PACKED_BYTES.search(payload[:1000]):
        raise _DamagedError
    return payload, True


def _gunzip(payload: bytes, limit: int) -> tuple[bytes, bool]:
    """Unpack every member; a wrong checksum is no flaw, as in browsers, nor is what follows the last one."""
    if not payload.startswith(_GZIP):
        raise _DamagedError
    content = b""
    while payload.startswith(_GZIP):
        try:
            more, is_whole, payload = _inflated(payload, _GZIP_WBITS, limit - len(content))
        except _DamagedError as error:
            if "check" not in str(error.__cause__):
                raise
            more, is_whole, payload = *_inflated(payload[:-_TRAILER], _GZIP_WBITS, limit)[:1], True, b""
        content += more
        if not is_whole:
            return content, False
    return content, True


def _inflate(payload: bytes, limit: int) -> tuple[bytes, bool]:
    """Unpack deflate: zlib's format in RFC 9110; some servers send it bare."""
    is_zlib = payload[0] & 0x0F == 8 and int.from_bytes(payload[:2], "big") % 31 == 0  # noqa: PLR2004 - RFC 1950
    content, is_whole, _ = _inflated(payload, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS, limit)
    return content, is_whole


def _inflated(payload: bytes, bits: int, limit: int) -> tuple[bytes, bool, bytes]:
    """Return the content, whether its end was there, and what follows it."""
    inflater = zlib.decompressobj(bits)
    try:
        content = inflater.decompress(payload, limit + 1)
    except zlib.error as error:
        raise _DamagedError from error
    if len(content) > limit:
        raise _TooLargeError
    return content, inflater.eof, inflater.unused_data


def _unbrotli(payload: bytes, limit: int) -> tuple[bytes, bool]:
    import brotli

    decoder, parts, size = brotli.Decompressor(), [], 0
    try:
        part = decoder.process(payload, output_buffer_limit=_CHUNK)
        while part:
            parts.append(part)
            size += len(part)
            if size > limit:
                raise _TooLargeError
            part = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=_CHUNK)
    except brotli.error as error:
        raise _DamagedError from error
    return b"".join(parts), bool(decoder.is_finished())


def _unzstd(payload: bytes, limit: int) -> tuple[bytes, bool]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    content = b""
    while payload:
        decoder = zstd.ZstdDecompressor()
        try:
            content += decoder.decompress(payload, limit - len(content) + 1)
        except zstd.ZstdError as error:
            raise _DamagedError from error
        if len(content) > limit:
            raise _TooLargeError
        if not decoder.eof:
            return content, False
        payload = decoder.unused_data
    return content, True
