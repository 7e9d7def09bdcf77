"""Recorded answers by address, of WARC files or fixture folders: replay and the fixture server ask here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scraper.archive.fixtures import Address, Reply, read_replies
from scraper.archive.place import Place
from scraper.archive.reader import Tally, capture_at, read_captures
from scraper.errors import InputError
from scraper.model import Pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.archive.capture import Capture


class Recording(Protocol):
    """What was answered, by address."""

    def find(self, url: str, /) -> Reply | None:
        """Return the answer at an address without fragment; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedReplies:
    """The captures of WARC files: of each address the last one, read when it is asked for."""

    place: Place
    pointers: Mapping[str, Pointer]

    def find(self, url: str, /) -> Reply | None:
        """Return the answer at an address; None where there is none."""
        pointer = self.pointers.get(url)
        return to_reply(capture_at(self.place, pointer)) if pointer else None


@dataclass(frozen=True, slots=True)
class FixtureReplies:
    """What fixture sites answer, by http as by https."""

    replies: Mapping[Address, Reply]

    def find(self, url: str, /) -> Reply | None:
        """Return the answer at an address; None where there is none."""
        return self.replies.get(Address.of(url))


def read_recording(location: str, *, later: bool = False) -> Recording:
    """Return what a WARC file, a folder of them or a folder of fixtures holds. InputError for another.

    `later` takes of fixtures those of a later crawl.
    """
    if location.endswith((".warc.gz", ".warc")):
        parent, _, name = location.rpartition("/")
        place, names = Place(parent or "."), [name]
    else:
        place = Place(location)
        names = place.names()
    if not names and place.is_local and Path(location).is_dir():
        return FixtureReplies(read_replies(Path(location), later=later))
    pointers = {}
    for name in names:
        with place.open(name) as stream:
            for found in read_captures(stream, Tally()):
                digest = found.capture.digest
                pointers[found.capture.url] = Pointer(file=name, offset=found.offset, digest=digest)
    if not pointers:
        raise InputError(f"{location}: neither WARC files nor fixture sites are there to be replayed")
    return CapturedReplies(place=place, pointers=pointers)


def to_reply(capture: Capture) -> Reply:
    """Return a capture as an answer: as it was sent, headers of one name joined (RFC 9110, 5.3)."""
    headers: dict[str, str] = {}
    for name, value in capture.headers:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Reply(
        status=capture.status, headers=headers, content=capture.payload, fetched_at=capture.fetched_at
    )
