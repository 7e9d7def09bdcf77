"""An archived page as it may be shown: nothing in it runs, loads anything or leads anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree
from lxml_html_clean import Cleaner

from scraper.errors import InputError
from scraper.extraction.page.decode import decode
from scraper.extraction.page.degraded import over_limit, too_deep

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.model import Page

ARCHIVED_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)
"""What a browser may do with an archived page, whatever is left in it: no script, no form, no network."""
_KEPT = frozenset(
    (
        *(
            "align",
            "alt",
            "bgcolor",
            "cellpadding",
            "cellspacing",
            "class",
            "color",
            "colspan",
            "datetime",
            "dir",
        ),
        *("face", "height", "id", "lang", "rowspan", "size", "src", "style", "title", "valign", "width"),
    )
)
"""Attributes that say how a page looks; of `src` pictures that it holds itself are left."""
_OTHERWISE_READ = ("base", "math", "noembed", "noframes", "noscript", "plaintext", "svg", "template", "xmp")
"""Elements whose content a browser may read otherwise than the parser here, and what moves all addresses."""
_OWN_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_CLEANER = Cleaner(
    scripts=True,
    javascript=True,
    comments=True,
    style=False,
    inline_style=False,
    links=True,
    meta=True,
    page_structure=False,
    processing_instructions=True,
    embedded=True,
    frames=True,
    forms=True,
    annoying_tags=False,
    safe_attrs_only=True,
    safe_attrs=_KEPT,
    kill_tags=_OTHERWISE_READ,
    remove_unknown_tags=False,
)


def harmless_html(page: Page) -> str:
    """Return the markup of a page without all that a browser would run, fetch or follow.

    Raises InputError for a page that is too large to be shown, or that has no markup.
    """
    text, _ = decode(page.content, content_type=page.content_type)
    markup = text.encode("utf-8", "ignore")
    tree = None if over_limit(markup) else _parsed(markup)
    if tree is None or too_deep(tree, text):
        raise InputError("the page is no HTML, or too large to be shown: its capture can be downloaded")
    _CLEANER(tree)
    for element in tree.iter("img", "input", "source", "track"):
        if not _OWN_PICTURE.fullmatch(element.get("src", "")):
            element.attrib.pop("src", None)
    shown: str = lxml.html.tostring(tree, encoding="unicode")
    return f"<!doctype html>\n{shown}"


def _parsed(markup: bytes) -> HtmlElement | None:
    try:
        return lxml.html.document_fromstring(markup, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
