"""The name of what bytes are that hold no page (PDF, image, feed …); read by verdict.judge."""

from __future__ import annotations

import json
import re

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"PK\x03\x04", "a zip archive or Office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"BZh91AY", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"ID3\x03", "an MP3 file"),
    (b"ID3\x04", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"\x1a\x45\xdf\xa3", "a Matroska video"),
    (b"FLV\x01", "a Flash video"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x7fELF", "a program"),
    (b"\x00asm", "WebAssembly"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_MAGICS = tuple(magic for magic, _ in _MAGIC)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HEAD = 8192
"""Bytes looked at for anything but a JSON value."""
_CONTROL = bytes({*range(32)} - {0, 9, 10, 12, 13, 27})
_BINARY_SHARE = 0.05
"""Of NULs, or of control characters: in 957 real pages the largest share is 0; random bytes have 0.1."""
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|section|h1)\b", re.IGNORECASE
)
_ROOT = re.compile(
    rb"(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>)*+<([a-z][\w.:-]*)",
    re.IGNORECASE | re.DOTALL,
)
_XML_ROOTS = {
    "rss": "an RSS feed",
    "feed": "an Atom feed",
    "rdf:rdf": "an RDF feed",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap index",
    "opml": "an OPML list of feeds",
    "svg": "an SVG image",
    "soap:envelope": "a SOAP message",
}
_OTHER_TYPES = re.compile(
    r"\s*(?:image|audio|video|font)/|\s*(?:text|application)/(?:css|(?:x-)?javascript|pdf)", re.IGNORECASE
)


def foreign_content(content: bytes, *, content_type: str | None = None, is_text: bool = False) -> str | None:
    """Return what the bytes are when they are no page, None when they may be one.

    The bytes are believed before the header: servers send images as text/html, and pages as anything.

    >>> foreign_content(b"%PDF-1.7 ...", content_type="text/html")
    'a PDF document'
    >>> foreign_content(b"<p>Rain is coming.</p>", content_type="image/png")
    """
    head = content[:_HEAD]
    start = head.lstrip()
    if head.startswith(_MAGICS) or start.startswith(_MAGICS):
        return next(kind for magic, kind in _MAGIC if head.startswith(magic) or start.startswith(magic))
    if media := _container(head):
        return media
    if not head.startswith(_BOMS) and _is_binary(head):
        return "binary data"
    if is_text or head.startswith(_BOMS[:2]):
        return None
    return _structured(content, start.removeprefix(_BOMS[2]), content_type or "")


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return {b"WEBP": "a WebP image", b"WAVE": "a WAV file"}.get(head[8:12], "RIFF media")
    if head[4:8] == b"ftyp":
        return "an AVIF or HEIC image" if head[8:12] in {b"avif", b"heic", b"mif1"} else "an MP4 file"
    return None


def _is_binary(head: bytes) -> bool:
    if not head:
        return False
    zeros = head.count(0)
    if zeros > _BINARY_SHARE * len(head):
        # UTF-16 without a mark: nearly all of every second byte is zero, and none of the others
        return max(head[::2].count(0), head[1::2].count(0)) < zeros or zeros < len(head) // 3
    return len(head) - len(head.translate(None, _CONTROL)) > _BINARY_SHARE * len(head)


def _structured(content: bytes, start: bytes, content_type: str) -> str | None:
    """Return what machine-readable text the bytes are, served as a page."""
    if start[:1] in {b"{", b"["} and _is_json(content, content_type):
        return "JSON"
    root = None if start[:14].lower() == b"<!doctype html" else _ROOT.match(start)
    name = root[1].decode("ascii").lower() if root else ""
    if name in _XML_ROOTS:
        return _XML_ROOTS[name]
    if start.startswith(b"<?xml") and name.split(":")[-1] != "html":
        return f"XML ({name})" if name else "XML"
    if _MARKUP.search(start):
        return None
    if _OTHER_TYPES.match(content_type):
        return content_type.split(";", maxsplit=1)[0].strip()
    return None


def _is_json(content: bytes, content_type: str) -> bool:
    if "json" in content_type.lower():
        return True
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
