"""What other programs wrote, and what was damaged since: each record costs itself at most."""

from __future__ import annotations

import gzip
import io

import pytest

from scraper.archive.reader import Tally, read_captures

DATE = "2031-05-02T08:00:00Z"
HTML = "<!DOCTYPE html><html><body><p>Boat {number}</p></body></html>"


def record(
    number: int, *, kind: str = "response", date: str = DATE, more: str = "", end: str = "\r\n", off: int = 0
) -> bytes:
    """Return a record whose declared length is off by so many bytes."""
    page = HTML.format(number=number)
    block = page if kind == "resource" else f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}"
    content = "text/html" if kind == "resource" else "application/http; msgtype=response"
    lines = (
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>",
        f"WARC-Target-URI: http://quay.test/{number}",
        *([f"WARC-Date: {date}"] if date else []),
        f"Content-Type: {content}",
        *([more] if more else []),
        f"Content-Length: {len(block) + off}",
    )
    return f"{end.join(lines)}{end}{end}{block}\r\n\r\n".encode()


def read(content: bytes) -> tuple[list[int], dict[str, int]]:
    tally = Tally()
    found = [int(each.capture.url.rpartition("/")[2]) for each in read_captures(io.BytesIO(content), tally)]
    return found, dict(tally.passed)


def spoiled(member: bytes) -> bytes:
    middle = len(member) // 2
    return (
        member[:middle] + bytes(255 - byte for byte in member[middle : middle + 20]) + member[middle + 20 :]
    )


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_damaged_member_costs_its_record_only(at: int) -> None:
    members = [gzip.compress(record(number)) for number in range(3)]
    members[at] = spoiled(members[at])
    found, passed = read(b"".join(members))
    assert (found, sum(passed.values())) == ([number for number in range(3) if number != at], 1)


def test_bytes_between_members_cost_nothing_that_is_whole() -> None:
    members = [gzip.compress(record(number)) for number in range(3)]
    found, _ = read(members[0] + b"\0" * 700 + members[1] + b"nonsense" + members[2])
    assert found == [0, 1, 2]


@pytest.mark.parametrize("off", [-3, -1, 1, 2, 40, 9_999])
def test_a_wrong_length_costs_no_other_record(off: int) -> None:
    content = record(1, off=off) + record(2) + record(3)
    assert {2, 3} <= set(read(content)[0])
    packed = gzip.compress(record(1, off=off)) + gzip.compress(record(2)) + gzip.compress(record(3))
    assert {2, 3} <= set(read(packed)[0])


@pytest.mark.parametrize("more", ["WARC-Truncated: length", "WARC-Truncated: time", "WARC-Segment-Number: 1"])
def test_what_is_not_whole_is_cut(more: str) -> None:
    assert read(record(1, more=more) + record(2)) == ([2], {"cut": 1})
    assert read(record(1, kind="continuation") + record(2)) == ([2], {"cut": 1})


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2031", "2031-12-31T23:59:59+00:00"),
        ("2031-02", "2031-02-28T23:59:59+00:00"),
        ("2031-05-02", "2031-05-02T23:59:59+00:00"),
        ("2031-05-02T08:00Z", "2031-05-02T08:00:00+00:00"),
        ("2031-05-02T08:00:00.123456Z", "2031-05-02T08:00:00.123456+00:00"),
        ("20310502080000", "2031-05-02T08:00:00+00:00"),
        ("2031-05-02t08:00:00z", "2031-05-02T08:00:00+00:00"),
    ],
)
def test_a_date_of_any_precision_dates_the_end_of_it(date: str, moment: str) -> None:
    (found,) = read_captures(io.BytesIO(record(1, date=date)), Tally())
    assert found.capture.fetched_at.isoformat() == moment


@pytest.mark.parametrize("date", ["", "soon", "2031-13", "0000-00-00T00:00:00Z"])
def test_a_record_without_a_date_is_counted(date: str) -> None:
    assert read(record(1, date=date) + record(2)) == ([2], {"no date": 1})


def test_resources_and_lines_that_end_in_a_line_feed_alone_are_read() -> None:
    assert read(record(1, kind="resource") + record(2, end="\n")) == ([1, 2], {})


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/octet-stream", "", "application/http; msgtype=response"]
)
def test_a_resource_of_an_untold_type_is_read(kind: str) -> None:
    content = record(1, kind="resource").replace(b"Content-Type: text/html", f"Content-Type: {kind}".encode())
    assert read(content + record(2)) == ([1, 2], {})


def test_a_body_that_is_shorter_than_its_own_header_says_is_cut() -> None:
    def told(length: int) -> bytes:
        before, after = b"Content-Type: text/html\r\n\r\n", f"Content-Length: {length}\r\n\r\n".encode()
        made = record(1, off=len(after) - 2).replace(before, before[:-2] + after)
        return made + record(2)

    size = len(HTML.format(number=1))
    assert read(told(size + 500)) == ([2], {"cut": 1})
    assert read(told(size + 1)) == read(told(size)) == read(told(3)) == ([1, 2], {})
