"""Writing WARC 1.1: each capture is a response, its request and a note, each a gzip member of its own."""

from __future__ import annotations

import io
import json
import os
import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from scraper.archive.capture import RENDERED_TYPE, Role, hints_as_json, payload_digest
from scraper.archive.place import Place
from scraper.model import Pointer
from scraper.version import program_version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from scraper.archive.capture import Capture

MOST_FILE_BYTES = 1_000_000_000
"""Of a file, after which the next one is begun: what the WARC guidelines recommend."""
_LEVEL = 6
"""Of gzip: on 121 news pages 63 MB/s and 5.1 : 1; level 9 gave 36 MB/s and 5.2 : 1."""
NOTE_TYPE = "application/json"
"""Of the metadata records in which we keep the role of a capture and what announced it."""
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A capture with the same payload that is archived already."""

    url: str
    fetched_at: datetime
    pointer: Pointer


class ArchiveWriter:
    """Appends the captures of one run and site to files of its own; a context manager, for any thread.

    A kill leaves whole records but for, at most, the one that was being written. What was appended survives
    a power cut once sync() has returned.
    """

    def __init__(self, location: str, site: str, *, most_bytes: int = MOST_FILE_BYTES) -> None:
        """Write nothing yet: the first capture makes the first file."""
        self._place = Place(location)
        self._most_bytes = most_bytes
        self._prefix = f"{site}/{site}-{datetime.now(UTC):%Y%m%d%H%M%S}-{uuid.uuid4().hex[:8]}"
        self._number = 0
        self._lock = threading.Lock()
        self._file: _File | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, capture: Capture, original: Original | None = None) -> Pointer:
        """Append a capture and return where its payload lies: at the original, where it has the same.

        Raises StoreError where the place cannot be written.
        """
        with self._lock:
            file = self._open()
            where = file.append(_members(capture, original))
            if original is not None:
                return original.pointer
            return Pointer(file=file.name, offset=where, digest=capture.digest)

    def sync(self) -> None:
        """Return once all that was written will survive a power cut."""
        with self._lock:
            if self._file is not None and not self._file.sync():
                self._file = None

    def close(self) -> None:
        """Sync, and end the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _open(self) -> _File:
        if self._file is not None and self._file.size >= self._most_bytes:
            self._file.close()
            self._file = None
        if self._file is None:
            name = f"{self._prefix}-{self._number:05}.warc.gz"
            self._number += 1
            kind = _LocalFile if self._place.is_local else _RemoteFile
            self._file = kind(self._place, name)
            self._file.append(_warcinfo(name))
        return self._file


