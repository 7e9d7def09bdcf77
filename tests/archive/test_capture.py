from __future__ import annotations

import gzip
import zlib

import pytest

from scraper.archive import capture as module
from scraper.archive.capture import to_page, unpacked
from scraper.errors import InputError
from tests.archive.captures import capture

TEXT = "Fähre läuft ein. ".encode() * 20


def bare(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "payload"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:40], mtime=0) + gzip.compress(TEXT[40:], mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare(TEXT)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
    ],
)
def test_a_payload_is_unpacked_as_its_headers_say(encoding: str | None, payload: bytes) -> None:
    assert unpacked(payload, encoding) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "br", "zip"])
def test_what_cannot_be_unpacked_is_an_input_error(encoding: str) -> None:
    with pytest.raises(InputError, match=f"should be {encoding} is damaged"):
        unpacked(bytes(range(256)), encoding)


def test_a_payload_of_more_bytes_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNPACKED", 1_000)
    assert unpacked(gzip.compress(bytes(1_000)), "gzip") == bytes(1_000)
    with pytest.raises(InputError, match="more than 1000 bytes"):
        unpacked(gzip.compress(bytes(1_001)), "gzip")


def test_a_capture_becomes_the_page_that_was_fetched() -> None:
    made = capture(3)
    page = to_page(made)

    assert page.content == b"<h1>Ferry 3</h1>" * 50
    assert (page.url, page.fetched_at) == (made.url, made.fetched_at)
    assert page.content_type == "text/html; charset=utf-8"
