"""Everything that the fields of one page are judged from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extraction.fields.source_lines import is_published_notice
from scraper.extraction.page import jsonld
from scraper.extraction.page.markup import text_of
from scraper.extraction.words.spelling import fold
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Block, Decision
    from scraper.extraction.page.document import Document
    from scraper.extraction.page.jsonld import Node
    from scraper.extraction.page.markup import Harvest, Mark
    from scraper.learned.template import SiteTemplate

_NEAR = 12
"""Blocks before the body, and after it, in which a byline or a credit is looked for."""
_LAST, _SOON = 3, 4
"""Blocks at the end of the body and after it among which its author signs."""
_FOOT = 20
"""Blocks at the end of the page."""
_HEAD = 6
"""Blocks under the headline that are looked at also where a table of contents parts them from the body."""
_OPENINGS = 4
"""Long blocks at the start of the body among which a dateline may stand: a summary may stand before it."""
_MAX_CRUMBS = 10
_LEAST_NAME = 3
"""Characters of a part of a host that may be a name."""
_LONG = 100
"""Letters as of a script with spaces; a block of the body that is shorter may be a byline or a credit."""


_IMAGES = frozenset({"img", "picture", "figure"})
_PICTURES = frozenset({"figure", "figcaption", "picture"})
_FRAME = 3
"""Elements around a text of which one may hold it and a picture."""
_MAX_CAPTION = 250
_PORTRAIT = re.compile(
    r"auth?or|autor|auteur|byline|avatar|profile|portrait|logo|agenc|symbol|icon|journalist|writer"
)
_WORDS = re.compile(r"[^\W\d_]+")
_PICTURE_WORDS = re.compile(r"caption|image|photo|media-|picture|carousel|gallery")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """One page, its markup's statements and the text around its body."""

    document: Document
    template: SiteTemplate
    harvest: Harvest
    by_id: Mapping[str, Node] = field(repr=False)
    """The objects of JSON-LD by their @id."""
    names: frozenset[str]
    """What the site calls itself, folded without spaces."""
    sections: Callable[[], frozenset[str]] = field(repr=False)
    """What the page calls its section, its tags and its crumbs, and the parts of its address, folded."""
    words: Callable[[], frozenset[str]] = field(repr=False)
    """The words of all blocks of the page, as printed."""
    publisher: str | None
    """As the markup names it."""
    before: tuple[Block, ...]
    """Six blocks under the headline, twelve before the body, and short ones at its start, in order."""
    opening: Block | None
    """The first long block of the body."""
    early: tuple[Block, ...]
    """Short ones among the twelve blocks after it: a byline may stand under a summary."""
    paragraphs: tuple[Block, ...]
    """The first long blocks of the body, at most four: a summary may stand before the dateline."""
    after: tuple[Block, ...]
    """Short blocks at the end of the body and up to twelve after it, in order."""
    ending: tuple[Block, ...]
    """The last three blocks of the body and four after it: where who wrote it signs."""
    closing: Block | None
    """The last long block of the body."""
    foot: tuple[Block, ...]
    """The last twenty blocks of the page, where it may say when it was changed."""

    def node(self, key: str) -> object:
        """Return a property of the page's article in JSON-LD, references followed."""
        return jsonld.follow(self.harvest.article.get(key), self.by_id)

    def is_section(self, name: str) -> bool:
        """Tell whether a text names a section, a tag or a crumb of the page, or a part of its address."""
        return fold(name) in self.sections()

    def is_site(self, name: str) -> bool:
        """Tell whether a name is the site's own."""
        folded = fold(name)
        return (
            folded.replace(" ", "") in self.names
            or folded.removeprefix("the ").replace(" ", "") in self.names
        )


def gather(document: Document, decisions: Sequence[Decision], template: SiteTemplate) -> FieldContext:
    """Return the context of a page."""
    found = document.harvest
    by_id = jsonld.resolver(list(found.graph))
    publisher = _publisher(found, by_id)
    declared = [name for name in (document.site.publisher, document.site.name, publisher) if name]
    for name in (
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "publisher",
        "twitter:site",
    ):
        declared += [value.lstrip("@") for value in found.meta.get(name, ())]
    for node in found.graph:
        if any("Organization" in kind or kind == "WebSite" for kind in jsonld.types(node)):
            declared += jsonld.texts(node.get("name"))[:1] + jsonld.texts(node.get("alternateName"))[:2]
    around = _surroundings(decisions)
    return FieldContext(
        document=document,
        template=template,
        harvest=found,
        by_id=by_id,
        names=site_names(urlsplit(document.page.url or "").hostname, declared),
        sections=cache(lambda: _sections(found, document.page.url)),  # few pages ask
        words=cache(lambda: page_words(document.segments.blocks)),  # likewise
        publisher=publisher,
        before=around.before,
        opening=around.opening,
        early=around.early,
        paragraphs=around.paragraphs,
        after=around.after,
        ending=around.ending,
        closing=around.closing,
        foot=tuple(decision.block for decision in decisions[-_FOOT:]),
    )


