"""One mending step before sitemaps and feeds are parsed: what sites write, as XML that a parser takes."""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import TYPE_CHECKING, NamedTuple

from scraper.extraction.page.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
"""Without a byte order mark, told by the first sign."""
_MARKUP = re.compile(
    r"<!--|<\?|<!DOCTYPE|<(?:[\w-]{1,20}:)?(urlset|sitemapindex|rss|rdf|feed|html|head|body|frameset|a)(?=[\s>:/])",
    re.IGNORECASE,
)
_ENDS = {"<!--": "-->", "<?": "?>"}
_SUBSET = re.compile(r"[^\[>]{0,500}(?:\[(.*?)\]\s*)?>", re.DOTALL)
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]{1,60})\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_MOST_ENTITIES, _LONGEST_ENTITY = 200, 1_000
"""Of a listing's own DTD, and signs of each: real ones name a few letters and addresses."""
_MOST_EXPANDED = 1_000_000
"""Signs that own entities may add to a listing."""
_DEEPEST_ENTITY = 5
"""Times that entities which name others are put in."""
_NAMED = re.compile(r"&([\w.-]{1,60});")
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_SECOND_ROOT = re.compile(r"</urlset\s*>(?:(?!<url>).)*?<urlset(?:\s[^>]*)?>", re.DOTALL)
_ENTRY = re.compile(r"(</url>)?\s*<url>")
_ANY_ENTRY = re.compile(r"<(?:[\w-]+:)?(?:url|sitemap)[\s>]")
_ADDRESS = re.compile(r"<loc>[^<]*</loc>")
_LINK_OF_ATOM = re.compile(r"<atom\w*:link(?=[\s/])(?![^<>]*\srel\s*=)")
"""Without a rel it counts as the page of its item, and means the feed."""
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#[xX]([0-9a-fA-F]{1,8});|#([0-9]{1,8});|([A-Za-z_][\w.-]{0,60});)?"
)
_SHIELDS = re.compile(r"<!\[CDATA\[|<!--")
_PREFIX, _DECLARED = re.compile(r"<([A-Za-z_][\w.-]{0,40}):"), re.compile(r"\bxmlns:([\w.-]{1,40})\s*=")
_TAG = re.compile(r"(</?)([A-Za-z][\w:.-]*)")
_MOST_PREFIXES = 50
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
"""What prefixes mean that listings use without saying so."""


class Mended(NamedTuple):
    """A listing's text, and what it is."""

    root: str
    """Of the root element the name in small letters, without prefix; empty where there is none."""
    text: str
    """From the root on, where that is XML; else all of it."""


def mended(content: bytes, *, content_type: str | None = None) -> Mended:
    """Return a listing as XML: decoded as pages are, begun at its root, references and prefixes made good.

    >>> mended(b"Notice: x<rss><a:b>1 & 2 &eacute;</a:b></rss>").text
    '<rss xmlns:a="urn:prefix:a"><a:b>1 &amp; 2 é</a:b></rss>'
    """
    name = next((name for begin, name in _UTF16 if content.startswith(begin)), None)
    try:
        text = content.decode(name, "replace") if name else decode(content, content_type=content_type)[0]
    except UnicodeError:  # Python's codecs "undefined" and the like
        text = content.decode("utf-8", "replace")
    text = text.lstrip("\ufeff \t\r\n")
    root, at, entities = _prolog(text)
    if root not in {*_SITEMAPS, "rss", "rdf", "feed"}:
        return Mended(root, text)
    text = _in_small_letters(text[at:], root)
    text = _whole_entries(text) if root in _SITEMAPS else _own_fields(text)
    text = _with_prefixes(text)
    return Mended(root, _with_references(text, entities) if "&" in text else text)


def _prolog(text: str) -> tuple[str, int, Mapping[str, str]]:
    """Return the root's name, where it stands, and what the entities of the document's own DTD mean."""
    at, entities = 0, dict[str, str]()
    while match := _MARKUP.search(text, at):
        if match[1]:
            return match[1].lower(), match.start(), entities
        at = match.end()
        if end := _ENDS.get(match[0]):
            found = text.find(end, at)
            at = found + len(end) if found >= 0 else at
        elif match[0].isupper() and (subset := _SUBSET.match(text, at)):
            entities |= _entities(subset[1] or "")
            at = subset.end()
    return "", 0, entities


