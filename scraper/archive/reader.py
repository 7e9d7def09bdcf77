"""Reading WARC files, ours and others', one capture at a time and in constant memory."""

from __future__ import annotations

import json
import re
import zlib
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecordType

from scraper.archive.capture import OF_FILE, RENDERED_TYPE, Capture, Role, hints_of_json
from scraper.archive.coding import MOST_UNPACKED
from scraper.archive.warc import NOTE_TYPE
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastwarc.warc import WarcRecord

    from scraper.archive.place import Place
    from scraper.model import Pointer

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r\n")
"""The line before a chunk: its size, and extensions that nobody uses."""
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DIGITS = re.compile(r"^(\d{8})(\d{6})$")
"""As ARC files date."""
_GZIP = b"\x1f\x8b\x08"
_MEMBER, _RECORD = re.compile(re.escape(_GZIP)), re.compile(rb"(?<![^\r\n])WARC/1\.\d\r?\n")
_SWALLOWED = re.compile(rb"(?:\r?\n)+WARC/1\.\d\r?\n(?=WARC-)")
"""The next record, in the block of one that is shorter than it says."""
_CHUNK_BYTES, _PROBE = 1 << 20, 1_000
"""Read at once where the next record is sought, and of what may be one."""
_MESSAGE = "application/http"
_UNTOLD = (_MESSAGE, "text/plain", "application/octet-stream", "unknown")
"""Types of resources that may be pages: their content tells."""
_FEW = 4
"""Bytes by which a length is wrong that a program counted wrong: of a cut page more are missing."""
_BESIDE = WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A capture and where it stands in its file."""

    capture: Capture
    offset: int


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was passed over, by cause: revisit, no response, no date, too large, cut, torn, unreadable."""

    passed: Counter[str] = field(default_factory=Counter)
    torn_at: int | None = None
    """Where the last record begins whose length is wrong."""


def read_captures(stream: IO[bytes], tally: Tally, *, start: int = 0) -> Iterator[Found]:
    """Yield the captures from an offset at which a record begins.

    A record that is damaged, or torn at the end, is counted; what follows it is read.
    """
    at: int | None = start
    is_told = False  # the damage before which a reading broke off is met again where the next one begins
    while at is not None:
        begun = reached = at
        stream.seek(at)
        try:
            for found, place in _from(stream, tally, at):
                reached = place
                if found:
                    yield found
            at = None
        except OSError:  # here stands no gzip member or no record
            is_new = reached != begun or not is_told
            tally.passed["unreadable"] += is_new and tally.torn_at != reached
            is_told = is_new
            at = _next_record(stream, reached + 1)


def _from(stream: IO[bytes], tally: Tally, at: int) -> Iterator[tuple[Found | None, int]]:
    """Yield the captures up to the first damage, each with the place that is reached; None between them."""
    held: tuple[str, Found] | None = None
    try:
        for record in ArchiveIterator(stream, parse_http=False, quirks_mode=True):
            at = record.stream_pos
            yield None, at
            if held and _belongs(record, held[0]):
                held = held[0], _noted(held[1], record)
                continue
            if held:
                yield held[1], at
                held = None
            found = _found(record, at, tally)
            held = (record.record_id or "", found) if found else None
            if tally.torn_at == at:
                break
    except OSError:
        if held:
            yield held[1], at
        raise
    if held:
        yield held[1], at
    if tally.torn_at == at:
        raise OSError("the length of this record is wrong: the next one begins elsewhere")


def _next_record(stream: IO[bytes], after: int) -> int | None:
    """Return where the next record begins, packed or not; None where there is none."""
    stream.seek(0)
    is_gzip = stream.read(len(_GZIP)) == _GZIP
    stream.seek(after)
    kept = b""
    while chunk := stream.read(_CHUNK_BYTES):
        window = kept + chunk
        begins = after - len(kept)
        for match in (_MEMBER if is_gzip else _RECORD).finditer(window):
            if not is_gzip or _is_record(window[match.start() : match.start() + _PROBE]):
                return begins + match.start()
        kept = window[-_PROBE:]
        after += len(chunk)
    return None