def page_words(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the words of blocks, as printed."""
    return frozenset(_WORDS.findall(" ".join(block.text for block in blocks)))


def _sections(found: Harvest, url: str | None) -> frozenset[str]:
    names = [*jsonld.texts(found.article.get("articleSection")), *jsonld.texts(found.article.get("keywords"))]
    for key in ("article:section", "section", "article:tag", "keywords", "news_keywords"):
        names += [part for value in found.meta.get(key, ()) for part in value.split(",")]
    for role in ("breadcrumb", "section", "kicker"):
        for mark in found.roles.get(role, ())[:_MAX_CRUMBS]:
            names += [mark.text, *(" ".join(link.itertext()) for link in mark.element.iter("a"))]
    path = urlsplit(url or "").path.split("/")[:-1]
    return frozenset(map(fold, [*names, *(part.replace("-", " ") for part in path)]))


def _publisher(found: Harvest, by_id: Mapping[str, Node]) -> str | None:
    for node in (found.article, *found.graph):
        if name := jsonld.text(jsonld.follow(node.get("publisher"), by_id)):
            return name if not name.startswith(("http", "#", "/")) else None
    return jsonld.text(jsonld.follow(found.article.get("isPartOf"), by_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    before: tuple[Block, ...] = ()
    opening: Block | None = None
    early: tuple[Block, ...] = ()
    paragraphs: tuple[Block, ...] = ()
    closing: Block | None = None
    after: tuple[Block, ...] = ()
    ending: tuple[Block, ...] = ()


def _surroundings(decisions: Sequence[Decision]) -> _Around:
    """Return what stands around the body."""
    blocks = [decision.block for decision in decisions]
    kept = [index for index, decision in enumerate(decisions) if decision.kept]
    if not kept:
        return _Around(before=tuple(blocks[:_NEAR]))
    long = list(islice((index for index in kept if _is_paragraph(blocks[index].text)), _OPENINGS))
    if not long:  # a text of short paragraphs, which a byline is shorter than yet
        most = max(len(blocks[index].text) for index in kept)
        long = [index for index in kept if 2 * len(blocks[index].text) >= most][:_OPENINGS]
    first = long[0]
    start = max(0, kept[0] - _NEAR)
    heading = next((index for index in range(start) if blocks[index].tag == "h1"), start)
    head = blocks[heading + 1 : min(heading + 1 + _HEAD, start)]
    last = next((index for index in reversed(kept) if _is_paragraph(blocks[index].text)), kept[-1])
    return _Around(
        before=(*head, *blocks[start:first]),
        opening=blocks[first],
        early=tuple(
            block for block in blocks[first + 1 : min(last, first + _NEAR)] if _length(block.text) < _LONG
        ),
        paragraphs=tuple(blocks[index] for index in long[:_OPENINGS]),
        closing=blocks[last],
        after=tuple(blocks[last + 1 : kept[-1] + 1 + _NEAR]),
        ending=tuple(blocks[max(first + 1, kept[-1] + 1 - _LAST) : kept[-1] + 1 + _SOON]),
    )


def _length(text: str) -> int:
    """Return how long a text is in letters of a script with spaces: Chinese or Korean takes two fifths."""
    return len(text) if text.isascii() else len(text) + 3 * len(JOINED_LETTER.findall(text)) // 2


def _is_paragraph(text: str) -> bool:
    return _length(text) >= _LONG and not is_published_notice(text)


def is_in_picture(found: Block | Mark, *, framed: bool = False) -> bool:
    """Tell whether a text belongs to a picture: its caption or its credit.

    `framed`: also where nothing but its place under a picture says so, as beside a portrait.
    """
    element = found.element
    if found.text.startswith(("©", "(c)", "(C)")) and element is not None:
        before = element.getprevious()
        if before is not None and (before.tag in _IMAGES or any(part.tag in _IMAGES for part in before)):
            return True
    for level in range(5):
        if element is None:
            return False
        if element.tag in _PICTURES or _PICTURE_WORDS.search((element.get("class") or "").lower()):
            return True
        if framed and level < _FRAME and _frames_picture(element):
            return True
        element = element.getparent()
    return False


def _frames_picture(element: HtmlElement) -> bool:
    """Tell whether an element holds a picture, a few words under it and nothing else; a portrait is none."""
    if element.tag in {"body", "main", "article"}:
        return False
    picture = next(element.iter("img", "picture"), None)
    if picture is None or len(text_of(element)) > _MAX_CAPTION:
        return False
    names = [element.get("class"), *(picture.get(name) for name in ("class", "src", "alt", "data-src"))]
    around = picture.getparent()
    names += [around.get("class")] if around is not None else []
    return not _PORTRAIT.search(" ".join(filter(None, names)).lower())


def site_names(host: str | None, declared: list[str]) -> frozenset[str]:
    """Return what the site may call itself: declared names and parts of its host, folded without spaces."""
    names = {fold(name).replace(" ", "") for name in declared}
    if host:
        labels = [
            label
            for label in host.lower().split(".")
            if label not in {"www", "m", "amp", "edition", "news", "blog"}
        ]
        names.add("".join(labels))
        names.update(label for label in labels[:-1] if len(label) >= _LEAST_NAME)
        names.update(label.replace("-", "") for label in labels[:-1] if len(label) >= _LEAST_NAME)
    return frozenset(name for name in names if len(name) > 1)
