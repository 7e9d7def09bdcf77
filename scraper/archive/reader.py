"""Reading WARC files, ours and others', one capture at a time and in constant memory."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecordType

from scraper.archive.capture import Capture, Role, hints_of_json
from scraper.archive.coding import MOST_BYTES
from scraper.archive.warc import NOTE_TYPE
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastwarc.warc import WarcRecord

    from scraper.archive.place import Place
    from scraper.model import Pointer

_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r\n")
"""The line before a chunk: its size, and extensions that nobody uses."""
_BESIDE = WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A capture and where it stands in its file."""

    capture: Capture
    offset: int


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was passed over, by cause: revisit, no response, too large, torn, unreadable."""

    passed: Counter[str] = field(default_factory=Counter)


def read_captures(stream: IO[bytes], tally: Tally, *, start: int = 0) -> Iterator[Found]:
    """Yield the captures from an offset at which a record begins; a torn last one is counted."""
    stream.seek(start)
    held: tuple[str, Found] | None = None
    try:
        for record in ArchiveIterator(stream, parse_http=False, strict_mode=False):
            offset = record.stream_pos
            if held and _belongs(record, held[0]):
                held = held[0], _noted(held[1], record)
                continue
            if held:
                yield held[1]
                held = None
            found = _found(record, offset, tally)
            if found:
                held = record.record_id or "", found
    except OSError:  # what follows is no gzip member or no record
        tally.passed["unreadable"] += 1
    if held:
        yield held[1]


def capture_at(place: Place, pointer: Pointer) -> Capture:
    """Return the capture that a pointer names. InputError where it is not there or is another one."""
    with place.open(pointer.file) as stream:
        found = next(read_captures(stream, Tally(), start=pointer.offset), None)
    if found is None or found.offset != pointer.offset or found.capture.digest != pointer.digest:
        raise InputError(
            f"{place.location}/{pointer.file}: no page with the digest {pointer.digest} is at byte"
            f" {pointer.offset}; scraper archive verify says what is whole"
        )
    return found.capture


def _found(record: WarcRecord, offset: int, tally: Tally) -> Found | None:
    """Return the capture of a response record; None, counted, for any other."""
    if record.record_type == WarcRecordType.revisit:
        tally.passed["revisit"] += 1
        return None
    uri = record.headers.get("WARC-Target-URI")
    if record.record_type != WarcRecordType.response or not (uri or "").strip("<>").startswith("http"):
        if not record.record_type & _BESIDE:
            tally.passed["no response"] += 1
        return None
    if record.content_length > MOST_BYTES:
        tally.passed["too large"] += 1
        return None
    block = record.reader.read()
    if len(block) < record.content_length:
        tally.passed["torn"] += 1
        return None
    status, headers, payload = _http(block)
    assert uri is not None
    capture = Capture(
        url=uri.strip("<>"),
        fetched_at=record.record_date,
        status=status,
        headers=headers,
        payload=payload,
    )
    return Found(capture=capture, offset=offset)


def _belongs(record: WarcRecord, key: str) -> bool:
    return bool(key) and key in (record.headers.get("WARC-Concurrent-To") or "")


def _noted(found: Found, record: WarcRecord) -> Found:
    """Return the capture with what a record beside it says."""
    if record.record_type == WarcRecordType.request:
        _, headers, _ = _http(record.reader.read())
        return replace(found, capture=replace(found.capture, request_headers=headers))
    if record.record_type == WarcRecordType.metadata and record.headers.get("Content-Type") == NOTE_TYPE:
        try:
            told = json.loads(record.reader.read())
            noted = replace(found.capture, role=Role(told["role"]), hints=hints_of_json(told["hints"]))
        except (ValueError, KeyError, TypeError):  # another program's note
            return found
        return replace(found, capture=noted)
    return found


def _http(block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Return status, headers and payload of an HTTP message; status 0 where the first line has none."""
    head, _, payload = block.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        payload = _joined(payload)
    words = first.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return status, headers, payload


def _joined(payload: bytes) -> bytes:
    r"""Return what was sent in chunks as one; as it is where it is in none, which some programs write.

    >>> _joined(b"4\r\nWiki\r\n5;a=b\r\npedia\r\n0\r\n\r\n"), _joined(b"<html>")
    (b'Wikipedia', b'<html>')
    """
    parts, at = [], 0
    while match := _CHUNK.match(payload, at):
        size = int(match[1], 16)
        if not size:
            break
        parts.append(payload[match.end() : match.end() + size])
        at = match.end() + size + len(b"\r\n")
    return b"".join(parts) if at else payload