def _entities(subset: str) -> dict[str, str]:
    """Return the texts of a DTD's entities with those that they name; one that grows too long is left out."""
    found: dict[str, str] = {}
    for match in _ENTITY.finditer(subset):
        value = html.unescape(match[2] or match[3] or "")
        if len(found) < _MOST_ENTITIES and len(value) <= _LONGEST_ENTITY:
            found[match[1]] = value
    for _ in range(_DEEPEST_ENTITY):
        found = _put_in(found)
    return {
        name: value
        for name, value in found.items()
        if not any(match[1] in found for match in _NAMED.finditer(value))
    }


def _put_in(entities: Mapping[str, str]) -> dict[str, str]:
    """Return the entities, in each those that it names, as long as that is short."""
    longer = {
        name: _NAMED.sub(lambda match: entities.get(match[1], match[0]), text)
        for name, text in entities.items()
    }
    return {name: text for name, text in longer.items() if len(text) <= _LONGEST_ENTITY}


def _in_small_letters(text: str, root: str) -> str:
    """Return XML whose names are written in capitals, all or some, as they should be."""
    begin = _TAG.match(text)
    written = begin[2].rpartition(":")[2] if begin else root
    in_order = written == root or (root == "rdf" and written == "RDF")
    if in_order and (root not in _SITEMAPS or "<LOC" not in text):
        return text
    return _TAG.sub(lambda match: match[1] + match[2].lower(), text)


def _whole_entries(text: str) -> str:
    """Return a sitemap of one root, whose entries are ended elements, without an address that came cut."""
    last = text.rfind("<loc>")
    if last >= 0 and text.find("</loc>", last) < 0:
        text = text[:last]
    if text.count("</urlset") > 1:
        text = _SECOND_ROOT.sub("", text)
    begun = text.count("<url>")
    if begun > text.count("</url>"):
        first = text.index("<url>") + len("<url>")
        entries = _ENTRY.sub(lambda match: match[0] if match[1] else f"</url>{match[0]}", text[first:])
        text = text[:first] + entries
    elif not begun and "<sitemap>" not in text and not _ANY_ENTRY.search(text):
        text = _ADDRESS.sub(r"<url>\g<0></url>", text)
    return text


def _own_fields(text: str) -> str:
    """Return a feed whose items' own titles and links are told from those of pictures and of the feed."""
    if "<media:title" in text:
        text = text.replace("<media:title", "<media:caption").replace("</media:title", "</media:caption")
    return _LINK_OF_ATOM.sub(r'\g<0> rel="self"', text) if "<atom" in text else text


def _with_prefixes(text: str) -> str:
    """Return XML that declares the prefixes it uses."""
    missing = sorted(set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml"})[:_MOST_PREFIXES]
    if not missing:
        return text
    declared = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:prefix:{prefix}")}"' for prefix in missing
    )
    name = _TAG.match(text)
    end = name.end() if name else 0
    return text[:end] + declared + text[end:]


def _with_references(text: str, entities: Mapping[str, str]) -> str:
    """Return XML whose references a parser knows: of HTML and the own DTD as letters, a bare & named."""
    left = _MOST_EXPANDED
    has_halves = False

    def letter(match: re.Match[str]) -> str:
        nonlocal left, has_halves
        if match[3]:
            value = entities.get(match[3], html5.get(f"{match[3]};"))
            left -= len(value or "")
            return f"&amp;{match[3]};" if value is None or left < 0 else html.escape(value, quote=False)
        if not (match[1] or match[2]):
            return "&amp;"
        code = int(match[1], 16) if match[1] else int(match[2])
        if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - half of a sign beyond 16 bits
            has_halves = True
            return chr(code)
        is_sign = code in {0x9, 0xA, 0xD} or (0x20 <= code < 0x110000 and code not in {0xFFFE, 0xFFFF})  # noqa: PLR2004
        return match[0] if is_sign else ""

    whole = "".join(
        part if is_shielded else _REFERENCE.sub(letter, part) for is_shielded, part in _parts(text)
    )
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if has_halves else whole


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of XML, and whether a section or comment shields them from being read."""
    at = 0
    while match := _SHIELDS.search(text, at):
        end = "]]>" if match[0].startswith("<![") else "-->"
        found = text.find(end, match.end())
        if found < 0:
            break
        yield False, text[at : match.start()]
        at = found + len(end)
        yield True, text[match.start() : at]
    yield False, text[at:]