def _is_record(member: bytes) -> bool:
    """Return whether a gzip member begins as a record does."""
    try:
        return zlib.decompressobj(31).decompress(member, 5) == b"WARC/"
    except zlib.error:
        return False


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
    """Return the capture of a response or resource record; None, counted, for any other."""
    cause = _passed(record)
    if cause:
        tally.passed[cause] += 1
    if cause is not None:
        return None
    moment = _moment(record.headers.get("WARC-Date"))
    if moment is None:
        tally.passed["no date"] += 1
        return None
    block = record.reader.read()
    swallowed = _SWALLOWED.search(block) if b"WARC/1." in block else None
    if swallowed:
        tally.torn_at, block = offset, block[: swallowed.start()]
    elif len(block) < record.content_length:
        tally.passed["torn"] += 1
        tally.torn_at = offset
        return None
    kind = (record.headers.get("Content-Type") or "").strip() or "application/octet-stream"
    if record.record_type == WarcRecordType.resource and not kind.startswith(_MESSAGE):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode("latin-1", "replace") + block
    status, headers, payload = _http(block)
    if _lacks(headers, payload):
        tally.passed["cut"] += 1
        return None
    capture = Capture(
        url=_target(record),
        fetched_at=moment,
        status=status,
        headers=headers,
        payload=payload,
    )
    return Found(capture=capture, offset=offset)


def _passed(record: WarcRecord) -> str | None:
    """Return why a record is no whole page, empty for what stands beside one; None where it is one."""
    kind = record.record_type
    told = (record.headers.get("Content-Type") or "").strip().lower()
    is_resource = bool(kind & WarcRecordType.resource) and (
        "html" in told or not told or told.startswith(_UNTOLD)
    )
    is_page = bool(kind & WarcRecordType.response) or is_resource
    cause: str | None = None
    if kind == WarcRecordType.revisit:
        cause = "revisit"
    elif kind == WarcRecordType.continuation:
        cause = "cut"
    elif not is_page or not _target(record).lower().startswith(("http", OF_FILE)):
        cause = "" if kind & _BESIDE else "no response"
    elif record.content_length > MOST_UNPACKED:
        cause = "too large"
    elif record.headers.get("WARC-Truncated") or record.headers.get("WARC-Segment-Number"):
        cause = "cut"
    return cause


def _target(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _moment(text: str | None) -> datetime | None:
    """Return the end of what a WARC-Date names: a second, a day, a month or a year (WARC 1.1, 5.4).

    >>> _moment("2031-02").isoformat(), _moment("2031-05-02T08:00Z").isoformat(), _moment("soon")
    ('2031-02-28T23:59:59+00:00', '2031-05-02T08:00:00+00:00', None)
    """
    written = (text or "").strip().upper()
    found = _DATE.fullmatch(written)
    try:
        if found is None:
            moment = datetime.fromisoformat(_DIGITS.sub(r"\1T\2", written))
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        year, month = int(found[1]), int(found[2] or 12)
        day = int(found[3] or monthrange(year, month)[1])
        return datetime(year, month, day, 23, 59, 59, tzinfo=UTC)
    except ValueError:
        return None


def _belongs(record: WarcRecord, key: str) -> bool:
    names = "WARC-Refers-To" if record.record_type == WarcRecordType.conversion else "WARC-Concurrent-To"
    return bool(key) and key in (record.headers.get(names) or "")


def _noted(found: Found, record: WarcRecord) -> Found:
    """Return the capture with what a record beside it says."""
    if record.record_type == WarcRecordType.request:
        _, headers, _ = _http(record.reader.read())
        return replace(found, capture=replace(found.capture, request_headers=headers))
    if record.record_type == WarcRecordType.conversion:
        block = record.reader.read() if record.content_length <= MOST_UNPACKED else b""
        is_page = record.headers.get("Content-Type") == RENDERED_TYPE and len(block) == record.content_length
        return replace(found, capture=replace(found.capture, rendered=block)) if is_page else found
    if record.record_type == WarcRecordType.metadata and record.headers.get("Content-Type") == NOTE_TYPE:
        try:
            told = json.loads(record.reader.read())
            noted = replace(
                found.capture,
                role=Role(told["role"]),
                hints=hints_of_json(told["hints"]),
                site=told.get("site"),
                unmade=told.get("unmade"),
            )
        except (ValueError, KeyError, TypeError):  # another program's note
            return found
        return replace(found, capture=noted)
    return found


def _http(block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Return status, headers and payload of an HTTP message; status 0 where the first line has none."""
    end = _HEAD_END.search(block)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        payload = _joined(payload)
    words = first.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return status, headers, payload


def _lacks(headers: tuple[tuple[str, str], ...], payload: bytes) -> bool:
    """Return whether a message is shorter than its own header says; one that came in chunks says nothing."""
    told = {name.lower(): value for name, value in headers}
    length = told.get("content-length", "")
    return (
        length.isascii()
        and length.isdigit()
        and "transfer-encoding" not in told
        and len(payload) + _FEW < int(length)
    )


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
