from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.erase import erase
from scraper.archive.place import Place
from scraper.archive.reader import Tally, capture_at, read_captures
from scraper.archive.verify import Fault, verify_file
from scraper.archive.warc import ArchiveWriter
from tests.archive.captures import capture

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.capture import Capture
    from scraper.model import Pointer


def written(location: str, *captures: Capture) -> list[Pointer]:
    with ArchiveWriter(location, "harbour") as writer:
        return [writer.write(each) for each in captures]


@pytest.mark.parametrize("size", [0, 1, 500, 70_000, 400_000])
def test_a_capture_is_gone_and_all_others_stand_where_they_stood(tmp_path: Path, size: int) -> None:
    place = Place(str(tmp_path))
    noise = bytes(at * at % 251 ^ at % 7 for at in range(size))
    secret = capture(2, payload=b"the secret of quay two " + noise, rendered=b"the secret " + noise)
    kept, last = capture(1), capture(3)
    pointers = written(str(tmp_path), kept, secret, last)
    (name,) = place.names()
    before = (tmp_path / name).stat().st_size

    assert erase(place, name, lambda url, _: url == secret.url) == 1
    assert (tmp_path / name).stat().st_size == before
    assert [found for found in verify_file(place, name) if isinstance(found, Fault)] == []
    assert capture_at(place, pointers[0]) == kept
    assert capture_at(place, pointers[2]) == last
    with place.open(name) as stream:
        tally = Tally()
        assert [found.capture.url for found in read_captures(stream, tally)] == [kept.url, last.url]
        assert not tally.passed
    assert erase(place, name, lambda url, _: url == secret.url) == 0


def test_records_of_every_length_become_empty_ones_of_that_length(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    made = [capture(number, payload=b"x", headers=(("X", "y" * number * 3),)) for number in range(1, 90)]
    pointers = written(str(tmp_path), *made)
    (name,) = place.names()
    odd = {pointer.offset for pointer in pointers[::2]}

    assert erase(place, name, lambda _, offset: offset in odd) == len(odd)
    assert not [found for found in verify_file(place, name) if isinstance(found, Fault)]
    assert [capture_at(place, pointer) for pointer in pointers[1::2]] == made[1::2]


def test_an_archive_elsewhere_loses_captures_too() -> None:
    location = "memory://archive-of-erase"
    place = Place(location)
    written(location, capture(1), capture(2))
    (name,) = place.names()
    assert erase(place, name, lambda url, _: url == capture(1).url) == 1
    with place.open(name) as stream:
        assert [found.capture.url for found in read_captures(stream, Tally())] == [capture(2).url]
