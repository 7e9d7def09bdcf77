"""OPML 2.0: lists of feeds, as feed readers write and read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_UNWRITTEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML document holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed in a list."""

    url: str
    title: str = ""
    home: str = ""
    """The address of the site whose feed it is; empty where the list does not say."""


def read_opml(content: bytes) -> Sequence[ListedFeed]:
    """Return the feeds of a list in its order, each once, whatever folders they stand in.

    Broken markup is read as far as it goes. Raises InputError where no feed is named.

    >>> read_opml(b'<opml><body><outline text="Paper" xmlUrl="https://paper.example/feed"/></body></opml>')
    [ListedFeed(url='https://paper.example/feed', title='Paper', home='')]
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"it is no OPML: {error}") from error
    found: dict[str, ListedFeed] = {}
    for outline in root.iter("{*}outline") if root is not None else ():
        said = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        url = said.get("xmlurl", "")
        if url.startswith(("http://", "https://")):
            title = said.get("title") or said.get("text", "")
            found.setdefault(url, ListedFeed(url=url, title=title, home=said.get("htmlurl", "")))
    if not found:
        raise InputError("no outline in it names a feed (xmlUrl)")
    return list(found.values())


def write_opml(title: str, feeds: Iterable[ListedFeed]) -> bytes:
    """Return a list of feeds as an OPML document."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _writable(title)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        said = {"type": "rss", "text": feed.title or feed.url, "title": feed.title, "xmlUrl": feed.url}
        said |= {"htmlUrl": feed.home}
        etree.SubElement(body, "outline", {name: _writable(value) for name, value in said.items() if value})
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _writable(text: str) -> str:
    return _UNWRITTEN.sub(" ", text)
