"""Bytes to text: what is declared, then UTF-8, then the site's default, then a detector."""

from __future__ import annotations

import codecs
import re
from email.message import Message

from charset_normalizer import from_bytes

_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|<\?xml[^>]{0,100}?encoding=["']([\w.:-]+)""",
    re.IGNORECASE,
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096
"""Bytes searched for a declaration; HTML asks for the first 1,024, real pages need more."""
_BAD_SHARE = 0.01
"""Below this share of bad bytes a page is UTF-8 with damage rather than something else: one bad byte
turned whole pages into mojibake when a detector was asked."""
# https://encoding.spec.whatwg.org/#names-and-labels: browsers read these labels as their Windows supersets
_BROWSER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNWANTED_BYTES = bytes((*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F))


def decode(content: bytes, *, content_type: str | None = None, default: str | None = None) -> tuple[str, str]:
    """Return the text and the name of the encoding that was used.

    A declaration that the bytes contradict is not believed. NULs, control characters and lone surrogates
    are removed, since no database takes them all.

    >>> decode("città".encode("cp1252"), content_type="text/html; charset=iso-8859-1")
    ('città', 'cp1252')
    """
    for bom, name in _BOMS:
        if content.startswith(bom):
            return _clean(content[len(bom) :].decode(name, "replace")), name
    declared = (_declared_in_header(content_type), _declared_in_markup(content))
    # text in another encoding is never valid UTF-8 by chance, while a one-byte encoding accepts any bytes
    if not content.isascii() and (text := _utf8(content)) is not None:
        return (text if _is_clean(content) else _clean(text)), "utf-8"
    for candidate in (*declared, "utf-8", _known(default)):
        text = _try(content, candidate)
        if candidate and text is not None:
            return (text if candidate == "utf-8" and _is_clean(content) else _clean(text)), candidate
    best = from_bytes(content[:200_000]).best()
    guess = _known(best.encoding if best else None) or "cp1252"
    return _clean(content.decode(guess, "replace")), guess


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _try(content: bytes, name: str | None) -> str | None:
    """Return the text if the bytes are in this encoding but for a little damage."""
    if name is None:
        return None
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        text = content.decode(name, "replace")
    bad = text.count("\ufffd")
    not_ascii = len(content) - len(content.translate(None, bytes(range(128, 256))))
    # damage is rare among all bytes, and rarer than what decodes: a short cp1252 page has few bad bytes too
    return text if bad <= _BAD_SHARE * len(content) and bad * 4 <= not_ascii else None


def _declared_in_header(content_type: str | None) -> str | None:
    if not content_type:
        return None
    message = Message()
    message["Content-Type"] = content_type
    return _known(message.get_content_charset())


def _declared_in_markup(content: bytes) -> str | None:
    match = _META.search(content, 0, _HEAD)
    if match is None:
        return None
    name = _known((match[1] or match[2]).decode("ascii", "ignore"))
    # a declaration that could be read as ASCII cannot be true of UTF-16
    return "utf-8" if name and name.startswith("utf-16") else name


def _known(name: str | None) -> str | None:
    """Return Python's name of the encoding that browsers use for this label."""
    try:
        found = codecs.lookup(name or "")
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding:  # noqa: SLF001 - "hex" and "zip" are codecs too
        return None
    return _BROWSER.get(found.name, found.name)


def _is_clean(content: bytes) -> bool:
    """Tell whether UTF-8 holds nothing that is unwanted: ten times as fast as a search in the text."""
    # a search for one byte, which most pages have not, takes a twentieth of one for three
    if b"\xef"[0] in content and (b"\xef\xbf\xbe" in content or b"\xef\xbf\xbf" in content):
        return False
    return len(content.translate(None, _UNWANTED_BYTES)) == len(content)


def _clean(text: str) -> str:
    return _UNWANTED.sub("", text)
