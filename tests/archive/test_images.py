"""Pictures are kept once, found by their address, and nothing else is taken for one."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from scraper.archive.images import ImageFiles, image_ending
from scraper.archive.place import Place
from scraper.errors import InputError
from scraper.model import Article, Image

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER = "https://img.example/a.png", "https://img.example/b.png"


def png(width: int = 64, height: int = 48) -> bytes:
    """Return the head of a picture, and no more of it than is looked at."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


HEADS = {
    "png": png(),
    "gif": b"GIF89a" + struct.pack("<HH", 640, 480) + b"\x00\x00\x00",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 480, 640)
    + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
    "webp": b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x7f\x02\x00\xdf\x01\x00",
}


@pytest.mark.parametrize("ending", HEADS)
def test_a_picture_is_told_by_its_content(ending: str) -> None:
    assert image_ending(HEADS[ending]) == ending


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html><p>Not found</p></html>", "no JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no JPEG"),
        (b"", "no JPEG"),
        (png()[:16], "head cannot be read|-1 by -1"),
        (png(1, 1), "1 by 1 pixels"),
        (png(100_000, 100_000), "100000 by 100000 pixels"),
    ],
)
def test_what_is_no_picture_or_of_no_sane_size_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        image_ending(content)


def test_a_picture_of_two_addresses_is_kept_once_and_forgotten_for_both(tmp_path: Path) -> None:
    files = ImageFiles(Place(str(tmp_path)))

    first, second = (files.keep(url, png(), "png") for url in (ONE, OTHER))

    assert first == second == files.find(ONE)
    assert (tmp_path / first).read_bytes() == png()
    assert [each.suffix for each in tmp_path.rglob("*.*")] == [".png"]

    files.forget(ONE)

    assert files.find(ONE) is None
    assert files.find(OTHER) is None
    assert not (tmp_path / first).exists()


def test_an_article_names_its_lead_image_alone(tmp_path: Path) -> None:
    files = ImageFiles(Place(str(tmp_path)))
    kept = files.keep(ONE, png(), "png")
    files.keep(OTHER, png(80, 80), "png")
    article = Article(
        url=None, canonical_url=None, site=None, body="", raw_sha256="", fetched_at=None, extractor="",
        images=(Image(url=ONE, caption="Dawn"), Image(url=OTHER)),
    )  # fmt: skip

    assert files.named(article).images == (Image(url=ONE, caption="Dawn", file=kept), Image(url=OTHER))
    assert files.named(Article(
        url=None, canonical_url=None, site=None, body="", raw_sha256="", fetched_at=None, extractor="",
    )).images == ()  # fmt: skip
