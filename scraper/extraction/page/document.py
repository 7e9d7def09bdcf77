"""The Document of a page: text, tree, and blocks and statements from one walk; read by every later step."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from scraper.extraction.page.blocks import Segments
from scraper.extraction.page.cutting import SKIPPED, Cutter
from scraper.extraction.page.decode import decode
from scraper.extraction.page.degraded import bounded, over_limit, rebuild, too_deep
from scraper.extraction.page.elsewhere import find_elsewhere, own_prose, place, stands_in_script
from scraper.extraction.page.hidden import hidden_copies
from scraper.extraction.page.markup import Basket, Harvest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.html import HtmlElement

    from scraper.extraction.page.reading import Attributes
    from scraper.model import Page, Site

    _Taken = Callable[[HtmlElement, str, Attributes], None]
    _Told = tuple[Basket, Cutter, _Taken, _Taken, Callable[[str], None], Callable[[str], None], list[str]]
    """Who is told of the elements, and of these what is called for each: their take, start, end and text."""


_END = re.compile(rb"</(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])\s*>")
_XHTML = re.compile(rb"""xmlns:([a-z]\w*)\s*=\s*["']http://www\.w3\.org/1999/xhtml["']""", re.IGNORECASE)
_OF_HEAD = frozenset(
    {
        "base",
        "basefont",
        "bgsound",
        "link",
        "meta",
        "noframes",
        "noscript",
        "script",
        "style",
        "template",
        "title",
    }
)
_ROOT = 4096
"""Bytes in which a prefix of the elements is declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of a page and the tree made from it. No step changes the tree: who must, copies it."""

    page: Page
    site: Site
    digest: str
    """The SHA-256 of the page's content, in hex."""
    text: str = field(repr=False)
    encoding: str
    tree: HtmlElement | None = field(repr=False)
    """None where the text is no markup, or where nothing could be parsed."""
    segments: Segments = field(default_factory=Segments, repr=False)
    """The blocks of the tree."""
    harvest: Harvest = field(default_factory=Harvest, repr=False)
    """What its markup says."""
    degraded: str | None = None
    """Why the page was rebuilt from its text before it was parsed."""
    elsewhere: str | None = None
    """Where the text stood that the page's own tree does not hold: in noscript, JSON-LD, a script's data."""
    is_unread: bool = False
    """The tree holds no text, but a script does that cannot be read."""


def parse(page: Page, site: Site, *, degraded: str | None = None) -> Document:
    """Return the decoded text and its tree; of a page over a limit, or given a reason, of it rebuilt."""
    text, encoding = decode(page.content, content_type=page.content_type, default=site.encoding)
    if page.is_text:
        text = bounded(text)
        return Document(page=page, site=site, digest=page.raw_sha256, text=text, encoding=encoding, tree=None)
    markup = text.encode("utf-8", "ignore")
    degraded = degraded or over_limit(markup)
    tree = None if degraded else _tree(markup)
    if tree is not None:
        degraded = too_deep(tree, text)
    if degraded:
        text = rebuild(text)
        tree = _tree(text.encode("utf-8", "ignore"))
    segments, harvest = (Segments(), Harvest()) if tree is None else _walk(tree, page.url)
    if tree is not None and (copies := hidden_copies(segments)):
        for element in copies:
            element.drop_tree()
        segments, harvest = _walk(tree, page.url)
    document = Document(
        page=page,
        site=site,
        digest=page.raw_sha256,
        text=text,
        encoding=encoding,
        tree=tree,
        segments=segments,
        harvest=harvest,
        degraded=degraded,
    )
    return document if tree is None else _completed(document, tree)


def _completed(document: Document, tree: HtmlElement) -> Document:
    """Return a page with the text that stands outside its tree, where that holds none."""
    own = own_prose(document.segments)
    found = find_elsewhere(tree, own, document.harvest)
    if found is None:
        is_unread = not own and stands_in_script(tree)
        return dataclasses.replace(document, is_unread=is_unread) if is_unread else document
    markup = found.markup.encode("utf-8", "ignore")
    parsed = None
    if markup:
        parsed = None if over_limit(markup) else _tree(markup)
        if parsed is None or too_deep(parsed, found.markup):
            return document
    body = [] if parsed is None else list(next(parsed.iter("body"), parsed))
    place(tree, found, body)
    segments, harvest = _walk(tree, document.page.url)
    return dataclasses.replace(document, segments=segments, harvest=harvest, elsewhere=found.source)


def _walk(tree: HtmlElement, url: str | None) -> tuple[Segments, Harvest]:
    """Return the blocks of a tree and what its markup says."""
    cutter, basket = Cutter(tree.get("lang") or ""), Basket()
    _tell((tree,), (basket, cutter, basket.take, cutter.start, cutter.end, cutter.text, cutter.pieces))
    return cutter.segments(), basket.harvest(tree, url)


def _tell(elements: Iterable[HtmlElement], told: _Told) -> None:
    """Tell of elements and all that is in them: no tree is deeper than a stack, and iterwalk takes longer."""
    basket, cutter, take, start, end, add, pieces = told
    for element in elements:
        tag = element.tag
        if tag in SKIPPED:
            basket.take_unseen(element, tag)
            if tag == "math":
                cutter.formula(element)
        else:
            attributes = element.items()
            take(element, tag, attributes)
            start(element, tag, attributes)
            if (text := element.text) and (pieces or not text.isspace()):
                add(text)
            if len(element):
                _tell(element, told)
            end(tag)
        if (text := element.tail) and (pieces or not text.isspace()):
            add(text)


def _mended(markup: bytes) -> bytes:
    """Return markup in which what follows an early end belongs to the page, and no element has a prefix.

    The HTML standard puts what follows </html> into the body; the parser makes a second root of it.
    """
    markup = _END.sub(b"", markup)
    if b"xmlns:" in markup[:_ROOT].lower() and (prefix := _XHTML.search(markup, 0, _ROOT)):
        markup = re.sub(rb"<(/?)%b:" % re.escape(prefix[1]), rb"<\1", markup)
    return markup


def _tree(markup: bytes) -> HtmlElement | None:
    # given as UTF-8 bytes with the encoding named: lxml refuses a str that declares an encoding itself
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html asks a function of Python for the class of each element, a tenth of all time
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
    try:
        tree = lxml.html.document_fromstring(_mended(markup), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # no element at all
        return None
    _open_body(tree)
    _drop_readings(tree)
    return tree if len(tree) else None


def _drop_readings(tree: HtmlElement) -> None:
    """Remove how a word is read from above it, where it would stand inside the word in a line of text.

    With `rp`, the page itself says how a line is written that shows both: 法律（ほうりつ）.
    """
    for ruby in list(tree.iter("ruby")):
        if next(ruby.iter("rp"), None) is None:
            etree.strip_elements(ruby, "rt", "rtc", with_tail=False)
            ruby.drop_tag()


def _open_body(tree: HtmlElement) -> None:
    """Move into the body what a page without its tag has there.

    The HTML standard ends the head at the first element that does not belong there; the parser, libxml2, does
    so for those of HTML 4 alone, and keeps main, article or header in the head with all that they hold.
    """
    head = tree.find("head")
    late = () if head is None else tuple(dropwhile(lambda child: child.tag in _OF_HEAD, head))
    if not late:
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    late[-1].tail = (late[-1].tail or "") + (body.text or "") or None
    body.text = None
    body[:0] = late
