"""Pictures beside the archive: each is kept once, by the digest of its content, and found by its address."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from scraper.errors import InputError

if TYPE_CHECKING:
    from scraper.archive.place import Place
    from scraper.model import Article

MOST_IMAGE_BYTES = 10_000_000
MOST_IMAGE_PIXELS = 60_000_000
"""More than any camera of the press gives; a few bytes can claim billions."""
LEAST_IMAGE_SIDE = 32
"""Pixels; what is smaller counts readers or is an icon."""
_FOLDER = "images"
_SIGNS = (
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF8", "gif"),
    (8, b"WEBP", "webp"),
    (4, b"ftypavif", "avif"),
)
"""Where the sign of a format stands, and how its files end. SVG, which can hold scripts, is none of them."""


def image_ending(content: bytes) -> str:
    """Return how the file of a picture is to end, by its content. InputError says why it is no picture.

    >>> image_ending(b"<html>")
    Traceback (most recent call last):
    ...
    scraper.errors.InputError: no JPEG, PNG, GIF, WebP or AVIF
    """
    import imagesize

    found = next((end for at, sign, end in _SIGNS if content.startswith(sign, at)), None)
    if found is None:
        raise InputError("no JPEG, PNG, GIF, WebP or AVIF")
    try:
        width, height = imagesize.get(BytesIO(content))
    except Exception as error:
        raise InputError(f"its head cannot be read: {error}") from error
    if not (min(width, height) >= LEAST_IMAGE_SIDE and width * height <= MOST_IMAGE_PIXELS):
        raise InputError(f"{width} by {height} pixels")
    return found


class ImageFiles:
    """The pictures of an archive; any method may raise StoreError where its place cannot be written."""

    def __init__(self, place: Place) -> None:
        """Look at nothing yet."""
        self._place = place

    def find(self, url: str) -> str | None:
        """Return the file, below the archive's place, of the picture that an address brought."""
        try:
            with self._place.open(_entry(url)) as stream:
                name = stream.read().decode()
            with self._place.open(name):  # it may have gone with another article that had it
                return name
        except InputError:
            return None

    def keep(self, url: str, content: bytes, ending: str) -> str:
        """Keep what an address brought, and return its file: the same for the same content."""
        digest = hashlib.sha256(content).hexdigest()
        name = f"{_FOLDER}/{digest[:2]}/{digest}.{ending}"
        self._place.put(name, content)
        self._place.put(_entry(url), name.encode())
        return name

    def forget(self, url: str) -> None:
        """Remove the picture that an address brought, whoever else has it."""
        name = self.find(url)
        for each in (name, _entry(url)) if name else ():
            self._place.remove(each)

    def named(self, article: Article) -> Article:
        """Return an article that says where its lead image lies, if that is here."""
        if not article.images:
            return article
        lead, *others = article.images
        return replace(article, images=(replace(lead, file=self.find(lead.url)), *others))


def _entry(url: str) -> str:
    key = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()
    return f"{_FOLDER}/by-address/{key[:2]}/{key}"
