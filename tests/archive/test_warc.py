from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.capture import Role
from scraper.archive.place import Place
from scraper.archive.prune import last_capture
from scraper.archive.reader import Tally, capture_at, read_captures
from scraper.archive.verify import Fault, Whole, ends_whole, verify_file
from scraper.archive.warc import ArchiveWriter, Original
from scraper.errors import ConfigError, InputError, StoreError
from scraper.model import Hints
from tests.archive.captures import capture

if TYPE_CHECKING:
    from pathlib import Path

HINTS = Hints(source="feed", title="Ferry — “late”", authors=("Ana Lima", "Bo Chen"))


def written(folder: Path, *numbers: int) -> str:
    """Write an archive of one file and return the file's name."""
    with ArchiveWriter(str(folder), "harbour") as writer:
        for number in numbers:
            writer.write(capture(number))
    (name,) = Place(str(folder)).names()
    return name


def faults(folder: Path, name: str) -> list[Fault]:
    return [found for found in verify_file(Place(str(folder)), name) if isinstance(found, Fault)]


def test_captures_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = [
        capture(1),
        capture(2, hints=HINTS),
        capture(3, role=Role.LISTING, status=301, payload=b"", request_headers=()),
        capture(4, hints=HINTS, rendered="<h1>Fähre</h1>".encode()),
        capture(5, unmade="render_hung"),
    ]
    with ArchiveWriter(str(tmp_path), "harbour") as writer:
        pointers = [writer.write(each) for each in made]
    place, tally = Place(str(tmp_path)), Tally()
    with place.open(pointers[0].file) as stream:
        found = list(read_captures(stream, tally))

    assert [each.capture for each in found] == made
    assert [each.offset for each in found] == [pointer.offset for pointer in pointers]
    assert [capture_at(place, pointer) for pointer in pointers] == made
    assert not tally.passed


def test_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    name = written(tmp_path, 1, 2, 3)
    with (tmp_path / name).open("rb") as stream:
        all_of_them = list(read_captures(stream, Tally()))
        rest = list(read_captures(stream, Tally(), start=all_of_them[1].offset))

    assert rest == all_of_them[1:]


def test_a_library_that_did_not_write_the_file_reads_it(tmp_path: Path) -> None:
    with ArchiveWriter(str(tmp_path), "harbour") as writer:
        first = writer.write(capture(1, hints=HINTS))
        writer.write(
            capture(1), Original(url=capture(1).url, fetched_at=capture(1).fetched_at, pointer=first)
        )
    seen = []
    with (tmp_path / first.file).open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            seen.append(record.rec_type)
            content = record.content_stream().read()
            if record.rec_type == "response":
                assert record.rec_headers.protocol == "WARC/1.1"
                assert record.rec_headers.get_header("WARC-Target-URI") == capture(1).url
                assert record.http_headers.get_statuscode() == "200"
                assert content == b"<h1>Ferry 1</h1>" * 50
            if record.rec_type == "revisit":
                assert record.rec_headers.get_header("WARC-Refers-To-Date") == "2031-05-02T12:01:00.250000Z"

    assert seen == ["warcinfo", "response", "request", "metadata", "revisit", "request"]


def test_an_unchanged_payload_is_not_written_twice(tmp_path: Path) -> None:
    with ArchiveWriter(str(tmp_path), "harbour") as writer:
        first = writer.write(capture(1))
        original = Original(url=capture(1).url, fetched_at=capture(1).fetched_at, pointer=first)
        again = writer.write(replace(capture(1), fetched_at=capture(9).fetched_at), original)
    tally = Tally()
    with (tmp_path / first.file).open("rb") as stream:
        assert len(list(read_captures(stream, tally))) == 1

    assert again == first
    assert tally.passed == {"revisit": 1}


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    with ArchiveWriter(str(tmp_path), "harbour", most_bytes=1500) as writer:
        files = [writer.write(capture(number)).file for number in range(4)]

    assert len(set(files)) == 2
    assert files == sorted(files)


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_a_torn_file_is_read_up_to_its_last_record(tmp_path: Path, cut: int) -> None:
    name = written(tmp_path, 1, 2)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-cut])
    with path.open("rb") as stream:
        found = list(read_captures(stream, Tally()))
    (fault,) = faults(tmp_path, name)

    assert found[0].capture == capture(1)
    assert fault.torn


def test_the_end_of_a_file_tells_whether_it_is_torn(tmp_path: Path) -> None:
    path = tmp_path / written(tmp_path, *range(200))
    content = path.read_bytes()

    assert ends_whole(path)
    for cut in (1, 9, 40, 300, len(content) - 10, len(content)):
        path.write_bytes(content[:-cut])
        assert not ends_whole(path)


def test_a_whole_archive_has_no_fault(tmp_path: Path) -> None:
    name = written(tmp_path, *range(30))
    checked = list(verify_file(Place(str(tmp_path)), name))

    assert len(checked) == 61
    assert all(isinstance(each, Whole) for each in checked)


def test_a_changed_byte_is_a_fault(tmp_path: Path) -> None:
    name = written(tmp_path, 1, 2)
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    assert [fault.torn for fault in faults(tmp_path, name)] == [False]


def test_a_pointer_to_something_else_is_refused(tmp_path: Path) -> None:
    with ArchiveWriter(str(tmp_path), "harbour") as writer:
        one, two = writer.write(capture(1)), writer.write(capture(2))
    place = Place(str(tmp_path))

    for wrong in (replace(one, digest=two.digest), replace(one, offset=0), replace(one, file="gone.warc.gz")):
        with pytest.raises(InputError):
            capture_at(place, wrong)


def test_the_latest_capture_tells_how_old_a_file_is(tmp_path: Path) -> None:
    name = written(tmp_path, 1, 5, 2)
    last = last_capture(Place(str(tmp_path)), name)

    assert last is not None
    assert last >= capture(5).fetched_at


FILLING = """
import resource, sys
from scraper.archive.warc import ArchiveWriter
from scraper.errors import StoreDownError
from tests.archive.captures import capture
with ArchiveWriter(sys.argv[1], "harbour") as writer:
    writer.write(capture(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, resource.RLIM_INFINITY))
    try:
        writer.write(capture(2))
        writer.write(capture(3))
    except StoreDownError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    writer.write(capture(4))
"""


def test_what_finds_no_room_leaves_no_half_of_itself(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLING, str(tmp_path)], capture_output=True, text=True, check=True
    )
    (name,) = Place(str(tmp_path)).names()

    assert "free space" in done.stdout
    assert not faults(tmp_path, name)
    with (tmp_path / name).open("rb") as stream:
        assert [found.capture for found in read_captures(stream, Tally())][-1] == capture(4)


def test_any_place_that_fsspec_knows_takes_an_archive(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    location = f"memory://{tmp_path.name}"
    writer = ArchiveWriter(location, "harbour")
    one = writer.write(capture(1))
    writer.sync()
    two = writer.write(capture(2))
    writer.close()
    place = Place(location)

    assert place.names() == [one.file, two.file]
    assert capture_at(place, one) == capture(1)
    assert capture_at(place, two) == capture(2)
    assert place.remove(one.file) > 0
    assert place.names() == [two.file]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="archive cannot be written"):
        ArchiveWriter(str(tmp_path / "file"), "harbour").write(capture(1))
    with pytest.raises(ConfigError, match="fsspec"):
        Place("nowhere://bucket/archive")
