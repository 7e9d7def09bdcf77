"""Whether an archive still holds what it says."""

from __future__ import annotations

import io
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecordType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive.place import Place

_CHUNK = 1 << 20
_MAGIC = b"\x1f\x8b\x08"
_ENDS = (1 << 16, 1 << 20, 1 << 25)
"""Bytes at the end of a file in which its last record is looked for: most have 10 kB, none over 20 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a part of a file."""

    file: str
    offset: int
    detail: str
    torn: bool = False
    """The end of the file is missing: what a kill in the middle of a write leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A record that is as it was written."""

    file: str
    offset: int


def verify_file(place: Place, name: str) -> Iterator[Whole | Fault]:
    """Yield each record of a file, checked against its own checksums, in constant memory."""
    with place.open(name) as stream:
        for offset, member in read_members(stream):
            if member is None:
                yield Fault(
                    file=name, offset=offset, detail="the record was not written to its end", torn=True
                )
                return
            detail = _fault(member)
            yield (
                Fault(file=name, offset=offset, detail=detail) if detail else Whole(file=name, offset=offset)
            )


def ends_whole(path: Path) -> bool:
    """Return whether a file ends where a record ends, from the end of the file alone."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        for length in _ENDS:
            stream.seek(max(0, size - length))
            left = _after_last_member(stream.read())
            if left is not None or length >= size:
                return left == 0
    return False


def _after_last_member(content: bytes) -> int | None:
    """Return how many bytes follow the last whole gzip member; None where there is none."""
    at = len(content)
    while (at := content.rfind(_MAGIC, 0, at)) >= 0:
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        with suppress(zlib.error):  # three bytes that only look like a begin
            inflater.decompress(content[at:])
        if inflater.eof:
            return len(inflater.unused_data)
    return None


def read_members(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield each gzip member unpacked; None for one that ends with the file before its own end."""
    offset, waiting = 0, b""
    while waiting := waiting or stream.read(_CHUNK):
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        unpacked, used = io.BytesIO(), 0
        while not inflater.eof:
            try:
                unpacked.write(inflater.decompress(waiting))
            except zlib.error:
                yield offset, b""
                return
            used += len(waiting) - len(inflater.unused_data)
            waiting = inflater.unused_data
            if not inflater.eof and not (waiting := stream.read(_CHUNK)):
                yield offset, None
                return
        yield offset, unpacked.getvalue()
        offset += used


def _fault(member: bytes) -> str | None:
    """Return what is wrong with a record; None where nothing is."""
    if not member:
        return "no gzip member can be read here; the rest of the file is lost"
    try:
        record = next(ArchiveIterator(io.BytesIO(member), parse_http=False), None)
    except OSError as error:
        return f"it is no WARC record: {error}"
    if record is None:
        return "the member holds no record"
    if "WARC-Block-Digest" in record.headers and not record.verify_block_digest():
        return "its block does not have the digest that it names"
    if record.record_type == WarcRecordType.response and "WARC-Payload-Digest" in record.headers:
        record.parse_http()
        if not record.verify_payload_digest():
            return "its payload does not have the digest that it names"
    return None
