"""Captures taken out of an archive file: what is left has the places that it had."""

from __future__ import annotations

import re
import uuid
import zlib
from typing import TYPE_CHECKING

from scraper.archive.verify import read_members
from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.place import Place

_FIELD = re.compile(rb"^([\w-]+):[ \t]*([^\r\n]*)", re.MULTILINE)
_HEAD_BYTES = 10_000
"""Among which the fields of a record stand."""
_BLOCK = 65_535
"""Bytes of a stored block of deflate (RFC 1951 3.2.4)."""


def erase(place: Place, name: str, is_meant: Callable[[str, int], bool]) -> int:
    """Write over the captures of a file that are meant, by address and offset; return how many.

    Each record becomes an empty one of the same length, so that what names another place in the file still
    finds it. InputError where the file cannot be read, StoreError where it cannot be written.
    """
    fillers: dict[int, bytes] = {}
    erased: set[bytes] = set()
    begun: tuple[int, bytes] | None = None
    with place.open(name) as stream:
        end = stream.seek(0, 2)
        stream.seek(0)
        for offset, member in read_members(stream):
            if begun:
                fillers[begun[0]] = _filler(offset - begun[0], begun[1])
                begun = None
            fields = dict(_FIELD.findall((member or b"")[:_HEAD_BYTES].partition(b"\r\n\r\n")[0]))
            address = fields.get(b"WARC-Target-URI", b"").decode("utf-8", "replace").strip("<>")
            is_made = fields.get(b"WARC-Type") == b"conversion"
            beside = fields.get(b"WARC-Refers-To" if is_made else b"WARC-Concurrent-To")
            if address and (beside in erased or is_meant(address, offset)):
                begun = offset, fields.get(b"WARC-Date", b"")
                if beside is None:
                    erased.add(fields.get(b"WARC-Record-ID", b""))
    if begun:
        fillers[begun[0]] = _filler(end - begun[0], begun[1])
    if fillers:
        place.overwrite(name, fillers)
    return len(erased)


def _filler(length: int, date: bytes) -> bytes:
    """Return an empty record, a gzip member of just that length. InputError for one that is too short."""
    fixed = (
        b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Date: %b\r\nWARC-Record-ID: <urn:uuid:%b>\r\n"
        b"Content-Length: " % (date, str(uuid.uuid4()).encode())
    )
    inner = length - 18
    inner -= 5 * -(-inner // (_BLOCK + 5))
    for size in range(inner, inner - 8, -1):  # the figures of Content-Length may not come out even
        for digits in range(1, 10):
            blank = size - len(fixed) - digits - 8
            if blank >= 0 and len(str(blank)) == digits:
                return _packed(fixed + b"%d\r\n\r\n" % blank + b" " * blank + b"\r\n\r\n", length)
    raise InputError(f"a record of {length} bytes cannot be erased")


def _packed(record: bytes, length: int) -> bytes:
    """Return a gzip member of just that length that holds the record as it is."""
    parts = [record[at : at + _BLOCK] for at in range(0, len(record), _BLOCK)]
    blocks = b"".join(
        bytes([part is parts[-1]])
        + len(part).to_bytes(2, "little")
        + (len(part) ^ _BLOCK).to_bytes(2, "little")
        + part
        for part in parts
    )
    tail = zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    left = length - 10 - len(blocks) - len(tail)
    name = b"-" * (left - 1) + b"\0" if left else b""  # a file's name, which ends with NUL (RFC 1952 2.3.1)
    return b"\x1f\x8b\x08" + bytes([8 if left else 0]) + b"\0\0\0\0\0\xff" + name + blocks + tail
