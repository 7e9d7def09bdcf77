from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd

from scraper.archive.coding import Flaw, undo_coding

HTML = b"<!DOCTYPE html><html><p>" + b"The ferry opened beside the old mill. " * 30 + b"</p></html>"
PACKED = {
    "gzip": gzip.compress(HTML, mtime=0),
    "deflate": zlib.compress(HTML),
    "br": brotli.compress(HTML),
    "zstd": zstd.compress(HTML),
}


@pytest.mark.parametrize("coding", PACKED)
def test_a_whole_body_has_no_flaw(coding: str) -> None:
    decoded = undo_coding(PACKED[coding], coding)
    assert (decoded.content, decoded.flaw) == (HTML, None)


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_body_that_ends_early_is_cut(coding: str, share: float) -> None:
    payload = PACKED[coding]
    assert undo_coding(payload[: int(len(payload) * share)], coding).flaw is Flaw.CUT


def test_a_missing_trailer_is_a_cut() -> None:
    decoded = undo_coding(PACKED["gzip"][:-8], "gzip")
    assert (decoded.content, decoded.flaw) == (HTML, Flaw.CUT)


def test_a_wrong_checksum_is_no_flaw() -> None:
    decoded = undo_coding(PACKED["gzip"][:-8] + bytes(8), "gzip")
    assert (decoded.content, decoded.flaw) == (HTML, None)


def test_what_follows_the_last_member_is_passed_over() -> None:
    assert undo_coding(PACKED["gzip"] + b"\n\n", "gzip").content == HTML


@pytest.mark.parametrize("coding", PACKED)
def test_a_plain_body_is_read_whatever_its_header_says(coding: str) -> None:
    decoded = undo_coding(HTML, coding)
    assert (decoded.content, decoded.flaw) == (HTML, Flaw.MISNAMED)


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "compress"])
def test_gzip_under_another_name_is_read(coding: str) -> None:
    decoded = undo_coding(PACKED["gzip"], coding)
    assert (decoded.content, decoded.flaw) == (HTML, Flaw.MISNAMED)


@pytest.mark.parametrize("coding", ["gzip", "x-unknown"])
def test_what_nothing_can_read_has_no_content(coding: str) -> None:
    decoded = undo_coding(bytes(range(256)), coding)
    assert (decoded.content, decoded.flaw) == (b"", Flaw.MISNAMED)


@pytest.mark.parametrize("header", [None, "", "identity", "utf-8", "none"])
def test_a_name_that_is_no_coding_changes_nothing(header: str | None) -> None:
    decoded = undo_coding(HTML, header)
    assert (decoded.content, decoded.flaw) == (HTML, None)


def test_codings_are_undone_in_their_order() -> None:
    payload = gzip.compress(brotli.compress(HTML), mtime=0)
    assert undo_coding(payload, "br, gzip").content == HTML
    assert undo_coding(payload, "gzip, gzip, gzip, gzip").flaw is Flaw.MISNAMED


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    zeros = bytes(3_000_000)
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
    decoded = undo_coding(pack[coding](zeros), coding, limit=1_000_000)
    assert (decoded.content, decoded.flaw) == (b"", Flaw.TOO_LARGE)


def test_an_empty_body_has_no_flaw() -> None:
    assert undo_coding(b"", "gzip").flaw is None
