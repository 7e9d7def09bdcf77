"""The text of a page's bytes and its encoding: declared, else UTF-8, else the site's, else detected.

Read by page.document, and by the crawl for listings.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from charset_normalizer import from_bytes

from scraper.extraction.page.encoding_labels import codec_of

_IGNORED = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|title|textarea|noscript)\b[^>]*>.*?(?:</\1|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""Where browsers read no declaration."""
_META = re.compile(rb"<meta[\s/]([^>]{0,500})", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_XML = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding=["']([\w.:-]+)""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s;,"']+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096
"""Bytes searched for a declaration; HTML asks for the first 1,024, real pages need more."""
_BAD_SHARE = 0.01
"""Below this share of bad bytes a page is UTF-8 with damage rather than something else: one bad byte
turned whole pages into mojibake when a detector was asked."""
_UNDEFINED = "\x81\x8d\x8f\x90\x9d"
"""What browsers read the five bytes as that windows-1252 leaves undefined."""
_PARTS = re.compile(f"([{_UNDEFINED}])")
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
    # text in another encoding is never valid UTF-8 by chance, while a one-byte encoding accepts any bytes
    if not content.isascii() and (text := _utf8(content)) is not None:
        return _once(text if _is_clean(content) else _clean(text)), "utf-8"
    declared = (_declared_in_header(content_type), _declared_in_markup(content))
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
    match = _CHARSET.search(content_type or "")
    return codec_of(match[1]) if match else None


def _declared_in_markup(content: bytes) -> str | None:
    """Return the codec of the first declaration that names an encoding of the web."""
    head = _IGNORED.sub(b"", content[:_HEAD])
    xml = _XML.match(head)
    names = [_declared_in_meta(tag) for tag in _META.findall(head)]
    if xml:
        names.append(xml[1].decode("ascii", "ignore"))
    name = next((codec for label in names if (codec := codec_of(label))), None)
    # a declaration that could be read as ASCII cannot be true of UTF-16
    return "utf-8" if name and name.startswith("utf-16") else name


def _declared_in_meta(attributes: bytes) -> str:
    found = {
        name.lower(): b"".join(values).decode("ascii", "ignore")
        for name, *values in reversed(_ATTRIBUTE.findall(attributes))
    }
    if label := found.get(b"charset"):
        return label
    is_type = found.get(b"http-equiv", "").strip().lower() == "content-type"
    match = _CHARSET.search(found.get(b"content", "")) if is_type else None
    return match[1] if match else ""


def _known(name: str | None) -> str | None:
    """Return Python's name of an encoding that a site's settings or the detector name."""
    if codec := codec_of(name or ""):
        return codec
    try:
        found = codecs.lookup(name or "")
        b"a".decode(found.name)
    except (LookupError, ValueError):
        return None
    return found.name


def _once(text: str) -> str:
    """Return a text that was encoded as UTF-8 twice as it was before; any other as it is.

    What is no such text never decodes as a whole: nearly always its first letters beyond ASCII tell.
    """
    try:
        text.encode("ascii")  # finds them ten times as fast as a pattern
    except UnicodeEncodeError as beyond:
        first = text[beyond.start : beyond.end]
        with suppress(UnicodeError):
            return text if _recoded(first) == first else _recoded(text)
    return text


def _recoded(text: str) -> str:
    parts = _PARTS.split(text)
    return b"".join(part.encode("latin-1" if part in _UNDEFINED else "cp1252") for part in parts).decode()


def _is_clean(content: bytes) -> bool:
    """Tell whether UTF-8 holds nothing that is unwanted: ten times as fast as a search in the text."""
    # a search for one byte, which most pages have not, takes a twentieth of one for three
    if b"\xef"[0] in content and (b"\xef\xbf\xbe" in content or b"\xef\xbf\xbf" in content):
        return False
    return len(content.translate(None, _UNWANTED_BYTES)) == len(content)


def _clean(text: str) -> str:
    return _UNWANTED.sub("", text)