class _File:
    """A file that only grows."""

    def __init__(self, place: Place, name: str) -> None:
        self.place, self.name, self.size = place, name, 0

    def append(self, data: bytes) -> int:
        """Append, and return where."""
        where = self.size
        self._write(data)
        self.size += len(data)
        return where

    def _write(self, data: bytes) -> None:
        raise NotImplementedError

    def sync(self) -> bool:
        """Return, once what was appended is durable, whether more can be."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class _LocalFile(_File):
    def __init__(self, place: Place, name: str) -> None:
        super().__init__(place, name)
        with place.errors(name):
            path = place.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644)

    def _write(self, data: bytes) -> None:
        with self.place.errors(self.name):
            left = memoryview(data)
            try:
                while left:
                    left = left[os.write(self._descriptor, left) :]
            except OSError:  # of a capture that is tried again, no half may stay amid the file
                os.ftruncate(self._descriptor, self.size)
                raise

    def sync(self) -> bool:
        with self.place.errors(self.name):
            os.fsync(self._descriptor)
        return True

    def close(self) -> None:
        self.sync()
        os.close(self._descriptor)


class _RemoteFile(_File):
    """An object of an object store: it appears when it is synced and cannot grow any more then."""

    def __init__(self, place: Place, name: str) -> None:
        super().__init__(place, name)
        self._waiting = io.BytesIO()

    def _write(self, data: bytes) -> None:
        self._waiting.write(data)

    def sync(self) -> bool:
        self.place.put(self.name, self._waiting.getvalue())
        return False

    def close(self) -> None:
        self.sync()


def write_whole(location: str, name: str, captures: Iterable[Capture]) -> None:
    """Write a file that appears when it is whole, in the place of one of its name. Raises StoreError."""
    place = Place(location)
    if place.is_local:
        part = f"{name}.part"
        with place.errors(part):
            place.path(part).unlink(missing_ok=True)  # of a run that was killed
        file: _File = _LocalFile(place, part)
    else:
        file = _RemoteFile(place, name)
    file.append(_warcinfo(name.rpartition("/")[2]))
    for capture in captures:
        file.append(_members(capture, None))
    file.close()
    if place.is_local:
        with place.errors(name):
            place.path(part).replace(place.path(name))


def _members(capture: Capture, original: Original | None) -> bytes:
    """Return the records of a capture: the response first, which the others name."""
    about = {
        "WARC-Target-URI": capture.url,
        "WARC-Date": _date(capture.fetched_at),
        "WARC-Payload-Digest": capture.digest,
    }
    key = f"<urn:uuid:{uuid.uuid4()}>"
    if capture.role.is_saved:
        kind = {"Content-Type": capture.header("Content-Type") or "text/html"}
        page = _member(WarcRecordType.resource, key, about | kind, capture.payload)
        return page + _note(capture, key, about)
    head = _response_head(capture)
    http = {"Content-Type": "application/http; msgtype=response"}
    if original is None:
        response = _member(WarcRecordType.response, key, about | http, head + capture.payload)
    else:
        refers = {
            "WARC-Profile": _REVISIT,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": _date(original.fetched_at),
        }
        response = _member(WarcRecordType.revisit, key, about | refers | http, head)
    asked = {"WARC-Concurrent-To": key, "Content-Type": "application/http; msgtype=request"}
    request = _member(WarcRecordType.request, None, _beside(about) | asked, _request_head(capture))
    beside = (
        request
        if capture.role is Role.PAGE and capture.hints is None and capture.unmade is None
        else request + _note(capture, key, about)
    )
    return response + beside + _conversion(capture, key)


def _conversion(capture: Capture, key: str) -> bytes:
    """Return the record of what a browser made of a response (WARC 1.1, 6.8), if it made anything."""
    if capture.rendered is None:
        return b""
    fields = {
        "WARC-Target-URI": capture.url,
        "WARC-Date": _date(capture.fetched_at),
        "WARC-Refers-To": key,
        "WARC-Payload-Digest": payload_digest(capture.rendered),
        "Content-Type": RENDERED_TYPE,
    }
    return _member(WarcRecordType.conversion, None, fields, capture.rendered)


def _note(capture: Capture, key: str, about: dict[str, str]) -> bytes:
    """Return the record that says what no header says of a capture."""
    told = {"role": capture.role, "hints": hints_as_json(capture.hints)}
    more = {"site": capture.site, "unmade": capture.unmade}
    note = json.dumps(told | {name: value for name, value in more.items() if value}).encode()
    fields = {"WARC-Concurrent-To": key, "Content-Type": NOTE_TYPE}
    return _member(WarcRecordType.metadata, None, _beside(about) | fields, note)


def _beside(about: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in about.items() if name != "WARC-Payload-Digest"}


def _member(kind: WarcRecordType, key: str | None, fields: dict[str, str], block: bytes) -> bytes:
    """Return one record as a gzip member."""
    record = WarcRecord()
    record.init_headers(kind)
    for name, value in fields.items():
        record.headers[name] = value
    record.headers["WARC-Record-ID"] = key or f"<urn:uuid:{uuid.uuid4()}>"
    record.set_bytes_content(block)
    buffer = io.BytesIO()
    packer = GzipWriter(buffer, compression_level=_LEVEL)
    record.write(packer, checksum_data=True)
    packer.finish()
    return buffer.getvalue()


def _warcinfo(name: str) -> bytes:
    fields = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
    told = f"software: news-scraper/{program_version()}\r\nformat: WARC File Format 1.1\r\n"
    return _member(WarcRecordType.warcinfo, None, fields, told.encode())


def _date(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _response_head(capture: Capture) -> bytes:
    reasons = {status.value: status.phrase for status in HTTPStatus}
    return _head(f"HTTP/1.1 {capture.status} {reasons.get(capture.status, '')}", capture.headers)


def _request_head(capture: Capture) -> bytes:
    parts = urlsplit(capture.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _head(f"GET {target} HTTP/1.1", capture.request_headers)


def _head(first: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")
